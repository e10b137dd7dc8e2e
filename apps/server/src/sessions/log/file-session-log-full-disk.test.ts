/** What a log does on a real file system that runs full. */
import { existsSync, mkdirSync, readdirSync, rmdirSync, truncateSync, unlinkSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { LogLife, SESSION, until } from "../testing/file-log-harness.ts";
import { DISK_BYTES, describeOnSmallDisk, mountSmallDisk, unmountSmallDisks } from "../testing/small-disk.ts";
import { DISK_RETRY_MS, type FileSessionLog } from "./file-session-log.ts";
import { RESERVED_BLOCK } from "./keeper-journal.ts";
import { RING_BUSY_BYTES } from "./output-ring.ts";
import { readOnce } from "./session-log-contract.ts";
import { UNSTORED_MARK_FILE } from "./unstored-mark.ts";

const CHUNK = 1024;

const noop = () => {};
let lives: LogLife[] = [];
afterEach(async () => {
  for (const life of lives) await life.logs.close();
  lives = [];
  unmountSmallDisks();
});

async function beginOnSmallDisk(ballastBytes: number): Promise<LogLife> {
  const life = await LogLife.begin({ dataDir: mountSmallDisk(ballastBytes) });
  lives.push(life);
  return life;
}

/** Text that tells where it is from: eight digits, again and again. */
function textAt(offset: number, length: number): string {
  let text = "";
  for (let at = offset - (offset % 8); text.length < length + 8; at += 8) text += String(at).padStart(8, "0");
  return text.slice(offset % 8, (offset % 8) + length);
}

/** @returns how often "stored" was said */
function print(log: FileSessionLog, bytes: number): () => number {
  let stored = 0;
  for (let printed = 0; printed < bytes; printed += CHUNK) {
    log.appendReceived(log.lastSequenceNumber + 1, Buffer.from(textAt(log.headOffset, CHUNK)), () => stored++);
    log.writeOut();
  }
  return () => stored;
}

async function expectReadable(log: FileSessionLog): Promise<void> {
  let cursor = log.cursorAtOldest();
  for (;;) {
    const read = await readOnce(log, cursor, 64 * 1024);
    if (read.kind === "head") break;
    if (read.kind === "output") {
      const isRight = Buffer.from(read.bytes).toString("latin1") === textAt(cursor.offset, read.bytes.length);
      if (!isRight) throw new Error(`wrong bytes at ${cursor.offset}`);
    }
    if (read.kind === "dropped") throw new Error(`nothing at ${cursor.offset}`);
    cursor = read.next;
  }
  expect(cursor.offset).toBe(log.headOffset);
}

function key(sequenceNumber: number) {
  const source = { author: "a", streamId: "page", streamOffset: sequenceNumber + 1 };
  return { sequenceNumber, payloadType: 1, payload: new Uint8Array([120]), source };
}

describeOnSmallDisk("a disk that runs full", import.meta.url, () => {
  test("stops neither output nor acknowledgements; the log says that it is not durable, and why", async () => {
    const life = await beginOnSmallDisk(DISK_BYTES - 600 * 1024);
    const log = await life.create();
    const stored = print(log, 900 * 1024);
    expect(life.durable).toEqual(["ENOSPC"]);
    expect(log.isDurable).toBe(false);
    expect(life.logs.usage.notDurable).toBe(1);
    expect(stored()).toBe(900);
    expect(log.oldestOffset).toBe(0);
    await expectReadable(log);
  });

  test("lets nobody believe that input was stored", async () => {
    const life = await beginOnSmallDisk(DISK_BYTES - 600 * 1024);
    const log = await life.create();
    const said: boolean[] = [];
    log.appendSent(key(0), (isStored) => said.push(isStored));
    print(log, 900 * 1024);
    log.appendSent(key(1), (isStored) => said.push(isStored));
    log.writeOut();
    expect(said).toEqual([true, false]);
  });

  test("still takes note of the numbers that leave without being stored: the next process walks past them", async () => {
    const life = await beginOnSmallDisk(DISK_BYTES - 600 * 1024);
    const log = await life.create();
    print(log, 900 * 1024);
    for (let n = 0; n < 3 * RESERVED_BLOCK; n++) {
      log.appendSent(key(n), noop);
      log.writeOut();
      expect(log.reserveUnstored()).toBe(true);
    }
    const next = await life.next();
    lives.push(next);
    expect(next.damage).toEqual([]);
    expect(next.only.keeper?.channel.nextOutgoingNumber).toBe(0);
    expect(next.only.keeper?.walkPastBelow).toBe(4 * RESERVED_BLOCK);
    const third = await next.next(); // which dies before anything of that left
    lives.push(third);
    expect(third.only.keeper?.walkPastBelow).toBe(4 * RESERVED_BLOCK);
  });

  test("that has room again stores them, and the next process walks past nothing", async () => {
    const life = await beginOnSmallDisk(DISK_BYTES - 600 * 1024);
    const log = await life.create();
    print(log, 900 * 1024);
    log.appendSent(key(0), noop);
    log.writeOut();
    log.reserveUnstored();
    unlinkSync(`${life.dataDir}/ballast`);
    life.clock.advance(DISK_RETRY_MS);
    await until(() => life.files("keeper").length === 1 && log.isDurable);
    const next = await life.next();
    lives.push(next);
    expect(next.only.keeper?.channel.nextOutgoingNumber).toBe(1);
    expect(next.only.keeper?.walkPastBelow).toBeUndefined();
  });

  test("takes no note where something else stands: nothing may leave then", async () => {
    const life = await beginOnSmallDisk(DISK_BYTES - 600 * 1024);
    const log = await life.create();
    print(log, 900 * 1024);
    log.appendSent(key(0), noop);
    unlinkSync(`${life.directory()}/${UNSTORED_MARK_FILE}`);
    mkdirSync(`${life.directory()}/${UNSTORED_MARK_FILE}`);
    expect(log.reserveUnstored()).toBe(false);
    rmdirSync(`${life.directory()}/${UNSTORED_MARK_FILE}`);
  });

  test("leaves whole records: a restart finds everything up to there and nothing that is damaged", async () => {
    const life = await beginOnSmallDisk(DISK_BYTES - 600 * 1024);
    const log = await life.create();
    print(log, 900 * 1024);
    const next = await life.next(); // on a copy that lies on a disk with room
    expect(next.damage).toEqual([]);
    expect(next.only.log.headOffset).toBeGreaterThan(300 * 1024);
    expect(next.only.log.headOffset).toBe((next.only.log.lastSequenceNumber + 1) * CHUNK);
    await expectReadable(next.only.log);
    await next.dispose();
  });

  test("is durable again when there is room: everything since is on the disk, refused input included", async () => {
    const life = await beginOnSmallDisk(DISK_BYTES - 600 * 1024);
    const log = await life.create();
    print(log, 900 * 1024);
    log.appendSent(key(0), noop);
    log.appendMark({ kind: "size", cols: 132, rows: 43 });
    life.clock.advance(DISK_RETRY_MS);
    expect(life.durable).toEqual(["ENOSPC"]);
    unlinkSync(`${life.dataDir}/ballast`);
    life.clock.advance(DISK_RETRY_MS);
    expect(life.durable).toEqual(["ENOSPC", "durable"]);
    print(log, 10 * 1024);
    const next = await life.next();
    expect(next.damage).toEqual([]);
    expect(next.only.log.oldestOffset).toBe(0);
    expect(next.only.log.headOffset).toBe(910 * 1024);
    expect(next.only.log.sizeAt(910 * 1024).cols).toBe(132);
    expect(next.only.keeper?.channel.unacknowledged).toHaveLength(1);
    expect(next.only.keeper?.channel.nextIncomingNumber).toBe(910);
    await expectReadable(next.only.log);
    await next.dispose();
  });

  test("during a flood memory stays bounded, the oldest output goes, its files too, and storing begins again", async () => {
    const life = await beginOnSmallDisk(DISK_BYTES - 1_500 * 1024);
    const log = await life.create();
    const start = log.cursorAtOldest();
    print(log, 5 * 1024 * 1024);
    expect(log.isDurable).toBe(false);
    expect(life.logs.usage.ringBytes).toBeLessThan(RING_BUSY_BYTES + 256 * 1024);
    expect(log.headOffset - log.oldestOffset).toBeLessThan(RING_BUSY_BYTES + 256 * 1024);
    expect(await readOnce(log, start, 10)).toEqual({ kind: "dropped" });
    await expectReadable(log);
    life.clock.advance(DISK_RETRY_MS);
    expect(log.isDurable).toBe(true);
    print(log, 10 * 1024);
    const next = await life.next();
    expect(next.damage).toEqual([]);
    expect(next.only.lostOutput).toBe(false);
    expect(next.only.log.oldestOffset).toBe(log.oldestOffset);
    expect(next.only.keeper?.channel.nextIncomingNumber).toBe(5 * 1024 + 10);
    await expectReadable(next.only.log);
    await next.dispose();
  });

  test("does not keep a session from ending, nor its log from being deleted", async () => {
    const life = await beginOnSmallDisk(DISK_BYTES - 600 * 1024);
    const log = await life.create();
    print(log, 900 * 1024);
    log.appendMark({ kind: "end", end: { by: "shell", at: life.clock.nowMs() } });
    log.writeOut();
    expect(log.end?.by).toBe("shell");
    truncateSync(`${life.dataDir}/ballast`, 0);
    life.clock.advance(DISK_RETRY_MS);
    expect(log.isDurable).toBe(true);
    await until(() => life.files("keeper").length === 0 && !life.hasUnstoredMark);
    await life.logs.delete(SESSION);
    expect(existsSync(life.directory())).toBe(false);
    expect(life.logs.usage.diskBytes).toBe(0);
  });

  test("refuses a new session whose log would not be stored from its first byte on, and leaves nothing of it", async () => {
    const life = await beginOnSmallDisk(DISK_BYTES);
    await expect(life.create()).rejects.toMatchObject({ code: "STORAGE_FULL" });
    expect(existsSync(life.directory())).toBe(false);
    expect(life.logs.usage).toEqual({ diskBytes: 0, ringBytes: 0, notDurable: 0 });
  });

  test("keeps the checkpoint there is, whole, and nothing of the one that found no room; the log goes on", async () => {
    const life = await beginOnSmallDisk(DISK_BYTES - 1_200 * 1024);
    const log = await life.create();
    print(log, 100 * 1024);
    const facts = { offset: 50 * 1024, cols: 80, rows: 24, linesSinceMissing: null };
    const first = Buffer.alloc(400 * 1024, "first ");
    await log.checkpoints.save(facts, first);
    const { diskBytes } = life.logs.usage;
    const save = log.checkpoints.save({ ...facts, offset: 90 * 1024 }, Buffer.alloc(900 * 1024, "second "));
    await expect(save).rejects.toMatchObject({ code: "ENOSPC" });
    expect(readdirSync(life.directory()).filter((file) => file.startsWith("checkpoint"))).toEqual([
      "checkpoint-00000001",
    ]);
    expect(life.logs.usage.diskBytes).toBe(diskBytes);
    const { newest } = log.checkpoints;
    if (newest === undefined) throw new Error("there is no checkpoint");
    const reading = log.checkpoints.read(newest);
    const parts: Uint8Array[] = [];
    for (let part = await reading.next(); part !== undefined; part = await reading.next()) parts.push(part);
    reading.close();
    expect(Buffer.concat(parts).equals(first)).toBe(true);

    print(log, 50 * 1024); // the room that the half written one took is there again
    expect(log.isDurable).toBe(true);
    unlinkSync(`${life.dataDir}/ballast`);
    await log.checkpoints.save({ ...facts, offset: 90 * 1024 }, Buffer.alloc(900 * 1024, "second "));
    expect(log.checkpoints.newest).toMatchObject({ offset: 90 * 1024 });
  });
});
