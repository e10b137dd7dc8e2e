/**
 * Terminal bytes on their way into the emulator, one chunk at a time, so that sizes and resets happen exactly between the
 * bytes they belong to and it is always known whether the bytes being parsed are live (beyond the head named on attach, and ours to answer).
 * Acknowledges what was parsed: that is the credit of the server's window. Longer than most because the offsets of bytes,
 * checkpoints and resets bear on one another: one queue, one order.
 */
import { ACK_EVERY_BYTES } from "@causeway/wire-contract/terminal-frames";

/** The part of an emulator that the writer drives. */
export interface Emulator {
  /** `parsed` is called once these bytes were parsed, in order, possibly before `write` returns. */
  write(bytes: Uint8Array, parsed: () => void): void;
  resize(cols: number, rows: number): void;
  reset(): void;
  /** What was written since the last `reset` is a checkpoint, and now all of it was parsed. */
  restored(): void;
}

export interface OutputWriterEvents {
  /** Everything below `offset` was parsed: due every 32 KiB and whenever nothing is left. */
  acknowledge(offset: number): void;
  /** So many bytes of checkpoint `id` were parsed: due every 32 KiB and at its end. */
  acknowledgeCheckpoint(id: number, bytes: number): void;
}

/** A checkpoint that the server sends before the output that follows `offset`. */
export interface AnnouncedCheckpoint {
  id: number;
  /** In all. */
  bytes: number;
}

/**
 * How what the terminal shows goes on with what it showed before the gap: without a break, from a checkpoint (nothing is
 * lost, but the terminal was cleared and shows it as it is now), or with output missing that was not kept.
 */
export type Continuity = "whole" | "checkpoint" | "lost";

type Item =
  | { kind: "bytes"; bytes: Uint8Array }
  | { kind: "size"; cols: number; rows: number }
  | { kind: "reset"; offset: number }
  | { kind: "restore"; checkpoint: Restoring }
  | { kind: "part"; bytes: Uint8Array; checkpoint: Restoring }
  | { kind: "then"; act: () => void };

