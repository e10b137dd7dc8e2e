// Finds out that the sender no longer has a message we wait for (data-channel.md §6.1). Pure bookkeeping of one socket.
//
// Both real ends resend only their oldest unacknowledged message. So a frame that keeps coming while an older one does
// not is the oldest the sender has left. Two refinements:
// - A sender that has a new socket may send all it has once more, as ours does. Copies therefore count only while
//   nothing else is repeated between them.
// - Early frames are acknowledged once stored, and are then never resent: in a quiet session a hole would stay unproven
//   for ever. So once a gap is old, one early frame is left unacknowledged, as a probe: if the sender still has what is
//   missing it resends that, otherwise the probe.

/** Proof needs this many copies of one early frame, … */
export const HOLE_COPIES_MIN = 3;
/** … spread over at least this long. */
export const HOLE_EVIDENCE_MS_MIN = 5_000;
/** From this age of a gap on, the next early frame is the probe. Ten timeouts of a real end: no ordinary loss. */
export const HOLE_PROBE_AFTER_MS = 2_000;

interface Suspect {
  sequenceNumber: number;
  copies: number;
  firstAtMs: number;
  countedAtMs: number;
}

export class HoleWatch {
  /** When kept early frames first came over this socket. As many as the stream keeps: its bound is theirs. */
  #firstAtMs = new Map<number, number>();
  /** Of the early frames that found no room, the lowest: the sender's oldest can only be that one. */
  #lowestUnkept: { sequenceNumber: number; firstAtMs: number } | undefined;
  /** The frame that was repeated last. */
  #suspect: Suspect | undefined;
  #gapSinceMs: number | undefined;
  #probe: number | undefined;

  /**
   * One more copy of an early frame came.
   * @param spacingMs copies closer together than one timeout are the network's repeats, and not counted
   * @returns true: the sender has nothing older left
   */
  sees(sequenceNumber: number, kept: boolean, nowMs: number, spacingMs: number): boolean {
    this.#gapSinceMs ??= nowMs;
    const firstAtMs = this.#noteArrival(sequenceNumber, kept, nowMs);
    if (firstAtMs === undefined) return false;
    const suspect = this.#suspect;
    if (suspect?.sequenceNumber !== sequenceNumber) {
      const copies = nowMs - firstAtMs < spacingMs ? 1 : 2;
      this.#suspect = { sequenceNumber, copies, firstAtMs, countedAtMs: nowMs };
      return false;
    }
    if (nowMs - suspect.countedAtMs < spacingMs) return false;
    suspect.copies += 1;
    suspect.countedAtMs = nowMs;
    return suspect.copies >= HOLE_COPIES_MIN && nowMs - suspect.firstAtMs >= HOLE_EVIDENCE_MS_MIN;
  }

  /** Makes a newly kept early frame the probe when the time for one has come. */
  considerAsProbe(sequenceNumber: number, nowMs: number): void {
    if (this.#probe !== undefined || this.#gapSinceMs === undefined) return;
    if (nowMs - this.#gapSinceMs >= HOLE_PROBE_AFTER_MS) this.#probe = sequenceNumber;
  }

  /** The probe stays unacknowledged until its gap is closed. */
  isProbe(sequenceNumber: number): boolean {
    return this.#probe === sequenceNumber;
  }

  /** Everything below was delivered. @param gapLeft whether early frames are still waiting behind another gap */
  delivered(upTo: number, gapLeft: boolean, nowMs: number): void {
    for (const sequenceNumber of this.#firstAtMs.keys())
      if (sequenceNumber < upTo) this.#firstAtMs.delete(sequenceNumber);
    if (this.#lowestUnkept !== undefined && this.#lowestUnkept.sequenceNumber < upTo) this.#lowestUnkept = undefined;
    if (this.#suspect !== undefined && this.#suspect.sequenceNumber < upTo) this.#suspect = undefined;
    if (this.#probe !== undefined && this.#probe < upTo) this.#probe = undefined;
    this.#gapSinceMs = gapLeft ? nowMs : undefined;
  }

  /** Evidence is gathered on one socket only: a new one may bring every frame once more. */
  handleNewSocket(nowMs: number): void {
    this.#firstAtMs.clear();
    this.#lowestUnkept = undefined;
    this.#suspect = undefined;
    if (this.#gapSinceMs !== undefined) this.#gapSinceMs = nowMs;
  }

  /** @returns when this frame came first; undefined: now, or nobody took note */
  #noteArrival(sequenceNumber: number, kept: boolean, nowMs: number): number | undefined {
    if (kept) {
      const firstAtMs = this.#firstAtMs.get(sequenceNumber);
      if (firstAtMs === undefined) this.#firstAtMs.set(sequenceNumber, nowMs);
      return firstAtMs;
    }
    if (this.#lowestUnkept?.sequenceNumber === sequenceNumber) return this.#lowestUnkept.firstAtMs;
    if (this.#lowestUnkept === undefined || sequenceNumber < this.#lowestUnkept.sequenceNumber)
      this.#lowestUnkept = { sequenceNumber, firstAtMs: nowMs };
    return undefined;
  }
}
