/**
 * The session log in files: output and marks in one sequence of files, the keeper's state in another, both encrypted.
 * Appending copies the bytes into the ring and returns; one write per tick hands them to the kernel, and only then are
 * they called stored. Above 300 lines because the order between ring, files, marks and callbacks is one thing; each of
 * them is a file of its own.
 *
 * A disk that takes nothing more does not stop a shell: output goes on from the ring, is called stored, and the log says
 * that it is not durable until a later attempt succeeds.
 */
import type { ClientChannelState } from "@causeway/ssm-data-channel";
import type { SessionEnd } from "@causeway/wire-contract/sessions";
import type { CheckpointStore } from "./checkpoint-store.ts";
import type { EarlySpillFiles } from "./early-spill-files.ts";
import { FileLogReads } from "./file-log-reads.ts";
import type { FileSessionLogOptions, FileSessionLogStart } from "./file-session-log-options.ts";
import { ACKNOWLEDGED_PAYLOAD_KEPT_MS, KeeperJournal } from "./keeper-journal.ts";
import type { KeeperLog, KeeperState, SentMessage } from "./keeper-log.ts";
import { LogMarks, MARKS_MAX } from "./log-marks.ts";
import type { PlacedMark } from "./output-record.ts";
import { OutputRing, RING_BUSY_BYTES, RING_IDLE_BYTES } from "./output-ring.ts";
import { OutputSegments } from "./output-segments.ts";
import type { LogCursor, LogLoading, LogMark, LogRead, SessionLog, TerminalSize } from "./session-log.ts";
import { StoredCallbacks } from "./stored-callbacks.ts";
import type { TickWriter } from "./write-tick.ts";

/** So much output is written at once, in bytes: half of the agent's window of 128 messages, and what a reader decrypts in one piece. */
export const RECORD_BYTES_MAX = 64 * 1024;
/**
 * So much does not wait for the tick but only for the end of the turn, in bytes: what one read of a flood brought is one
 * record, one write and one write of acknowledgements, and nothing of it is left for the next turn (or for the collector).
 */
export const FLOOD_BYTES_MIN = 16 * 1024;
/** How often a log that is not durable tries its disk again, in milliseconds. */
export const DISK_RETRY_MS = 5_000;

export class FileSessionLog implements SessionLog, KeeperLog, TickWriter {
  lastWriteMs = Number.NEGATIVE_INFINITY;
  readonly #options: FileSessionLogOptions;
  readonly #ring: OutputRing;
  readonly #marks: LogMarks;
  readonly #output: OutputSegments;
  readonly #keeper: KeeperJournal;
  readonly #reads: FileLogReads;
  #lastSequenceNumber: number;
  /** Not written yet; at most MARKS_MAX. */
  #newMarks: PlacedMark[] = [];
  readonly #waiting = new StoredCallbacks();
  #state: "durable" | "not_durable" | "closed" = "durable";
  /** Batches that are open, one inside the other: nothing is written. */
  #batches = 0;
  #rewriteIsDue = false;
  #rewriteIsPlanned = false;
  #isFinished = false;
  #cancelRetry = () => {};
  #cancelRewrite = () => {};

