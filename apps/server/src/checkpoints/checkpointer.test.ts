/** When checkpoints are made and what of, over real logs in files; the model is the real one, without its thread. */
import { CHECKPOINT_SCROLLBACK_LINES, restoreModel, TerminalModel } from "@causeway/terminal-checkpoint";
import { afterEach, expect, test } from "vitest";
import { createLog } from "../platform/logger.ts";
import { createMetrics } from "../platform/metrics.ts";
import { LogLife, SESSION, until } from "../sessions/testing/file-log-harness.ts";
import { bytesOf } from "../sessions/testing/log-lives.ts";
import { SCROLLBACK_LINES, SLICE_BYTES } from "./checkpoint-job.ts";
import { checkpointMetrics } from "./checkpoint-metrics.ts";
import { REST_MS, VOLUME_BYTES, WORTH_BYTES_MIN } from "./checkpoint-need.ts";
import { Checkpointer, JOB_BYTES_MAX, SCREEN_SHARED_MS, SCREENS_WAITING_MAX } from "./checkpointer.ts";
import { FollowedSession, HOLD_MS, RETRY_AFTER_MS } from "./followed-session.ts";
import { InlineWorker, POISON } from "./testing/inline-worker.ts";

const MIB = 1024 * 1024;
const KEEP_BYTES = 64 * MIB;
const lives: LogLife[] = [];
afterEach(async () => {
  for (const life of lives.splice(0)) await life.dispose();
});

async function bench(keepBytes = KEEP_BYTES, dataOf?: LogLife) {
  const settings = { keepBytes };
  const life = dataOf === undefined ? await LogLife.begin({ settings }) : await dataOf.next({ settings });
  lives.push(life);
  const worker = new InlineWorker();
  const metrics = createMetrics();
  const checkpointer = new Checkpointer({
    worker,
    clock: life.clock,
    log: createLog("silent", () => {}),
    metrics: checkpointMetrics(metrics),
    keepBytes,
  });
  const log = dataOf === undefined ? await life.create() : life.only.log;
  const maker = checkpointer.follow(SESSION, log);
  const print = (text: string) => {
    log.appendReceived(log.lastSequenceNumber + 1, Buffer.from(text), () => {});
    maker.handleOutput(false);
  };
  const flood = (bytes: number) => {
    for (let printed = 0; printed < bytes; printed += LINES.length) print(LINES);
  };
  /** Everything that was set in motion has come to its end. */
  const made = (count: number) => until(() => log.checkpoints.newest?.number === count);
  return { life, worker, metrics, checkpointer, log, maker, print, flood, made };
}
const LINES = `${"a line of a build, with some words in it, as there are many\r\n".repeat(512)}`;

const REDRAWN = "\u001b[Hcpu 12 %, memory 34 %\u001b[K".repeat(1_024);

