/**
 * The emulator and everything of it that touches the page: element, fonts, colours, renderer, clipboard, keys.
 * Lives as long as the tab: `attach` only moves its element. Knows nothing of sessions or sockets.
 */
import { useSameUnicode } from "@causeway/terminal-checkpoint/same-terminal";
import { WholeUtf8 } from "@causeway/terminal-checkpoint/whole-utf8";
import { FitAddon } from "@xterm/addon-fit";
import { type ITerminalOptions, type ITheme, Terminal } from "@xterm/xterm";
import { scaledFont, smallerFont } from "./fit-scale.ts";
import { GpuRenderer } from "./gpu-renderer.ts";
import { gridText } from "./grid-text.ts";
import { HollowCursor } from "./hollow-cursor.ts";
import { type LinkTarget, TerminalLinks } from "./links/terminal-links.ts";
import { programCopy } from "./output/program-clipboard.ts";
import { type ProgramProgress, programProgress } from "./output/program-progress.ts";
import type { Emulator } from "./output-writer.ts";
import { type Emitted, ReplyFilter } from "./reply-filter.ts";
import { ReturnMarks } from "./return-marks.ts";
import { SurfaceTools, type TerminalTools } from "./surface-tools.ts";
import { decideKey, type KeyContext, platformOf } from "./terminal-keys.ts";
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

export interface SurfaceEvents {
  /** Asked by the reply filter: are the bytes being parsed live? */
  isParsingLive(): boolean;
  /** The emulator emitted bytes. `keys`: how many keys a person would count. */
  onEmit(origin: Emitted, bytes: Uint8Array, keys: number): void;
  /** A key before it reaches the shell. @returns true when it was used up (Enter on an ended session) */
  onKeyDown(event: KeyboardEvent): boolean;
  /** Does the Tab key move the focus instead of going to the shell? */
  tabMovesFocus(): boolean;
  /** Text that a person pasted, as the clipboard had it. */
  onPaste(text: string): void;
  onTitle(title: string): void;
  onBell(): void;
  onProgress(progress: ProgramProgress | undefined): void;
  /** A program wants this in the clipboard. */
  onProgramCopy(text: string): void;
  /** A link was clicked to be opened. @param isPlain its text says where it goes */
  onLink(link: LinkTarget, isPlain: boolean): void;
  /** As chosen right now. */
  settings(): TerminalSettings;
  /** The host was laid out anew, appeared or disappeared. */
  onLayout(): void;
}

export interface Surface extends Emulator {
  readonly tools?: TerminalTools;
  attach(host: HTMLElement): () => void;
  focus(): void;
  /** Colours, font and whatever else the person chose, as it is now. */
  applyLook(): void;
  /** Keys reach no shell right now: the cursor is an outline. */
  setAway(isAway: boolean): void;
  /** Marks where a gap was, over the text. @returns false where there is no place for it (alternate screen) */
  markReturn(words: string, tone: "ok" | "warn"): boolean;
  /** The size that fits the host; undefined while nothing is shown. */
  fitSize(): { cols: number; rows: number } | undefined;
  /** Of one character, in CSS px; undefined until it was drawn once. */
  cellSize(): { width: number; height: number } | undefined;
  /** A full-screen program has the screen. */
  isAlternateScreen(): boolean;
  /** The program takes a paste as one text. */
  isBracketedPaste(): boolean;
  /** The program wants arrow keys in their application form. */
  isApplicationCursor(): boolean;
  /** Is it on the page, with an area? */
  readonly isShown: boolean;
  readonly cols: number;
  readonly rows: number;
  /** All lines, scrollback included. */
  lines(): string[];
  /** The screen with its attributes, as text (grid-text.ts). */
  grid(): string;
  dispose(): void;
}

/** Above and below the grid, in terminal.css. */
const HOST_PADDING_PX = 8;

/** As the emulator's own scrollbar, which the fitting counts with. */
const SCROLLBAR_PX = 14;

const OPTIONS: ITerminalOptions = {
  allowProposedApi: true, // unicode graphemes
  altClickMovesCursor: false,
  cursorInactiveStyle: "outline",
  drawBoldTextInBrightColors: false,
  minimumContrastRatio: 4.5,
  logLevel: "off", // its debug level writes keystrokes to the console
  // as wide as its scrollbar without it: matches are marked beside the text
  overviewRuler: { width: SCROLLBAR_PX },
};

