/**
 * How a terminal looks where it hangs: font, colours, renderer, and for a grid that is somebody else's, its scale. Reads the
 * design's properties in force on the host, and writes the emulator's options.
 */
import type { ITerminalOptions, ITheme, Terminal } from "@xterm/xterm";
import { drawsWithCard, graphicsCard } from "../../lib/graphics-card.ts";
import { scaledFont, smallerFont } from "./fit-scale.ts";
import { GpuRenderer } from "./gpu-renderer.ts";
import { HollowCursor } from "./hollow-cursor.ts";
import type { TerminalSettings } from "./terminal-settings.ts";
import {
  buildTheme,
  emulatorLineHeight,
  measureCharacterHeight,
  measureCharacterWidth,
  readFont,
  type TerminalFont,
  tokensOf,
} from "./terminal-theme.ts";

/** Above and below the grid, in terminal.css. */
export const HOST_PADDING_PX = 8;

export interface SurfaceLookOptions {
  /** As chosen right now. */
  settings(): TerminalSettings;
  /** What the terminal hangs in; undefined while it hangs nowhere. */
  host(): HTMLElement | undefined;
  /** The host has an area. */
  isShown(): boolean;
  /** The grid is somebody else's: it is drawn as large as the host allows. */
  isScaled: boolean;
}

export class SurfaceLook {
  readonly #terminal: Terminal;
  readonly #options: SurfaceLookOptions;
  readonly #gpu: GpuRenderer;
  readonly #hollow: HollowCursor;
  /** As chosen, before scaling. */
  #font: TerminalFont | undefined;
  #characterWidthPx = Number.NaN;
  /** As last drawn: a hidden one has no size to ask. */
  #cellSize: { width: number; height: number } | undefined;

  constructor(terminal: Terminal, options: SurfaceLookOptions) {
    this.#terminal = terminal;
    this.#options = options;
    this.#gpu = new GpuRenderer(terminal, () => this.#characterWidthPx);
    this.#hollow = new HollowCursor(terminal);
  }

  /** What the person chose, as it is now, but for the colours. */
  applySettings(): void {
    const { scrollbackLines, cursorBlink, optionIsMeta, ...chosen } = this.#options.settings();
    const font = readFont(tokensOf(this.#styled), chosen);
    this.#font = font;
    const look: ITerminalOptions = {
      scrollback: scrollbackLines,
      // still for whoever wants nothing to move
      cursorBlink: cursorBlink && !matchMedia("(prefers-reduced-motion: reduce)").matches,
      macOptionIsMeta: optionIsMeta,
    };
    Object.assign(this.#terminal.options, look);
    this.#setFont(font);
    this.scale();
  }

  applyTheme(): void {
    const { terminalTheme } = this.#options.settings();
    const host = this.#options.host();
    if (terminalTheme === "page") delete host?.dataset.termTheme;
    else if (host !== undefined) host.dataset.termTheme = terminalTheme;
    this.#terminal.options.theme = this.#theme(this.#styled);
  }

  /** Keys reach no shell right now: the cursor is an outline. */
  setAway(isAway: boolean): void {
    if (this.#hollow.show(isAway)) this.applyTheme();
  }

  /** The host was laid out anew, appeared or disappeared. */
  handleLayout(): void {
    this.#gpu.setShown(this.#options.isShown() && this.#isForCard);
    this.scale();
  }

  /** The emulator was cleared from outside. */
  reset(): void {
    this.#hollow.reset();
  }

  /** Cells are whole pixels in some renderers, so a size that should fit is looked at again. */
  scale(): void {
    const screen = this.#screen;
    const host = this.#options.host();
    const chosen = this.#font;
    if (!this.#options.isScaled || !this.#options.isShown() || !host || !screen || !chosen) return;
    const room = {
      width: host.clientWidth - HOST_PADDING_PX * 2,
      height: host.clientHeight - HOST_PADDING_PX * 2,
    };
    const drawn = () => ({ width: screen.clientWidth, height: screen.clientHeight });
    const drawnPx = this.#terminal.options.fontSize ?? chosen.size;
    let size: number | undefined = scaledFont(chosen.size, drawnPx, drawn(), room);
    while (size !== undefined) {
      if (size !== this.#terminal.options.fontSize) this.#setFont({ ...chosen, size });
      size = smallerFont(chosen.size, size, drawn(), room);
    }
    this.#gpu.setShown(this.#isForCard); // the width of its cells goes by the font
  }

  /** Drawn font to chosen font. */
  get fontScale(): number {
    return this.#options.isScaled && this.#font
      ? (this.#terminal.options.fontSize ?? this.#font.size) / this.#font.size
      : 1;
  }

  /** Of one character, in CSS px; undefined until it was drawn once. */
  cellSize(): { width: number; height: number } | undefined {
    const screen = this.#screen;
    const width = (screen?.clientWidth ?? 0) / this.#terminal.cols;
    const height = (screen?.clientHeight ?? 0) / this.#terminal.rows;
    if (width > 0 && height > 0) this.#cellSize = { width, height };
    return this.#cellSize;
  }

  /** Value of a custom property in force here. */
  token(name: string): string {
    return tokensOf(this.#styled)(name).trim();
  }

  dispose(): void {
    this.#gpu.dispose();
    this.#hollow.dispose();
  }

  get #screen(): HTMLElement | null | undefined {
    return this.#terminal.element?.querySelector<HTMLElement>(".xterm-screen");
  }

  /** Where the design's properties are in force for this terminal: outside of a page they are in force nowhere. */
  get #styled(): Element {
    return this.#options.host() ?? document.documentElement;
  }

  /** The emulator's text for screen readers stands in the page, and so does what it draws by itself. */
  get #isForCard(): boolean {
    const { screenReader, graphicsCard: choice } = this.#options.settings();
    return !screenReader && drawsWithCard(choice, graphicsCard());
  }

  #setFont(font: TerminalFont): void {
    this.#characterWidthPx = measureCharacterWidth(font);
    Object.assign(this.#terminal.options, {
      fontFamily: font.family,
      fontSize: font.size,
      lineHeight: emulatorLineHeight(font, measureCharacterHeight(font)),
    });
  }

  /** Under the outline the emulator's own cursor is painted as if it were not there. */
  #theme(element: Element): ITheme {
    const theme = buildTheme(tokensOf(element));
    const { background, foreground } = theme;
    if (!this.#hollow.isShown || background === undefined || foreground === undefined) return theme;
    return { ...theme, cursor: background, cursorAccent: foreground };
  }
}
