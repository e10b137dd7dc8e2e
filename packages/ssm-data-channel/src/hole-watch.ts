// Finds out that the sender no longer has a message we wait for (data-channel.md §6.1). Pure bookkeeping of one socket.
//
// Both real ends resend only their oldest unacknowledged message. So a frame that keeps coming while an older one does
// not is the oldest the sender has left. But early frames are acknowledged once stored, and are then never resent: in a
// quiet session a hole would stay unproven for ever. Therefore, once a gap is old, one early frame is left
// unacknowledged, as a probe: if the sender still has what is missing it resends that, otherwise the probe.

/** Proof needs this many copies of one early frame, … */
export const HOLE_COPIES_MIN = 3;
/** … spread over at least this long. */
export const HOLE_EVIDENCE_MS_MIN = 5_000;
/** From this age of a gap on, the next early frame is the probe. Ten timeouts of a real end: no ordinary loss. */
export const HOLE_PROBE_AFTER_MS = 2_000;

interface Sighting {
  copies: number;
  firstAtMs: number;
  countedAtMs: number;
}

export class HoleWatch {
  /** Early frames that are kept; as many as the stream keeps, its bound is theirs. */
  #sightings = new Map<number, Sighting>();
  /** Of the early frames that found no room, the lowest: the sender's oldest can only be that one. */
  #unkept: { sequenceNumber: number; sighting: Sighting } | undefined;
  #gapSinceMs: number | undefined;
  #probe: number | undefined;

  /**
   * One more copy of an early frame came.
   * @param spacingMs copies closer together than one timeout are the network's repeats, and not counted
   * @returns true: the sender has nothing older left
   */
  sees(sequenceNumber: number, kept: boolean, nowMs: number, spacingMs: number): boolean {
    this.#gapSinceMs ??= nowMs;
    const sighting = kept ? this.#sightings.get(sequenceNumber) : this.#unkeptSighting(sequenceNumber);
    if (sighting === undefined) {
      const first = { copies: 1, firstAtMs: nowMs, countedAtMs: nowMs };
      if (kept) this.#sightings.set(sequenceNumber, first);
      else if (this.#unkept === undefined || sequenceNumber < this.#unkept.sequenceNumber)
        this.#unkept = { sequenceNumber, sighting: first };
      return false;
    }
    if (nowMs - sighting.countedAtMs < spacingMs) return false;
    sighting.copies += 1;
    sighting.countedAtMs = nowMs;
    return sighting.copies >= HOLE_COPIES_MIN && nowMs - sighting.firstAtMs >= HOLE_EVIDENCE_MS_MIN;
  }

  /** Whether this newly kept early frame must stay unacknowledged until the gap closes. */
  takesAsProbe(sequenceNumber: number, nowMs: number): boolean {
    if (this.#probe !== undefined || this.#gapSinceMs === undefined) return this.#probe === sequenceNumber;
    if (nowMs - this.#gapSinceMs < HOLE_PROBE_AFTER_MS) return false;
    this.#probe = sequenceNumber;
    return true;
  }

  isProbe(sequenceNumber: number): boolean {
    return this.#probe === sequenceNumber;
  }

  /** Everything below was delivered. @param gapLeft whether early frames are still waiting behind another gap */
  delivered(upTo: number, gapLeft: boolean, nowMs: number): void {
    for (const sequenceNumber of this.#sightings.keys())
      if (sequenceNumber < upTo) this.#sightings.delete(sequenceNumber);
    if (this.#unkept !== undefined && this.#unkept.sequenceNumber < upTo) this.#unkept = undefined;
    if (this.#probe !== undefined && this.#probe < upTo) this.#probe = undefined;
    this.#gapSinceMs = gapLeft || this.#unkept !== undefined ? nowMs : undefined;
  }

  /** Evidence is gathered on one socket only: a new one may bring every frame once more. */
  handleNewSocket(nowMs: number): void {
    this.#sightings.clear();
    this.#unkept = undefined;
    this.#gapSinceMs = this.#gapSinceMs === undefined ? undefined : nowMs;
  }

  #unkeptSighting(sequenceNumber: number): Sighting | undefined {
    return this.#unkept?.sequenceNumber === sequenceNumber ? this.#unkept.sighting : undefined;
  }
}