export class TerminalSurface implements Surface {
  readonly tools: SurfaceTools;
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #filter: ReplyFilter;
  readonly #gpu: GpuRenderer;
  readonly #hollow: HollowCursor;
  readonly #marks: ReturnMarks;
  readonly #events: SurfaceEvents;
  /** The grid is somebody else's: it is drawn as large as the host allows. */
  readonly #isScaled: boolean;
  /** As chosen, before scaling. */
  #font: TerminalFont | undefined;
  readonly #element = document.createElement("div");
  readonly #encoder = new TextEncoder();
  #whole = new WholeUtf8();
  readonly #resizes = new ResizeObserver(() => this.#layout());
  readonly #platform = platformOf(navigator.platform);
  #host: HTMLElement | undefined;
  #target: HTMLElement | undefined;
  #characterWidthPx = Number.NaN;
  /** As last drawn: a hidden one has no size to ask. */
  #cellSize: { width: number; height: number } | undefined;
  /** When it was cleared last, in lines; 0: it followed the output. */
  #scrolledUpBy = 0;

  /** @param isScaled characters grow and shrink so that the grid, whose size is not this page's, fits its host */
  constructor(events: SurfaceEvents, isScaled = false) {
    this.#events = events;
    this.#isScaled = isScaled;
    this.#element.className = "terminal-surface";
    this.#terminal = new Terminal(OPTIONS);
    this.#terminal.loadAddon(this.#fit);
    useSameUnicode(this.#terminal);
    this.#gpu = new GpuRenderer(this.#terminal, () => this.#characterWidthPx);
    this.#hollow = new HollowCursor(this.#terminal);
    this.#marks = new ReturnMarks(this.#terminal);
    this.#filter = new ReplyFilter(this.#terminal, () => events.isParsingLive());
    const links = new TerminalLinks(this.#terminal, {
      onHover: (link) => this.#showTarget(link),
      onOpen: (link, isPlain) => events.onLink(link, isPlain),
    });
    this.tools = new SurfaceTools(this.#terminal, links, (name) => this.#token(name));
    this.#terminal.parser.registerOscHandler(52, (data) => {
      const text = events.isParsingLive() ? programCopy(data) : undefined; // what is shown again is not meant again
      if (text !== undefined) events.onProgramCopy(text);
      return true;
    });
    this.#terminal.parser.registerOscHandler(9, (data) => {
      const progress = programProgress(data);
      if (progress !== undefined) events.onProgress(progress === "gone" ? undefined : progress);
      return true;
    });
    this.#terminal.onBell(() => {
      if (events.isParsingLive() && events.settings().bell) events.onBell();
    });
    this.#terminal.attachCustomKeyEventHandler((event) => this.#key(event));
    this.#terminal.onData((data) =>
      events.onEmit(this.#filter.classify(data), this.#encoder.encode(data), keysIn(data)),
    );
    this.#terminal.onBinary((data) =>
      events.onEmit(
        "human",
        Uint8Array.from(data, (char) => char.charCodeAt(0)),
        1,
      ),
    );
    this.#terminal.onTitleChange((title) => events.onTitle(title));
    this.#element.addEventListener("paste", this.#paste, { capture: true });
    this.#element.addEventListener("copy", this.#copied, { capture: true });
    this.#element.addEventListener("mouseup", this.#selected);
  }

  attach(host: HTMLElement): () => void {
    this.#host = host;
    host.append(this.#element);
    if (this.#terminal.element === undefined) this.#open();
    this.#setTheme();
    this.#resizes.observe(host);
    this.#layout();
    return () => this.#detach(host);
  }

  write(bytes: Uint8Array, parsed: () => void): void {
    this.#terminal.write(this.#whole.take(bytes), parsed);
  }

  resize(cols: number, rows: number): void {
    this.#terminal.resize(cols, rows);
    this.#scale();
    this.#showCursor();
  }

  reset(): void {
    const { baseY, viewportY } = this.#terminal.buffer.active;
    this.#scrolledUpBy = baseY - viewportY;
    this.#terminal.reset();
    this.#whole = new WholeUtf8();
    this.#hollow.reset();
  }

  /** Whoever was reading earlier output reads on as far above the end, not at the end itself. */
  restored(): void {
    if (this.#scrolledUpBy > 0) this.#terminal.scrollLines(-this.#scrolledUpBy);
    this.#showCursor();
  }

  focus(): void {
    this.#terminal.focus();
  }

  applyLook(): void {
    this.#applyFont();
    this.#setTheme();
    this.#layout();
  }

  setAway(isAway: boolean): void {
    if (this.#hollow.show(isAway)) this.#setTheme();
  }

  markReturn(words: string, tone: "ok" | "warn"): boolean {
    return this.#marks.add(words, tone);
  }

  fitSize(): { cols: number; rows: number } | undefined {
    if (!this.isShown) return undefined;
    const size = this.#fit.proposeDimensions();
    if (size === undefined || !Number.isFinite(size.cols) || !Number.isFinite(size.rows)) return undefined;
    const scale = this.#fontScale;
    return { cols: Math.floor(size.cols * scale), rows: Math.floor(size.rows * scale) };
  }

  cellSize(): { width: number; height: number } | undefined {
    const screen = this.#terminal.element?.querySelector<HTMLElement>(".xterm-screen");
    const width = (screen?.clientWidth ?? 0) / this.cols;
    const height = (screen?.clientHeight ?? 0) / this.rows;
    if (width > 0 && height > 0) this.#cellSize = { width, height };
    return this.#cellSize;
  }

  isAlternateScreen(): boolean {
    return this.#terminal.buffer.active.type === "alternate";
  }

  isApplicationCursor(): boolean {
    return this.#terminal.modes.applicationCursorKeysMode;
  }

  isBracketedPaste(): boolean {
    return this.#terminal.modes.bracketedPasteMode;
  }

  get isShown(): boolean {
    return this.#host !== undefined && this.#host.clientWidth > 0 && this.#host.clientHeight > 0;
  }

  get cols(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  lines(): string[] {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: active.length }, (_, index) => active.getLine(index)?.translateToString(true) ?? "");
  }

  grid(): string {
    return gridText(this.#terminal);
  }

  dispose(): void {
    this.#resizes.disconnect();
    this.#element.removeEventListener("paste", this.#paste, { capture: true });
    this.#element.removeEventListener("copy", this.#copied, { capture: true });
    this.#element.removeEventListener("mouseup", this.#selected);
    this.tools.dispose();
    this.#gpu.dispose();
    this.#filter.dispose();
    this.#hollow.dispose();
    this.#terminal.dispose();
    this.#element.remove();
    this.#host = undefined;
  }

  #open(): void {
    this.#applyFont();
    this.#terminal.open(this.#element);
    const chord = this.#platform === "mac" ? "Control Shift M" : "Ctrl Shift M";
    this.#terminal.textarea?.setAttribute(
      "aria-description",
      `${chord}: the Tab key moves on instead of going to the shell`,
    );
  }

  #applyFont(): void {
    const { scrollbackLines, cursorBlink, optionIsMeta, ...chosen } = this.#events.settings();
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
    this.#scale();
  }

  #setTheme(): void {
    const { terminalTheme } = this.#events.settings();
    if (terminalTheme === "page") delete this.#host?.dataset.termTheme;
    else if (this.#host !== undefined) this.#host.dataset.termTheme = terminalTheme;
    this.#terminal.options.theme = this.#theme(this.#styled);
  }

  /** Where the design's properties are in force for this terminal: outside of a page they are in force nowhere. */
  get #styled(): Element {
    return this.#host ?? document.documentElement;
  }

  #setFont(font: TerminalFont): void {
    this.#characterWidthPx = measureCharacterWidth(font);
    Object.assign(this.#terminal.options, {
      fontFamily: font.family,
      fontSize: font.size,
      lineHeight: emulatorLineHeight(font, measureCharacterHeight(font)),
    });
  }

  /** Drawn font to chosen font. */
  get #fontScale(): number {
    return this.#isScaled && this.#font ? (this.#terminal.options.fontSize ?? this.#font.size) / this.#font.size : 1;
  }

  /** Cells are whole pixels in some renderers, so a size that should fit is looked at again. */
  #scale(): void {
    const screen = this.#terminal.element?.querySelector<HTMLElement>(".xterm-screen");
    const chosen = this.#font;
    if (!this.#isScaled || !this.isShown || !this.#host || !screen || !chosen) return;
    const room = {
      width: this.#host.clientWidth - HOST_PADDING_PX * 2,
      height: this.#host.clientHeight - HOST_PADDING_PX * 2,
    };
    const drawn = () => ({ width: screen.clientWidth, height: screen.clientHeight });
    const drawnPx = this.#terminal.options.fontSize ?? chosen.size;
    let size: number | undefined = scaledFont(chosen.size, drawnPx, drawn(), room);
    while (size !== undefined) {
      if (size !== this.#terminal.options.fontSize) this.#setFont({ ...chosen, size });
      size = smallerFont(chosen.size, size, drawn(), room);
    }
    this.#gpu.setShown(true); // the width of its cells goes by the font
  }

  /** Under the outline the emulator's own cursor is painted as if it were not there. */
  #theme(element: Element): ITheme {
    const theme = buildTheme(tokensOf(element));
    const { background, foreground } = theme;
    if (!this.#hollow.isShown || background === undefined || foreground === undefined) return theme;
    return { ...theme, cursor: background, cursorAccent: foreground };
  }

  #detach(host: HTMLElement): void {
    delete host.dataset.termTheme;
    this.#resizes.unobserve(host);
    if (this.#host !== host) return; // attached elsewhere meanwhile
    this.#host = undefined;
    this.#element.remove();
    this.#layout();
  }

  #layout(): void {
    this.#gpu.setShown(this.isShown);
    this.#scale();
    this.#events.onLayout();
    this.#showCursor();
  }

  /** A grid taller than its host is panned to the line where things happen. */
  #showCursor(): void {
    const screen = this.#terminal.element?.querySelector<HTMLElement>(".xterm-screen");
    if (!this.#host || !screen) return;
    const rowHeight = screen.clientHeight / this.#terminal.rows;
    const cursorBottom = screen.offsetTop + (this.#terminal.buffer.active.cursorY + 1) * rowHeight;
    this.#host.scrollTop = Math.max(0, Math.ceil(cursorBottom + HOST_PADDING_PX - this.#host.clientHeight));
  }

  #key(event: KeyboardEvent): boolean {
    if (event.type === "keydown" && !event.defaultPrevented && this.#events.onKeyDown(event)) {
      event.preventDefault();
      return false;
    }
    const context: KeyContext = {
      platform: this.#platform,
      hasSelection: this.#terminal.hasSelection(),
      isAlternateScreen: this.isAlternateScreen(),
      tabMovesFocus: this.#events.tabMovesFocus(),
      ctrlVPastes: this.#events.settings().ctrlVPastes,
    };
    const action = decideKey(event, context);
    if (action.do === "shell") return true;
    if (action.do === "browser" || action.do === "nothing") return false;
    event.preventDefault();
    if (event.type !== "keydown") return false;
    if (action.do === "copy") this.#copy(action.thenClear);
    else if (action.do === "send") this.#terminal.input(action.data, true);
    else if (action.to === "top") this.#terminal.scrollToTop();
    else this.#terminal.scrollToBottom();
    return false;
  }

  #copy(thenClear: boolean): void {
    if (!this.#terminal.hasSelection()) return;
    this.tools.copy();
    if (thenClear) this.#terminal.clearSelection();
  }

  /** Where the page cannot write the clipboard by itself, the browser asks for what is to be copied. */
  readonly #copied = (event: ClipboardEvent): void => {
    const text = this.tools.selection();
    if (text === "") return;
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    event.stopPropagation();
  };

  readonly #selected = (event: MouseEvent): void => {
    if (event.button === 0 && this.#events.settings().copyOnSelect) this.tools.copy();
  };

  /** Where a link goes, at the foot of the terminal, as browsers do it. */
  #showTarget(link: LinkTarget | undefined): void {
    this.#target?.remove();
    this.#target = undefined;
    if (link === undefined || this.#host === undefined) return;
    const target = document.createElement("div");
    target.className = "link-target";
    target.textContent = `${link.uri} · ${this.#platform === "mac" ? "⌘" : "Ctrl"}+click opens it`;
    this.#element.append(target);
    this.#target = target;
  }

  #token(name: string): string {
    return tokensOf(this.#styled)(name).trim();
  }

  readonly #paste = (event: ClipboardEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text === "") return;
    this.#terminal.scrollToBottom();
    this.#events.onPaste(text);
  };
}

/** A key that sends an escape sequence is one key; text counts by its characters. */
function keysIn(data: string): number {
  return data.startsWith("\x1b") ? 1 : [...data].length;
}
