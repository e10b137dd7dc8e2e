/**
 * Which reader drives, and whose size holds. Pure: both follow from who is attached, who is visible and who typed last.
 */

/** One attached reader; the list is in order of attaching. */
export interface RoleFacts {
  visible: boolean;
  /** Grows with every human key of any reader; 0: this one never typed. It survives a reconnect of the same page. */
  typedOrder: number;
}

/**
 * The driver answers terminal queries, and its pace is the session's pace: among the visible readers the one that
 * typed last, before any key the first (architecture §3.2). Nobody visible: nobody answers.
 */
export function driverOf<T extends RoleFacts>(readers: readonly T[]): T | undefined {
  return lastTypist(readers.filter((reader) => reader.visible));
}

/**
 * The size owner is the reader that typed last, visible or not (architecture §6): only a key moves it from one attached
 * reader to another. Before any key it is the first. Nobody attached: undefined, and the last size stays.
 */
export function sizeOwnerOf<T extends RoleFacts>(readers: readonly T[]): T | undefined {
  return lastTypist(readers);
}

function lastTypist<T extends RoleFacts>(readers: readonly T[]): T | undefined {
  let last = readers[0];
  for (const reader of readers) if (last === undefined || reader.typedOrder > last.typedOrder) last = reader;
  return last;
}