  constructor(options: FileSessionLogOptions, start: FileSessionLogStart) {
    const { tail, marks, size, keeper } = start;
    this.#options = options;
    this.#ring = new OutputRing(options.ringBudget, tail.head);
    this.#marks = new LogMarks(size);
    for (const { offset, mark } of marks) this.#marks.push(offset, mark);
    const fail = (error: unknown) => this.#handleDiskFailed(error);
    this.#output = new OutputSegments(
      {
        ...options,
        cache: options.readCache,
        mayDrop: (offset) => options.checkpoints.mayDrop(offset),
        onDropped: (oldest) => this.#reads.dropBefore(oldest),
        onDeleteFailed: fail,
      },
      tail,
    );
    this.#keeper = new KeeperJournal({
      ...options,
      ...keeper,
      onReserved: () => this.#runSentStored(),
      onFailed: fail,
    });
    this.#reads = new FileLogReads(this.#ring, this.#marks, this.#output, (text) => options.listener.onDamage(text));
    this.#lastSequenceNumber = tail.lastSequenceNumber;
    this.#isFinished = this.#marks.isEnded;
  }

  /** Begins the keeper's file. Resolves when a host crash cannot make its numbers be used twice; never rejects. */
  async begin(): Promise<void> {
    if (this.#marks.isEnded) {
      this.#keeper.remove();
      return;
    }
    try {
      this.#keeper.begin(this.headOffset);
    } catch (error) {
      this.#handleDiskFailed(error);
    }
    await this.#keeper.settled();
  }

  // --- the log

  get checkpoints(): CheckpointStore {
    return this.#options.checkpoints;
  }
  get earlySpill(): EarlySpillFiles {
    return this.#options.earlySpill;
  }
  get oldestOffset(): number {
    return this.#reads.oldest;
  }
  get headOffset(): number {
    return this.#ring.head;
  }
  get lastSequenceNumber(): number {
    return this.#lastSequenceNumber;
  }
  /** false: what is appended now would not survive this process. */
  get isDurable(): boolean {
    return this.#state === "durable";
  }
  get end(): SessionEnd | undefined {
    return this.#marks.end;
  }
  /** What a keeper that starts now needs. A copy in its structure, not in its bytes. */
  get keeperState(): KeeperState & { walkPastBelow: number } {
    return this.#keeper.snapshot();
  }

  appendReceived(sequenceNumber: number, output: Uint8Array | undefined, onStored: () => void): void {
    if (this.#takesNothing) return;
    this.#lastSequenceNumber = sequenceNumber;
    this.#waiting.add(onStored);
    if (output === undefined || output.length === 0)
      this.#keeper.append({ kind: "received", sequenceNumber, hasOutput: output !== undefined });
    else {
      this.#keeper.noteOutput(sequenceNumber);
      this.#ring.append(output);
    }
    if (this.#wantsWrite) this.writeOut();
    else this.#request(this.#unwrittenBytes >= FLOOD_BYTES_MIN);
  }

  batch(append: () => void): void {
    this.#batches++;
    try {
      append();
    } finally {
      this.#batches--;
    }
    if (this.#wantsWrite) this.writeOut();
  }

  appendMark(mark: LogMark): void {
    if (this.#takesNothing) return;
    this.#marks.push(this.headOffset, mark);
    this.#newMarks.push({ offset: this.headOffset, mark });
    if (this.#newMarks.length > MARKS_MAX) this.#newMarks.shift();
    this.#request(false);
  }

  sizeAt(offset: number): TerminalSize {
    return this.#marks.sizeAt(offset);
  }
  cursorAtOldest(): LogCursor {
    return { offset: this.#reads.oldest, mark: this.#marks.first };
  }
  cursorAt(offset: number): LogCursor {
    return { offset, mark: this.#marks.numberAfter(offset) };
  }

  read(cursor: LogCursor, bytesMax: number): LogRead | LogLoading {
    return this.#reads.read(cursor, bytesMax);
  }

  // --- the keeper's part

  appendEarly(sequenceNumber: number, frame: Uint8Array, onStored: () => void): void {
    if (this.#takesNothing) return;
    this.#keeper.append({ kind: "early", sequenceNumber, frame });
    this.#waiting.add(onStored);
    this.#request(false);
  }

  appendHole(toSequenceNumber: number): void {
    if (this.#takesNothing) return;
    this.#keeper.append({ kind: "hole", toSequenceNumber });
    this.#request(false);
  }

  appendSent(message: SentMessage, onStored: (stored: boolean) => void): void {
    if (this.#takesNothing) return;
    this.#keeper.append({ kind: "sent", message });
    this.#waiting.addSent(message.sequenceNumber, onStored);
    this.#request(true);
  }

  reserveUnstored(): boolean {
    return this.#keeper.reserveUnstored();
  }

  withdrawSent(fromSequenceNumber: number, streams: readonly (readonly [string, number])[]): void {
    if (this.#takesNothing) return;
    this.#waiting.withdrawSent(fromSequenceNumber);
    this.#keeper.append({ kind: "withdrawn", fromSequenceNumber, streams });
    this.#request(false);
  }

  appendAcknowledged(sequenceNumber: number): void {
    if (this.#takesNothing) return;
    this.#keeper.append({ kind: "acknowledged", sequenceNumber });
    this.#request(false);
    this.#planRewrite();
  }

  appendStreamOffset(streamId: string, offset: number, onStored: () => void): void {
    if (this.#takesNothing) return;
    this.#keeper.append({ kind: "stream", streamId, offset });
    this.#waiting.add(onStored);
    this.#request(true);
  }

  storeState(channel: ClientChannelState, memo: string): void {
    if (this.#takesNothing) return;
    this.#keeper.appendState(channel, memo);
    this.#request(true);
  }

  // --- writing

  /** Hands everything appended so far to the kernel and says so. Called by the tick; callable at any time. */
  writeOut(): void {
    if (this.#state === "closed") return;
    if (this.#state === "durable") {
      try {
        this.#write();
        this.#rewriteIfDue();
      } catch (error) {
        this.#handleDiskFailed(error);
      }
    }
    if (this.#state === "not_durable") this.#keepInMemory();
    this.#waiting.runOthers();
    this.#runSentStored();
    if (this.#marks.isEnded && this.#state === "durable") this.#finish();
  }

  /**
   * Everything on the disk, so that not even a host crash has anything to guess. Idempotent; nothing is appended after.
   * Never rejects: a disk that fails now leaves what a `kill -9` would.
   */
  async close(): Promise<void> {
    if (this.#state === "closed") return;
    this.writeOut();
    if (this.#state !== "durable") this.#keeper.abandon();
    this.#release();
    try {
      await this.#output.close();
      await this.#keeper.close(this.headOffset);
    } catch (error) {
      this.#options.listener.onDurable(false, codeOf(error));
    }
  }

  /** The files are about to be deleted: nothing is written any more. */
  async abandon(): Promise<void> {
    this.#release();
    this.#keeper.remove();
    this.#output.dropBefore(Number.POSITIVE_INFINITY);
    await this.#output.close();
  }

  /** So much waits that it is not left to the tick. */
  get #wantsWrite(): boolean {
    return this.#batches === 0 && this.#unwrittenBytes >= Math.min(RECORD_BYTES_MAX, this.#output.segmentBytes);
  }

  get #unwrittenBytes(): number {
    return this.#ring.head - this.#output.head;
  }

  get #takesNothing(): boolean {
    return this.#marks.isEnded || this.#state === "closed";
  }

  #request(isUrgent: boolean): void {
    this.#options.tick.request(this, isUrgent);
  }

  /** Output first: a journal that is ahead of it could claim to have what is lost. @throws the system's error */
  #write(): void {
    this.#writeOutput();
    this.#keeper.write(this.headOffset);
    this.#waiting.handleWritten();
  }

  /** @throws the system's error; what was written is stored all the same */
  #rewriteIfDue(): void {
    if (!this.#rewriteIsDue && !this.#keeper.wantsRewrite) return;
    this.#rewriteIsDue = false;
    this.#keeper.rewrite(this.headOffset);
  }

  #writeOutput(): void {
    const startOffset = this.#output.head;
    const head = this.headOffset;
    if (head === startOffset && this.#newMarks.length === 0) return;
    const record = {
      startOffset,
      lastSequenceNumber: this.#lastSequenceNumber,
      atMs: this.#options.clock.nowMs(),
      channelChanges: this.#keeper.channelChanges,
      marks: this.#newMarks,
    };
    this.#output.write(record, this.#ring.views(startOffset, head));
    this.#newMarks = [];
    this.#ring.release(head);
  }

  #runSentStored(): void {
    this.#waiting.runSent(() => (this.#state === "durable" ? this.#keeper.confirmedBelow : undefined));
  }

  #planRewrite(): void {
    if (this.#rewriteIsPlanned || !this.#keeper.hasDeadPayloads) return;
    const { clock } = this.#options;
    this.#rewriteIsPlanned = true;
    this.#cancelRewrite = clock.setTimer(clock.nowMs() + ACKNOWLEDGED_PAYLOAD_KEPT_MS, () => {
      this.#rewriteIsPlanned = false;
      if (!this.#keeper.hasDeadPayloads) return;
      this.#rewriteIsDue = true;
      this.#request(true);
    });
  }

  /** The end is written: what was typed has no use any more. */
  #finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#cancelRewrite();
    // Only once the end is on the disk: until then a host crash still finds the keeper's part.
    this.#output.close().then(
      () => this.#keeper.remove(),
      (error: unknown) => this.#handleDiskFailed(error),
    );
    if (this.end !== undefined) this.#options.listener.onEnded(this.end);
  }

  #release(): void {
    this.#state = "closed";
    this.#cancelRetry();
    this.#cancelRewrite();
    this.#ring.clear();
    this.#waiting.clear();
  }

  // --- a disk that fails

  #handleDiskFailed(error: unknown): void {
    if (this.#state !== "durable") return;
    this.#state = "not_durable";
    this.#output.handleWriteFailed();
    this.#keeper.handleWriteFailed();
    this.#armRetry();
    this.#options.listener.onDurable(false, codeOf(error));
    this.#request(true); // whoever waits for "stored" is told
  }

  #armRetry(): void {
    const { clock } = this.#options;
    this.#cancelRetry = clock.setTimer(clock.nowMs() + DISK_RETRY_MS, () => this.#retry());
  }

  #retry(): void {
    if (this.#state !== "not_durable") return;
    try {
      this.#writeOutput();
      if (!this.#marks.isEnded) this.#keeper.rewrite(this.headOffset);
    } catch {
      this.#output.handleWriteFailed();
      this.#keeper.handleWriteFailed();
      this.#armRetry();
      return;
    }
    this.#state = "durable";
    this.#options.listener.onDurable(true, "");
    this.writeOut();
  }

  /** Nothing is written: the newest output stays in memory, what is older than that is gone for good. */
  #keepInMemory(): void {
    const keepBytes = this.#options.ringBudget.isShort ? RING_IDLE_BYTES : RING_BUSY_BYTES;
    this.#ring.release(Math.max(this.#output.head, this.headOffset - keepBytes));
    this.#ring.shrinkTo(keepBytes);
    const { start } = this.#ring;
    if (start <= this.#output.head) return;
    this.#output.skipTo(start, this.#marks.sizeAt(start));
    this.#newMarks = this.#newMarks.filter(({ offset }) => offset >= start);
    this.#reads.dropBefore(start);
  }
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  return typeof code === "string" ? code : "EUNKNOWN";
}
