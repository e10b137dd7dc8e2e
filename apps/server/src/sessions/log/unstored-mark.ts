/**
 * What a full disk can still take: a number written over an older one, in a file that was there before. It says which
 * numbers of ours may have left without being stored, so that the process after a `kill -9` does not use them for
 * something else: the agent would drop that, and believe it had it (architecture §1).
 *
 * Every time with a new salt, and so with a new key: nothing is written twice under one nonce.
 */
import { closeSync, constants, fdatasync, openSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { SessionFiles } from "./keeper-journal.ts";
import { SALT_BYTES, SegmentCipher, type SegmentName } from "./segment-cipher.ts";
import { scanSegment } from "./segment-file.ts";

export const UNSTORED_MARK_FILE = "unstored";
const FILE_MODE = 0o600;

const nameOf = (sessionId: string): SegmentName => ({ sessionId, kind: "unstored", number: 1 });

export class UnstoredMark {
  readonly #files: Pick<SessionFiles, "directory" | "sessionId" | "masterKey" | "randomBytes">;
  #below: number;
  #settling: Promise<unknown> = Promise.resolve();

  /** @param below what the file says; without a file 0 */
  constructor(files: Pick<SessionFiles, "directory" | "sessionId" | "masterKey" | "randomBytes">, below: number) {
    this.#files = files;
    this.#below = below;
  }

  get path(): string {
    return `${this.#files.directory}/${UNSTORED_MARK_FILE}`;
  }
  /** Numbers of ours below it may leave without being stored; 0: none. */
  get below(): number {
    return this.#below;
  }

  /** Resolves when the file is closed. */
  async settled(): Promise<void> {
    await this.#settling;
  }

  /**
   * Survives this process at once, and a crash of the host a moment later: whoever needs it then asks early.
   * @returns bytes of the file, always the same
   * @throws the system's error; the file says what it said before
   */
  write(below: number): number {
    const { sessionId, masterKey, randomBytes } = this.#files;
    const cipher = new SegmentCipher(masterKey, nameOf(sessionId), randomBytes(SALT_BYTES));
    const plain = Buffer.alloc(8);
    plain.writeDoubleBE(below);
    const bytes = Buffer.concat([cipher.prefix, ...cipher.seal(0, [plain])]);
    // Written over, not cut first: on a full disk what was cut could not be written any more.
    const fd = openSync(this.path, constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW, FILE_MODE);
    try {
      if (writeSync(fd, bytes, 0, bytes.length, 0) !== bytes.length) throw new Error("the mark was not written whole");
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    const synced = new Promise<void>((resolve) => {
      fdatasync(fd, () => {
        closeSync(fd); // that it failed shows in the next write, or nobody ever needs it
        resolve();
      });
    });
    this.#settling = Promise.all([this.#settling, synced]);
    this.#below = below;
    return bytes.length;
  }
}

/** @returns 0: nothing left without being stored; "damaged": something did, or not */
export async function readUnstoredMark(
  directory: string,
  sessionId: string,
  masterKey: Uint8Array,
): Promise<number | "damaged"> {
  let bytes: Buffer;
  try {
    bytes = await readFile(`${directory}/${UNSTORED_MARK_FILE}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
  let below: number | undefined;
  const scanned = scanSegment(bytes, masterKey, nameOf(sessionId), ({ plain }) => {
    below = plain?.readDoubleBE(0);
    return false;
  });
  if (scanned === "empty") return 0; // its creation did not come to its end, so nothing was marked yet
  return below ?? "damaged";
}
