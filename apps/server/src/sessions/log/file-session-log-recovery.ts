/**
 * What a restart makes of the files of one session. Reads all of them once and believes only what opens: a last write
 * that did not come to its end is cut, everything else that is not as it was written is said.
 */
import { readdir, readFile, stat, truncate } from "node:fs/promises";
import type { FileSessionLogStart } from "./file-session-log-options.ts";
import { decodeKeeperEntries } from "./keeper-entry-codec.ts";
import { KeeperStateMirror } from "./keeper-state.ts";
import { decodeOutputRecord, type OutputSegmentStart, type PlacedMark } from "./output-record.ts";
import { noteInIndex, type OutputSegment } from "./output-segment.ts";
import { type OutputTail, sizeAfter } from "./output-segments.ts";
import type { SegmentName } from "./segment-cipher.ts";
import { parseSegmentFileName, scanSegment } from "./segment-file.ts";
import type { TerminalSize } from "./session-log.ts";
import { readUnstoredMark, UNSTORED_MARK_FILE } from "./unstored-mark.ts";

export interface RecoveryRequest {
  directory: string;
  sessionId: string;
  masterKey: Uint8Array;
  /** Of the host now. */
  bootId: string;
}

export interface RecoveredFiles {
  start: FileSessionLogStart;
  /** false: no keeper can go on with this session; undefined state of numbers and keys. */
  hasKeeper: boolean;
  /** Output that was stored, and perhaps acknowledged to the agent, is not there: the log is shorter than it was. */
  lostOutput: boolean;
  /** In words for the operator; names files, never content. */
  damage: string[];
}

/** @returns undefined: a directory without a session, whose creation did not come to its end */
export async function recoverSessionFiles(request: RecoveryRequest): Promise<RecoveredFiles | undefined> {
  const files = await listFiles(request);
  const keeper = await recoverKeeper(request, files);
  const output = await recoverOutput(request, files, keeper);
  if (output === undefined && keeper.mirror === undefined && keeper.damage.length === 0) return undefined;
  const mirror = keeper.mirror ?? new KeeperStateMirror();
  const unstored = await readUnstoredMark(request.directory, request.sessionId, request.masterKey);
  const unstoredBelow = unstored === "damaged" ? 0 : unstored;
  const markDamage = unstored === "damaged" ? [`${UNSTORED_MARK_FILE} is not what was written there`] : [];
  const mayHaveSentMore =
    keeper.isDamaged || unstored === "damaged" || (mirror.bootId !== request.bootId && !mirror.isClosed);
  const tail = output?.tail ?? emptyTail();
  const isEnded = output?.marks.at(-1)?.mark.kind === "end";
  // The end deletes the keeper's files: without them no head is claimed.
  const lostOutput = !isEnded && keeper.outputHead > tail.head;
  mirror.apply({ kind: "received", sequenceNumber: tail.lastSequenceNumber, hasOutput: true });
  if (lostOutput) mirror.handleOutputLost(tail.lastSequenceNumber);
  if (keeper.mirror !== undefined && mayHaveSentMore) mirror.handleEntriesLost(keeper.lostMessagesMax);
  mirror.handleUnstored(unstoredBelow);
  return {
    start: {
      tail: { ...tail, nextNumber: nextNumber(files, "output") },
      marks: output?.marks ?? [],
      size: output?.size ?? tail.size,
      keeper: {
        mirror,
        older: files.filter(({ kind }) => kind === "keeper"),
        firstNumber: nextNumber(files, "keeper"),
        unstoredBelow,
      },
    },
    hasKeeper: keeper.mirror !== undefined,
    lostOutput,
    damage: [...keeper.damage, ...markDamage, ...(output?.damage ?? [])],
  };
}

/**
 * The key that a session's files are under: the one that opens the first of them that is whole. A session keeps the key
 * it was begun with, also when the server was given another one since.
 * @param keys the newest first; it is taken when none of them opens anything
 */
