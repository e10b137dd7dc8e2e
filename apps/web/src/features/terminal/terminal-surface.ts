/**
 * The emulator on the page: joins its element, keys, output and size. How it looks is `surface-look.ts`, what can be done with
 * its text `surface-tools.ts`, what programs say beside it `program-sequences.ts`. Lives as long as the tab: `attach` only
 * moves its element. Knows nothing of sessions or sockets.
 */
import { useSameUnicode } from "@causeway/terminal-checkpoint/same-terminal";
import { WholeUtf8 } from "@causeway/terminal-checkpoint/whole-utf8";
import { FitAddon } from "@xterm/addon-fit";
import { type ITerminalOptions, Terminal } from "@xterm/xterm";
import { panned } from "./fit-scale.ts";
import { gridText } from "./grid-text.ts";
import { GridView } from "./grid-view.ts";
import { LinkHint } from "./links/link-hint.ts";
import { TerminalLinks } from "./links/terminal-links.ts";
import { SurfaceCommands } from "./marks/surface-commands.ts";
import { exportText } from "./output/export-text.ts";
import { listenToPrograms } from "./program-sequences.ts";
import { ScreenReader } from "./reader/screen-reader.ts";
import { ReplyFilter } from "./reply-filter.ts";
import { ReturnMarks } from "./return-marks.ts";
import type { Surface, SurfaceEvents } from "./surface.ts";
import { HOST_PADDING_PX, SurfaceLook } from "./surface-look.ts";
import { listenAt } from "./surface-pointer.ts";
import { SurfaceTools } from "./surface-tools.ts";
import { decideKey, type KeyContext, platformOf } from "./terminal-keys.ts";

const OPTIONS: ITerminalOptions = {
  allowProposedApi: true, // unicode graphemes
  altClickMovesCursor: false,
  cursorInactiveStyle: "outline",
  drawBoldTextInBrightColors: false,
  minimumContrastRatio: 4.5,
  logLevel: "off", // its debug level writes keystrokes to the console
};

export class TerminalSurface implements Surface {
  readonly tools: SurfaceTools;
  readonly view: GridView;
  readonly commands: SurfaceCommands;
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #filter: ReplyFilter;
  readonly #look: SurfaceLook;
  readonly #marks: ReturnMarks;
  readonly #events: SurfaceEvents;
  readonly #reader: ScreenReader;
  readonly #element = document.createElement("div");
  readonly #encoder = new TextEncoder();
  #whole = new WholeUtf8();
  readonly #resizes = new ResizeObserver(() => this.#layout());
  readonly #platform = platformOf(navigator.platform);
  readonly #stopListening: () => void;
  #host: HTMLElement | undefined;
  /** When it was cleared last, in lines; 0: it followed the output. */
  #scrolledUpBy = 0;
  /** Of the host, as laid out last: asking the page for it with each output would lay it out each time. */
  #hasArea = false;

