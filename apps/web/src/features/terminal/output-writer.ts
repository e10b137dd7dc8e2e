/**
 * Terminal bytes on their way into the emulator, one chunk at a time, so that sizes and resets happen exactly between the
 * bytes they belong to and it is always known whether the bytes being parsed are live (beyond the head named on attach, and ours to answer).
 * Acknowledges what was parsed: that is the credit of the server's window.
 */
import { ACK_EVERY_BYTES } from "@causeway/wire-contract/terminal-frames";

/** The part of an emulator that the writer drives. */
export interface Emulator {
  /** `parsed` is called once these bytes were parsed, in order, possibly before `write` returns. */
  write(bytes: Uint8Array, parsed: () => void): void;
  resize(cols: number, rows: number): void;
  reset(): void;
}

export interface OutputWriterEvents {
  /** Everything below `offset` was parsed: due every 32 KiB and whenever nothing is left. */
  acknowledge(offset: number): void;
}

type Item =
  | { kind: "bytes"; bytes: Uint8Array }
  | { kind: "size"; cols: number; rows: number }
  | { kind: "reset"; offset: number }
  | { kind: "then"; act: () => void };

/** Ends any escape sequence or UTF-8 character that the missing bytes would have finished. */
const CANCEL: Uint8Array = Uint8Array.of(0x18);

export class OutputWriter {
  readonly #emulator: Emulator;
  readonly #events: OutputWriterEvents;
  /** Bounded by the credit: at most 256 KiB of bytes, and the size records between them. */
  #queue: Item[] = [];
  #isWriting = false;
  #isDisposed = false;
  /** Offset of the first byte that the emulator parses now; undefined: nothing, or no output. */
  #parsingFrom: number | undefined;
  /** Offset after the last byte handed to the emulator. */
  #handedOffset = 0;
  #parsedOffset = 0;
  #ackedOffset = 0;
  /** Offset of the next byte to come from the server. */
  #expectedOffset = 0;
  /** Bytes below it are not answered: they were replayed, or another reader's to answer. */
  #liveOffset = 0;
  #hasStarted = false;
  /** End of the log when this page first saw the session: what lies below may have been read before. */
  #newsOffset = 0;

  constructor(emulator: Emulator, events: OutputWriterEvents) {
    this.#emulator = emulator;
    this.#events = events;
  }

  /** Where to attach: null when nothing was ever received. What was queued but not handed over is asked for again. */
  attachOffset(): number | null {
    return this.#hasStarted ? this.#handedOffset : null;
  }

  /** The connection is gone: forget what was not yet handed to the emulator, so that the bound holds over reconnects. */
  handleGap(): void {
    this.#queue = this.#queue.filter((item) => item.kind === "reset");
  }

  /**
   * @param offset where the server goes on · @param headOffset end of the log at that moment: bytes below it are replayed
   * @returns true when output between what we have and `offset` is missing, so that the terminal was cleared
   */
  handleAttached(offset: number, headOffset: number, cols: number, rows: number): boolean {
    const isGap = this.#hasStarted && offset > this.#handedOffset;
    if (isGap) this.#clearTo(offset);
    if (!this.#hasStarted) {
      this.#handedOffset = offset;
      this.#parsedOffset = offset;
      this.#ackedOffset = offset;
      this.#newsOffset = headOffset;
    }
    this.#hasStarted = true;
    this.#expectedOffset = offset;
    this.#liveOffset = headOffset;
    this.size(cols, rows);
    return isGap;
  }

  /** The server skips to `offset`: clear, and go on there. */
  handleReset(offset: number, headOffset: number, cols: number, rows: number): void {
    this.#clearTo(offset);
    this.#expectedOffset = offset;
    this.#liveOffset = headOffset;
    this.size(cols, rows);
  }

  /** This page answers queries from now on: those before `offset` were another reader's. */
  answerFrom(offset: number): void {
    this.#liveOffset = Math.max(this.#liveOffset, offset);
  }

  /** From here on in the log the grid has this size. */
  size(cols: number, rows: number): void {
    this.#queue.push({ kind: "size", cols, rows });
    this.#pump();
  }

  /** Runs `act` once everything received before was parsed; never, if the connection or the emulator goes first. */
  whenParsed(act: () => void): void {
    this.#queue.push({ kind: "then", act });
    this.#pump();
  }

  /**
   * Output of the session, following what came before. Bytes that we already have are skipped.
   * @returns whether it holds news: not only what was there before this page came
   */
  output(bytes: Uint8Array): boolean {
    const end = this.#expectedOffset + bytes.length;
    const known = Math.max(0, this.#queuedEnd() - this.#expectedOffset);
    const fresh = known > 0 ? bytes.subarray(Math.min(known, bytes.length)) : bytes;
    const start = end - fresh.length;
    this.#expectedOffset = end;
    const before = Math.min(fresh.length, Math.max(0, this.#liveOffset - start));
    this.#push(fresh.subarray(0, before));
    this.#push(fresh.subarray(before));
    this.#pump();
    return fresh.length > 0 && end > this.#newsOffset;
  }

  /** A new session in the same terminal: clear it and count from the beginning again. */
  restart(): void {
    this.#clearTo(0);
    this.#hasStarted = false;
    this.#pump();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#queue = [];
  }

  /** Are the bytes that the emulator parses right now live? Only meaningful inside one of its parser hooks. */
  get isParsingLive(): boolean {
    return this.#parsingFrom !== undefined && this.#parsingFrom >= this.#liveOffset;
  }

  get parsedOffset(): number {
    return this.#parsedOffset;
  }

  /** Everything that was received is on the screen. */
  get isIdle(): boolean {
    return !this.#isWriting && this.#queue.length === 0;
  }

  /** What waits would be cleared at once: only the clearing itself stays. */
  #clearTo(offset: number): void {
    this.#queue = [{ kind: "reset", offset }];
    this.#handedOffset = offset;
  }

  #queuedEnd(): number {
    let end = this.#handedOffset;
    for (const item of this.#queue) if (item.kind === "bytes") end += item.bytes.length;
    return end;
  }

  #push(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#queue.push({ kind: "bytes", bytes });
  }

  #pump(): void {
    while (!this.#isWriting && !this.#isDisposed) {
      const item = this.#queue.shift();
      if (item === undefined) break;
      if (item.kind === "size") this.#emulator.resize(item.cols, item.rows);
      else if (item.kind === "reset") this.#reset(item.offset);
      else if (item.kind === "then") item.act();
      else this.#write(item.bytes);
    }
  }

  #write(bytes: Uint8Array): void {
    this.#isWriting = true;
    this.#parsingFrom = this.#handedOffset;
    this.#handedOffset += bytes.length;
    const end = this.#handedOffset;
    this.#emulator.write(bytes, () => {
      if (this.#isDisposed) return;
      this.#isWriting = false;
      this.#parsingFrom = undefined;
      this.#parsedOffset = end;
      this.#acknowledge();
      this.#pump();
    });
  }

  #reset(offset: number): void {
    this.#isWriting = true;
    this.#emulator.write(CANCEL, () => {
      if (this.#isDisposed) return;
      this.#emulator.reset();
      this.#isWriting = false;
      this.#parsedOffset = offset;
      this.#ackedOffset = offset;
      this.#pump();
    });
  }

  #acknowledge(): void {
    const due = this.#parsedOffset - this.#ackedOffset;
    if (due <= 0 || (due < ACK_EVERY_BYTES && this.#queue.some((item) => item.kind === "bytes"))) return;
    this.#ackedOffset = this.#parsedOffset;
    this.#events.acknowledge(this.#parsedOffset);
  }
}