/** Lets whatever could be done be done. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}

test("output that rests gets a checkpoint, which brings a terminal to the screen that all of it makes", async () => {
  const { life, log, print, flood, made, worker } = await bench();
  flood(WORTH_BYTES_MIN);
  log.appendMark({ kind: "size", cols: 100, rows: 30 });
  print("\u001b[1;31mdana\u001b[m@checkout:~$ \u001b[?2004h");
  life.clock.advance(REST_MS - 1);
  await settle();
  expect(worker.begun).toBe(0);
  life.clock.advance(REST_MS);
  await made(1);
  const { newest } = log.checkpoints;
  expect(newest).toMatchObject({ cols: 100, rows: 30, linesSinceMissing: null });
  expect(newest?.offset).toBeLessThan(log.headOffset);
  expect(worker.largestSliceBytes).toBeLessThanOrEqual(SLICE_BYTES);
  await expectSameScreen(log, [
    LINES.repeat(Math.ceil(WORTH_BYTES_MIN / LINES.length)),
    "\u001b[1;31mdana\u001b[m@checkout:~$ \u001b[?2004h",
  ]);
});

async function expectSameScreen(log: Awaited<ReturnType<typeof bench>>["log"], parts: readonly [string, string]) {
  const { newest } = log.checkpoints;
  if (newest === undefined) throw new Error("there is no checkpoint");
  const stored: Uint8Array[] = [];
  const reading = log.checkpoints.read(newest);
  for (let part = await reading.next(); part !== undefined; part = await reading.next()) stored.push(part);
  reading.close();
  const restored = await restoreModel(Buffer.concat(stored), newest.cols, newest.rows);
  await restored.write(Buffer.from(parts.join("")).subarray(newest.offset));
  const expected = new TerminalModel({ cols: 80, rows: 24 });
  await expected.write(Buffer.from(parts[0]));
  expected.resize(100, 30);
  await expected.write(Buffer.from(parts[1]));
  expect(restored.describe()).toEqual(expected.describe());
}

test("what is handed to the worker stays the log's own: readers read it as before", async () => {
  const { life, log, flood, print, made } = await bench();
  flood(WORTH_BYTES_MIN);
  life.clock.advance(REST_MS);
  await made(1);
  print("$ ");
  const printed = LINES.repeat(Math.ceil(WORTH_BYTES_MIN / LINES.length));
  expect((await bytesOf(log)) === `${printed}$ `).toBe(true);
});

test("a short session never costs the worker anything, however long it rests", async () => {
  const { life, worker, print } = await bench();
  print("$ ls\r\n");
  print("x".repeat(WORTH_BYTES_MIN - 100));
  life.clock.advance(100 * REST_MS);
  await settle();
  expect(worker.begun).toBe(0);
  expect(life.clock.pendingTimers).toBeLessThan(5);
});

test("output that never rests gets a checkpoint by volume, and the next one goes on from it", async () => {
  const { flood, made, worker } = await bench();
  flood(VOLUME_BYTES);
  await made(1);
  const fed = worker.fedBytes;
  flood(VOLUME_BYTES);
  await made(2);
  expect(worker.fedBytes - fed).toBeLessThan(1.2 * VOLUME_BYTES);
});

test("after a checkpoint that nobody waits for the worker rests three times as long as it worked", async () => {
  const { life, flood, made, worker, maker } = await bench();
  worker.cpuMsPerJob = 400;
  flood(VOLUME_BYTES);
  await made(1);
  flood(VOLUME_BYTES);
  life.clock.advance(1_199);
  await settle();
  expect(worker.begun).toBe(1);
  life.clock.advance(1);
  await made(2);
  flood(MIB);
  maker.wantSoon(); // somebody waits
  await made(3);
});

test("a long way is gone in jobs of a bounded size", async () => {
  const { life, log, flood, worker, made } = await bench();
  worker.availableAtMs = life.clock.nowMs() + 5_000;
  flood(2 * JOB_BYTES_MAX);
  life.clock.advance(5_000);
  await made(1);
  expect(worker.fedBytes).toBeLessThanOrEqual(JOB_BYTES_MAX);
  await until(() => log.headOffset - (log.checkpoints.newest?.offset ?? 0) < VOLUME_BYTES);
});

test("before output goes a checkpoint is made, so that nothing is lost of the screen", async () => {
  const keepBytes = 4 * MIB;
  const { log, flood, life } = await bench(keepBytes);
  for (let n = 0; n < 40; n++) {
    flood(256 * 1024);
    log.writeOut();
    await until(() => log.headOffset - (log.checkpoints.newest?.offset ?? 0) <= keepBytes * 0.6);
  }
  expect(log.oldestOffset).toBeGreaterThan(0);
  expect(log.checkpoints.newest?.offset).toBeGreaterThanOrEqual(log.oldestOffset);
  expect(log.checkpoints.newest?.linesSinceMissing).toBeNull();
  expect(log.headOffset - log.oldestOffset).toBeLessThanOrEqual(1.3 * keepBytes);
  expect(life.damage).toEqual([]);
});

test("when none is ready within 5 s the oldest output goes without one, and later ones say that they lack it", async () => {
  const keepBytes = 4 * MIB;
  const { life, log, print, worker, metrics } = await bench(keepBytes);
  // The same few lines drawn again and again: a screen that lacks its beginning for ever.
  const redraw = (bytes: number) => {
    for (let printed = 0; printed < bytes; printed += REDRAWN.length) print(REDRAWN);
  };
  let open = () => {};
  worker.gate = new Promise((resolve) => {
    open = resolve;
  });
  redraw(keepBytes + 64 * 1024);
  log.writeOut();
  expect(log.oldestOffset).toBe(0);
  life.clock.advance(HOLD_MS);
  redraw(keepBytes);
  log.writeOut();
  expect(log.oldestOffset).toBeGreaterThan(0);
  expect(log.checkpoints.newest).toBeUndefined();
  open();
  await settle();
  life.clock.advance(10 * RETRY_AFTER_MS);
  await until(() => (log.checkpoints.newest?.offset ?? -1) >= log.oldestOffset);
  expect(log.checkpoints.newest?.linesSinceMissing).toBe(0);
  expect(await metrics.text()).toContain('causeway_checkpoints_made_total{why="room"}');
});

test("a worker that fails costs the session nothing: it is asked again later, with a growing delay", async () => {
  const { life, flood, made, worker, metrics, log } = await bench();
  worker.failures = 2;
  flood(VOLUME_BYTES);
  await until(() => worker.failures === 1);
  await settle();
  life.clock.advance(RETRY_AFTER_MS - 1);
  await settle();
  expect(worker.failures).toBe(1);
  life.clock.advance(1);
  await until(() => worker.failures === 0);
  await settle();
  life.clock.advance(2 * RETRY_AFTER_MS);
  await made(1);
  expect(await metrics.text()).toContain('causeway_checkpoints_failed_total{why="error"} 2');
  expect(log.isDurable).toBe(true);
});

test("a session that prints faster than the worker parses is asked again at the same distance, however often it outran it", async () => {
  const { life, flood, log } = await bench();
  let asked = 0;
  const session = new FollowedSession(SESSION, log, life.clock, KEEP_BYTES, () => asked++);
  flood(VOLUME_BYTES);
  session.handleOutput(false);
  expect(asked).toBe(1);
  for (let time = 1; time <= 5; time++) {
    session.handleBegun();
    session.handleFailed(true);
    life.clock.advance(RETRY_AFTER_MS - 1);
    expect(asked).toBe(time);
    life.clock.advance(1);
    expect(asked).toBe(time + 1);
  }
  session.close();
});

test("bytes that the emulator cannot take cost their session its checkpoint, and nobody else anything", async () => {
  const { life, print, flood, metrics, checkpointer, log, worker } = await bench();
  print(POISON);
  flood(VOLUME_BYTES);
  await until(() => worker.thrown === 1);
  await settle();
  expect(await metrics.text()).toContain('causeway_checkpoints_failed_total{why="error"} 1');
  const other = await life.create("other");
  const maker = checkpointer.follow("other", other);
  for (let printed = 0; printed < VOLUME_BYTES; printed += LINES.length) {
    other.appendReceived(other.lastSequenceNumber + 1, Buffer.from(LINES), () => {});
    maker.handleOutput(false);
  }
  await until(() => other.checkpoints.newest !== undefined);
  expect(log.checkpoints.newest).toBeUndefined();
  print("$ ");
  expect((await bytesOf(log)).endsWith("$ ")).toBe(true);
});

test("a checkpoint says that output is missing above it until so much has come that nothing is left of the place", async () => {
  expect(SCROLLBACK_LINES).toBe(CHECKPOINT_SCROLLBACK_LINES);
  const { life, log, print, flood, made } = await bench();
  flood(WORTH_BYTES_MIN);
  log.appendMark({ kind: "notice", code: "OUTPUT_NOT_KEPT", text: "AWS kept no more output." });
  const lines = LINES.split("\n").length - 2; // its last byte follows the checkpoint
  print(LINES);
  life.clock.advance(REST_MS);
  await made(1);
  expect(log.checkpoints.newest?.linesSinceMissing).toBe(lines);
  flood(WORTH_BYTES_MIN);
  life.clock.advance(REST_MS);
  await made(2);
  expect(log.checkpoints.newest?.linesSinceMissing).toBeGreaterThan(WORTH_BYTES_MIN / 80);
  flood(2 * SCROLLBACK_LINES * 30);
  life.clock.advance(REST_MS);
  await made(3);
  expect(log.checkpoints.newest?.linesSinceMissing).toBeNull();
});

test("after kill -9 the stored checkpoint is there at once, and what was not covered is made up for", async () => {
  const first = await bench();
  first.flood(VOLUME_BYTES);
  await first.made(1);
  first.flood(MIB);
  first.log.writeOut();
  const next = await bench(KEEP_BYTES, first.life);
  expect(next.log.checkpoints.newest).toEqual(first.log.checkpoints.newest);
  next.life.clock.advance(2 * REST_MS);
  await next.made(2);
  expect(next.worker.fedBytes).toBeLessThan(2 * MIB);
});

test("a session whose log is deleted is let go of, with whoever waits for its screen", async () => {
  const { life, worker, flood, checkpointer, log } = await bench();
  worker.availableAtMs = life.clock.nowMs() + 1_000;
  flood(VOLUME_BYTES);
  const screen = checkpointer.screenAt(SESSION, log.headOffset);
  const refused = expect(screen).rejects.toThrow(/closed/);
  await life.logs.delete(SESSION);
  await refused;
  life.clock.advance(60_000);
  await settle();
  expect(worker.begun).toBe(0);
  await expect(checkpointer.screenAt(SESSION, 0)).rejects.toThrow(/no such/);
});

test("a screen at a join offset shows the grid there and no scrollback, and tells where to go on", async () => {
  const { checkpointer, log, print, flood } = await bench();
  flood(WORTH_BYTES_MIN);
  log.appendMark({ kind: "size", cols: 60, rows: 12 });
  print("before \u001b[4mjoin");
  const joined = log.headOffset;
  log.appendMark({ kind: "size", cols: 70, rows: 14 });
  print("after");
  const screen = await checkpointer.screenAt(SESSION, joined);
  expect(screen).toMatchObject({ cols: 60, rows: 12, cursor: { offset: joined } });
  expect(log.read(screen.cursor, 100)).toMatchObject({ kind: "mark", mark: { kind: "size", cols: 70 } });
  const restored = await restoreModel(screen.bytes, 60, 12);
  const expected = new TerminalModel({ cols: 80, rows: 24 });
  await expected.write(Buffer.from(LINES.repeat(Math.ceil(WORTH_BYTES_MIN / LINES.length))));
  expected.resize(60, 12);
  await expected.write(Buffer.from("before \u001b[4mjoin"));
  expect(restored.describe("screen")).toEqual(expected.describe("screen"));
  expect(screen.bytes.length).toBeLessThan(10_000);
});

test("who joins within a second shares one screen; who comes later, or after a failure, gets a new one", async () => {
  const { life, checkpointer, log, print, worker } = await bench();
  print("hello");
  const [one, two] = [checkpointer.screenAt(SESSION, 5), checkpointer.screenAt(SESSION, 5)];
  expect(await one).toBe(await two);
  expect(worker.begun).toBe(1);
  life.clock.advance(SCREEN_SHARED_MS);
  print(" world");
  expect((await checkpointer.screenAt(SESSION, log.headOffset)).cursor.offset).toBe(11);
  life.clock.advance(SCREEN_SHARED_MS);
  worker.failures = 1;
  await expect(checkpointer.screenAt(SESSION, 11)).rejects.toThrow(/worker/);
  expect((await checkpointer.screenAt(SESSION, 11)).cursor.offset).toBe(11);
});

test("a screen goes before all checkpoints, and only so many may wait", async () => {
  const { life, checkpointer, worker, flood, print } = await bench();
  worker.availableAtMs = life.clock.nowMs() + 1_000;
  flood(VOLUME_BYTES);
  const waiting: Promise<unknown>[] = [];
  for (let n = 0; n < SCREENS_WAITING_MAX; n++) {
    const log = await life.create(`other-${n}`);
    checkpointer.follow(`other-${n}`, log);
    waiting.push(checkpointer.screenAt(`other-${n}`, 0));
  }
  print("more");
  await expect(checkpointer.screenAt(SESSION, 10)).rejects.toThrow(/too many/);
  life.clock.advance(1_000);
  await Promise.all(waiting);
  expect(worker.fedBytes).toBe(0); // empty screens only: the flood comes after them
  await until(() => worker.fedBytes >= VOLUME_BYTES);
});

test("closing drops what is under way and stops the thread", async () => {
  const { checkpointer, worker, log, flood } = await bench();
  const screen = expect(checkpointer.screenAt(SESSION, 0)).resolves.toBeDefined();
  await screen;
  worker.gate = new Promise(() => {});
  flood(VOLUME_BYTES);
  await checkpointer.close();
  await settle();
  expect(worker.isStopped).toBe(true);
  expect(log.checkpoints.newest).toBeUndefined();
});
