/**
 * The keeper's file: small, and small again after every rewrite. A rewrite begins a new file with one snapshot and
 * deletes the old one once the new one is on the disk; that is how the payloads of acknowledged input leave it.
 * Above 300 lines because which numbers may be used, and which file says so, is one thing.
 */
import { unlinkSync } from "node:fs";
import type { ClientChannelState } from "@causeway/ssm-data-channel";
import type { DiskBudget } from "./disk-budget.ts";
import type { EarlySpillFiles } from "./early-spill-files.ts";
import { encodeKeeperEntry } from "./keeper-entry-codec.ts";
import type { KeeperEntry, KeeperStateMirror } from "./keeper-state.ts";
import { SALT_BYTES, SegmentCipher } from "./segment-cipher.ts";
import { SegmentWriter, segmentFileName, syncDirectory } from "./segment-file.ts";
import { UnstoredMark } from "./unstored-mark.ts";

/** Our numbers are reserved in blocks of so many, each on the disk before its first number is used (architecture §1). */
export const RESERVED_BLOCK = 256;
/** The next block is asked for when fewer are left: more than can be sent while a disk syncs, normally. */
const RESERVE_AHEAD = 128;
/** A file that has grown by so much, and to twice its beginning, is rewritten, in bytes. */
export const REWRITE_BYTES_MIN = 256 * 1024;
/** An acknowledged payload stays in the file at most about so long, in milliseconds. */
export const ACKNOWLEDGED_PAYLOAD_KEPT_MS = 10_000;

/** What the files of one session have in common. */
export interface SessionFiles {
  directory: string;
  sessionId: string;
  /** 32 bytes. */
  masterKey: Uint8Array;
  randomBytes: (size: number) => Uint8Array;
  budget: DiskBudget;
}

/** What an earlier keeper left, or nothing. */
export interface KeeperStart {
  /** Number of the file to begin; none of that number or above exists. */
  firstNumber: number;
  /** Numbers of older files, replaced by this one. */
  older: readonly { path: string; bytes: number }[];
  mirror: KeeperStateMirror;
  /** Numbers below it left, or may have, without being stored by an earlier process; 0: none. */
  unstoredBelow: number;
}

export interface KeeperJournalOptions extends SessionFiles, KeeperStart {
  /** The other part of the keeper's files: they go, and are closed, together. */
  earlySpill: Pick<EarlySpillFiles, "close" | "remove">;
  bootId: string;
  /** More numbers may be used. */
  onReserved: () => void;
  /** A disk that does not keep what it took. */
  onFailed: (error: unknown) => void;
}

export class KeeperJournal {
  readonly #options: KeeperJournalOptions;
  readonly #mirror: KeeperStateMirror;
  #writer: SegmentWriter | undefined;
  #number: number;
  #beginBytes = 0;
  #pending: Buffer[] = [];
  #older: { path: string; bytes: number }[];
  #confirmedBelow = 0;
  #asksForBlock = false;
  #unacknowledgedPayloads = new Set<number>();
  #deadPayloads = 0;
  #settling: Promise<void> = Promise.resolve();
  readonly #mark: UnstoredMark;
  #markBytes = 0;
  /** After the newest message of ours. */
  #nextOutgoingNumber: number;
  #isRemoved = false;
  /** false: the disk takes nothing, only the mirror is kept. */
  #isRecording = false;

  constructor(options: KeeperJournalOptions) {
    this.#options = options;
    this.#mirror = options.mirror;
    this.#number = options.firstNumber;
    this.#older = [...options.older];
    this.#mark = new UnstoredMark(options, options.unstoredBelow);
    const { channel } = this.#mirror.snapshot();
    this.#nextOutgoingNumber = channel.nextOutgoingNumber;
    for (const message of channel.unacknowledged) this.#unacknowledgedPayloads.add(message.sequenceNumber);
  }

