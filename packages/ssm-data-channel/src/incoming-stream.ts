// Puts the peer's messages in order, each exactly once, and decides which acknowledgement may go when.
// Owns numbers and frames; knows nothing of payloads. Sans I/O.
import { EarlyFrames, type EarlySpill } from "./early-frames.ts";
import { Fifo } from "./fifo.ts";
import type { Frame } from "./frame-reader.ts";
import { HoleWatch } from "./hole-watch.ts";
import { UnstoredMessages } from "./unstored-messages.ts";

/** Messages handed out and not confirmed as stored; beyond it new ones are dropped, so the sender resends them. */
export const UNSTORED_MESSAGES_MAX = 16_384;

/** Spilled frames handed out at once: reading and decrypting so many takes a few milliseconds of the host's thread. */
export const SPILLED_FRAMES_AT_ONCE_MAX = 256;

/** How far to walk before looking for the lowest unstored number instead: a hole may skip any distance. */
const STEPS_MAX = 64;

export type Arrival =
  | { kind: "deliver"; sequenceNumber: number; payloadType: number; payload: Uint8Array }
  | { kind: "early"; sequenceNumber: number; frame: Uint8Array }
  | { kind: "hole"; fromSequenceNumber: number; toSequenceNumber: number };

export interface EarlyFrame {
  sequenceNumber: number;
  frame: Uint8Array;
}

export interface IncomingStreamOptions {
  /** Makes the acknowledgement of a frame. */
  acknowledge(frame: Frame, nowMs: number): Uint8Array;
  /** Acknowledgements wait for `handleStored`. */
  storeFirst: boolean;
  /** Default: none, and fewer early frames are kept. */
  spill?: { to: EarlySpill; read: (bytes: Uint8Array) => Frame };
  resumeFrom?: { nextSequenceNumber: number; early: readonly Frame[] };
}

/** Calling order: `receive`, then `pollArrival` and `pollAcknowledgement` until undefined. */
export class IncomingStream {
  readonly #options: IncomingStreamOptions;
  readonly #arrivals = new Fifo<Arrival>();
  readonly #acknowledgements = new Fifo<Uint8Array>();
  readonly #early: EarlyFrames;
  readonly #holes = new HoleWatch();
  /** Handed out (in order or early) and not confirmed. Bound: UNSTORED_MESSAGES_MAX, and the early ones. */
  readonly #unstored = new UnstoredMessages();
  /** Acknowledged although something before it is not stored yet: a restart must find these. Bound: as #unstored. */
  readonly #aheadOfStore = new Map<number, Frame>();
  /** The probe's acknowledgement (hole-watch.ts), until its gap closes. */
  #heldBack: { sequenceNumber: number; acknowledgement: Uint8Array } | undefined;
  #next: number;
  /** Everything below it is stored. */
  #storedUpTo: number;

