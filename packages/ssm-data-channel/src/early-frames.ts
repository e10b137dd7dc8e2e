// Frames that came before their turn: some in memory, the others where the host spills them. Knows numbers and bytes only.
import type { Frame } from "./frame-reader.ts";

/**
 * Early frames kept in memory where nothing spills; more are not acknowledged, so the sender resends them: the real agent
 * one at a time, ten a second. Seen with it: a reconnect in a flood loses up to 180 frames, which take 18 s to come again,
 * while about 700 new ones a second arrive. What is not kept of those comes at ten a second, too.
 */
export const EARLY_FRAMES_MAX = 16_384;
/** The same in bytes, frames of the usual 1.1 KiB. */
export const EARLY_BYTES_MAX = 20 * 1_024 * 1_024;
/** Early frames kept in memory where the others can be spilled (architecture §8). */
export const EARLY_FRAMES_BEFORE_SPILL_MAX = 1_024;
/** Early frames in all: as many as the real agent keeps (data-channel.md §6). Beyond it none is acknowledged. */
export const EARLY_FRAMES_WITH_SPILL_MAX = 100_000;

/** Where the host keeps early frames that memory has no room for. All calls are synchronous, none throws. */
export interface EarlySpill {
  /** What it holds, of an earlier process too. */
  readonly numbers: readonly number[];
  /** Keeps the frame for this process and the next one. @returns false: no room, or it failed; it is not kept */
  put(sequenceNumber: number, frame: Uint8Array): boolean;
  /** The frame, which stays. @returns undefined: it is not what was put there */
  get(sequenceNumber: number): Uint8Array | undefined;
  /** Everything below is stored elsewhere by now. */
  handleStoredBelow(sequenceNumber: number): void;
}

export class EarlyFrames {
  readonly #spill: EarlySpill | undefined;
  readonly #read: (bytes: Uint8Array) => Frame;
  /** undefined: it is spilled. */
  readonly #frames = new Map<number, Frame | undefined>();
  #memoryFrames = 0;
  #memoryBytes = 0;

  /**
   * @param read a frame from its bytes, its digest checked
   * @param next numbers below it are of the past
   */
  constructor(spill: EarlySpill | undefined, read: (bytes: Uint8Array) => Frame, next: number) {
    this.#spill = spill;
    this.#read = read;
    for (const sequenceNumber of spill?.numbers ?? [])
      if (sequenceNumber >= next) this.#frames.set(sequenceNumber, undefined);
  }

  get size(): number {
    return this.#frames.size;
  }
  has(sequenceNumber: number): boolean {
    return this.#frames.has(sequenceNumber);
  }
  isSpilled(sequenceNumber: number): boolean {
    return this.has(sequenceNumber) && this.#frames.get(sequenceNumber) === undefined;
  }
  numbers(): Iterable<number> {
    return this.#frames.keys();
  }
  /** Those in memory. */
  *kept(): Generator<Frame> {
    for (const frame of this.#frames.values()) if (frame !== undefined) yield frame;
  }

  /** @param others frames that count against the same memory */
  hasRoomInMemoryFor(frame: Frame, others: number): boolean {
    const framesMax = this.#spill === undefined ? EARLY_FRAMES_MAX : EARLY_FRAMES_BEFORE_SPILL_MAX;
    return this.#memoryFrames + others < framesMax && this.#memoryBytes + frame.bytes.length <= EARLY_BYTES_MAX;
  }

  /** In memory, whether or not there is room: what an earlier process kept is kept. */
  keep(frame: Frame): void {
    this.#frames.set(frame.sequenceNumber, frame);
    this.#memoryFrames += 1;
    this.#memoryBytes += frame.bytes.length;
  }

  /** @returns false: it is not kept */
  spill({ sequenceNumber, bytes }: Frame): boolean {
    if (this.#spill === undefined || this.#frames.size >= EARLY_FRAMES_WITH_SPILL_MAX) return false;
    if (!this.#spill.put(sequenceNumber, bytes)) return false;
    this.#frames.set(sequenceNumber, undefined);
    return true;
  }

  /** Its turn has come. @returns undefined: not here, or not what came once */
  take(sequenceNumber: number): Frame | undefined {
    const kept = this.#frames.get(sequenceNumber);
    this.#frames.delete(sequenceNumber);
    if (kept !== undefined) {
      this.#memoryFrames -= 1;
      this.#memoryBytes -= kept.bytes.length;
      return kept;
    }
    const bytes = this.#spill?.get(sequenceNumber);
    const frame = bytes && this.#read(bytes);
    return frame?.rejection === undefined && frame?.sequenceNumber === sequenceNumber ? frame : undefined;
  }

  handleStoredBelow(sequenceNumber: number): void {
    this.#spill?.handleStoredBelow(sequenceNumber);
  }
}
