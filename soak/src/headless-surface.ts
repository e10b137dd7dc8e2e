/** The emulator of a page without a browser: the same parser as in the page, its lines, and every byte it was given. */
import type { Surface, SurfaceEvents } from "@causeway/web/headless";
import xterm from "@xterm/headless";

/** As in the page. */
const SCROLLBACK_LINES = 10_000;
const CAN = 0x18;
/** What is watched for fits into so many characters. */
const TAIL_CHARS = 256;

export class HeadlessSurface implements Surface {
  readonly #terminal: InstanceType<typeof xterm.Terminal>;
  readonly #events: SurfaceEvents;
  readonly #encoder = new TextEncoder();
  readonly #parseMs: number;
  readonly #fit: { cols: number; rows: number };
  #chunks: Uint8Array[] = [];
  /** The last of what was written, as text, and what is looked for in it. */
  #tail = "";
  #watched: { pattern: RegExp; seen: () => void }[] = [];
  #isAttached = false;
  #isDisposed = false;
  #hasEveryByte = true;

  /** @param parseMs how long each chunk takes, in milliseconds: a slow computer */
  constructor(events: SurfaceEvents, fit: { cols: number; rows: number }, parseMs: number) {
    this.#events = events;
    this.#fit = fit;
    this.#parseMs = parseMs;
    this.#terminal = new xterm.Terminal({ ...fit, scrollback: SCROLLBACK_LINES, allowProposedApi: true });
  }

  /** It was never cleared, and never given a checkpoint in place of bytes. */
  get hasEveryByte(): boolean {
    return this.#hasEveryByte;
  }
  /** Everything that was parsed since the last reset, in order. */
  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** Nothing is drawn. */
  cellSize(): undefined {}

  isAlternateScreen(): boolean {
    return this.#terminal.buffer.active.type === "alternate";
  }

  isApplicationCursor(): boolean {
    return false;
  }

  isBracketedPaste(): boolean {
    return this.#terminal.modes.bracketedPasteMode;
  }

  type(text: string, keys: number): void {
    this.#events.onEmit("human", this.#encoder.encode(text), keys);
  }

  attach(): () => void {
    this.#isAttached = true;
    this.#events.onLayout();
    return () => {
      this.#isAttached = false;
    };
  }

  write(bytes: Uint8Array, parsed: () => void): void {
    const parse = () =>
      this.#terminal.write(bytes, () => {
        // The page cancels an unfinished sequence before it clears itself: that byte is not of the shell.
        if (bytes.length !== 1 || bytes[0] !== CAN) this.#took(bytes);
        parsed();
      });
    if (this.#parseMs === 0) parse();
    else setTimeout(() => this.#isDisposed || parse(), this.#parseMs);
  }

  #took(bytes: Uint8Array): void {
    this.#chunks.push(bytes.slice());
    const text = this.#tail + Buffer.from(bytes).toString("latin1");
    this.#watched = this.#watched.filter(({ pattern, seen }) => {
      if (!pattern.test(text)) return true;
      seen();
      return false;
    });
    this.#tail = text.slice(-TAIL_CHARS);
  }

  /** Calls `seen` once when output parsed from now on, or the last of what was, matches. Short patterns only. */
  watchFor(pattern: RegExp, seen: () => void): void {
    if (pattern.test(this.#tail)) seen();
    else this.#watched.push({ pattern, seen });
  }

  /** The last output, as text. */
  get tail(): string {
    return this.#tail;
  }

  resize(cols: number, rows: number): void {
    this.#terminal.resize(cols, rows);
  }

  reset(): void {
    this.#hasEveryByte = false;
    this.#chunks = [];
    this.#terminal.reset();
  }

  fitSize(): { cols: number; rows: number } {
    return this.#fit;
  }

  get isShown(): boolean {
    return this.#isAttached;
  }
  get cols(): number {
    return this.#terminal.cols;
  }
  get rows(): number {
    return this.#terminal.rows;
  }

  scrolledUpBy(): number {
    return 0;
  }

  scrollUpTo(): void {}

  lines(): string[] {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: active.length }, (_, index) => active.getLine(index)?.translateToString(true) ?? "");
  }

  /** The screen's text; its attributes are not compared here. */
  grid(): string {
    return this.lines().slice(-this.rows).join("\n");
  }

  /** What was written since the last reset was a checkpoint: the screen of the bytes before it, not the bytes themselves. */
  restored(): void {
    this.#hasEveryByte = false;
    this.#chunks = [];
  }

  markReturn(): boolean {
    return false;
  }
  focus(): void {}
  applyLook(): void {}
  setAway(): void {}

  dispose(): void {
    this.#isDisposed = true;
    this.#terminal.dispose();
  }
}
