import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { KEY, until } from "../testing/file-log-harness.ts";
import { append, begin, restart } from "../testing/log-lives.ts";
import type { CheckpointReading } from "./checkpoint-store.ts";

const BYTES = Buffer.from(Array.from({ length: 100_000 }, (_, n) => n % 251));
const FACTS = { offset: 900, cols: 80, rows: 24, linesSinceMissing: null };

async function all(reading: CheckpointReading): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (let part = await reading.next(); part !== undefined; part = await reading.next()) parts.push(part);
  reading.close();
  return Buffer.concat(parts);
}
const checkpointsIn = (directory: string) => readdirSync(directory).filter((file) => file.startsWith("checkpoint"));

async function withCheckpoint() {
  const life = await begin();
  const log = await life.create();
  append(log, "x".repeat(1000));
  log.writeOut();
  await log.checkpoints.save(FACTS, BYTES);
  return { life, log };
}

test("a checkpoint is read back byte for byte, also by the next process after kill -9", async () => {
  const { life, log } = await withCheckpoint();
  const { newest } = log.checkpoints;
  expect(newest).toEqual({ ...FACTS, number: 1, bytes: BYTES.length });
  expect((await all(log.checkpoints.read(newest as never))).equals(BYTES)).toBe(true);
  const next = (await restart(life)).only.log;
  expect(next.checkpoints.newest).toEqual(newest);
  expect((await all(next.checkpoints.read(newest as never))).equals(BYTES)).toBe(true);
});

test("it lies encrypted in a file that only the server's user may read", async () => {
  const { life } = await withCheckpoint();
  const path = `${life.directory()}/checkpoint-00000001`;
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path).includes(BYTES.subarray(0, 16))).toBe(false);
  expect(KEY.length).toBe(32);
});

test("the newest takes the place of the one before, which whoever reads it reads to its end", async () => {
  const { life, log } = await withCheckpoint();
  const reading = log.checkpoints.read(log.checkpoints.newest as never);
  const first = await reading.next();
  await log.checkpoints.save({ ...FACTS, offset: 950 }, Buffer.from("second"));
  expect(log.checkpoints.newest).toMatchObject({ number: 2, offset: 950 });
  await until(() => checkpointsIn(life.directory()).length === 1);
  expect(Buffer.concat([first as Uint8Array, await all(reading)]).equals(BYTES)).toBe(true);
});

test("what it takes on the disk counts for the data directory, and goes with the session's log", async () => {
  const { life, log } = await withCheckpoint();
  const onDisk = () =>
    readdirSync(life.directory()).reduce((sum, file) => sum + statSync(`${life.directory()}/${file}`).size, 0);
  expect(life.logs.usage.diskBytes).toBe(onDisk());
  expect(onDisk()).toBeGreaterThan(BYTES.length);
  await log.checkpoints.save({ ...FACTS, offset: 950 }, BYTES.subarray(0, 10));
  await until(() => checkpointsIn(life.directory()).length === 1);
  expect(life.logs.usage.diskBytes).toBe(onDisk());
  await life.logs.delete("AAAAAAAAAAAAAAAAAAAAAA");
  expect(life.logs.usage.diskBytes).toBe(0);
  expect(existsSync(life.directory())).toBe(false);
  await log.checkpoints.save(FACTS, BYTES); // came too late: nothing is written any more
  expect(existsSync(life.directory())).toBe(false);
});

test("closing waits for one that is being written, which the next process finds; what comes later is not written", async () => {
  const { life, log } = await withCheckpoint();
  let isSaved = false;
  const save = log.checkpoints.save({ ...FACTS, offset: 950 }, BYTES).then(() => {
    isSaved = true;
  });
  await new Promise((resolve) => setImmediate(resolve)); // it is being written, not only waiting for its turn
  const waiting = log.checkpoints.save({ ...FACTS, offset: 980 }, BYTES);
  await life.logs.close();
  expect(isSaved).toBe(true);
  await Promise.all([save, waiting]);
  expect(checkpointsIn(life.directory())).toEqual(["checkpoint-00000002"]);
  expect((await restart(life)).only.log.checkpoints.newest).toMatchObject({ offset: 950 });
});

