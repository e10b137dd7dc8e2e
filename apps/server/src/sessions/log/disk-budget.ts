/** How much of the disk all session logs together may take (architecture §8). */
import { statfsSync } from "node:fs";
import { CatalogError } from "../../platform/catalog-error.ts";

/** All logs of the data directory, in bytes. At the bound new sessions are refused, running ones drop their oldest output. */
export const LOG_BYTES_MAX = 10 * 1024 ** 3;
/** Left free on the file system for everything else, in bytes. Below it new sessions are refused. */
export const FREE_BYTES_MIN = 1024 ** 3;

/** The last part of the bound is for running sessions: one that drops a file makes no room for a new one. */
const RUNNING_SHARE = 1 / 16;

export interface DiskBudgetOptions {
  directory: string;
  /** Default LOG_BYTES_MAX. */
  logBytesMax?: number;
  /** Default FREE_BYTES_MIN. */
  freeBytesMin?: number;
}

export class DiskBudget {
  readonly #options: DiskBudgetOptions;
  #usedBytes = 0;

  constructor(options: DiskBudgetOptions) {
    this.#options = options;
  }

  /** Bytes of all logs, as their writers count them. */
  get usedBytes(): number {
    return this.#usedBytes;
  }
  /** The logs use all they may. */
  get isSpent(): boolean {
    return this.#usedBytes >= this.#logBytesMax;
  }

  /** @param bytes negative: were deleted */
  add(bytes: number): void {
    this.#usedBytes += bytes;
  }

  /** @throws CatalogError STORAGE_FULL: no new session, the running ones need what is left */
  admit(): void {
    if (this.#usedBytes >= this.#logBytesMax * (1 - RUNNING_SHARE)) throw new CatalogError("STORAGE_FULL");
    const { bavail, bsize } = statfsSync(this.#options.directory);
    if (bavail * bsize < (this.#options.freeBytesMin ?? FREE_BYTES_MIN)) throw new CatalogError("STORAGE_FULL");
  }

  get #logBytesMax(): number {
    return this.#options.logBytesMax ?? LOG_BYTES_MAX;
  }
}
