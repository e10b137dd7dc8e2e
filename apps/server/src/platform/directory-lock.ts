import LibsqlDatabase from "libsql";
import { makePrivateFile } from "./private-file.ts";

/** The message is one plain line for the operator. */
export class DirectoryInUseError extends Error {}

export interface DirectoryLock {
  release(): void;
}

/**
 * One server per data directory, so that two never resume the same sessions (architecture §3.5).
 * The lock is a SQLite file held in an exclusive transaction: the kernel frees it with the process, also after kill -9,
 * so there is never a stale one to remove.
 *
 * @throws DirectoryInUseError when another server holds it
 */
export function lockDirectory(directory: string): DirectoryLock {
  const path = `${directory}/lock.db`;
  makePrivateFile(path);
  const file = new LibsqlDatabase(path);
  try {
    // Without a journal file nothing is left behind that a next start would have to play back.
    file.exec("PRAGMA busy_timeout = 0");
    file.exec("PRAGMA journal_mode = MEMORY");
    file.exec("PRAGMA locking_mode = EXCLUSIVE");
    file.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    file.close();
    throw new DirectoryInUseError(
      `Another Causeway server uses ${directory}. Stop it, or set CAUSEWAY_DATA_DIR to another directory.`,
      { cause: error },
    );
  }
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      file.exec("ROLLBACK");
      file.close();
    },
  };
}