export async function masterKeyOf(
  request: Omit<RecoveryRequest, "masterKey" | "bootId">,
  keys: readonly [Uint8Array, ...Uint8Array[]],
): Promise<Uint8Array> {
  if (keys.length === 1) return keys[0];
  for (const file of await listFiles(request)) {
    const bytes = await readFile(file.path);
    for (const key of keys) {
      let isOpened = false;
      scanSegment(bytes, key, file, ({ plain }) => {
        isOpened = plain !== undefined;
        return false;
      });
      if (isOpened) return key;
    }
  }
  return keys[0];
}

interface FoundFile extends SegmentName {
  path: string;
  bytes: number;
}

const UNKNOWN_SIZE: TerminalSize = { cols: 80, rows: 24 };
function emptyTail(): OutputTail {
  return { segments: [], head: 0, lastSequenceNumber: -1, size: UNKNOWN_SIZE, nextNumber: 1 };
}

async function listFiles({
  directory,
  sessionId,
}: Pick<RecoveryRequest, "directory" | "sessionId">): Promise<FoundFile[]> {
  const files: FoundFile[] = [];
  for (const file of await readdir(directory, { withFileTypes: true })) {
    const name = file.isFile() ? parseSegmentFileName(file.name) : undefined;
    if (name === undefined) continue;
    const path = `${directory}/${file.name}`;
    files.push({ ...name, sessionId, path, bytes: (await stat(path)).size });
  }
  return files.sort((a, b) => a.number - b.number);
}

function nextNumber(files: readonly FoundFile[], kind: SegmentName["kind"]): number {
  return Math.max(0, ...files.filter((file) => file.kind === kind).map(({ number }) => number)) + 1;
}

/** Head, number, length and `{"payloadType":1}` of a message without payload or source (keeper-entry-codec.ts). */
const SENT_ENTRY_BYTES_MIN = 34;

interface RecoveredKeeper {
  mirror: KeeperStateMirror | undefined;
  /** The newest entries may be missing. */
  isDamaged: boolean;
  /** Messages of ours that may have stood in what cannot be read. */
  lostMessagesMax: number;
  /** The log's head when the newest entry was written. */
  outputHead: number;
  damage: string[];
}

/** The newest file that begins with a whole snapshot; an older one is there only while the newer is not on the disk yet. */
async function recoverKeeper(request: RecoveryRequest, files: readonly FoundFile[]): Promise<RecoveredKeeper> {
  const damage: string[] = [];
  let lostBytes = 0;
  for (const file of files.filter(({ kind }) => kind === "keeper").reverse()) {
    const mirror = new KeeperStateMirror();
    let outputHead = 0;
    let unreadableAt: number | undefined;
    const scanned = scanSegment(await readFile(file.path), request.masterKey, file, ({ plain, position }) => {
      if (plain === undefined) {
        unreadableAt = position;
        return false; // numbers would be missing in what comes after
      }
      outputHead = Math.max(outputHead, plain.readDoubleBE(0));
      for (const entry of decodeKeeperEntries(plain.subarray(8))) mirror.apply(entry);
      return true;
    });
    if (scanned === "empty") continue;
    if (scanned === "unreadable" || (unreadableAt === scanned.bytes && scanned.nextCounter === 0)) {
      damage.push(`${fileOf(file)} is not what was written there`);
      lostBytes += file.bytes;
      continue;
    }
    const isDamaged = unreadableAt !== undefined || scanned.ending === "changed";
    if (isDamaged) damage.push(`${fileOf(file)} was changed at byte ${scanned.bytes}: newer entries are not used`);
    if (isDamaged) lostBytes += file.bytes - scanned.bytes;
    return {
      mirror,
      isDamaged: damage.length > 0,
      lostMessagesMax: Math.ceil(lostBytes / SENT_ENTRY_BYTES_MIN),
      outputHead,
      damage,
    };
  }
  return { mirror: undefined, isDamaged: damage.length > 0, lostMessagesMax: 0, outputHead: 0, damage };
}

interface RecoveredOutput {
  tail: OutputTail;
  marks: PlacedMark[];
  /** In force at the oldest byte. */
  size: TerminalSize;
  damage: string[];
}

