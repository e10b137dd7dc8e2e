/** Who may slow a shell, and for how long (architecture §3.2): whole sessions, with a clock that the test moves. */
import { READER_CREDIT_BYTES } from "@causeway/wire-contract/terminal-frames";
import { beforeEach, expect, test } from "vitest";
import { MOVE_BEHIND_BYTES } from "./readers/attach-point.ts";
import { DRIVER_BEHIND_BYTES_MAX, DRIVER_PAUSE_MAX_MS, DRIVER_SILENCE_MAX_MS } from "./readers/driver-pace.ts";
import { FakePage, SessionHarness } from "./testing/session-harness.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const PROMPT_BYTES = "$ ".length;

let harness: SessionHarness;
beforeEach(async () => {
  harness = new SessionHarness();
  await harness.start();
});
const agent = () => harness.aws.last;
const isPaused = () => harness.dialer.readsPaused;

function print(bytes: number): void {
  agent().print(Buffer.alloc(bytes, "a line of a build\r\n"));
}

/** A page that shows what it is sent and never says so. */
function silentPage(options: Parameters<SessionHarness["attach"]>[1] = {}): FakePage {
  const page = new FakePage();
  page.acknowledges = false;
  return harness.attach(page, options);
}

/** Moves time until reading goes on. @returns for how long it stood still, in milliseconds, give or take 50 */
async function pauseMs(limitMs: number, each: (passedMs: number) => void = () => {}): Promise<number> {
  const sinceMs = harness.clock.nowMs();
  while (isPaused() && harness.clock.nowMs() - sinceMs < limitMs) {
    harness.clock.advance(50);
    each(harness.clock.nowMs() - sinceMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return harness.clock.nowMs() - sinceMs;
}

/** Prints more than the window of a page that drives and has stopped reading. */
async function fillWindow(): Promise<void> {
  print(2 * READER_CREDIT_BYTES);
  for (let passedMs = 0; passedMs < 1_000 && !isPaused(); passedMs += 50) await harness.pass(50);
  expect(isPaused()).toBe(true);
}

test("with nobody attached a build is read as fast as it comes", async () => {
  print(3 * MIB);
  let wasPaused = false;
  for (let turn = 0; turn < 20; turn++) {
    await harness.pass(50);
    wasPaused ||= isPaused();
  }
  expect(wasPaused).toBe(false);
  expect(agent().unsentBytes).toBe(0);
  const late = harness.attach(new FakePage());
  await harness.pass(500);
  expect(late.output.length).toBe(3 * MIB + PROMPT_BYTES);
});

test("a hidden tab never slows a build, also when it is the only one, typed last, and has stopped reading", async () => {
  const page = silentPage();
  page.type("make\r");
  page.attachment?.setVisible(false);
  await harness.settle();
  print(3 * MIB);
  let wasPaused = false;
  for (let turn = 0; turn < 40; turn++) {
    await harness.pass(50);
    wasPaused ||= isPaused();
  }
  expect(wasPaused).toBe(false);
  expect(agent().unsentBytes).toBe(0);
  expect(page.output.length).toBe(READER_CREDIT_BYTES);
});

test("what a driver has not parsed is less than a window, what the log holds for it included: reading stops before", async () => {
  const page = silentPage();
  for (let printed = 0; printed < 2 * READER_CREDIT_BYTES && !isPaused(); printed += 8 * KIB) {
    print(8 * KIB);
    await harness.settle();
  }
  expect(isPaused()).toBe(true);
  print(READER_CREDIT_BYTES);
  await harness.settle();
  const head = harness.logs.logs.get(harness.sessionId)?.headOffset ?? 0;
  expect(head).toBeGreaterThan(DRIVER_BEHIND_BYTES_MAX - 8 * KIB);
  expect(head).toBeLessThan(DRIVER_BEHIND_BYTES_MAX + 8 * KIB);
  expect(page.offset).toBe(head);
});

test("a tab that is hidden while the build waits for it lets it go on at that moment", async () => {
  const page = silentPage();
  await fillWindow();
  page.attachment?.setVisible(false);
  expect(isPaused()).toBe(false);
  page.attachment?.setVisible(true);
  expect(isPaused()).toBe(true);
  page.attachment?.detach();
  expect(isPaused()).toBe(false);
});

test("a driver that says nothing slows a build for two seconds, then no more until it has caught up", async () => {
  const page = silentPage();
  await fillWindow();
  const paused = await pauseMs(DRIVER_PAUSE_MAX_MS);
  expect(paused).toBeLessThanOrEqual(DRIVER_SILENCE_MAX_MS + 50);
  expect(paused).toBeGreaterThan(DRIVER_SILENCE_MAX_MS - 200); // the window was full a little before
  print(2 * MIB);
  await harness.pass(2_000);
  expect(isPaused()).toBe(false);
  expect(agent().unsentBytes).toBe(0);

  page.acknowledges = true;
  page.attachment?.acknowledge(page.offset);
  await harness.pass(500);
  page.acknowledges = false;
  await fillWindow();
});

test("a driver that says a little now and then slows a build for ten seconds, then no more until it has caught up", async () => {
  const page = silentPage();
  await fillWindow();
  let acknowledged = 0;
  const paused = await pauseMs(2 * DRIVER_PAUSE_MAX_MS, (passedMs) => {
    if (passedMs % 1_000 === 0) page.attachment?.acknowledge(++acknowledged);
  });
  expect(acknowledged).toBeGreaterThanOrEqual(8);
  expect(paused).toBeLessThanOrEqual(DRIVER_PAUSE_MAX_MS + 50);
  expect(paused).toBeGreaterThan(DRIVER_PAUSE_MAX_MS - 200);
  print(MIB);
  await harness.pass(1_000);
  expect(agent().unsentBytes).toBe(0);
});

test("a viewer who fell behind is moved to a checkpoint, while the driver reads everything without a break", async () => {
  const viewer = silentPage();
  const driver = harness.attach(new FakePage());
  driver.type("make\r");
  await harness.settle();
  const before = driver.output.length;
  print(READER_CREDIT_BYTES + MOVE_BEHIND_BYTES + MIB);
  await harness.pass(2_000);
  expect(isPaused()).toBe(false);
  expect(viewer.output.length).toBe(READER_CREDIT_BYTES);
  const log = harness.logs.logs.get(harness.sessionId);
  if (log === undefined) throw new Error("there is no log");
  const offset = log.headOffset - 10;
  const checkpoint = Buffer.alloc(40 * KIB, "screen");
  await log.checkpoints.save({ offset, cols: 80, rows: 24, linesSinceMissing: null }, checkpoint);
  expect(viewer.last("reset")).toBeUndefined(); // not while it is stalled

  viewer.acknowledges = true;
  viewer.attachment?.acknowledge(READER_CREDIT_BYTES);
  await harness.pass(200);
  expect(viewer.last("reset")).toMatchObject({ offset, checkpoint: { bytes: checkpoint.length } });
  expect(viewer.checkpoint.equals(checkpoint)).toBe(true);
  expect(viewer.offset).toBe(log.headOffset);
  expect(viewer.output.length).toBe(READER_CREDIT_BYTES + 10);
  expect(viewer.messages).not.toContainEqual({ type: "notice", code: "OUTPUT_NOT_KEPT" });
  expect(driver.last("reset")).toBeUndefined();
  expect(driver.output.length - before).toBe(READER_CREDIT_BYTES + MOVE_BEHIND_BYTES + MIB);
});
