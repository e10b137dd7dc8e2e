/**
 * One attached page: a cursor into the log and a credit. It holds no bytes of its own, so any number of slow readers
 * costs nothing but their cursors (performance.md §4).
 */
import { OUTPUT_FRAME_BYTES_MAX, READER_CREDIT_BYTES } from "@causeway/wire-contract/terminal-frames";
import { CLOSE_ENDED, type ServerMessage } from "@causeway/wire-contract/terminal-messages";
import type { PacedReader } from "./driver-pace.ts";
import type { RoleFacts } from "./reader-roles.ts";
import type { LogCursor, LogMark, LogRead, SessionLog, TerminalSize } from "./session-log.ts";

/** Where a reader's output and messages go; implemented over a websocket. Never throws. */
export interface ReaderSink {
  sendOutput(bytes: Uint8Array): void;
  sendMessage(message: ServerMessage): void;
  close(code: number, reason: string): void;
}

export interface ReaderOptions {
  streamId: string;
  size: TerminalSize;
  visible: boolean;
  sink: ReaderSink;
}

export class SessionReader implements RoleFacts, PacedReader {
  readonly streamId: string;
  readonly sink: ReaderSink;
  /** Size of this page's own grid; in force only while it is the size owner. */
  size: TerminalSize;
  visible: boolean;
  typedOrder: number;
  answersQueries = false;
  readonly #log: SessionLog;
  #cursor: LogCursor = { offset: 0, mark: 0 };
  #acknowledged = 0;
  #shownSize: TerminalSize = { cols: 0, rows: 0 };
  #finished = false;
  /** A read from the log's files is under way: the next one follows it. */
  #isLoading = false;

  constructor(log: SessionLog, options: ReaderOptions, typedOrder: number) {
    this.#log = log;
    this.streamId = options.streamId;
    this.size = options.size;
    this.visible = options.visible;
    this.sink = options.sink;
    this.typedOrder = typedOrder;
  }

  /**
   * Places the reader; call `pump` after telling the page.
   * @param offset what the page has, or null; an offset that is not kept, or not of this log, starts at the oldest
   * @param mayBeAhead the log was found after a restart: the page may have seen what was never stored, and the agent
   *   sends that again, byte for byte
   * @returns where output begins, the size there, and whether something the page asked for is missing
   */
  place(offset: number | null, mayBeAhead = false): { offset: number; size: TerminalSize; missing: boolean } {
    const { oldestOffset, headOffset } = this.#log;
    const known = offset !== null && offset >= oldestOffset && (offset <= headOffset || mayBeAhead);
    this.#cursor = known ? this.#log.cursorAt(offset) : this.#log.cursorAtOldest();
    this.#acknowledged = this.#cursor.offset;
    this.#shownSize = this.#log.sizeAt(this.#cursor.offset);
    const missing = !known && (offset !== null || oldestOffset > 0);
    return { offset: this.#cursor.offset, size: this.#shownSize, missing };
  }

  /** The page has seen more than the log holds. */
  get isAhead(): boolean {
    return this.#cursor.offset > this.#log.headOffset;
  }
  /** The agent did not send it again in time: the page goes on with what there is. */
  giveUpAhead(): void {
    if (!this.isAhead) return;
    this.#reset();
    this.pump();
  }

  /** Output sent that the page has not parsed, in bytes. */
  get inFlightBytes(): number {
    return this.#cursor.offset - this.#acknowledged;
  }
  /** true: the credit is used up; it goes on with the next acknowledgement. */
  get isFull(): boolean {
    return this.inFlightBytes >= READER_CREDIT_BYTES;
  }
  /** Everything there is was sent and parsed. */
  get isCaughtUp(): boolean {
    return this.#acknowledged >= this.#log.headOffset;
  }
  get acknowledgedOffset(): number {
    return this.#acknowledged;
  }
  /** The end was sent: this reader needs nothing more. */
  get isFinished(): boolean {
    return this.#finished;
  }

  /** @returns false: the page acknowledged what it was never sent. Repeated and older ones are harmless. */
  acknowledge(offset: number): boolean {
    if (offset > this.#cursor.offset) return false;
    this.#acknowledged = Math.max(this.#acknowledged, offset);
    return true;
  }

  /** Sends what the log has and the credit allows; goes on by itself when the log has to read its files first. */
  pump(): void {
    while (!this.#finished && !this.#isLoading && !this.isFull) {
      const bytesMax = Math.min(OUTPUT_FRAME_BYTES_MAX, READER_CREDIT_BYTES - this.inFlightBytes);
      const read = this.#log.read(this.#cursor, bytesMax);
      if (read.kind === "head") return;
      if (read.kind === "loading") {
        this.#isLoading = true;
        void read.result.then((loaded) => {
          this.#isLoading = false;
          this.#take(loaded);
          this.pump();
        });
        return;
      }
      this.#take(read);
    }
  }

  #take(read: LogRead): void {
    if (read.kind === "head") return;
    if (read.kind === "dropped") {
      this.#reset();
      return;
    }
    this.#cursor = read.next;
    if (read.kind === "output") this.sink.sendOutput(read.bytes);
    else this.#sendMark(read.mark);
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

  /** This reader is so far behind that its next bytes are gone: it goes on at the oldest that are kept. */
  #reset(): void {
    this.#cursor = this.#log.cursorAtOldest();
    this.#acknowledged = this.#cursor.offset;
    this.#shownSize = this.#log.sizeAt(this.#cursor.offset);
    const { offset } = this.#cursor;
    this.sink.sendMessage({ type: "reset", offset, headOffset: this.#log.headOffset, ...this.#shownSize });
    this.sink.sendMessage({ type: "notice", code: "OUTPUT_NOT_KEPT" });
  }
}
