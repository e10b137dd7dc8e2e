/**
 * The hyperlinks (OSC 8) that cells may point to. xterm.js forgets a link when the marked line it began on is cleared, also
 * when its text was moved elsewhere meanwhile; a checkpoint still gives it.
 */
import type { Internals } from "./terminal-internals.ts";

/** Links remembered per terminal. At the bound the oldest is forgotten: its text comes back without the link. */
export const LINKS_MAX = 10_000;
/** A longer one (id and address together) comes back as text without a link. */
export const LINK_CHARACTERS_MAX = 2_083;

export interface Link {
  /** As the program gave it; "" without one. */
  readonly id: string;
  readonly uri: string;
}

export class LinkBook {
  readonly #links = new Map<number, Link>();
  readonly #internals: Internals;

  constructor(internals: Internals) {
    this.#internals = internals;
  }

  /** For the parser's OSC 8: does what xterm.js does, and remembers what came of it. */
  readonly handle = (data: string): boolean => {
    const isHandled = this.#internals._inputHandler.setHyperlink(data);
    const number = this.#internals._inputHandler._curAttrData.extended?.urlId ?? 0;
    const link = number === 0 ? undefined : this.#internals._oscLinkService.getLinkData(number);
    if (link) this.#remember(number, { id: link.id ?? "", uri: link.uri });
    return isHandled;
  };

  /** @param number as cells hold it; 0: none */
  find(number: number): Link | undefined {
    return number === 0 ? undefined : this.#links.get(number);
  }

  #remember(number: number, link: Link): void {
    if (link.id.length + link.uri.length > LINK_CHARACTERS_MAX) return;
    this.#links.set(number, link);
    const oldest = this.#links.size > LINKS_MAX ? this.#links.keys().next().value : undefined;
    if (oldest !== undefined) this.#links.delete(oldest);
  }
}
