// What we sent, or are about to send, and the peer has not acknowledged: ours to send again.
// Owns numbers, order, pace and resends of one direction; knows nothing of payloads. Sans I/O.
import { Fifo } from "./fifo.ts";
import {
  backedOffTimeoutMs,
  INITIAL_ROUND_TRIP_ESTIMATE,
  type RoundTripEstimate,
  withRoundTripSample,
} from "./round-trip-estimate.ts";
import type { SendRate } from "./send-rate.ts";
import { SequenceWindow } from "./sequence-window.ts";

/** One message of ours as a restart needs it: its number, and the payload as it stands on the wire. */
export interface UnacknowledgedMessage {
  sequenceNumber: number;
  payloadType: number;
  payload: Uint8Array;
}

export interface OutgoingStreamOptions {
  /** Makes the frame; called once per message, resends repeat its bytes. */
  encode(message: UnacknowledgedMessage, nowMs: number): Uint8Array;
  /** A message leaves only after `handleStored`. */
  storeFirst: boolean;
  /** Beyond it a message is sent once and not kept, as the real agent does; a client asks `size` first and refuses. */
  unacknowledgedMessagesMax: number;
  /** Left out: no limit (the agent; its pace is the process's own). */
  rate?: SendRate;
  resumeFrom?: { nextSequenceNumber: number; unacknowledged: readonly UnacknowledgedMessage[] };
}

export interface Acknowledged {
  payloadType: number;
  /** Undefined when the message went out more than once: nobody knows which copy was answered (Karn). */
  roundTripMs: number | undefined;
}

interface Entry extends UnacknowledgedMessage {
  frame: Uint8Array | undefined;
  stored: boolean;
  sends: number;
  /** Sent in an earlier life of the socket or the process: no measurement may be taken from it. */
  ambiguous: boolean;
  firstSentAtMs: number | undefined;
  lastSentAtMs: number;
}

/** Calling order: any method with `nowMs`, then `pollTransmit` until undefined, then arm `timeoutMs`. */
export class OutgoingStream {
  readonly #options: OutgoingStreamOptions;
  readonly #unacked: SequenceWindow<Entry>;
  readonly #transmits = new Fifo<Uint8Array>();
  #link: "down" | "up" | "paused" = "down";
  /** The lowest number that has not left over the present socket. */
  #cursor: number;
  #bytes = 0;
  #estimate: RoundTripEstimate = INITIAL_ROUND_TRIP_ESTIMATE;
  /** Resends since the last valid measurement. It outlives the resent message (Karn): otherwise a link slower than the
   *  timeout would be resent to for ever, and never measured. */
  #backOffs = 0;
  #rateReadyAtMs: number | undefined;