  constructor(options: IncomingStreamOptions) {
    this.#options = options;
    this.#next = options.resumeFrom?.nextSequenceNumber ?? 0;
    this.#storedUpTo = this.#next;
    const { spill } = options;
    this.#early = new EarlyFrames(spill?.to, spill?.read ?? NOTHING_SPILLED, this.#next);
    this.#early.handleStoredBelow(this.#next);
    for (const frame of options.resumeFrom?.early ?? [])
      if (frame.sequenceNumber >= this.#next && !this.#early.has(frame.sequenceNumber)) this.#early.keep(frame);
    this.#deliverFollowers(0);
  }

  /**
   * @param frame stream data that `readFrame` accepted, its number a safe integer. Its bytes may be views of a buffer
   *   that lives until the caller has polled.
   * @param spacingMs the sender's timeout, as well as known
   */
  receive(frame: Frame, nowMs: number, spacingMs: number): void {
    if (frame.sequenceNumber < this.#next || (frame.sequenceNumber === this.#next && this.hasFollowers))
      this.#acknowledgeAgain(frame, nowMs);
    else if (frame.sequenceNumber > this.#next) this.#receiveEarly(frame, nowMs, spacingMs);
    else if (this.#unstored.size < UNSTORED_MESSAGES_MAX) {
      this.#settle(frame, nowMs);
      this.#deliver(frame);
      this.#deliverFollowers(nowMs);
    }
  }

  /** The message is stored where a restart finds it; numbers that nobody waits for are ignored. */
  handleStored(sequenceNumber: number): void {
    const unstored = this.#unstored.take(sequenceNumber);
    if (unstored === undefined) return;
    const { acknowledgement, frame } = unstored;
    if (acknowledgement !== undefined && sequenceNumber > this.#storedUpTo && !this.#early.has(sequenceNumber))
      this.#aheadOfStore.set(sequenceNumber, ownCopy(frame));
    this.#advanceStored();
    if (acknowledgement !== undefined) this.#release(sequenceNumber, acknowledgement);
  }

  handleNewSocket(nowMs: number): void {
    this.#holes.handleNewSocket(nowMs);
  }

  /** Nothing more will come: what waits behind gaps is handed out, and the gaps are said. */
  handleEnd(nowMs: number): void {
    let last = this.#next;
    for (const sequenceNumber of this.#early.numbers()) last = Math.max(last, sequenceNumber);
    this.#skipTo(last, nowMs);
  }

  /** More could be handed out than was at once: call `handOutMore` soon. */
  get hasFollowers(): boolean {
    return this.#early.has(this.#next);
  }

  handOutMore(nowMs: number): void {
    if (this.hasFollowers) this.#deliverFollowers(nowMs);
  }

  pollArrival(): Arrival | undefined {
    return this.#arrivals.shift();
  }

  pollAcknowledgement(): Uint8Array | undefined {
    return this.#acknowledgements.shift();
  }

  /** The number of the next message in order. */
  get nextSequenceNumber(): number {
    return this.#next;
  }

  /**
   * For a restart: the first number that is not known to be stored, and acknowledged frames from there on, apart from
   * those that are spilled.
   */
  exportState(): { nextSequenceNumber: number; early: EarlyFrame[] } {
    const frames = new Map(this.#aheadOfStore);
    for (const frame of this.#early.kept()) frames.set(frame.sequenceNumber, frame);
    const early = Array.from(frames, ([sequenceNumber, { bytes }]) => ({ sequenceNumber, frame: bytes }));
    early.sort((a, b) => a.sequenceNumber - b.sequenceNumber);
    return { nextSequenceNumber: this.#storedUpTo, early };
  }

  #receiveEarly(frame: Frame, nowMs: number, spacingMs: number): void {
    const { sequenceNumber } = frame;
    const known = this.#early.has(sequenceNumber);
    const fits = !known && this.#early.hasRoomInMemoryFor(frame, this.#aheadOfStore.size);
    const kept = known || fits || this.#early.spill(frame);
    if (kept && !known && !fits) {
      this.#holes.considerAsProbe(sequenceNumber, nowMs);
      this.#release(sequenceNumber, this.#options.acknowledge(frame, nowMs)); // it is where a restart finds it
    } else if (kept && !known) {
      const own = ownCopy(frame);
      this.#early.keep(own);
      this.#arrivals.push({ kind: "early", sequenceNumber, frame: own.bytes });
      this.#holes.considerAsProbe(sequenceNumber, nowMs);
      this.#settle(own, nowMs);
    } else if (known) this.#acknowledgeAgain(frame, nowMs);
    if (!this.#holes.sees(sequenceNumber, kept, nowMs, spacingMs)) return;
    this.#skipTo(sequenceNumber, nowMs);
    if (!kept) this.receive(frame, nowMs, spacingMs); // now the next in order
  }

  /** Prepares the one acknowledgement a new message gets: now, or when it is stored. */
  #settle(frame: Frame, nowMs: number): void {
    const acknowledgement = this.#options.acknowledge(frame, nowMs);
    if (this.#options.storeFirst) this.#unstored.add(frame.sequenceNumber, { acknowledgement, frame });
    else this.#release(frame.sequenceNumber, acknowledgement);
  }

  #release(sequenceNumber: number, acknowledgement: Uint8Array): void {
    if (this.#holes.isProbe(sequenceNumber)) this.#heldBack = { sequenceNumber, acknowledgement };
    else this.#acknowledgements.push(acknowledgement);
  }

  /** A repeat: its acknowledgement was lost, or is still under way, or may not go yet. */
  #acknowledgeAgain(frame: Frame, nowMs: number): void {
    const { sequenceNumber } = frame;
    if (sequenceNumber < 0 || this.#unstored.has(sequenceNumber) || this.#holes.isProbe(sequenceNumber)) return;
    this.#acknowledgements.push(this.#options.acknowledge(frame, nowMs));
  }

  #deliver(frame: Frame): void {
    const { sequenceNumber, payloadType, payload } = frame;
    this.#arrivals.push({ kind: "deliver", sequenceNumber, payloadType, payload });
    this.#next = sequenceNumber + 1;
    this.#advanceStored();
  }

  #deliverFollowers(nowMs: number): void {
    this.#handOutFollowers(SPILLED_FRAMES_AT_ONCE_MAX);
    this.#handleGapClosed(nowMs);
  }

  #handOutFollowers(spilledMax: number): void {
    for (let spilled = 0; this.#early.has(this.#next); ) {
      const isSpilled = this.#early.isSpilled(this.#next);
      if (isSpilled && spilled++ >= spilledMax) return;
      const frame = this.#early.take(this.#next);
      if (frame === undefined) return; // the spill does not have what it was given: a gap again
      // It stays in the spill until the host says that it is stored in its turn.
      if (isSpilled && this.#options.storeFirst)
        this.#unstored.add(frame.sequenceNumber, { acknowledgement: undefined, frame });
      else if (frame.sequenceNumber > this.#storedUpTo && !this.#unstored.has(frame.sequenceNumber)) {
        this.#aheadOfStore.set(frame.sequenceNumber, frame);
      }
      this.#deliver(frame);
    }
  }

  #handleGapClosed(nowMs: number): void {
    this.#holes.delivered(this.#next, this.#early.size > 0, nowMs);
    if (this.#heldBack !== undefined && this.#heldBack.sequenceNumber < this.#next) {
      this.#acknowledgements.push(this.#heldBack.acknowledgement);
      this.#heldBack = undefined;
    }
  }

  /** Gives up every missing number below `sequenceNumber`, delivering what lies between, and what follows it. */
  #skipTo(sequenceNumber: number, nowMs: number): void {
    const between = [...this.#early.numbers()].filter((early) => early < sequenceNumber).sort((a, b) => a - b);
    for (const resumeAt of [...between, sequenceNumber]) {
      if (resumeAt <= this.#next) continue; // delivered behind the one before it
      this.#arrivals.push({ kind: "hole", fromSequenceNumber: this.#next, toSequenceNumber: resumeAt - 1 });
      this.#next = resumeAt;
      this.#advanceStored();
      this.#handOutFollowers(Number.POSITIVE_INFINITY); // what is left behind would be taken for a gap
    }
    this.#handleGapClosed(nowMs);
  }

  #advanceStored(): void {
    const before = this.#storedUpTo;
    let upTo = before;
    for (let steps = 0; steps < STEPS_MAX && upTo < this.#next && !this.#unstored.has(upTo); steps += 1) upTo += 1;
    if (upTo - before === STEPS_MAX) upTo = Math.min(this.#next, this.#unstored.lowest);
    this.#storedUpTo = upTo;
    if (upTo > before) this.#early.handleStoredBelow(upTo);
    if (this.#aheadOfStore.size === 0) return;
    for (const stored of this.#aheadOfStore.keys()) if (stored < upTo) this.#aheadOfStore.delete(stored);
  }
}

function NOTHING_SPILLED(): never {
  throw new Error("there is no spill to read from");
}

/** Kept frames must not hold on to, or change with, the larger buffer the socket read them into. */
function ownCopy(frame: Frame): Frame {
  const bytes = frame.bytes.slice();
  const offset = frame.payload.byteOffset - frame.bytes.byteOffset;
  return { ...frame, bytes, payload: bytes.subarray(offset) };
}
