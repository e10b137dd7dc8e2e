/**
 * One file of records: appended to by exactly one opening, read by anybody. What is in the records is not known here.
 *
 * Writes are synchronous on purpose: they go to the kernel's cache (10 to 20 µs), and a thread pool round trip costs more
 * CPU than that and delays every acknowledgement. Only `sync` waits for a disk, and it does so off the event loop.
 */
import { closeSync, constants, fdatasync, fsync, ftruncateSync, open, openSync, unlinkSync, writevSync } from "node:fs";
import { PREFIX_BYTES, RECORD_HEAD_BYTES, SegmentCipher, type SegmentName } from "./segment-cipher.ts";

const FILE_MODE = 0o600;

/** @returns `output-00000001`; numbers sort like names */
export function segmentFileName({ kind, number }: Pick<SegmentName, "kind" | "number">): string {
  return `${kind}-${String(number).padStart(8, "0")}`;
}

/** @returns kind and number; undefined for a file that is not ours */
export function parseSegmentFileName(file: string): Pick<SegmentName, "kind" | "number"> | undefined {
  const match = /^(output|keeper)-(\d{8,10})$/.exec(file);
  return match === null ? undefined : { kind: match[1] as "output" | "keeper", number: Number(match[2]) };
}

/** The file took only part of it: a full disk says so by a short write before it says ENOSPC. */
class ShortWriteError extends Error {
  readonly code = "ENOSPC";
}

export class SegmentWriter {
  readonly path: string;
  readonly cipher: SegmentCipher;
  #fd: number | undefined;
  #bytes = 0;
  #counter = 0;
  /** Syncs under way: the descriptor stays open for them. */
  #syncing = 0;
  #closing = false;

  /**
   * Creates the file with its first record. Nothing is left behind when that fails.
   * @throws the system's error (ENOSPC, EIO …); EEXIST: the number was used before
   */
  constructor(path: string, cipher: SegmentCipher, firstRecord: readonly Uint8Array[]) {
    this.path = path;
    this.cipher = cipher;
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_APPEND } = constants;
    this.#fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_APPEND, FILE_MODE);
    try {
      this.#write([cipher.prefix, ...cipher.seal(this.#counter, firstRecord)]);
      this.#counter++;
    } catch (error) {
      this.close();
      unlinkSync(path);
      throw error;
    }
  }

  /** Bytes of the file, complete records only. */
  get bytes(): number {
    return this.#bytes;
  }
  /** Number of the next record. */
  get counter(): number {
    return this.#counter;
  }

  /** @throws the system's error; the file ends with its last complete record then, and must not be appended to again */
  append(parts: readonly Uint8Array[]): void {
    const before = this.#bytes;
    const counter = this.#counter++; // used up even if the write fails: a nonce is never tried twice
    try {
      this.#write(this.cipher.seal(counter, parts));
    } catch (error) {
      this.#bytes = before;
      this.#cut(before);
      throw error;
    }
  }

  /** Resolves when everything appended so far is on the disk. */
  sync(): Promise<void> {
    const fd = this.#fd;
    if (fd === undefined || this.#closing) return Promise.resolve();
    this.#syncing++;
    return new Promise((resolve, reject) => {
      fdatasync(fd, (error) => {
        this.#syncing--;
        if (this.#closing) this.close();
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** Idempotent. */
  close(): void {
    this.#closing = true;
    if (this.#fd === undefined || this.#syncing > 0) return;
    closeSync(this.#fd);
    this.#fd = undefined;
  }

  #write(buffers: Uint8Array[]): void {
    if (this.#fd === undefined) throw new Error("the segment is closed");
    let bytes = 0;
    for (const buffer of buffers) bytes += buffer.length;
    const written = writevSync(this.#fd, buffers);
    if (written !== bytes) throw new ShortWriteError(`${written} of ${bytes} bytes were written`);
    this.#bytes += bytes;
  }

  /** A torn record at the end would be cut at the next start anyway. */
  #cut(bytes: number): void {
    try {
      if (this.#fd !== undefined) ftruncateSync(this.#fd, bytes);
    } catch {
      // A disk that refuses this, too, is reported by the error that led here.
    }
  }
}

/** Makes a new or deleted file's entry in its directory survive a power cut. */
export function syncDirectory(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    open(path, constants.O_RDONLY, (openError, fd) => {
      if (openError) return reject(openError);
      fsync(fd, (error) => {
        closeSync(fd);
        if (error) reject(error);
        else resolve();
      });
    });
  });
}

export interface ScannedRecord {
  counter: number;
  /** Of its head, in the file. */
  position: number;
  /** undefined: it does not open. */
  plain: Buffer | undefined;
}

export interface ScannedSegment {
  cipher: SegmentCipher;
  /** Where the complete records end. */
  bytes: number;
  nextCounter: number;
  /** `torn`: a last write did not come to its end. `changed`: something else is there; what follows cannot be read. */
  ending: "complete" | "torn" | "changed";
}

/**
 * Goes over all records of a file.
 * @param onRecord every record in order, the first one (counter 0) included; returns false to stop before this record
 * @returns `unreadable`: not that file, or its beginning was changed; `empty`: its creation did not come to its end
 */
export function scanSegment(
  file: Buffer,
  masterKey: Uint8Array,
  name: SegmentName,
  onRecord: (record: ScannedRecord) => boolean,
): ScannedSegment | "unreadable" | "empty" {
  if (file.length < PREFIX_BYTES) return "empty";
  const cipher = SegmentCipher.ofFile(masterKey, name, file);
  if (cipher === undefined) return "unreadable";
  let position = PREFIX_BYTES;
  let counter = 0;
  const ended = (ending: ScannedSegment["ending"]): ScannedSegment => ({
    cipher,
    bytes: position,
    nextCounter: counter,
    ending,
  });
  for (; position < file.length; counter++) {
    if (file.length - position < RECORD_HEAD_BYTES) return counter === 0 ? "empty" : ended("torn");
    const length = cipher.bodyBytes(counter, file, position);
    if (length === undefined) return counter === 0 ? "unreadable" : ended("changed");
    const start = position + RECORD_HEAD_BYTES;
    if (start + length > file.length) return counter === 0 ? "empty" : ended("torn");
    if (!onRecord({ counter, position, plain: cipher.open(counter, file.subarray(start, start + length)) }))
      return ended("complete");
    position = start + length;
  }
  return counter === 0 ? "empty" : ended("complete");
}
