/**
 * Which reader drives, and whose size holds. Pure: both follow from who is attached, who is visible and who typed last.
 */

import type { TerminalSize } from "../log/session-log.ts";

/** One attached reader; the list is in order of attaching. */
export interface RoleFacts {
  /** A viewer, who neither drives nor owns the size. */
  isGuest: boolean;
  visible: boolean;
  /** Grows with every human key of any reader; 0: this one never typed. It survives a reconnect of the same page. */
  typedOrder: number;
}

/**
 * The driver answers terminal queries, and its pace is the session's pace: among the owner's visible readers the
 * one that typed last, before any key the first (architecture §3.2). Nobody visible: nobody answers.
 */
export function driverOf<T extends RoleFacts>(readers: readonly T[]): T | undefined {
  return lastTypist(readers.filter((reader) => reader.visible && !reader.isGuest));
}

/**
 * The size owner is the owner's reader that typed last, visible or not (architecture §6): only a key moves it from one attached
 * reader to another. Before any key it is the first. Nobody attached: undefined, and the last size stays.
 */
export function sizeOwnerOf<T extends RoleFacts>(readers: readonly T[]): T | undefined {
  return lastTypist(readers.filter((reader) => !reader.isGuest));
}

/** A reader with a grid of its own. */
export interface SizedReader extends RoleFacts {
  size: TerminalSize;
  /** A viewer for whom the owner lets the terminal shrink. */
  fits: boolean;
}

/** The size owner's, shrunk to what every visible viewer shows for whom the owner wants that. undefined: the last size stays. */
export function wantedSizeOf(readers: readonly SizedReader[]): TerminalSize | undefined {
  const owner = sizeOwnerOf(readers);
  if (owner === undefined) return undefined;
  const fitting = readers.filter((reader) => reader.isGuest && reader.fits && reader.visible);
  return {
    cols: Math.min(owner.size.cols, ...fitting.map(({ size }) => size.cols)),
    rows: Math.min(owner.size.rows, ...fitting.map(({ size }) => size.rows)),
  };
}

function lastTypist<T extends RoleFacts>(readers: readonly T[]): T | undefined {
  let last = readers[0];
  for (const reader of readers) if (last === undefined || reader.typedOrder > last.typedOrder) last = reader;
  return last;
}
