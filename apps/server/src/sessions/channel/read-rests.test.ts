import { expect, test } from "vitest";
import { FakeClock } from "../../platform/fake-clock.ts";
import { FLOOD_READ_BYTES, READS_IN_A_ROW, REST_MS, ReadRests, ReadRhythm } from "./read-rests.ts";

const MESSAGE_BYTES = 1_150;

/** @returns of reads at these moments, which are followed by a rest */
function rests(atMs: readonly number[], bytes = MESSAGE_BYTES): boolean[] {
  const rhythm = new ReadRhythm();
  return atMs.map((nowMs) => rhythm.wantsRest(bytes, nowMs));
}

test("a channel that brings a message each millisecond rests after each read, from the fourth on", () => {
  expect(READS_IN_A_ROW).toBe(4);
  expect(rests([0, 1, 2, 3, 8, 13])).toEqual([false, false, false, true, true, true]);
});

test("a key's acknowledgement, its echo and a prompt are read without a rest, however fast somebody types", () => {
  const keysMs = [0, 30, 60, 90].flatMap((atMs) => [atMs, atMs + 1, atMs + 3]);
  expect(rests(keysMs)).not.toContain(true);
});

test("who fell silent for two rests is read at once again", () => {
  expect(rests([0, 1, 2, 3, 3 + 2 * REST_MS + 1])).toEqual([false, false, false, true, false]);
});

test("a flood does not rest: there is more to read already", () => {
  expect(rests([0, 1, 2, 3, 4, 5], FLOOD_READ_BYTES)).not.toContain(true);
});

test("all channels that rest go on together, on one timer, and none runs when nobody rests", () => {
  const clock = new FakeClock();
  const reads = new ReadRests(clock);
  const wentOn: string[] = [];
  reads.rest(() => wentOn.push("a"));
  clock.advance(REST_MS - 1);
  reads.rest(() => wentOn.push("b"));
  expect(clock.pendingTimers).toBe(1);
  expect(wentOn).toEqual([]);
  clock.advance(1);
  expect(wentOn).toEqual(["a", "b"]);
  expect(clock.pendingTimers).toBe(0);
});

test("a channel rests once however often it is said, and one that closes does not go on", () => {
  const clock = new FakeClock();
  const reads = new ReadRests(clock);
  let wentOn = 0;
  const goOn = () => wentOn++;
  reads.rest(goOn);
  reads.rest(goOn);
  clock.advance(REST_MS);
  expect(wentOn).toBe(1);
  reads.rest(goOn);
  reads.cancel(goOn);
  clock.advance(REST_MS);
  expect(wentOn).toBe(1);
});
