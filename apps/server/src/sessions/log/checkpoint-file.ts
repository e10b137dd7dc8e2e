/**
 * One checkpoint in one file, encrypted like the log: a first record that says what it is, then its bytes in records of
 * one frame each, so that a reader decrypts no more than it sends next. Everything is asynchronous: nobody waits for it.
 */
import { constants } from "node:fs";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { CHECKPOINT_FRAME_BYTES_MAX } from "@causeway/wire-contract/terminal-frames";
import type { CheckpointFacts, CheckpointReading } from "./checkpoint-store.ts";
import { PREFIX_BYTES, RECORD_HEAD_BYTES, SegmentCipher, type SegmentName, TAG_BYTES } from "./segment-cipher.ts";

const FILE_MODE = 0o600;
/** Encrypted and written at once, in frames: 256 KiB take the event loop half a millisecond. */
const FRAMES_PER_WRITE = 8;
const FRAME_RECORD_BYTES = RECORD_HEAD_BYTES + CHECKPOINT_FRAME_BYTES_MAX + TAG_BYTES;
/** The first record is a few numbers; a longer one is not ours. */
const FACTS_BYTES_MAX = 1024;

/** @returns bytes of the file. Rejects with the system's error; nothing is left behind then. */
export async function writeCheckpointFile(
  path: string,
  cipher: SegmentCipher,
  facts: CheckpointFacts,
  bytes: Uint8Array,
): Promise<number> {
  const temporary = `${path}.new`;
  const file = await open(temporary, "wx", FILE_MODE);
  let written = 0;
  try {
    const write = async (parts: Uint8Array[]) => {
      const length = parts.reduce((sum, part) => sum + part.length, 0);
      const { bytesWritten } = await file.writev(parts);
      if (bytesWritten !== length) throw Object.assign(new Error("the disk is full"), { code: "ENOSPC" });
      written += length;
    };
    await write([cipher.prefix, ...cipher.seal(0, [Buffer.from(JSON.stringify(facts))])]);
    let counter = 1;
    for (let at = 0; at < bytes.length; ) {
      const parts: Uint8Array[] = [];
      for (let n = 0; n < FRAMES_PER_WRITE && at < bytes.length; n++, at += CHECKPOINT_FRAME_BYTES_MAX)
        parts.push(...cipher.seal(counter++, [bytes.subarray(at, at + CHECKPOINT_FRAME_BYTES_MAX)]));
      await write(parts);
    }
    await file.datasync();
    await file.close();
    await rename(temporary, path);
    return written;
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/**
 * What a file says it is. Its bytes are not read, but all of them are there: a file whose writing did not come to its end
 * has no name, and one that is shorter or longer is not believed.
 * @returns undefined: not the file that was written under this name
 */
export async function readCheckpointFacts(
  path: string,
  masterKey: Uint8Array,
  name: SegmentName,
): Promise<{ facts: CheckpointFacts; fileBytes: number } | undefined> {
  const file = await openForReading(path);
  try {
    const opened = await openCheckpoint(file, masterKey, name);
    if (opened === undefined) return undefined;
    const { size } = await stat(path);
    const frames = Math.ceil(opened.facts.bytes / CHECKPOINT_FRAME_BYTES_MAX);
    const expected = opened.start + opened.facts.bytes + frames * (RECORD_HEAD_BYTES + TAG_BYTES);
    return size === expected ? { facts: opened.facts, fileBytes: size } : undefined;
  } finally {
    await file.close();
  }
}

/** Reads one file, which may be deleted meanwhile: what is open stays readable. */
export class CheckpointFileReading implements CheckpointReading {
  readonly #path: string;
  readonly #masterKey: Uint8Array;
  readonly #name: SegmentName;
  #opened: Promise<{ file: FileHandle; cipher: SegmentCipher; start: number; bytes: number } | undefined> | undefined;
  #frame = 0;
  #isClosed = false;
  /** The handle is not closed under a read. */
  #reading: Promise<unknown> = Promise.resolve();

  constructor(path: string, masterKey: Uint8Array, name: SegmentName) {
    this.#path = path;
    this.#masterKey = masterKey;
    this.#name = name;
    // At once: a newer checkpoint may take this one's place before the first part is asked for.
    this.#opened = this.#open();
  }

  next(): Promise<Uint8Array | undefined> {
    const next = this.#next().catch(() => undefined);
    this.#reading = next;
    return next;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const opened = this.#opened;
    void this.#reading.then(async () => (await opened)?.file.close()).catch(() => undefined);
  }

  async #next(): Promise<Uint8Array | undefined> {
    const opened = await this.#opened;
    if (opened === undefined || this.#isClosed) return undefined;
    const frame = this.#frame++;
    const length = Math.min(CHECKPOINT_FRAME_BYTES_MAX, opened.bytes - frame * CHECKPOINT_FRAME_BYTES_MAX);
    if (length <= 0) return undefined;
    const record = Buffer.allocUnsafe(RECORD_HEAD_BYTES + length + TAG_BYTES);
    const { bytesRead } = await opened.file.read(record, 0, record.length, opened.start + frame * FRAME_RECORD_BYTES);
    return bytesRead === record.length ? opened.cipher.open(frame + 1, record.subarray(RECORD_HEAD_BYTES)) : undefined;
  }

  async #open() {
    let file: FileHandle | undefined;
    try {
      file = await openForReading(this.#path);
      const opened = await openCheckpoint(file, this.#masterKey, this.#name);
      if (opened !== undefined) return { file, cipher: opened.cipher, start: opened.start, bytes: opened.facts.bytes };
    } catch {
      // Gone, or not to be read: the reader is told by `next`.
    }
    await file?.close().catch(() => undefined);
    return undefined;
  }
}

function openForReading(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
}

/** @returns with `start`, where the first frame's record stands; undefined: not that file */
async function openCheckpoint(
  file: FileHandle,
  masterKey: Uint8Array,
  name: SegmentName,
): Promise<{ cipher: SegmentCipher; facts: CheckpointFacts; start: number } | undefined> {
  const head = Buffer.alloc(PREFIX_BYTES + RECORD_HEAD_BYTES + FACTS_BYTES_MAX);
  const { bytesRead } = await file.read(head, 0, head.length, 0);
  const cipher = SegmentCipher.ofFile(masterKey, name, head.subarray(0, bytesRead));
  if (cipher === undefined || bytesRead < PREFIX_BYTES + RECORD_HEAD_BYTES) return undefined;
  const length = cipher.bodyBytes(0, head, PREFIX_BYTES);
  const start = PREFIX_BYTES + RECORD_HEAD_BYTES + (length ?? 0);
  if (length === undefined || start > bytesRead) return undefined;
  const plain = cipher.open(0, head.subarray(PREFIX_BYTES + RECORD_HEAD_BYTES, start));
  return plain && { cipher, facts: JSON.parse(plain.toString("utf8")) as CheckpointFacts, start };
}
