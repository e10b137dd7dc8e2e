/** How much each person typed into one session: who, not what. Written to the audit when the session ends. */

/** Persons counted one by one; more are counted together. Today a session has one person, sharing brings others. */
export const TYPISTS_MAX = 100;
const OTHERS = "others";

export class TypingTally {
  #counts = new Map<string, { name: string; batches: number; bytes: number }>();

  count(person: { ownerKey: string; name: string }, bytes: number): void {
    const key = this.#counts.has(person.ownerKey) || this.#counts.size < TYPISTS_MAX ? person.ownerKey : OTHERS;
    const count = this.#counts.get(key) ?? { name: key === OTHERS ? OTHERS : person.name, batches: 0, bytes: 0 };
    count.batches++;
    count.bytes += bytes;
    this.#counts.set(key, count);
  }

  /** `alice typed 12 times (34 bytes)`, several joined by semicolons; empty when nobody typed. */
  describe(): string {
    return [...this.#counts.values()]
      .map(({ name, batches, bytes }) => `${name} typed ${batches} times (${bytes} bytes)`)
      .join("; ");
  }
}
