import { afterEach, expect, test, vi } from "vitest";
import { MessagePolls, POLLS_MAX } from "./ec2-messages-operations.ts";

const HOUR_MS = 3_600_000;
afterEach(() => {
  vi.useRealTimers();
});

test("a poll ends after its time, and every poll when the sandbox does", async () => {
  vi.useFakeTimers();
  const polls = new MessagePolls();
  const ended: string[] = [];
  const short = polls.wait(50).then(() => ended.push("short"));
  const long = polls.wait(HOUR_MS).then(() => ended.push("long"));
  await vi.advanceTimersByTimeAsync(50);
  await short;
  expect(ended).toEqual(["short"]);
  polls.close();
  await long;
  await polls.wait(HOUR_MS);
  expect(vi.getTimerCount()).toBe(0);
});

test("beyond the bound a poll is answered at once", async () => {
  vi.useFakeTimers();
  const polls = new MessagePolls();
  const held = Array.from({ length: POLLS_MAX }, () => polls.wait(HOUR_MS));
  await polls.wait(HOUR_MS);
  expect(vi.getTimerCount()).toBe(POLLS_MAX);
  polls.close();
  await Promise.all(held);
});
