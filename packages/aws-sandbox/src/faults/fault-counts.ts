/** How often each fault did what it is for; GET /_sandbox/faults shows it. */

/** A rule has at most a handful of deeds: RULES_MAX of each kind stay below. Beyond it new ones are not counted. */
export const COUNTED_DEEDS_MAX = 8_192;

export class FaultCounts {
  readonly #counts = new Map<string, number>();

  /** @param deed e.g. `links[0].toClient.lost` */
  add(deed: string): void {
    const count = this.#counts.get(deed);
    if (count === undefined && this.#counts.size >= COUNTED_DEEDS_MAX) return;
    this.#counts.set(deed, (count ?? 0) + 1);
  }

  get(deed: string): number {
    return this.#counts.get(deed) ?? 0;
  }

  clear(): void {
    this.#counts.clear();
  }

  read(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
