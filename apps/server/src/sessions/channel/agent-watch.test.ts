import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import { beforeEach, expect, test } from "vitest";
import { FakeClock } from "../../platform/fake-clock.ts";
import { AGENT_SILENT_AFTER_MS, AgentWatch, INSTANCE_ASKED_EVERY_MS } from "./agent-watch.ts";

let clock: FakeClock;
let watch: AgentWatch;
let waiting: { messages: number; oldestSentAtMs: number | undefined };
let finding: ErrorCode | undefined;
let asked: number;
let changes: (ErrorCode | undefined)[];
beforeEach(() => {
  clock = new FakeClock();
  waiting = { messages: 0, oldestSentAtMs: undefined };
  finding = undefined;
  asked = 0;
  changes = [];
  watch = new AgentWatch({
    clock,
    unacknowledged: () => waiting,
    instanceProblem: async () => {
      asked++;
      return finding;
    },
    onChange: () => changes.push(watch.problem),
  });
  watch.handleLink(true);
});

function send(): void {
  waiting = { messages: waiting.messages + 1, oldestSentAtMs: waiting.oldestSentAtMs ?? clock.nowMs() };
  watch.handleSent();
}
function acknowledge(oldestSentAtMs?: number): void {
  waiting = { messages: oldestSentAtMs === undefined ? 0 : waiting.messages - 1, oldestSentAtMs };
  watch.handleAcknowledged();
}
async function pass(milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 500) {
    clock.advance(500);
    await Promise.resolve();
  }
}

test("silence counts from the moment the oldest left, to the millisecond, whenever that was", () => {
  clock.advance(7_000);
  send();
  clock.advance(9_000);
  send();
  clock.advance(AGENT_SILENT_AFTER_MS - 9_000 - 1);
  expect(watch.problem).toBeUndefined();
  clock.advance(1);
  expect(changes).toEqual(["INSTANCE_SILENT"]);
});

test("an agent that is slow but acknowledges something now and then is not silent", () => {
  send();
  for (let n = 0; n < 20; n++) {
    send();
    clock.advance(AGENT_SILENT_AFTER_MS - 1_000);
    acknowledge(waiting.oldestSentAtMs);
  }
  expect(changes).toEqual([]);
});

test("one acknowledgement takes it back, and the next silence is found again", async () => {
  send();
  send();
  await pass(AGENT_SILENT_AFTER_MS);
  acknowledge(clock.nowMs());
  await pass(AGENT_SILENT_AFTER_MS);
  expect(changes).toEqual(["INSTANCE_SILENT", undefined, "INSTANCE_SILENT"]);
});

test("while we read nothing ourselves the agent is not judged, and it has its whole time afterwards", () => {
  send();
  clock.advance(10_000);
  watch.handleReading(false);
  clock.advance(60_000);
  watch.handleReading(true);
  clock.advance(AGENT_SILENT_AFTER_MS - 1);
  expect(changes).toEqual([]);
  clock.advance(1);
  expect(changes).toEqual(["INSTANCE_SILENT"]);
});

test("a message that has not left yet says nothing about the agent", () => {
  waiting = { messages: 1, oldestSentAtMs: undefined };
  watch.handleSent();
  clock.advance(10 * AGENT_SILENT_AFTER_MS);
  expect(changes).toEqual([]);
});

test("AWS is asked about the instance at most once a minute, also when trouble comes and goes", async () => {
  for (let minute = 0; minute < 10; minute++) {
    send();
    await pass(AGENT_SILENT_AFTER_MS);
    acknowledge();
    await pass(INSTANCE_ASKED_EVERY_MS / 2 - AGENT_SILENT_AFTER_MS);
  }
  expect(asked).toBeLessThanOrEqual(5);
  expect(asked).toBeGreaterThanOrEqual(3);
});

test("what AWS says comes and goes with the trouble", async () => {
  finding = "INSTANCE_STOPPED";
  watch.handleAway(true);
  await pass(1_000);
  finding = undefined;
  await pass(INSTANCE_ASKED_EVERY_MS);
  watch.handleAway(false);
  expect(changes).toEqual(["INSTANCE_STOPPED", undefined]);
  expect([asked, clock.pendingTimers]).toEqual([2, 0]);
});

test("after the end no timer is left, and an answer that is under way changes nothing", async () => {
  finding = "INSTANCE_STOPPED";
  send();
  watch.handleAway(true);
  watch.close();
  await pass(AGENT_SILENT_AFTER_MS);
  expect([changes, clock.pendingTimers]).toEqual([[], 0]);
});