  constructor(options: OutgoingStreamOptions) {
    this.#options = options;
    const kept = [...(options.resumeFrom?.unacknowledged ?? [])].sort((a, b) => a.sequenceNumber - b.sequenceNumber);
    const next = options.resumeFrom?.nextSequenceNumber ?? 0;
    this.#unacked = new SequenceWindow<Entry>(kept[0]?.sequenceNumber ?? next);
    for (const message of kept) {
      while (this.#unacked.nextNumber < message.sequenceNumber) this.#unacked.skip();
      if (this.#unacked.nextNumber > message.sequenceNumber) continue; // the same number twice: it is the same message
      this.#keep(message, true);
    }
    while (this.#unacked.nextNumber < next) this.#unacked.skip();
    this.#cursor = this.#unacked.oldestNumber;
  }

  /** @returns the number of the new message; with `storeFirst` it waits for `handleStored` */
  add(payloadType: number, payload: Uint8Array, nowMs: number): number {
    const sequenceNumber = this.#unacked.nextNumber;
    const message = { sequenceNumber, payloadType, payload };
    if (this.#unacked.size >= this.#options.unacknowledgedMessagesMax) {
      this.#unacked.skip();
      if (this.#link === "up") this.#transmits.push(this.#options.encode(message, nowMs));
    } else {
      this.#keep(message, false);
      this.#pump(nowMs);
    }
    return sequenceNumber;
  }

  handleStored(sequenceNumber: number, nowMs: number): void {
    const entry = this.#unacked.get(sequenceNumber);
    if (entry !== undefined) entry.stored = true;
    this.#pump(nowMs);
  }

  /**
   * Takes back a message that is not stored, and all after it: none has left, and their numbers are used anew.
   * @returns what was taken back; nothing when the message is stored or not waiting
   */
  takeBackFrom(sequenceNumber: number): UnacknowledgedMessage[] {
    if (this.#unacked.get(sequenceNumber)?.stored !== false) return [];
    const taken: UnacknowledgedMessage[] = [];
    for (const [number, entry] of this.#unacked) if (number >= sequenceNumber) taken.push(entry);
    for (const { payload } of taken) this.#bytes -= payload.length;
    this.#unacked.cutFrom(sequenceNumber);
    return taken;
  }

  /** @returns undefined for a number that is not waiting: acknowledgements are idempotent */
  handleAcknowledge(sequenceNumber: number, nowMs: number): Acknowledged | undefined {
    const entry = this.#unacked.take(sequenceNumber);
    if (entry === undefined) return undefined;
    this.#bytes -= entry.payload.length;
    const measured = entry.sends === 1 && !entry.ambiguous;
    const roundTripMs = measured ? Math.max(0, nowMs - entry.lastSentAtMs) : undefined;
    if (roundTripMs !== undefined) {
      this.#estimate = withRoundTripSample(this.#estimate, roundTripMs);
      this.#backOffs = 0;
    }
    this.#pump(nowMs);
    return { payloadType: entry.payloadType, roundTripMs };
  }

  /** A socket is open: everything unacknowledged goes out once, in order; what the old socket swallowed is unknown. */
  handleLinkUp(nowMs: number): void {
    this.#link = "up";
    this.#transmits.clear();
    this.#cursor = this.#unacked.oldestNumber;
    this.#backOffs = 0;
    for (const [, entry] of this.#unacked) entry.ambiguous ||= entry.sends > 0;
    this.#pump(nowMs);
  }

  handleLinkDown(): void {
    this.#link = "down";
    this.#transmits.clear();
  }

  /** The peer asks for silence: numbering and keeping go on, sending does not. */
  pause(): void {
    if (this.#link === "up") this.#link = "paused";
  }

  /** The peer is there (again): what waits is due now rather than after a long back-off. */
  handlePeerReady(nowMs: number): void {
    this.#backOffs = 0;
    if (this.#link === "paused") this.#link = "up";
    this.#pump(nowMs);
  }

  handleTimeout(nowMs: number): void {
    this.#pump(nowMs);
  }

  pollTransmit(): Uint8Array | undefined {
    return this.#transmits.shift();
  }

  /** When to call `handleTimeout` next, on the caller's clock. */
  get timeoutMs(): number | undefined {
    if (this.#link !== "up") return undefined;
    if (this.#rateReadyAtMs !== undefined) return this.#rateReadyAtMs;
    return this.#resendAtMs();
  }

  get isPaused(): boolean {
    return this.#link === "paused";
  }

  get nextSequenceNumber(): number {
    return this.#unacked.nextNumber;
  }

  /** How many messages are unacknowledged. */
  get size(): number {
    return this.#unacked.size;
  }

  /** How many payload bytes are unacknowledged. */
  get bytes(): number {
    return this.#bytes;
  }

  get oldestSentAtMs(): number | undefined {
    return this.#unacked.oldest?.firstSentAtMs;
  }

  /** The timeout of a message that was never resent. */
  get retransmitTimeoutMs(): number {
    return this.#estimate.timeoutMs;
  }

  /** Plain data for a restart. */
  exportUnacknowledged(): UnacknowledgedMessage[] {
    return Array.from(this.#unacked, ([sequenceNumber, { payloadType, payload }]) => ({
      sequenceNumber,
      payloadType,
      payload,
    }));
  }

  #keep(message: UnacknowledgedMessage, fromEarlierLife: boolean): void {
    this.#unacked.push({
      ...message,
      frame: undefined,
      stored: fromEarlierLife || !this.#options.storeFirst,
      sends: 0,
      ambiguous: fromEarlierLife,
      firstSentAtMs: undefined,
      lastSentAtMs: 0,
    });
    this.#bytes += message.payload.length;
  }

  /** Moves to the queue what may leave now: first the oldest again when it is due, for the peer waits for it alone. */
  #pump(nowMs: number): void {
    if (this.#link !== "up") return;
    this.#rateReadyAtMs = undefined;
    const resendAtMs = this.#resendAtMs();
    if (resendAtMs !== undefined && nowMs >= resendAtMs) {
      if (!this.#mayLeave(nowMs)) return;
      this.#backOffs += 1;
      this.#transmit(this.#unacked.oldest as Entry, nowMs);
    }
    this.#cursor = Math.max(this.#cursor, this.#unacked.oldestNumber);
    for (; this.#cursor < this.#unacked.nextNumber; this.#cursor += 1) {
      const entry = this.#unacked.get(this.#cursor);
      if (entry === undefined) continue; // acknowledged before it left over this socket
      if (!entry.stored) return; // the ones behind it wait too: they leave in order
      if (!this.#mayLeave(nowMs)) return;
      this.#transmit(entry, nowMs);
    }
  }

  /**
   * Only the oldest is ever resent, as both real ends do: a frame that comes again is then proof for the other end that
   * nothing older is missing on this side, which is how it finds a hole. The next one is overdue the moment the oldest
   * is acknowledged, so that a run of losses costs a round trip each, not a timeout each.
   */
  #resendAtMs(): number | undefined {
    const oldest = this.#unacked.oldest;
    if (oldest === undefined || this.#unacked.oldestNumber >= this.#cursor) return undefined;
    return oldest.lastSentAtMs + backedOffTimeoutMs(this.#estimate, this.#backOffs);
  }

  #mayLeave(nowMs: number): boolean {
    const { rate } = this.#options;
    if (rate === undefined || rate.take(nowMs)) return true;
    this.#rateReadyAtMs = rate.readyAtMs(nowMs);
    return false;
  }

  #transmit(entry: Entry, nowMs: number): void {
    entry.frame ??= this.#options.encode(entry, nowMs);
    entry.sends += 1;
    entry.firstSentAtMs ??= nowMs;
    entry.lastSentAtMs = nowMs;
    this.#transmits.push(entry.frame);
  }
}
