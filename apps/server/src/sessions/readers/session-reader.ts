/**
 * One attached page: a cursor into the log and a credit. It holds no bytes of its own, so any number of slow readers
 * costs nothing but their cursors (performance.md §4). One that is far behind is moved to the newest checkpoint.
 */
import { OUTPUT_FRAME_BYTES_MAX, READER_CREDIT_BYTES } from "@causeway/wire-contract/terminal-frames";
import { type Checkpoint, CLOSE_ENDED, type ServerMessage } from "@causeway/wire-contract/terminal-messages";
import type { CheckpointFacts } from "../log/checkpoint-store.ts";
import type { LogCursor, LogMark, LogRead, SessionLog, TerminalSize } from "../log/session-log.ts";
import { type AttachPoint, attachPoint, isFarBehind, type KeptRange, lacksOutput, movePoint } from "./attach-point.ts";
import { CheckpointStream } from "./checkpoint-stream.ts";
import type { PacedReader } from "./driver-pace.ts";
import type { GuestScreens, ReaderCheckpoints } from "./guest-screens.ts";
import type { SizedReader } from "./reader-roles.ts";

/** Where a reader's output and messages go; implemented over a websocket. Never throws. */
export interface ReaderSink {
  /** @param bytes for the time of the call only */
  sendOutput(bytes: Uint8Array): void;
  sendCheckpoint(bytes: Uint8Array): void;
  sendMessage(message: ServerMessage): void;
  close(code: number, reason: string): void;
}

/** A viewer: what differs from a page of the owner's. */
export interface GuestReader {
  /** No byte before this offset is sent, whatever the page asks for. */
  fromOffset: number;
  /** What it begins with where it lacks bytes; undefined: it may have earlier output, and so the stored checkpoints. */
  screens: GuestScreens | undefined;
  /** The terminal shrinks to its size. Asked whenever sizes are. */
  fits(): boolean;
}

/** Decides about keys of a person, before they are taken: `swallow`, and they count as done but go nowhere. */
export type TypingRule = (bytes: number) => "take" | "swallow";

export interface ReaderOptions {
  streamId: string;
  size: TerminalSize;
  visible: boolean;
  sink: ReaderSink;
  guest?: GuestReader;
  /** Absent: all keys are taken. */
  typing?: TypingRule;
}

/** Where a reader was placed, for `attached` and `reset`. */
export interface Placed {
  offset: number;
  size: TerminalSize;
  /** Comes before the output at `offset`. */
  checkpoint?: Checkpoint;
  /** Earlier output was not kept. */
  missing: boolean;
}

export class SessionReader implements SizedReader, PacedReader {
  readonly streamId: string;
  readonly sink: ReaderSink;
  /** Size of this page's own grid; in force only while it is the size owner. */
  size: TerminalSize;
  visible: boolean;
  typedOrder: number;
  answersQueries = false;
  readonly typing: TypingRule | undefined;
  readonly #log: SessionLog;
  readonly #checkpoints: ReaderCheckpoints;
  readonly #guest: GuestReader | undefined;
  #cursor: LogCursor = { offset: 0, mark: 0 };
  #acknowledged = 0;
  #shownSize: TerminalSize = { cols: 0, rows: 0 };
  #finished = false;
  /** A read from the log's files is under way: the next one follows it. */
  #isLoading = false;
  /** Being applied by the page: no output is sent before it is. */
  #checkpoint: CheckpointStream | undefined;
  #lastCheckpointId = 0;
  /** She interrupted what she is far behind of: the rest of it may be skipped. */
  #isInterrupted = false;

  constructor(log: SessionLog, checkpoints: ReaderCheckpoints, options: ReaderOptions, typedOrder: number) {
    this.#log = log;
    this.#checkpoints = options.guest?.screens ?? checkpoints;
    this.#guest = options.guest;
    this.typing = options.typing;
    this.streamId = options.streamId;
    this.size = options.size;
    this.visible = options.visible;
    this.sink = options.sink;
    this.typedOrder = typedOrder;
  }

  /**
   * Places the reader; call `pump` after telling the page.
   * @param offset what the page has, or null; far behind, not kept or not of this log: a checkpoint or the oldest output
   * @param mayBeAhead the log was found after a restart: the page may have seen what was never stored, and the agent
   *   sends that again, byte for byte
   */
  place(offset: number | null, mayBeAhead = false): Placed {
    return this.#goTo(attachPoint(this.#kept, offset, mayBeAhead, this.#checkpoints.newest));
  }