test("a restart ignores one whose writing did not come to its end, and clears it away", async () => {
  const { life } = await withCheckpoint();
  const next = await life.next({}, (directory) => {
    writeFileSync(`${directory}/checkpoint-00000007.new`, readFileSync(`${directory}/checkpoint-00000001`));
    writeFileSync(`${directory}/checkpoint-00000006`, "torn");
  });
  expect(next.only.log.checkpoints.newest).toMatchObject({ number: 1 });
  expect(checkpointsIn(next.directory())).toEqual(["checkpoint-00000001"]);
  await next.only.log.checkpoints.save(FACTS, BYTES);
  expect(next.only.log.checkpoints.newest).toMatchObject({ number: 8 });
  await next.dispose();
});

test("a restart does not believe one that was cut, that is of another session, or of output that was never stored", async () => {
  const { life } = await withCheckpoint();
  for (const change of [
    (directory: string) => truncateSync(`${directory}/checkpoint-00000001`, 90_000),
    (directory: string) => {
      const bytes = readFileSync(`${directory}/checkpoint-00000001`);
      bytes.writeUInt8((bytes[60] ?? 0) ^ 1, 60);
      writeFileSync(`${directory}/checkpoint-00000001`, bytes);
    },
  ]) {
    const next = await life.next({}, change);
    expect(next.only.log.checkpoints.newest).toBeUndefined();
    expect(checkpointsIn(next.directory())).toEqual([]);
    await next.dispose();
  }
  await life.logs.get("AAAAAAAAAAAAAAAAAAAAAA")?.checkpoints.save({ ...FACTS, offset: 1001 }, BYTES);
  expect((await restart(life)).only.log.checkpoints.newest).toBeUndefined();
});

test("a reader of one that was changed on the disk is told, and gets nothing of what is wrong", async () => {
  const { life, log } = await withCheckpoint();
  const path = `${life.directory()}/checkpoint-00000001`;
  const bytes = readFileSync(path);
  bytes.writeUInt8((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1);
  writeFileSync(path, bytes);
  const read = await all(log.checkpoints.read(log.checkpoints.newest as never));
  expect(read.equals(BYTES.subarray(0, 3 * 32 * 1024))).toBe(true);
});

test("an open that fails leaves the old checkpoint", async () => {
  const { life, log } = await withCheckpoint();
  writeFileSync(`${life.directory()}/checkpoint-00000002.new`, "in the way");
  await expect(log.checkpoints.save({ ...FACTS, offset: 950 }, BYTES)).rejects.toMatchObject({ code: "EEXIST" });
  expect(log.checkpoints.newest).toMatchObject({ number: 1 });
  expect((await all(log.checkpoints.read(log.checkpoints.newest as never))).equals(BYTES)).toBe(true);
});

test("output that no checkpoint covers is held by whoever guards it, up to a quarter more than is kept", async () => {
  const keepBytes = 1024 * 1024;
  const life = await begin({ settings: { keepBytes, ringBytesMax: 1 } });
  const log = await life.create();
  const asked: number[] = [];
  log.checkpoints.guard = (offset) => {
    asked.push(offset);
    return false;
  };
  const chunk = "h".repeat(8 * 1024);
  while (asked.length === 0) append(log, chunk);
  while (log.oldestOffset === 0) append(log, chunk);
  expect(log.headOffset).toBeGreaterThan(1.1 * keepBytes);
  expect(log.headOffset).toBeLessThan(1.3 * keepBytes);
  await log.checkpoints.save({ ...FACTS, offset: log.headOffset }, BYTES);
  append(log, chunk.repeat(8)); // so much is written at once
  expect(log.headOffset - log.oldestOffset).toBeLessThanOrEqual(keepBytes);
});
