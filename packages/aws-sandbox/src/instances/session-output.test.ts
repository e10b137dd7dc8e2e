import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DRAIN_STALL_MS, ECHO_AFTER_MS, SessionOutput, TAIL_WAIT_MS } from "./session-output.ts";
import type { SessionProcess } from "./session-process.ts";

class FakeChannel {
  window: number;
  sent: string[] = [];
  constructor(window: number) {
    this.window = window;
  }
  get canSend(): boolean {
    return this.sent.length < this.window;
  }
  sendOutput(bytes: Uint8Array): void {
    this.sent.push(Buffer.from(bytes).toString("latin1"));
  }
}

class FakeProcess implements SessionProcess {
  readonly inputBytesWaiting = 0;
  isPaused = false;
  write(): void {}
  resize(): void {}
  kill(): void {}
  pauseOutput(): void {
    this.isPaused = true;
  }
  resumeOutput(): void {
    this.isPaused = false;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function outputFor(window: number, pauseBetweenMessagesMs = 0, isText = true) {
  const channel = new FakeChannel(window);
  const process = new FakeProcess();
  let ends = 0;
  const output = new SessionOutput({
    channel,
    pauseBetweenMessagesMs,
    isText,
    nowMs: Date.now,
    sent() {},
    ended: () => {
      ends++;
    },
  });
  output.attach(process);
  return { channel, process, output, ends: () => ends };
}
const turn = () => vi.advanceTimersByTime(0);

test("an echo leaves at once; what is read behind it in one turn of the event loop leaves as one message", () => {
  const { channel, output } = outputFor(128);
  for (const text of ["a", "b", "c"]) output.push(Buffer.from(text), 1);
  expect(channel.sent).toEqual(["a"]);
  turn();
  expect(channel.sent).toEqual(["a", "bc"]);
  vi.advanceTimersByTime(ECHO_AFTER_MS);
  output.push(Buffer.from("d"), 1);
  expect(channel.sent).toEqual(["a", "bc", "d"]);
});

test("a full window stops the reading of the process; room in it lets it go on", () => {
  const { channel, process, output } = outputFor(2);
  output.push(Buffer.alloc(5 * 1024, "x"), 1);
  turn();
  expect([channel.sent.length, process.isPaused]).toEqual([2, true]);
  channel.window = 5;
  output.flushSoon();
  turn();
  expect([channel.sent.length, process.isPaused]).toEqual([5, false]);
});

test("pause_publication stops sending and reading, start_publication ends that", () => {
  const { channel, process, output } = outputFor(128);
  output.setPaused(true);
  output.push(Buffer.from("later"), 1);
  turn();
  expect([channel.sent, process.isPaused]).toEqual([[], true]);
  output.setPaused(false);
  turn();
  expect([channel.sent, process.isPaused]).toEqual([["later"], false]);
});

test("the beginning of a character goes out after 20 ms when nothing follows, and does not stop the reading", () => {
  const { channel, process, output } = outputFor(128);
  output.push(Uint8Array.of(0x61, 0xe6, 0xbc), 1);
  turn();
  expect([channel.sent, process.isPaused]).toEqual([["a"], false]);
  vi.advanceTimersByTime(TAIL_WAIT_MS - 1);
  expect(channel.sent).toEqual(["a"]);
  vi.advanceTimersByTime(1);
  expect(channel.sent).toEqual(["a", "\xe6\xbc"]);
});

test("at the end everything goes out, unfinished characters too", () => {
  const { channel, output, ends } = outputFor(128);
  output.push(Uint8Array.of(0x61, 0xe6), 1);
  output.end();
  expect([channel.sent.join(""), ends()]).toEqual(["a\xe6", 1]);
});

test("after the end, output nobody takes is given up when nothing moved for two seconds", () => {
  const { channel, output, ends } = outputFor(1);
  output.push(Buffer.alloc(3 * 1024, "x"), 1);
  output.end();
  vi.advanceTimersByTime(DRAIN_STALL_MS - 1);
  channel.window = 2;
  output.flushSoon();
  turn();
  vi.advanceTimersByTime(DRAIN_STALL_MS - 1);
  expect(ends()).toBe(0);
  vi.advanceTimersByTime(1);
  expect([ends(), channel.sent.length]).toEqual([1, 2]);
});

test("the real agent's pace is one message a millisecond", () => {
  const { channel, output } = outputFor(100_000, 1);
  output.push(Buffer.alloc(10 * 1024, "x"), 1);
  turn();
  expect(channel.sent.length).toBe(1);
  vi.advanceTimersByTime(9);
  expect(channel.sent.length).toBe(10);
});

test("bytes of a tunnel do not wait for the rest of what might be a character", () => {
  const { channel, process, output } = outputFor(128, 0, false);
  output.push(Buffer.from([0x61, 0xe2]), 1);
  turn();
  expect([channel.sent.join(""), process.isPaused]).toEqual(["a\u00e2", false]);
});
