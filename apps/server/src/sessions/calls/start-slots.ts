/** Starts under way, per person: they count against the bound of sessions before they are any. */
export class StartSlots {
  #starting = new Map<string, number>();

  /** @param open sessions the person has already @returns false: that would be more than `max` */
  take(ownerKey: string, open: number, max: number): boolean {
    const starting = this.#starting.get(ownerKey) ?? 0;
    if (open + starting >= max) return false;
    this.#starting.set(ownerKey, starting + 1);
    return true;
  }

  /** The start succeeded or failed. */
  release(ownerKey: string): void {
    const left = (this.#starting.get(ownerKey) ?? 1) - 1;
    if (left > 0) this.#starting.set(ownerKey, left);
    else this.#starting.delete(ownerKey);
  }
}
