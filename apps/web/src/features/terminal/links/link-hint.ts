import type { LinkTarget } from "./terminal-links.ts";

/** Where a link goes, at the foot of the terminal, as browsers do it. */
export class LinkHint {
  readonly #parent: HTMLElement;
  readonly #modifier: string;
  #element: HTMLElement | undefined;

  /** @param modifier that opens a link with a click, as it stands on the keyboard */
  constructor(parent: HTMLElement, modifier: string) {
    this.#parent = parent;
    this.#modifier = modifier;
  }

  show(link: LinkTarget | undefined): void {
    this.#element?.remove();
    this.#element = undefined;
    if (link === undefined) return;
    const element = document.createElement("div");
    element.className = "link-target";
    element.textContent = `${link.uri} · ${this.#modifier}+click opens it`;
    this.#parent.append(element);
    this.#element = element;
  }
}
