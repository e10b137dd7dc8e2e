import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { ChannelStateName } from "@causeway/wire-contract/sessions";
import { beforeEach, expect, test } from "vitest";
import { FakeClock } from "../../platform/fake-clock.ts";
import { PASSING_TROUBLE_MS, ToldCondition } from "./told-condition.ts";

let clock: FakeClock;
let condition: ToldCondition;
let told: string[];
const set = (channel: ChannelStateName, reason?: ErrorCode) => condition.set({ channel, reason });
beforeEach(() => {
  clock = new FakeClock();
  told = [];
  condition = new ToldCondition(clock, ({ channel, reason }) => told.push([channel, reason].filter(Boolean).join(" ")));
  set("handshaking");
  set("open");
  told = [];
});

test("a trouble that passes in time is not told, nor is its end", () => {
  set("lost");
  clock.advance(PASSING_TROUBLE_MS - 1);
  set("open");
  set("paused");
  clock.advance(PASSING_TROUBLE_MS - 1);
  set("open");
  clock.advance(60_000);
  expect(told).toEqual([]);
});

test("one that lasts is told as it is by then, counted from its beginning", () => {
  set("lost");
  clock.advance(PASSING_TROUBLE_MS - 1);
  set("lost", "AWS_UNREACHABLE");
  clock.advance(1);
  expect(told).toEqual(["lost AWS_UNREACHABLE"]);
  set("lost", "AWS_THROTTLED");
  set("paused");
  set("open");
  expect(told.slice(1)).toEqual(["lost AWS_THROTTLED", "paused", "open"]);
});

test("what does not pass by itself is told at once", () => {
  set("lost");
  set("lost", "CREDENTIALS_EXPIRED");
  expect(told).toEqual(["lost CREDENTIALS_EXPIRED"]);
  clock.advance(PASSING_TROUBLE_MS);
  expect(told).toHaveLength(1);
});

test("a silent instance on an open channel is told at once, and nothing is told twice", () => {
  set("open", "INSTANCE_SILENT");
  set("open", "INSTANCE_SILENT");
  set("open");
  expect(told).toEqual(["open INSTANCE_SILENT", "open"]);
});

test("after the end nothing is told, and no timer is left", () => {
  set("lost");
  condition.close();
  clock.advance(PASSING_TROUBLE_MS);
  expect([told, clock.pendingTimers]).toEqual([[], 0]);
});
