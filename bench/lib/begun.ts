/** What a measurement has begun and must end: where its time is over or it failed half-way, nothing of it may disturb the next one. */

/** Empty between two measurements. */
const begun = new Set<() => void>();

/** @param end ends it at once, also when it does not answer @returns to be called when it ended by itself */
export function noteBegun(end: () => void): () => void {
  begun.add(end);
  return () => begun.delete(end);
}

export function endAllBegun(): void {
  for (const end of begun) end();
  begun.clear();
}
