/** All links this server knows, by id and by session: those that live, and for a while those that ended. */
import type { ShareRecord, ViewerRecord } from "./share-record.ts";
import { isOver } from "./share-record.ts";

/** Whoever comes by a link that ended is told so for a day, in milliseconds; after that it never existed. */
export const ENDED_SHARES_KEPT_MS = 24 * 60 * 60_000;
/** Ended links kept per session; at the bound the one that was made first is forgotten. */
export const ENDED_SHARES_MAX = 20;
/** Presence colours besides the owner's; a session with more people uses them again. */
export const VIEWER_COLOURS = 11;

export class ShareBook {
  #byId = new Map<string, ShareRecord>();
  #bySession = new Map<string, ShareRecord[]>();

  /** @returns what was forgotten for it */
  add(share: ShareRecord): ShareRecord[] {
    const ofSession = [...(this.#bySession.get(share.sessionId) ?? []), share];
    const ended = ofSession.filter(({ ended }) => ended !== undefined);
    const forgotten = ended.slice(0, Math.max(0, ended.length - ENDED_SHARES_MAX));
    for (const each of forgotten) this.#byId.delete(each.id);
    this.#byId.set(share.id, share);
    this.#bySession.set(
      share.sessionId,
      ofSession.filter((each) => !forgotten.includes(each)),
    );
    return forgotten;
  }

  get(shareId: string): ShareRecord | undefined {
    return this.#byId.get(shareId);
  }

  /** Oldest first. */
  of(sessionId: string): readonly ShareRecord[] {
    return this.#bySession.get(sessionId) ?? [];
  }

  livingOf(sessionId: string, nowMs: number): ShareRecord[] {
    return this.of(sessionId).filter((share) => !isOver(share, nowMs));
  }

  living(nowMs: number): ShareRecord[] {
    return [...this.#byId.values()].filter((share) => !isOver(share, nowMs));
  }

  /** Ended long enough ago, with a session that is no more. */
  forgetOld(nowMs: number): void {
    for (const share of [...this.#byId.values()]) {
      if (share.ended === undefined || nowMs - share.ended.atMs < ENDED_SHARES_KEPT_MS) continue;
      this.#byId.delete(share.id);
      const left = this.of(share.sessionId).filter((each) => each !== share);
      if (left.length > 0) this.#bySession.set(share.sessionId, left);
      else this.#bySession.delete(share.sessionId);
    }
  }

  /** When the next link ends by its time; undefined: none does. */
  nextExpiryMs(): number | undefined {
    let next: number | undefined;
    for (const { ended, expiresAtMs } of this.#byId.values())
      if (ended === undefined && expiresAtMs !== undefined) next = Math.min(next ?? expiresAtMs, expiresAtMs);
    return next;
  }

  /** Their time is over, and nobody noticed yet. */
  expired(nowMs: number): ShareRecord[] {
    return [...this.#byId.values()].filter((share) => share.ended === undefined && isOver(share, nowMs));
  }

  /** The same person has the same colour over all links of a session; a new one the next. Counted from 1. */
  colourFor(sessionId: string, ownerKey: string): number {
    const colours = new Map<string, number>();
    for (const share of this.of(sessionId))
      for (const viewer of share.viewers.values()) colours.set(viewer.ownerKey, viewer.colour);
    return colours.get(ownerKey) ?? 1 + (colours.size % VIEWER_COLOURS);
  }
}

/** Who of these came by the link. */
export function viewerAmong(
  share: ShareRecord,
  people: readonly { readonly ownerKey: string }[],
): ViewerRecord | undefined {
  for (const viewer of share.viewers.values())
    if (people.some(({ ownerKey }) => ownerKey === viewer.ownerKey)) return viewer;
  return undefined;
}
