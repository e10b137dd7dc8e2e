import { beforeEach, expect, test } from "vitest";
import { FakeClock } from "../../platform/fake-clock.ts";
import { InputReceipts, RECEIPT_WITHIN_MS } from "./input-receipts.ts";

let clock: FakeClock;
let told: string[];
let receipts: InputReceipts;

beforeEach(() => {
  clock = new FakeClock();
  told = [];
  receipts = new InputReceipts(clock, (streamId) => told.push(streamId));
});

test("a page is told once a tick, however much of its input was stored meanwhile", () => {
  receipts.note("a");
  receipts.note("a");
  receipts.note("b");
  expect(told).toEqual([]);
  clock.advance(RECEIPT_WITHIN_MS);
  expect(told).toEqual(["a", "b"]);
});

test("a flush tells at once, and the timer nothing more", () => {
  receipts.note("a");
  receipts.flush();
  expect(told).toEqual(["a"]);
  clock.advance(10 * RECEIPT_WITHIN_MS);
  expect(told).toEqual(["a"]);
});

test("input of no page is told to nobody, and without input no timer runs", () => {
  receipts.note(undefined);
  receipts.flush();
  clock.advance(RECEIPT_WITHIN_MS);
  expect(told).toEqual([]);
});