  /** @param isScaled characters grow and shrink so that the grid, whose size is not this page's, fits its host */
  constructor(events: SurfaceEvents, isScaled = false) {
    this.#events = events;
    this.#element.className = "terminal-surface";
    this.#terminal = new Terminal(OPTIONS);
    this.#terminal.loadAddon(this.#fit);
    useSameUnicode(this.#terminal);
    this.#look = new SurfaceLook(this.#terminal, {
      settings: () => events.settings(),
      host: () => this.#host,
      isShown: () => this.isShown,
      isScaled,
    });
    this.#marks = new ReturnMarks(this.#terminal);
    this.#filter = new ReplyFilter(this.#terminal, () => events.isParsingLive());
    const hint = new LinkHint(this.#element, this.#platform === "mac" ? "⌘" : "Ctrl");
    const links = new TerminalLinks(this.#terminal, {
      onHover: (link) => hint.show(link),
      onOpen: (link, isPlain) => events.onLink(link, isPlain),
    });
    this.view = new GridView(this.#terminal, this.#element, () => this.#look.fontScale);
    this.tools = new SurfaceTools(this.#terminal, links, (name) => this.#look.token(name));
    listenToPrograms(this.#terminal, events);
    this.commands = new SurfaceCommands(this.#terminal, events, exportText);
    this.#reader = new ScreenReader(this.#terminal, this.#element, {
      clock: events.clock,
      isOn: () => events.settings().screenReader,
    });
    // somebody else's grid may be larger than this page: what happens in it stays in view
    if (isScaled) this.#terminal.onCursorMove(() => this.#showCursor());
    this.#terminal.attachCustomKeyEventHandler((event) => this.#key(event));
    this.#terminal.onData((data) => {
      const origin = this.#filter.classify(data);
      if (origin === "human") this.#reader.handleTyped(data);
      events.onEmit(origin, this.#encoder.encode(data), keysIn(data));
    });
    this.#terminal.onBinary((data) =>
      events.onEmit(
        "human",
        Uint8Array.from(data, (char) => char.charCodeAt(0)),
        1,
      ),
    );
    this.#stopListening = listenAt(this.#element, {
      selection: () => this.tools.selection(),
      onSelected: () => {
        if (events.settings().copyOnSelect) this.tools.copy();
      },
      onWheelStep: (step) => events.onFontSize(step),
      onPaste: (text) => {
        this.#terminal.scrollToBottom();
        events.onPaste(text);
      },
    });
  }

  attach(host: HTMLElement): () => void {
    this.#host = host;
    host.append(this.#element);
    if (this.#terminal.element === undefined) this.#open();
    this.#look.applyTheme();
    this.#resizes.observe(host);
    this.#layout();
    return () => this.#detach(host);
  }

  write(bytes: Uint8Array, parsed: () => void): void {
    const isLive = this.#events.isParsingLive();
    this.#terminal.write(this.#whole.take(bytes), () => {
      this.#reader.handleParsed(isLive);
      parsed();
    });
  }

  resize(cols: number, rows: number): void {
    this.#terminal.resize(cols, rows);
    this.#look.scale();
    this.#showCursor();
  }

  reset(): void {
    this.#scrolledUpBy = this.scrolledUpBy();
    this.#terminal.reset();
    this.#whole = new WholeUtf8();
    this.#look.reset();
    this.#reader.reset();
    this.commands.reset();
  }

  /** Whoever was reading earlier output reads on as far above the end, not at the end itself. */
  restored(): void {
    if (this.#scrolledUpBy > 0) this.scrollUpTo(this.#scrolledUpBy);
    this.#showCursor();
  }

  focus(): void {
    this.#terminal.focus();
  }

  applyLook(): void {
    this.#look.applySettings();
    this.#reader.apply();
    this.#look.applyTheme();
    this.#layout();
  }

  setAway(isAway: boolean): void {
    this.#look.setAway(isAway);
  }

  markReturn(words: string, tone: "ok" | "warn"): boolean {
    return this.#marks.add(words, tone);
  }

  fitSize(): { cols: number; rows: number } | undefined {
    if (!this.isShown) return undefined;
    const size = this.#fit.proposeDimensions();
    if (size === undefined || !Number.isFinite(size.cols) || !Number.isFinite(size.rows)) return undefined;
    const scale = this.#look.fontScale;
    return { cols: Math.floor(size.cols * scale), rows: Math.floor(size.rows * scale) };
  }

  cellSize(): { width: number; height: number } | undefined {
    return this.#look.cellSize();
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
    return this.#host !== undefined && this.#hasArea;
  }

  get cols(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  scrolledUpBy(): number {
    const { baseY, viewportY } = this.#terminal.buffer.active;
    return baseY - viewportY;
  }

  scrollUpTo(lines: number): void {
    this.#terminal.scrollLines(this.scrolledUpBy() - lines);
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
    this.#stopListening();
    this.#reader.dispose();
    this.tools.dispose();
    this.#look.dispose();
    this.#filter.dispose();
    this.#terminal.dispose();
    this.#element.remove();
    this.#host = undefined;
  }

  #open(): void {
    this.#look.applySettings();
    this.#terminal.open(this.#element);
    this.#reader.apply();
    const chord = this.#platform === "mac" ? "Control Shift M" : "Ctrl Shift M";
    this.#terminal.textarea?.setAttribute(
      "aria-description",
      `${chord}: the Tab key moves on instead of going to the shell`,
    );
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
    this.#hasArea = this.#host !== undefined && this.#host.clientWidth > 0 && this.#host.clientHeight > 0;
    this.#look.handleLayout();
    this.#events.onLayout();
    this.#showCursor();
  }

  /** A grid larger than its host is panned to the place where things happen. */
  #showCursor(): void {
    const screen = this.#terminal.element?.querySelector<HTMLElement>(".xterm-screen");
    const host = this.#host;
    if (!host || !screen) return;
    const { cursorX, cursorY } = this.#terminal.buffer.active;
    const row = around(screen.offsetTop, screen.clientHeight / this.#terminal.rows, cursorY);
    const col = around(screen.offsetLeft, screen.clientWidth / this.#terminal.cols, cursorX);
    host.scrollTop = panned(row, host.clientHeight, host.scrollTop);
    host.scrollLeft = panned(col, host.clientWidth, host.scrollLeft);
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
}

/** One cell of a side, with the host's padding. */
function around(beginPx: number, cellPx: number, index: number): { from: number; to: number } {
  const from = beginPx + index * cellPx;
  return { from: from - HOST_PADDING_PX, to: from + cellPx + HOST_PADDING_PX };
}

/** A key that sends an escape sequence is one key; text counts by its characters. */
function keysIn(data: string): number {
  return data.startsWith("\x1b") ? 1 : [...data].length;
}
