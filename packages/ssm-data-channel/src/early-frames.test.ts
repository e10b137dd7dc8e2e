import { expect, test } from "vitest";
import { drain, output } from "../test/direct-link.ts";
import { EARLY_FRAMES_BEFORE_SPILL_MAX, EARLY_FRAMES_WITH_SPILL_MAX, type EarlySpill } from "./early-frames.ts";
import { type Frame, readFrame } from "./frame-reader.ts";
import { IncomingStream, SPILLED_FRAMES_AT_ONCE_MAX } from "./incoming-stream.ts";

const RTO_MS = 200;
const sample = readFrame(output(0, "body"));
const arrival = (sequenceNumber: number): Frame => ({ ...sample, sequenceNumber });

/** Keeps numbers; the frames of these tests are all alike. */
class FakeSpill implements EarlySpill {
  readonly held = new Set<number>();
  /** As a disk does that is full. */
  isFull = false;
  damaged = new Set<number>();
  storedBelow = 0;
  constructor(numbers: number[] = []) {
    for (const number of numbers) this.held.add(number);
  }
  get numbers(): number[] {
    return [...this.held];
  }
  put(sequenceNumber: number): boolean {
    if (!this.isFull) this.held.add(sequenceNumber);
    return !this.isFull;
  }
  get(sequenceNumber: number): Uint8Array | undefined {
    return this.held.has(sequenceNumber) && !this.damaged.has(sequenceNumber)
      ? new Uint8Array(new Float64Array([sequenceNumber]).buffer)
      : undefined;
  }
  handleStoredBelow(sequenceNumber: number): void {
    this.storedBelow = sequenceNumber;
  }
}

function openStream(spill: EarlySpill, next = 0) {
  const stream = new IncomingStream({
    acknowledge: ({ sequenceNumber }) => new Uint8Array(new Float64Array([sequenceNumber]).buffer),
    storeFirst: true,
    spill: { to: spill, read: (bytes) => arrival(numberIn(bytes)) },
    resumeFrom: { nextSequenceNumber: next, early: [] },
  });
  return {
    stream,
    receive: (sequenceNumber: number, nowMs = 0) => stream.receive(arrival(sequenceNumber), nowMs, RTO_MS),
    acknowledged: () => drain(() => stream.pollAcknowledgement()).map(numberIn),
    delivered: () =>
      drain(() => stream.pollArrival()).flatMap((next) => (next.kind === "deliver" ? [next.sequenceNumber] : [])),
    early: () =>
      drain(() => stream.pollArrival()).flatMap((next) => (next.kind === "early" ? [next.sequenceNumber] : [])),
  };
}
const numberIn = (bytes: Uint8Array) => new Float64Array(bytes.slice().buffer)[0] ?? -1;
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test("frames beyond the memory's bound are spilled, acknowledged at once, and given to nobody else to store", () => {
  const spill = new FakeSpill();
  const receiver = openStream(spill);
  for (let number = 1; number <= EARLY_FRAMES_BEFORE_SPILL_MAX + 2; number++) receiver.receive(number);
  const spilled = [EARLY_FRAMES_BEFORE_SPILL_MAX + 1, EARLY_FRAMES_BEFORE_SPILL_MAX + 2];
  expect(spill.numbers).toEqual(spilled);
  expect(receiver.acknowledged()).toEqual(spilled);
  expect(receiver.early()).toEqual(range(1, EARLY_FRAMES_BEFORE_SPILL_MAX));
});

test("a frame that the spill does not take is not acknowledged, and taken when it comes again", () => {
  const spill = new FakeSpill();
  const receiver = openStream(spill);
  for (let number = 1; number <= EARLY_FRAMES_BEFORE_SPILL_MAX; number++) receiver.receive(number);
  spill.isFull = true;
  receiver.receive(EARLY_FRAMES_BEFORE_SPILL_MAX + 1);
  expect(receiver.acknowledged()).toEqual([]);
  spill.isFull = false;
  receiver.receive(EARLY_FRAMES_BEFORE_SPILL_MAX + 1);
  expect(receiver.acknowledged()).toEqual([EARLY_FRAMES_BEFORE_SPILL_MAX + 1]);
});

test("100,000 early frames are kept; the one after them is not acknowledged", () => {
  const spill = new FakeSpill();
  const receiver = openStream(spill);
  for (let number = 1; number <= EARLY_FRAMES_WITH_SPILL_MAX; number++) receiver.receive(number);
  expect(spill.held.size).toBe(EARLY_FRAMES_WITH_SPILL_MAX - EARLY_FRAMES_BEFORE_SPILL_MAX);
  expect(receiver.acknowledged()).toHaveLength(spill.held.size);
  receiver.receive(EARLY_FRAMES_WITH_SPILL_MAX + 1);
  expect(receiver.acknowledged()).toEqual([]);
  expect(spill.held.has(EARLY_FRAMES_WITH_SPILL_MAX + 1)).toBe(false);
});

test("spilled frames are handed out in turns when the gap closes, each exactly once, in order", () => {
  const spill = new FakeSpill(range(1, 3 * SPILLED_FRAMES_AT_ONCE_MAX));
  const receiver = openStream(spill);
  receiver.receive(0);
  const first = receiver.delivered();
  expect(first).toEqual(range(0, SPILLED_FRAMES_AT_ONCE_MAX));
  expect(receiver.stream.hasFollowers).toBe(true);
  receiver.receive(SPILLED_FRAMES_AT_ONCE_MAX + 1); // it is here already
  receiver.stream.handOutMore(0);
  receiver.stream.handOutMore(0);
  expect(receiver.stream.hasFollowers).toBe(false);
  expect([...first, ...receiver.delivered()]).toEqual(range(0, 3 * SPILLED_FRAMES_AT_ONCE_MAX));
});

test("the spill keeps a frame until it is stored in its turn, and a restart until then counts on that", () => {
  const spill = new FakeSpill([1, 2]);
  const receiver = openStream(spill);
  receiver.receive(0);
  expect(receiver.delivered()).toEqual([0, 1, 2]);
  receiver.stream.handleStored(0);
  expect(receiver.stream.exportState()).toEqual({ nextSequenceNumber: 1, early: [] });
  expect(spill.storedBelow).toBe(1);
  receiver.stream.handleStored(1);
  receiver.stream.handleStored(2);
  expect(receiver.stream.exportState()).toEqual({ nextSequenceNumber: 3, early: [] });
  expect(spill.storedBelow).toBe(3);
});

test("after a restart what was spilled follows the gap, and what is stored by then is not looked at", () => {
  const spill = new FakeSpill([3, 4, 6, 7]);
  const receiver = openStream(spill, 5);
  expect(spill.storedBelow).toBe(5);
  receiver.receive(6);
  expect(receiver.acknowledged()).toEqual([6]);
  receiver.receive(5);
  expect(receiver.delivered()).toEqual([5, 6, 7]);
});

test("a spilled frame that is not what it was is a gap again, not a wrong message", () => {
  const spill = new FakeSpill([1, 2, 3]);
  spill.damaged.add(2);
  const receiver = openStream(spill);
  receiver.receive(0);
  expect(receiver.delivered()).toEqual([0, 1]);
  receiver.receive(2);
  expect(receiver.delivered()).toEqual([2, 3]);
});
