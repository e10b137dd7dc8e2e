/**
 * Blocks of memory that are used again and again. What lives longer than a few milliseconds leaves the collector's young
 * generation, and only a collection of everything takes it back: bytes that pass through by the megabyte must not be left to it.
 */
export class BlockPool {
  readonly blockBytes: number;
  readonly #spareMax: number;
  #spare: Buffer[] = [];

  /** @param spareMax blocks kept that nobody uses; at the bound what is given back is left to the collector */
  constructor(blockBytes: number, spareMax: number) {
    this.blockBytes = blockBytes;
    this.#spareMax = spareMax;
  }

  /** Memory kept that nobody uses, in bytes. */
  get spareBytes(): number {
    return this.#spare.length * this.blockBytes;
  }

  /** Not filled with zeros: what was in it before is still there. */
  take(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(this.blockBytes);
  }

  /** Nobody may have a view of it any more. */
  give(block: Buffer): void {
    if (this.#spare.length < this.#spareMax) this.#spare.push(block);
  }
}
