/**
 * Links of a terminal: those that programs declare (OSC 8) and those found in the text. They open with Ctrl or ⌘ and a click,
 * only http and https, and say their target while the pointer is on them.
 */
import type { IBufferRange, ILink, ILinkHandler, Terminal } from "@xterm/xterm";
import { findLinks, saysTarget, webAddress } from "./link-finder.ts";
import { wrappedLine } from "./wrapped-line.ts";

export interface LinkTarget {
  /** As it stands in the terminal. */
  text: string;
  /** Where it goes: http or https. */
  uri: string;
}

export interface LinkEvents {
  /** The pointer is on a link, or on none. */
  onHover(link: LinkTarget | undefined): void;
  /** @param isPlain its text says where it goes: no question is needed */
  onOpen(link: LinkTarget, isPlain: boolean): void;
}

export class TerminalLinks {
  readonly #terminal: Terminal;
  readonly #events: LinkEvents;
  #hovered: LinkTarget | undefined;

  constructor(terminal: Terminal, events: LinkEvents) {
    this.#terminal = terminal;
    this.#events = events;
    terminal.options.linkHandler = this.#declared();
    terminal.registerLinkProvider({
      provideLinks: (row, callback) => callback(this.#found(row - 1)),
    });
  }

  /** The link under the pointer. */
  get hovered(): LinkTarget | undefined {
    return this.#hovered;
  }

  #declared(): ILinkHandler {
    return {
      activate: (event, uri, range) => this.#activate(event, { text: this.#textOf(range), uri }),
      hover: (_event, uri, range) => this.#hover({ text: this.#textOf(range), uri }),
      leave: () => this.#leave(),
    };
  }

  #found(row: number): ILink[] | undefined {
    const line = wrappedLine(this.#terminal.buffer.active, row);
    const links = findLinks(line.text).map(({ start, end, uri }): ILink => {
      const [from, to] = [line.cellAt(start), line.cellAt(end - 1)];
      const link = { text: uri, uri };
      return {
        text: uri,
        range: { start: { x: from.column + 1, y: from.row + 1 }, end: { x: to.column + 1, y: to.row + 1 } },
        decorations: { pointerCursor: false, underline: true },
        activate: (event) => this.#activate(event, link),
        hover: () => this.#hover(link),
        leave: () => this.#leave(),
      };
    });
    return links.length > 0 ? links : undefined;
  }

  #activate(event: MouseEvent, link: LinkTarget): void {
    const uri = webAddress(link.uri);
    if (!(event.ctrlKey || event.metaKey) || uri === undefined) return;
    this.#events.onOpen({ text: link.text, uri }, saysTarget(link.text, uri));
  }

  #hover(link: LinkTarget): void {
    const uri = webAddress(link.uri);
    if (uri === undefined) return;
    this.#hovered = { text: link.text, uri };
    this.#events.onHover(this.#hovered);
  }

  #leave(): void {
    this.#hovered = undefined;
    this.#events.onHover(undefined);
  }

  /** Rows and columns of a range count from 1, its end included. */
  #textOf({ start, end }: IBufferRange): string {
    const { active } = this.#terminal.buffer;
    const rows = Array.from({ length: end.y - start.y + 1 }, (_, index) => start.y + index);
    return rows
      .map((y) =>
        active
          .getLine(y - 1)
          ?.translateToString(true, y === start.y ? start.x - 1 : 0, y === end.y ? end.x : this.#terminal.cols),
      )
      .join("");
  }
}