async function recoverOutput(
  request: RecoveryRequest,
  files: readonly FoundFile[],
  keeper: RecoveredKeeper,
): Promise<RecoveredOutput | undefined> {
  const newest = files.filter(({ kind }) => kind === "output");
  if (newest.length === 0) return undefined;
  // A damaged journal cannot say what it once held: then output is believed without it.
  const changesMax = keeper.mirror === undefined || keeper.isDamaged ? Infinity : keeper.mirror.channelChanges;
  const found: RecoveredOutput = { tail: emptyTail(), marks: [], size: UNKNOWN_SIZE, damage: [] };
  const last = newest.at(-1);
  for (const file of newest) {
    const bytes = await addSegment(request, file, found, changesMax);
    if (bytes !== undefined && file === last && bytes < file.bytes) await truncate(file.path, bytes);
  }
  return found;
}

/** @returns how many bytes of the file are good; undefined: it is not used at all */
async function addSegment(
  { masterKey }: RecoveryRequest,
  file: FoundFile,
  found: RecoveredOutput,
  changesMax: number,
): Promise<number | undefined> {
  const segment: Omit<OutputSegment, "cipher"> = { ...file, start: 0, end: 0, fileBytes: 0, index: [] };
  /** After something unreadable the kept output begins anew: a log has no holes. */
  const beginAt = (offset: number, size: TerminalSize) => {
    found.tail = { ...found.tail, segments: [], head: offset };
    found.marks = [];
    found.size = size;
    segment.start = offset;
    segment.end = offset;
    segment.index = [];
  };
  /** The first of the unreadable records that nothing readable has followed yet. */
  let brokenAt: number | undefined;
  const scanned = scanSegment(await readFile(file.path), masterKey, file, ({ counter, position, plain }) => {
    if (counter === 0) {
      if (plain === undefined) return false;
      const start = JSON.parse(plain.toString("utf8")) as OutputSegmentStart;
      const before = found.tail.segments.at(-1);
      const { tail } = found;
      if (before === undefined) beginAt(start.startOffset, start.size);
      else if (!isFollowedBy(before, start)) {
        found.damage.push(`${fileOf(before)} is not as long as it was: output before ${start.startOffset} is dropped`);
        beginAt(start.startOffset, start.size);
      }
      segment.start = start.startOffset;
      segment.end = start.startOffset;
      found.tail = {
        ...found.tail,
        head: start.startOffset,
        size: start.size,
        lastSequenceNumber: Math.max(tail.lastSequenceNumber, start.lastSequenceNumber),
      };
      return true;
    }
    if (plain === undefined) {
      found.damage.push(`${fileOf(file)} was changed at byte ${position}: output up to there is dropped`);
      brokenAt ??= position;
      return true;
    }
    const record = decodeOutputRecord(plain);
    if (record.channelChanges > changesMax) return false; // its other half never reached the journal
    if (brokenAt !== undefined || record.startOffset !== found.tail.head) beginAt(record.startOffset, found.tail.size);
    brokenAt = undefined;
    noteInIndex(segment, record.startOffset, record.bytes.length, position, counter);
    segment.end = record.startOffset + record.bytes.length;
    found.marks.push(...record.marks);
    found.tail = {
      ...found.tail,
      head: segment.end,
      lastSequenceNumber: record.lastSequenceNumber,
      size: sizeAfter(found.tail.size, record.marks),
    };
    return true;
  });
  if (scanned === "empty") return undefined;
  if (scanned === "unreadable" || scanned.nextCounter === 0) {
    found.damage.push(`${fileOf(file)} is not what was written there: output up to its end is dropped`);
    beginAt(found.tail.head, found.tail.size);
    return undefined;
  }
  if (scanned.ending === "changed")
    found.damage.push(`${fileOf(file)} was changed at byte ${scanned.bytes}: what follows in it is dropped`);
  const bytes = brokenAt ?? scanned.bytes;
  found.tail.segments.push({ ...segment, fileBytes: bytes, cipher: scanned.cipher });
  return bytes;
}

function isFollowedBy(before: OutputSegment, { previous, startOffset }: OutputSegmentStart): boolean {
  return previous?.number === before.number && previous.bytes === before.fileBytes && startOffset === before.end;
}

function fileOf({ path }: { path: string }): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
