/** One file with output: where in it which bytes are, and reading them back. */
import { open } from "node:fs/promises";
import { decodeOutputRecord } from "./output-record.ts";
import { PREFIX_BYTES, RECORD_HEAD_BYTES, type SegmentCipher } from "./segment-cipher.ts";

/** One place in the index per so many bytes of output: what a reader decrypts at once, and 16 bytes of memory each. */
export const INDEX_EVERY_BYTES = 32 * 1024;
export interface IndexEntry {
  /** Offset of the record's first byte of output. */
  offset: number;
  position: number;
  counter: number;
}

export interface OutputSegment {
  number: number;
  path: string;
  start: number;
  end: number;
  /** Of the file. */
  fileBytes: number;
  cipher: SegmentCipher;
  index: IndexEntry[];
}

/** Remembers where a record is, if the last place remembered is far enough behind. */
export function noteInIndex(
  segment: Pick<OutputSegment, "index">,
  offset: number,
  length: number,
  position: number,
  counter: number,
): void {
  const last = segment.index.at(-1);
  if (length > 0 && (last === undefined || offset - last.offset >= INDEX_EVERY_BYTES))
    segment.index.push({ offset, position, counter });
}

/** @returns the output of all records from `entry` to `until`; undefined: what is there is not what was written */
export async function readGroup(
  segment: OutputSegment,
  entry: IndexEntry,
  until: number,
  records: number | undefined,
): Promise<Buffer | undefined> {
  const file = await open(segment.path, "r");
  try {
    const bytes = Buffer.allocUnsafe(until - entry.position);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, entry.position);
    if (bytesRead !== bytes.length || entry.position < PREFIX_BYTES) return undefined;
    const parts: Buffer[] = [];
    let counter = entry.counter;
    let expected = entry.offset;
    for (let at = 0; at < bytes.length; counter++) {
      if (bytes.length - at < RECORD_HEAD_BYTES) return undefined;
      const length = segment.cipher.bodyBytes(counter, bytes, at);
      if (length === undefined || at + RECORD_HEAD_BYTES + length > bytes.length) return undefined;
      at += RECORD_HEAD_BYTES;
      const plain = segment.cipher.open(counter, bytes.subarray(at, at + length));
      if (plain === undefined) return undefined;
      const record = decodeOutputRecord(plain);
      if (record.startOffset !== expected) return undefined;
      expected += record.bytes.length;
      parts.push(record.bytes);
      at += length;
    }
    if (records !== undefined && counter - entry.counter !== records) return undefined;
    return parts.length === 1 ? parts[0] : Buffer.concat(parts);
  } finally {
    await file.close();
  }
}
