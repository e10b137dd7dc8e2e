import { expect, test } from "vitest";
import { SIZE_INTERVAL_MS, TerminalSizeSender } from "./terminal-size.ts";

const SMALL = { cols: 80, rows: 24 };
const LARGE = { cols: 132, rows: 43 };

test("the first size goes at once, and once", () => {
  const sender = new TerminalSizeSender();
  expect([sender.take(0), sender.timeoutMs]).toEqual([undefined, undefined]);
  sender.want(SMALL);
  expect([sender.take(0), sender.take(0), sender.take(1_000)]).toEqual([SMALL, undefined, undefined]);
});

test("of the sizes within 100 ms after one that was sent, only the last is sent, when they are over", () => {
  const sender = new TerminalSizeSender();
  sender.want(SMALL);
  sender.take(0);
  sender.want({ cols: 100, rows: 30 });
  sender.want(LARGE);
  expect([sender.take(SIZE_INTERVAL_MS - 1), sender.timeoutMs]).toEqual([undefined, SIZE_INTERVAL_MS]);
  expect([sender.take(SIZE_INTERVAL_MS), sender.timeoutMs]).toEqual([LARGE, undefined]);
});

test("a window that went back to the size the agent knows sends nothing", () => {
  const sender = new TerminalSizeSender();
  sender.want(SMALL);
  sender.take(0);
  sender.want(LARGE);
  sender.want(SMALL);
  expect([sender.take(1_000), sender.timeoutMs]).toEqual([undefined, undefined]);
});

test("after a restart the size the agent was told is not told again, another one is", () => {
  const sender = new TerminalSizeSender(SMALL);
  sender.want(SMALL);
  expect(sender.take(0)).toBeUndefined();
  sender.want(LARGE);
  expect(sender.take(0)).toEqual(LARGE);
});
