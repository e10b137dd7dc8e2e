/** What can be done with the text of a terminal: find, copy, follow links, keep it as a file. */
import type { Terminal } from "@xterm/xterm";
import { copySelection } from "./clipboard.ts";
import type { LinkTarget, TerminalLinks } from "./links/terminal-links.ts";
import { copiedText } from "./output/copied-text.ts";
import { exportHtml } from "./output/export-html.ts";
import { exportText } from "./output/export-text.ts";
import { TerminalSearch } from "./search/terminal-search.ts";

export interface TerminalTools {
  readonly search: Pick<TerminalSearch, "begin" | "find">;
  /** As it would be copied; empty: nothing is selected. */
  selection(): string;
  copy(): void;
  selectAll(): void;
  /** The link under the pointer. */
  hoveredLink(): LinkTarget | undefined;
  /** A program gets clicks: they are not ours. */
  hasMouse(): boolean;
  /** All text, scrollback included, as lines. */
  text(): string;
  /** The same with its colours, as an HTML file. */
  html(title: string): string;
}

export class SurfaceTools implements TerminalTools {
  readonly search: TerminalSearch;
  readonly #terminal: Terminal;
  readonly #links: TerminalLinks;

  constructor(terminal: Terminal, links: TerminalLinks, token: (name: string) => string) {
    this.#terminal = terminal;
    this.#links = links;
    this.search = new TerminalSearch(terminal, token);
  }

  dispose(): void {
    this.search.dispose();
  }

  selection(): string {
    return copiedText(this.#terminal.getSelection());
  }

  copy(): void {
    const text = this.selection();
    if (text !== "") copySelection(text);
  }

  selectAll(): void {
    this.#terminal.selectAll();
  }

  hoveredLink(): LinkTarget | undefined {
    return this.#links.hovered;
  }

  hasMouse(): boolean {
    return this.#terminal.modes.mouseTrackingMode !== "none";
  }

  text(): string {
    return exportText(this.#terminal.buffer.normal);
  }

  html(title: string): string {
    const { theme = {}, fontFamily = "monospace" } = this.#terminal.options;
    return exportHtml(this.#terminal.buffer.normal, { title, theme, fontFamily });
  }
}