  get isGuest(): boolean {
    return this.#guest !== undefined;
  }
  get fits(): boolean {
    return this.#guest?.fits() === true;
  }
  /** What there is for this reader. */
  get #kept(): KeptRange {
    const { headOffset, oldestOffset } = this.#log;
    return { headOffset, oldestOffset: Math.max(oldestOffset, this.#guest?.fromOffset ?? 0) };
  }

  /** The page has seen more than the log holds. */
  get isAhead(): boolean {
    return this.#cursor.offset > this.#log.headOffset;
  }
  /** The agent did not send it again in time: the page goes on with what there is. */
  giveUpAhead(): void {
    if (!this.isAhead) return;
    if (this.#guest?.screens !== undefined) {
      this.#beginAnew();
      return;
    }
    this.#reset(this.place(this.#cursor.offset));
    this.pump();
  }

  /** Output sent that the page has not parsed, in bytes. */
  get inFlightBytes(): number {
    return this.#cursor.offset - this.#acknowledged;
  }
  /**
   * What the log holds that the page has not parsed, in bytes. None while a checkpoint is applied: how fast a page takes
   * that says nothing of how fast the shell may print.
   */
  get behindBytes(): number {
    return this.#checkpoint === undefined ? this.#log.headOffset - this.#acknowledged : 0;
  }
  /** Everything there is was sent and parsed. */
  get isCaughtUp(): boolean {
    return this.#checkpoint === undefined && this.#acknowledged >= this.#log.headOffset;
  }
  get acknowledgedOffset(): number {
    return this.#acknowledged;
  }
  /** A checkpoint near the head would spare it much. */
  get isFarBehind(): boolean {
    return this.#isInterrupted || isFarBehind(this.#log, this.#cursor.offset);
  }
  /** The end was sent: this reader needs nothing more. */
  get isFinished(): boolean {
    return this.#finished;
  }

  /** @returns false: the page acknowledged what it was never sent. Repeated and older ones are harmless. */
  acknowledge(offset: number): boolean {
    if (offset > this.#cursor.offset) return false;
    this.#acknowledged = Math.max(this.#acknowledged, offset);
    if (this.isCaughtUp) this.#isInterrupted = false;
    return true;
  }

  /** @returns false: it was never sent that much. What concerns an earlier checkpoint is harmless. */
  acknowledgeCheckpoint(id: number, bytes: number): boolean {
    if (id > this.#lastCheckpointId) return false;
    if (this.#checkpoint?.id !== id) return true;
    if (!this.#checkpoint.acknowledge(bytes)) return false;
    if (this.#checkpoint.isApplied) this.#dropCheckpoint();
    return true;
  }

  /** The person interrupted the program (^C): what she has not been sent of its output may be skipped by a checkpoint. */
  handleInterrupt(): void {
    this.#isInterrupted = this.#log.headOffset - this.#cursor.offset >= READER_CREDIT_BYTES;
  }

  /** It is far behind: a place nearer to the end would help. @param wantStored asks for a checkpoint of the session */
  wantCheckpoint(wantStored: () => void): void {
    const screens = this.#guest?.screens;
    if (screens === undefined) wantStored();
    else if (!this.#isLoading) void screens.renew().then(() => this.pump());
  }

  /** Sends what there is and the credit allows; goes on by itself when files have to be read first. */
  pump(): void {
    while (!this.#finished && !this.#isLoading && !this.#isFull) {
      const target = movePoint(this.#kept, this.#cursor.offset, this.#isInterrupted, this.#checkpoints.newest);
      if (target !== undefined && this.#checkpoint === undefined) this.#moveTo(target);
      if (this.#checkpoint !== undefined) {
        this.#checkpoint.pump();
        return;
      }
      const bytesMax = Math.min(OUTPUT_FRAME_BYTES_MAX, READER_CREDIT_BYTES - this.inFlightBytes);
      const read = this.#log.read(this.#cursor, bytesMax);
      if (read.kind === "head") return;
      if (read.kind === "loading") {
        this.#isLoading = true;
        void read.result.then((loaded) => {
          this.#isLoading = false;
          if (this.#finished) return;
          this.#take(loaded);
          this.pump();
        });
        return;
      }
      this.#take(read);
    }
  }

  /** Lets go of files. Idempotent. */
  close(): void {
    this.#finished = true;
    this.#dropCheckpoint();
  }

  /** The credit for output is used up; it goes on with the next acknowledgement. */
  get #isFull(): boolean {
    return this.#checkpoint === undefined && this.inFlightBytes >= READER_CREDIT_BYTES;
  }

  #take(read: LogRead): void {
    if (read.kind === "head") return;
    if (read.kind === "dropped") {
      this.#beginAnew(); // so far behind that its next bytes are gone
      return;
    }
    this.#cursor = read.next;
    if (read.kind === "output") this.sink.sendOutput(read.bytes);
    else this.#sendMark(read.mark);
  }

  #beginAnew(): void {
    const screens = this.#guest?.screens;
    if (screens === undefined) {
      this.#reset(this.place(null));
      return;
    }
    this.#isLoading = true;
    void screens.renew().then(() => {
      this.#isLoading = false;
      if (this.#finished) return;
      this.#reset(this.place(null));
      this.pump();
    });
  }

  #sendMark(mark: LogMark): void {
    switch (mark.kind) {
      case "size":
        if (mark.cols === this.#shownSize.cols && mark.rows === this.#shownSize.rows) return;
        this.#shownSize = { cols: mark.cols, rows: mark.rows };
        this.sink.sendMessage({ type: "size", ...this.#shownSize });
        return;
      case "notice":
        this.sink.sendMessage({ type: "notice", code: mark.code, ...(mark.text ? { text: mark.text } : {}) });
        return;
      case "end":
        this.#finished = true;
        this.sink.sendMessage({ type: "ended", end: mark.end });
        this.sink.close(CLOSE_ENDED, "SESSION_ENDED");
        return;
      default:
        mark satisfies never;
    }
  }

  #goTo(point: AttachPoint): Placed {
    this.#dropCheckpoint();
    const log = this.#log;
    if (point.kind === "checkpoint") return this.#beginCheckpoint(point.checkpoint, point.missing);
    this.#cursor = point.kind === "bytes" ? log.cursorAt(point.offset) : this.#oldest();
    this.#acknowledged = this.#cursor.offset;
    this.#shownSize = log.sizeAt(this.#cursor.offset);
    return { offset: this.#cursor.offset, size: this.#shownSize, missing: point.missing };
  }

  #oldest(): LogCursor {
    const { headOffset, oldestOffset } = this.#kept;
    return oldestOffset > this.#log.oldestOffset
      ? this.#log.cursorAt(Math.min(oldestOffset, headOffset))
      : this.#log.cursorAtOldest();
  }

  #beginCheckpoint(facts: CheckpointFacts, missing: boolean): Placed {
    const { offset, cols, rows, bytes } = facts;
    const id = ++this.#lastCheckpointId;
    this.#checkpoint = new CheckpointStream(id, facts, this.#checkpoints.read(facts), {
      send: (part) => this.sink.sendCheckpoint(part),
      failed: () => this.#checkpointFailed(facts),
    });
    this.#cursor = facts.cursor ?? this.#log.cursorAt(offset);
    this.#acknowledged = offset;
    this.#shownSize = { cols, rows };
    this.#isInterrupted = false;
    return { offset, size: this.#shownSize, missing, checkpoint: { id, bytes } };
  }

  /** Whoever moved on meanwhile is not moved back: an older checkpoint than the newest may have gone with its file. */
  #checkpointFailed(facts: CheckpointFacts): void {
    this.#checkpoints.discard(facts);
    this.#reset(this.place(null));
    this.pump();
  }

  #moveTo(checkpoint: CheckpointFacts): void {
    this.#reset(this.#beginCheckpoint(checkpoint, lacksOutput(checkpoint)));
  }

  #dropCheckpoint(): void {
    this.#checkpoint?.close();
    this.#checkpoint = undefined;
  }

  #reset({ offset, size, checkpoint, missing }: Placed): void {
    const { headOffset } = this.#log;
    this.sink.sendMessage({ type: "reset", offset, headOffset, ...size, ...(checkpoint && { checkpoint }) });
    if (missing) this.sink.sendMessage({ type: "notice", code: "OUTPUT_NOT_KEPT" });
  }
}
