/**
 * Which things changed, in the order of their last change, so that a reader at any point finds what it has not seen
 * without walking over what it has (decision 0014). Pure. Costs two numbers and an id a thing.
 */

/** Entries that say nothing any more are cleared away once there are so many more than things. */
export const STALE_ENTRIES_MAX = 1_024;

interface Entry {
  id: string;
  revision: number;
}

export class ChangeLog {
  /** In ascending order of revision. An entry whose thing has changed again, or is forgotten, is stale. */
  #entries: Entry[] = [];
  readonly #newest = new Map<string, number>();
  #revision = 0;

  /** Of the newest change; 0: nothing ever changed. */
  get revision(): number {
    return this.#revision;
  }
  /** Entries held, stale ones included. */
  get length(): number {
    return this.#entries.length;
  }

  /** @returns the number of this change, one more than the last one's */
  note(id: string): number {
    this.#newest.set(id, ++this.#revision);
    this.#entries.push({ id, revision: this.#revision });
    // at the bound: half of them or more say nothing, so that a clearing costs each change a constant
    if (this.#entries.length > 2 * this.#newest.size + STALE_ENTRIES_MAX)
      this.#entries = this.#entries.filter((entry) => this.#isNewest(entry));
    return this.#revision;
  }

  /** No reader shall be told of it any more. @returns the number of its last change; undefined: not known */
  forget(id: string): number | undefined {
    const revision = this.#newest.get(id);
    this.#newest.delete(id);
    return revision;
  }

  /** @returns what changed after `revision`, each thing once, with the number of its last change, oldest first */
  *after(revision: number): Generator<Readonly<Entry>, void> {
    for (let at = this.#firstAfter(revision); at < this.#entries.length; at++) {
      const entry = this.#entries[at] as Entry;
      if (this.#isNewest(entry)) yield entry;
    }
  }

  #isNewest({ id, revision }: Entry): boolean {
    return this.#newest.get(id) === revision;
  }

  #firstAfter(revision: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle] as Entry).revision <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
