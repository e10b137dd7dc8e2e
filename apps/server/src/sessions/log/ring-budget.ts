/** Memory of all rings together: who was busy longest ago gives first. */
import { BlockPool } from "../../platform/block-pool.ts";
import type { Clock } from "../../platform/clock.ts";

/** All rings of the process, in bytes (architecture §8). At the bound the least recently used ones shrink; readers then read from the file. */
export const RING_BYTES_MAX = 256 * 1024 * 1024;
/**
 * From a quarter of that on, so much is enough for a busy ring, in bytes: half of what a page may have un-acknowledged, so
 * that pages at the head still read from memory. A thousand sessions that all printed lately take a third of a megabyte each.
 */
export const RING_CROWDED_BYTES = 128 * 1024;
/** The blocks of busy rings, in bytes; smaller ones belong to quiet sessions and are not used again. */
export const BLOCK_BYTES_MAX = 32 * 1024;
/** Blocks that no ring uses and that are kept for the next, at most: 2 MiB. */
const SPARE_BLOCKS_MAX = 64;
/** A ring that took no block for so long shrinks to its idle size, in milliseconds. */
export const RING_IDLE_AFTER_MS = 10_000;

export interface Shrinkable {
  readonly memoryBytes: number;
  shrinkTo(bytes: number): void;
}

export class RingBudget {
  /** What a ring gives back may be another's at once. */
  readonly blocks = new BlockPool(BLOCK_BYTES_MAX, SPARE_BLOCKS_MAX);
  readonly #clock: Clock;
  readonly #bytesMax: number;
  readonly #idleBytes: number;
  #usedBytes = 0;
  /** When each ring took its last block; least recent first. */
  #rings = new Map<Shrinkable, number>();
  #armed = false;
  #shrinking = false;

  /** @param idleBytes what an idle ring may keep */
  constructor(clock: Clock, idleBytes: number, bytesMax: number = RING_BYTES_MAX) {
    this.#clock = clock;
    this.#idleBytes = idleBytes;
    this.#bytesMax = bytesMax;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** What a busy ring may keep now, of the `bytes` that it would. */
  allowed(bytes: number): number {
    return this.#usedBytes > this.#bytesMax / 4 ? Math.min(bytes, RING_CROWDED_BYTES) : bytes;
  }

  /** Memory is short: whoever can do with less takes less. */
  get isShort(): boolean {
    return this.#usedBytes > (this.#bytesMax / 8) * 7;
  }

  /** A ring took a block, or (negative) gave one back. */
  add(ring: Shrinkable, bytes: number): void {
    this.#usedBytes += bytes;
    if (bytes < 0) return;
    this.#rings.delete(ring);
    this.#rings.set(ring, this.#clock.nowMs());
    if (this.#usedBytes > this.#bytesMax) this.#shrink();
    this.#arm();
  }

  forget(ring: Shrinkable): void {
    this.#rings.delete(ring);
  }

  /** To 7/8 of the bound, so that not every block of a busy time comes here. */
  #shrink(): void {
    if (this.#shrinking) return;
    this.#shrinking = true;
    const target = (this.#bytesMax / 8) * 7;
    for (const ring of [...this.#rings.keys()]) {
      if (this.#usedBytes <= target) break;
      ring.shrinkTo(0);
    }
    this.#shrinking = false;
  }

  #arm(): void {
    if (this.#armed) return;
    this.#armed = true;
    this.#clock.setTimer(this.#clock.nowMs() + RING_IDLE_AFTER_MS, () => {
      this.#armed = false;
      this.#shrinkIdle();
    });
  }

  #shrinkIdle(): void {
    const idleSinceMs = this.#clock.nowMs() - RING_IDLE_AFTER_MS;
    let waits = false;
    for (const [ring, usedAtMs] of this.#rings) {
      if (usedAtMs <= idleSinceMs) ring.shrinkTo(this.#idleBytes);
      else if (ring.memoryBytes > this.#idleBytes) waits = true;
    }
    if (waits) this.#arm();
  }
}