  get hasPending(): boolean {
    return this.#pending.length > 0;
  }
  get channelChanges(): number {
    return this.#mirror.channelChanges;
  }
  /** Numbers of ours below it may leave: a host crash will not make anybody use them again. */
  get confirmedBelow(): number {
    return this.#confirmedBelow;
  }
  get hasDeadPayloads(): boolean {
    return this.#deadPayloads > 0;
  }
  get wantsRewrite(): boolean {
    const grown = (this.#writer?.bytes ?? 0) - this.#beginBytes;
    return grown > Math.max(REWRITE_BYTES_MIN, this.#beginBytes) && this.#older.length === 0;
  }
  snapshot() {
    return this.#mirror.snapshot();
  }

  append(entry: KeeperEntry): void {
    if (entry.kind === "sent") {
      this.#nextOutgoingNumber = entry.message.sequenceNumber + 1;
      this.#reserveFor(entry.message.sequenceNumber);
      this.#unacknowledgedPayloads.add(entry.message.sequenceNumber);
    }
    if (entry.kind === "withdrawn") {
      this.#nextOutgoingNumber = entry.fromSequenceNumber;
      for (const number of this.#unacknowledgedPayloads)
        if (number >= entry.fromSequenceNumber) this.#unacknowledgedPayloads.delete(number);
    }
    if (entry.kind === "acknowledged" && this.#unacknowledgedPayloads.delete(entry.sequenceNumber))
      this.#deadPayloads++;
    this.#mirror.apply(entry);
    if (this.#isRecording) this.#pending.push(...encodeKeeperEntry(entry));
  }

  /** Output that needs no entry here, because its own record holds the number. */
  noteOutput(sequenceNumber: number): void {
    this.#mirror.apply({ kind: "received", sequenceNumber, hasOutput: true });
  }

  appendState(channel: ClientChannelState, memo: string): void {
    this.#mirror.replaceChannel(channel, memo);
    if (!this.#isRecording) return;
    this.#pending.push(...encodeKeeperEntry({ kind: "snapshot", snapshot: this.#mirror.snapshot() }));
  }

  /** The disk takes nothing any more: the mirror goes on, `rewrite` begins again. */
  handleWriteFailed(): void {
    this.#isRecording = false;
    this.#pending = [];
  }

  /**
   * Hands what was appended to the kernel.
   * @param outputHead the log's head: after a host crash it tells whether output was lost
   * @throws the system's error
   */
  write(outputHead: number): void {
    if (this.#pending.length === 0) return;
    const parts = this.#pending;
    this.#pending = [];
    if (this.#writer === undefined) throw new Error("the keeper's file is closed");
    const before = this.#writer.bytes;
    this.#writer.append([float64(outputHead), ...parts]);
    this.#options.budget.add(this.#writer.bytes - before);
    if (this.#asksForBlock) this.#confirmReservation();
  }

  /**
   * Begins a new file with all there is; nothing may be pending in the log that the snapshot would be ahead of.
   * @throws the system's error; the old file stays as it is
   */
  rewrite(outputHead: number): void {
    const { directory, sessionId, masterKey, randomBytes, bootId, budget } = this.#options;
    const number = this.#number++; // a number that failed is not tried again: its file may exist
    const name = { sessionId, kind: "keeper", number } as const;
    const cipher = new SegmentCipher(masterKey, name, randomBytes(SALT_BYTES));
    const first = [
      float64(outputHead),
      ...encodeKeeperEntry({ kind: "opened", bootId }),
      ...encodeKeeperEntry({ kind: "snapshot", snapshot: this.#mirror.snapshot() }),
    ];
    const writer = new SegmentWriter(`${directory}/${segmentFileName(name)}`, cipher, first);
    this.#pending = [];
    this.#deadPayloads = 0;
    this.#beginBytes = writer.bytes;
    budget.add(writer.bytes);
    if (this.#writer !== undefined) {
      this.#older.push({ path: this.#writer.path, bytes: this.#writer.bytes });
      this.#writer.close();
    }
    this.#writer = writer;
    this.#isRecording = true;
    this.#settling = this.#replaceOlder(writer, this.#mirror.reservedBelow);
  }

  /** Resolves when the newest file is on the disk and older ones are gone. */
  settled(): Promise<void> {
    return this.#settling;
  }

  /**
   * The first file, with a block of numbers for a keeper that has sent nothing yet; and the one that `reserveUnstored`
   * needs, as long as there is room for it.
   * @throws the system's error
   */
  begin(outputHead: number): void {
    if (this.#mirror.reservedBelow === 0) this.#mirror.apply({ kind: "reserved", below: RESERVED_BLOCK });
    this.#writeMark(this.#mark.below);
    this.rewrite(outputHead);
  }

  /**
   * Messages of ours that were appended so far, and some more, may leave although the disk takes nothing: the process
   * after this one does not use their numbers for others.
   * @returns false: the disk does not take that either
   */
  reserveUnstored(): boolean {
    const next = this.#nextOutgoingNumber;
    if (next + RESERVE_AHEAD <= this.#mark.below) return true;
    try {
      this.#writeMark(blockEndAfter(next + RESERVE_AHEAD));
      return true;
    } catch {
      return next <= this.#mark.below;
    }
  }

  /** Everything appended so far on the disk, and known to be all. Idempotent. */
  async close(outputHead: number): Promise<void> {
    this.#options.earlySpill.close();
    await this.#mark.settled();
    const writer = this.#writer;
    if (writer === undefined) return;
    this.append({ kind: "closed" });
    this.write(outputHead);
    this.#writer = undefined;
    await writer.sync();
    writer.close();
    await this.#settling;
  }

  /** Without a word to the disk: the session is over, or its directory goes. */
  abandon(): void {
    this.#writer?.close();
    this.#writer = undefined;
    this.#pending = [];
  }

  /** The session has ended: nothing of its keys stays. */
  remove(): void {
    if (this.#isRemoved) return;
    this.#isRemoved = true;
    this.#options.earlySpill.remove();
    const current = this.#writer;
    this.abandon();
    if (current !== undefined) this.#older.push({ path: current.path, bytes: current.bytes });
    this.#older.push({ path: this.#mark.path, bytes: this.#markBytes });
    this.#deleteOlder();
  }

  #writeMark(below: number): void {
    const bytes = this.#mark.write(below);
    this.#options.budget.add(bytes - this.#markBytes);
    this.#markBytes = bytes;
  }

  #reserveFor(sequenceNumber: number): void {
    if (sequenceNumber + RESERVE_AHEAD < this.#mirror.reservedBelow) return;
    const below = blockEndAfter(sequenceNumber + RESERVE_AHEAD);
    this.append({ kind: "reserved", below });
    this.#asksForBlock = true;
  }

  #confirmReservation(): void {
    this.#asksForBlock = false;
    const below = this.#mirror.reservedBelow;
    this.#writer?.sync().then(() => this.#confirm(below), this.#options.onFailed);
  }

  #confirm(below: number): void {
    this.#confirmedBelow = Math.max(this.#confirmedBelow, below);
    this.#options.onReserved();
  }

  async #replaceOlder(writer: SegmentWriter, reservedBelow: number): Promise<void> {
    try {
      await writer.sync();
      await syncDirectory(this.#options.directory);
    } catch (error) {
      if (!this.#isRemoved) this.#options.onFailed(error);
      return;
    }
    if (this.#writer === writer || this.#isRemoved) this.#deleteOlder();
    if (this.#writer === writer && this.#isRecording) this.#forgetUnstored();
    this.#confirm(reservedBelow);
  }

  /** Everything that left is on the disk now. A mark that stays makes the next process send sizes for nothing, no more. */
  #forgetUnstored(): void {
    try {
      if (this.#mark.below > 0) this.#writeMark(0);
    } catch (error) {
      this.#options.onFailed(error);
    }
  }

  #deleteOlder(): void {
    for (const { path, bytes } of this.#older.splice(0)) {
      try {
        unlinkSync(path);
        this.#options.budget.add(-bytes);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") this.#options.onFailed(error);
      }
    }
  }
}

function blockEndAfter(sequenceNumber: number): number {
  return (Math.floor(sequenceNumber / RESERVED_BLOCK) + 1) * RESERVED_BLOCK;
}

function float64(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleBE(value);
  return bytes;
}
