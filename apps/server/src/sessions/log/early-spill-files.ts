/**
 * Early frames of one session that memory has no room for, encrypted in a file, until their turn has come and they are
 * stored as output. A file is deleted once nothing in it is waited for; the next process finds the others.
 *
 * Reads and writes are synchronous like those of the log (segment-file.ts): a frame was written a moment ago, so it comes
 * from the kernel's cache.
 */
import { closeSync, openSync, readSync, statSync, unlinkSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import type { EarlySpill } from "@causeway/ssm-data-channel";
import type { SessionFiles } from "./keeper-journal.ts";
import { RECORD_HEAD_BYTES, SALT_BYTES, SegmentCipher, type SegmentName, TAG_BYTES } from "./segment-cipher.ts";
import { SegmentWriter, scanSegment, segmentFileName } from "./segment-file.ts";

/** Bytes on the disk per session: 100,000 frames of the usual 1.1 KiB and their seals. At the bound frames are not kept. */
export const EARLY_SPILL_BYTES_MAX = 128 * 1024 * 1024;
/** Before the frame in a record: its number. */
const NUMBER_BYTES = 8;
const FILE_NAME = /^early-(\d{8,10})$/;

interface SpillFile {
  path: string;
  cipher: SegmentCipher;
  /** For reading. */
  fd: number;
  bytes: number;
}

interface Place {
  file: SpillFile;
  position: number;
  counter: number;
  length: number;
}

export class EarlySpillFiles implements EarlySpill {
  readonly #files: SessionFiles;
  readonly #bytesMax: number;
  readonly #places = new Map<number, Place>();
  #opened: SpillFile[] = [];
  #writer: SegmentWriter | undefined;
  #number = 1;
  #highest = -1;
  #isClosed = false;

  /** @param bytesMax default EARLY_SPILL_BYTES_MAX */
  constructor(files: SessionFiles, bytesMax = EARLY_SPILL_BYTES_MAX) {
    this.#files = files;
    this.#bytesMax = bytesMax;
  }

  get numbers(): readonly number[] {
    return [...this.#places.keys()];
  }
  get bytes(): number {
    return this.#opened.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /**
   * Finds what an earlier process spilled.
   * @returns what is not as it was written, in words that name files and never content
   */
  async recover(): Promise<string[]> {
    const { directory, masterKey } = this.#files;
    const damage: string[] = [];
    for (const file of (await readdir(directory)).filter((name) => FILE_NAME.test(name)).sort()) {
      const number = Number(FILE_NAME.exec(file)?.[1]);
      this.#number = Math.max(this.#number, number + 1);
      const path = `${directory}/${file}`;
      const places: [number, Omit<Place, "file">][] = [];
      let isDamaged = false;
      const scanned = scanSegment(await readFile(path), masterKey, this.#nameOf(number), (record) => {
        const { counter, position, plain } = record;
        if (plain === undefined) isDamaged = true;
        else if (counter > 0) places.push([plain.readDoubleBE(0), { counter, position, length: plain.length }]);
        return true;
      });
      if (typeof scanned === "object" && scanned.ending === "changed") isDamaged = true;
      if (isDamaged || scanned === "unreadable") damage.push(`${file} is not what was written there`);
      if (typeof scanned === "string" || places.length === 0) {
        unlinkSync(path);
        continue;
      }
      const opened = this.#open(path, scanned.cipher);
      for (const [sequenceNumber, place] of places) this.#note(sequenceNumber, { ...place, file: opened });
    }
    return damage;
  }

  put(sequenceNumber: number, frame: Uint8Array): boolean {
    if (this.#isClosed || this.#files.budget.isSpent || this.bytes + frame.length > this.#bytesMax) return false;
    try {
      const writer = this.#writer ?? this.#begin();
      const file = this.#opened.at(-1) as SpillFile;
      const place = { file, position: writer.bytes, counter: writer.counter, length: NUMBER_BYTES + frame.length };
      const number = Buffer.allocUnsafe(NUMBER_BYTES);
      number.writeDoubleBE(sequenceNumber);
      writer.append([number, frame]);
      this.#grow(file, writer.bytes);
      this.#note(sequenceNumber, place);
      return true;
    } catch {
      this.#endWriter(); // it must not be appended to again; a later frame tries a new file
      return false;
    }
  }

  get(sequenceNumber: number): Uint8Array | undefined {
    const place = this.#places.get(sequenceNumber);
    if (place === undefined) return undefined;
    const { file, position, counter, length } = place;
    const sealed = Buffer.allocUnsafe(length + TAG_BYTES);
    try {
      if (readSync(file.fd, sealed, 0, sealed.length, position + RECORD_HEAD_BYTES) !== sealed.length) return undefined;
    } catch {
      return undefined;
    }
    const plain = file.cipher.open(counter, sealed);
    return plain?.readDoubleBE(0) === sequenceNumber ? new Uint8Array(plain.subarray(NUMBER_BYTES)) : undefined;
  }

  handleStoredBelow(sequenceNumber: number): void {
    if (this.#opened.length > 0 && sequenceNumber > this.#highest) this.remove();
  }

  /** Nothing in the files is waited for. They go; later frames begin a new one. */
  remove(): void {
    this.#endWriter();
    this.#places.clear();
    this.#highest = -1;
    for (const { fd, path, bytes } of this.#opened.splice(0)) {
      closeSync(fd);
      this.#files.budget.add(-bytes);
      try {
        unlinkSync(path);
      } catch {
        // The next start finds nothing in it that is waited for, and deletes it.
      }
    }
  }

  /** The process stops; the files stay. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#endWriter();
    for (const { fd, bytes } of this.#opened.splice(0)) {
      closeSync(fd);
      this.#files.budget.add(-bytes);
    }
    this.#places.clear();
  }

  #begin(): SegmentWriter {
    const { directory, masterKey, randomBytes } = this.#files;
    const name = this.#nameOf(this.#number++);
    const cipher = new SegmentCipher(masterKey, name, randomBytes(SALT_BYTES));
    this.#writer = new SegmentWriter(`${directory}/${segmentFileName(name)}`, cipher, []);
    this.#open(this.#writer.path, cipher);
    return this.#writer;
  }

  #open(path: string, cipher: SegmentCipher): SpillFile {
    const file = { path, cipher, fd: openSync(path, "r"), bytes: 0 };
    this.#opened.push(file);
    this.#grow(file, statSync(path).size);
    return file;
  }

  #grow(file: SpillFile, bytes: number): void {
    this.#files.budget.add(bytes - file.bytes);
    file.bytes = bytes;
  }

  #note(sequenceNumber: number, place: Place): void {
    this.#places.set(sequenceNumber, place);
    this.#highest = Math.max(this.#highest, sequenceNumber);
  }

  #endWriter(): void {
    this.#writer?.close();
    this.#writer = undefined;
  }

  #nameOf(number: number): SegmentName {
    return { sessionId: this.#files.sessionId, kind: "early", number };
  }
}
