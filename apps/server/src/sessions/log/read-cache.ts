/**
 * What was lately read back from session logs, decrypted: a reader asks in small pieces, and several may ask for the
 * same. Only a shortcut: nobody's progress depends on what stays in it.
 */

/**
 * All sessions together, in bytes: some sixty pieces, more than are read at once, and not so much that a reader far behind is
 * seen in the server's memory. At the bound the least recently used goes.
 */
export const READ_CACHE_BYTES_MAX = 4 * 1024 * 1024;

export class ReadCache {
  #groups = new Map<string, Buffer>();
  #bytes = 0;
  readonly #bytesMax: number;

  constructor(bytesMax: number = READ_CACHE_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Buffer | undefined {
    const group = this.#groups.get(key);
    if (group === undefined) return undefined;
    this.#groups.delete(key);
    this.#groups.set(key, group);
    return group;
  }

  set(key: string, group: Buffer): void {
    this.#delete(key);
    this.#groups.set(key, group);
    this.#bytes += group.length;
    for (const oldest of this.#groups.keys()) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#delete(oldest);
    }
  }

  #delete(key: string): void {
    this.#bytes -= this.#groups.get(key)?.length ?? 0;
    this.#groups.delete(key);
  }
}