interface Restoring extends AnnouncedCheckpoint {
  /** Of the log, where output goes on once it is applied. */
  offset: number;
  parsedBytes: number;
  ackedBytes: number;
  /** Run when all of it was parsed: one per attach. */
  afterwards: (() => void)[];
}

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
  /** Announced last; undefined once it is applied. */
  #announced: Restoring | undefined;
  /** The emulator was cleared for a checkpoint and has not parsed all of it: it shows nothing that stands in the log. */
  #isHalfRestored = false;
  /** End of the log when this page first saw the session: what lies below may have been read before. */
  #newsOffset = 0;
  /** Due once the log of the newest attach is shown: one per page that comes back. */
  #onCaughtUp: (() => void) | undefined;

  constructor(emulator: Emulator, events: OutputWriterEvents) {
    this.#emulator = emulator;
    this.#events = events;
  }

  /**
   * Where to attach: null when nothing was ever received, or only part of a checkpoint. What was queued but not handed
   * over is asked for again.
   */
  attachOffset(): number | null {
    return this.#hasStarted && !this.#isHalfRestored ? this.#handedOffset : null;
  }

  /** The connection is gone: forget what was not yet handed to the emulator, so that the bound holds over reconnects. */
  handleGap(): void {
    this.#announced = undefined;
    this.#queue = this.#queue.filter((item) => item.kind === "reset");
  }

  /**
   * @param offset where the server goes on · @param headOffset end of the log at that moment: bytes below it are replayed
   * @param checkpoint comes before the bytes at `offset`
   */
  handleAttached(
    offset: number,
    headOffset: number,
    cols: number,
    rows: number,
    checkpoint?: AnnouncedCheckpoint,
  ): Continuity {
    const isFirst = !this.#hasStarted;
    const isLost = !isFirst && checkpoint === undefined && offset > this.#handedOffset;
    if (isFirst) this.#newsOffset = headOffset;
    this.#hasStarted = true;
    if (checkpoint !== undefined) this.#announce(offset, checkpoint);
    else if (isFirst) this.#standAt(offset);
    else if (isLost || this.#isHalfRestored) this.#clearTo(offset);
    this.#expectedOffset = offset;
    this.#liveOffset = headOffset;
    this.size(cols, rows);
    if (isLost) return "lost";
    return checkpoint !== undefined && !isFirst ? "checkpoint" : "whole";
  }

  /** The server skips to `offset`: clear, and go on there, with the checkpoint first if there is one. */
  handleReset(offset: number, headOffset: number, cols: number, rows: number, checkpoint?: AnnouncedCheckpoint): void {
    if (checkpoint !== undefined) this.#announce(offset, checkpoint);
    else this.#clearTo(offset);
    this.#expectedOffset = offset;
    this.#liveOffset = headOffset;
    this.size(cols, rows);
  }

  /** The next part of the checkpoint announced last. */
  checkpointPart(bytes: Uint8Array): void {
    if (this.#announced === undefined) return;
    this.#queue.push({ kind: "part", bytes, checkpoint: this.#announced });
    this.#pump();
  }

  /** This page answers queries from now on: those before `offset` were another reader's. */
  answerFrom(offset: number): void {
    this.#liveOffset = Math.max(this.#liveOffset, offset);
  }

  /** Runs `act` once all was parsed that the log held when this page attached; the newest one counts. */
  whenCaughtUp(act: () => void): void {
    this.#onCaughtUp = act;
  }

  /** From here on in the log the grid has this size. */
  size(cols: number, rows: number): void {
    this.#queue.push({ kind: "size", cols, rows });
    this.#pump();
  }

  /** Runs `act` once everything received before was parsed; never, if the connection or the emulator goes first. */
  whenParsed(act: () => void): void {
    if (this.#announced !== undefined) {
      this.#announced.afterwards.push(act);
      return;
    }
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
    return !this.#isWriting && this.#queue.length === 0 && this.#announced === undefined;
  }

  /** What waits would be cleared at once: only the clearing itself stays. */
  #clearTo(offset: number): void {
    this.#queue = [{ kind: "reset", offset }];
    this.#handedOffset = offset;
    this.#announced = undefined;
    this.#isHalfRestored = false;
  }

  /**
   * The terminal keeps what it shows until its turn comes: should the connection break before, it still stands where it
   * stood. A clearing that was promised for what is dropped here stays due.
   */
  #announce(offset: number, { id, bytes }: AnnouncedCheckpoint): void {
    const checkpoint = { id, bytes, offset, parsedBytes: 0, ackedBytes: 0, afterwards: [] };
    this.#queue = [...this.#queue.filter((item) => item.kind === "reset"), { kind: "restore", checkpoint }];
    this.#announced = checkpoint;
  }

  #queuedEnd(): number {
    let end = this.#announced?.offset ?? this.#handedOffset;
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
      switch (item.kind) {
        case "size":
          this.#emulator.resize(item.cols, item.rows);
          break;
        case "reset":
          this.#clear(() => this.#standAt(item.offset));
          break;
        case "restore":
          this.#isHalfRestored = true;
          this.#clear(() => {
            if (item.checkpoint.bytes === 0) this.#finishRestore(item.checkpoint);
          });
          break;
        case "part":
          this.#writePart(item.bytes, item.checkpoint);
          break;
        case "then":
          item.act();
          break;
        default:
          this.#write(item.bytes);
      }
    }
  }

  #write(bytes: Uint8Array): void {
    this.#parsingFrom = this.#handedOffset;
    this.#handedOffset += bytes.length;
    const end = this.#handedOffset;
    this.#hand(bytes, () => {
      this.#parsingFrom = undefined;
      this.#parsedOffset = end;
      this.#acknowledge();
      this.#checkCaughtUp();
    });
  }

  /** Never live: `#parsingFrom` stays undefined, so nothing in a checkpoint is answered. */
  #writePart(bytes: Uint8Array, checkpoint: Restoring): void {
    this.#hand(bytes, () => {
      if (this.#announced !== checkpoint) return; // of a connection that is gone: nobody waits for it
      checkpoint.parsedBytes += bytes.length;
      const isDone = checkpoint.parsedBytes >= checkpoint.bytes;
      if (isDone || checkpoint.parsedBytes - checkpoint.ackedBytes >= ACK_EVERY_BYTES) {
        checkpoint.ackedBytes = checkpoint.parsedBytes;
        this.#events.acknowledgeCheckpoint(checkpoint.id, checkpoint.parsedBytes);
      }
      if (isDone) this.#finishRestore(checkpoint);
    });
  }

  #finishRestore(checkpoint: Restoring): void {
    if (this.#announced !== checkpoint) return;
    this.#announced = undefined;
    this.#isHalfRestored = false;
    this.#standAt(checkpoint.offset);
    this.#emulator.restored();
    for (const act of checkpoint.afterwards.splice(0)) act();
    this.#checkCaughtUp();
  }

  #checkCaughtUp(): void {
    if (this.#onCaughtUp === undefined || this.#announced !== undefined || this.#parsedOffset < this.#liveOffset)
      return;
    const act = this.#onCaughtUp;
    this.#onCaughtUp = undefined;
    act();
  }

  /** The emulator shows what stands in the log at `offset`. */
  #standAt(offset: number): void {
    this.#handedOffset = offset;
    this.#parsedOffset = offset;
    this.#ackedOffset = offset;
  }

  #clear(cleared: () => void): void {
    this.#hand(CANCEL, () => {
      this.#emulator.reset();
      cleared();
    });
  }

  #hand(bytes: Uint8Array, parsed: () => void): void {
    this.#isWriting = true;
    this.#emulator.write(bytes, () => {
      if (this.#isDisposed) return;
      this.#isWriting = false;
      parsed();
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
