import { expect, test } from "vitest";
import { InputStreams, STREAMS_MAX } from "./input-streams.ts";

const A = "a".repeat(32);

const DANA = "111122223333/AIDADANA";

test("bytes that follow are taken, bytes taken before are done, and a part of both is cut", () => {
  const streams = new InputStreams();
  expect(streams.accept(A, 0, 4)).toEqual({ kind: "take", skip: 0 });
  expect(streams.accept(A, 0, 4)).toEqual({ kind: "done" });
  expect(streams.accept(A, 2, 4)).toEqual({ kind: "take", skip: 2 });
  expect(streams.accept(A, 6, 1)).toEqual({ kind: "take", skip: 0 });
});

test("bytes behind a gap are refused, and taken once the gap is filled", () => {
  const streams = new InputStreams();
  expect(streams.accept(A, 3, 2)).toEqual({ kind: "gap", expected: 0 });
  expect(streams.accept(A, 0, 3)).toEqual({ kind: "take", skip: 0 });
  expect(streams.accept(A, 3, 2)).toEqual({ kind: "take", skip: 0 });
});

test("taken input counts as stored when all of its messages are, in order", () => {
  const streams = new InputStreams();
  streams.accept(A, 0, 2_000);
  streams.handleSent(A, 2_000, { first: 5, last: 6 }, DANA);
  streams.handleStored(6);
  expect(streams.position(A).stored).toBe(0);
  streams.handleStored(5);
  expect(streams.position(A).stored).toBe(2_000);
});

test("acknowledgements out of order move the acknowledged offset only up to the first missing one", () => {
  const streams = new InputStreams();
  for (let n = 0; n < 3; n++) {
    streams.accept(A, n, 1);
    streams.handleSent(A, n + 1, { first: n, last: n }, DANA);
  }
  streams.handleAcknowledged(2, 12);
  expect(streams.position(A)).toEqual({ stored: 0, agentAcknowledged: 0, agentRoundTripMs: 12 });
  streams.handleAcknowledged(0, undefined);
  expect(streams.position(A).agentAcknowledged).toBe(1);
  streams.handleAcknowledged(1, 20);
  expect(streams.position(A)).toEqual({ stored: 0, agentAcknowledged: 3, agentRoundTripMs: 20 });
});

test("a message that holds no keys, such as a size, moves nothing", () => {
  const streams = new InputStreams();
  expect(streams.handleStored(9)).toBeUndefined();
  expect(streams.handleAcknowledged(9, 1)).toBeUndefined();
});

test("input that is not sent counts as stored once its offset is, in its turn", () => {
  const streams = new InputStreams();
  streams.accept(A, 0, 1);
  streams.handleSent(A, 1, { first: 0, last: 0 }, DANA);
  streams.accept(A, 1, 6);
  const stored = streams.handleUnsent(A, 7);
  expect(streams.position(A).stored).toBe(0);
  streams.handleStored(0);
  expect(streams.position(A).stored).toBe(1);
  stored();
  expect(streams.position(A).stored).toBe(7);
  streams.handleAcknowledged(0, 5);
  expect(streams.position(A).agentAcknowledged).toBe(7);
});

test("the order of typing is remembered for a page that reconnects", () => {
  const streams = new InputStreams();
  streams.handleTyped(A);
  streams.handleTyped("b".repeat(32));
  expect(streams.typedOrder("b".repeat(32))).toBeGreaterThan(streams.typedOrder(A));
  expect(streams.typedOrder("c".repeat(32))).toBe(0);
});

test("remembers a bounded number of streams and forgets the one unused for longest", () => {
  const streams = new InputStreams();
  streams.accept("first", 0, 5);
  streams.accept("second", 0, 5);
  for (let n = 2; n < STREAMS_MAX; n++) streams.accept(`${n}`, 0, 1);
  streams.accept("first", 5, 1);
  streams.accept("one more", 0, 1);
  expect(streams.accept("first", 6, 1)).toEqual({ kind: "take", skip: 0 });
  expect(streams.accept("second", 5, 1)).toEqual({ kind: "gap", expected: 0 });
});

test("the messages of one piece name whose keys they hold; only the last of them moves the stream", () => {
  const streams = new InputStreams();
  streams.accept(A, 0, 10);
  streams.handleSent(A, 10, { first: 4, last: 4 }, DANA);
  streams.accept(A, 10, 2_000);
  streams.handleSent(A, 2_010, { first: 5, last: 6 }, DANA);
  expect(streams.sourceOf(4)).toEqual({ author: DANA, streamId: A, streamOffset: 10 });
  expect(streams.sourceOf(5)).toEqual({ author: DANA, streamId: A, streamOffset: 10 });
  expect(streams.sourceOf(6)).toEqual({ author: DANA, streamId: A, streamOffset: 2_010 });
  expect(streams.sourceOf(7)).toBeUndefined();
});

test("after a restart a stream goes on where it was stored, and its keys are acknowledged as before", () => {
  const streams = new InputStreams();
  const source = (streamOffset: number) => ({ author: DANA, streamId: A, streamOffset });
  streams.restore({
    streams: new Map([[A, 12]]),
    sources: new Map([
      [8, source(12)],
      [7, source(11)],
    ]),
  });
  expect(streams.position(A)).toEqual({ stored: 12, agentAcknowledged: 0, agentRoundTripMs: undefined });
  expect(streams.accept(A, 10, 3)).toEqual({ kind: "take", skip: 2 });
  streams.handleAcknowledged(7, undefined);
  expect(streams.position(A).agentAcknowledged).toBe(11);
  streams.handleAcknowledged(8, undefined);
  expect(streams.position(A).agentAcknowledged).toBe(12);
});

test("what was accepted and cannot be stored counts as never taken, with all behind it; what is on its way stays", () => {
  const streams = new InputStreams();
  streams.accept(A, 0, 4);
  streams.handleSent(A, 2, { first: 0, last: 0 }, DANA);
  streams.handleSent(A, 4, { first: 1, last: 1 }, DANA);
  const unsentStored = streams.handleUnsent(A, 5);
  streams.accept(A, 4, 3); // bytes 5 to 7 still wait for the channel
  expect(streams.rewind(1)).toEqual([[A, 2]]);
  unsentStored();
  streams.handleStored(0);
  expect(streams.position(A).stored).toBe(2);
  expect(streams.sourceOf(1)).toBeUndefined();
  expect(streams.accept(A, 2, 2)).toEqual({ kind: "take", skip: 0 });
});

test("rewound without a number, only what still waits for the channel is forgotten", () => {
  const streams = new InputStreams();
  streams.accept(A, 0, 2);
  streams.handleSent(A, 2, { first: 0, last: 0 }, DANA);
  streams.accept(A, 2, 3);
  expect(streams.rewind()).toEqual([[A, 2]]);
  streams.handleStored(0);
  expect(streams.position(A).stored).toBe(2);
});
