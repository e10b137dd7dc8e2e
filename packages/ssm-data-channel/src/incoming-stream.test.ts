import { describe, expect, test } from "vitest";
import { drain, output, text } from "../test/direct-link.ts";
import { EARLY_BYTES_MAX, EARLY_FRAMES_MAX } from "./early-frames.ts";
import { readFrame } from "./frame-reader.ts";
import { HOLE_EVIDENCE_MS_MIN, HOLE_PROBE_AFTER_MS } from "./hole-watch.ts";
import { IncomingStream, UNSTORED_MESSAGES_MAX } from "./incoming-stream.ts";

const RTO_MS = 200;
/** A frame as the reader gives it, its number set afterwards: thousands of them need no digest. */
const arrival = (sequenceNumber: number, body = String(sequenceNumber)) => {
  const frame = readFrame(output(0, body));
  return { ...frame, sequenceNumber };
};
/** Acknowledgements here are one number. */
function openStream(options: { storeFirst?: boolean; next?: number; early?: number[] } = {}) {
  const stream = new IncomingStream({
    acknowledge: ({ sequenceNumber }) => new TextEncoder().encode(`a${sequenceNumber}`),
    storeFirst: options.storeFirst ?? false,
    resumeFrom: {
      nextSequenceNumber: options.next ?? 0,
      early: (options.early ?? []).map((number) => arrival(number)),
    },
  });
  return {
    stream,
    /** @returns what happened, in short: "d3" delivered, "e3" early, "h3-5" hole, "a3" acknowledged */
    gets(sequenceNumber: number, nowMs = 0): string[] {
      stream.receive(arrival(sequenceNumber), nowMs, RTO_MS);
      return this.happened();
    },
    happened(): string[] {
      const arrivals = drain(() => stream.pollArrival()).map((next) => {
        if (next.kind === "hole") return `h${next.fromSequenceNumber}-${next.toSequenceNumber}`;
        if (next.kind === "deliver") expect(text(next.payload)).toBe(String(next.sequenceNumber));
        return `${next.kind === "deliver" ? "d" : "e"}${next.sequenceNumber}`;
      });
      const acknowledgements = drain(() => stream.pollAcknowledgement()).map(text);
      return [...arrivals, ...acknowledgements];
    },
    stored(sequenceNumber: number): string[] {
      stream.handleStored(sequenceNumber);
      return this.happened();
    },
  };
}

test("messages in order are delivered and acknowledged", () => {
  const receiver = openStream();
  expect([receiver.gets(0), receiver.gets(1)]).toEqual([
    ["d0", "a0"],
    ["d1", "a1"],
  ]);
});

test("an early message is kept and acknowledged, and delivered when its turn comes", () => {
  const receiver = openStream();
  expect(receiver.gets(2)).toEqual(["e2", "a2"]);
  expect(receiver.gets(1)).toEqual(["e1", "a1"]);
  expect(receiver.gets(0)).toEqual(["d0", "d1", "d2", "a0"]);
});

test("every duplicate is acknowledged again and delivered no more, be it old or early", () => {
  const receiver = openStream();
  receiver.gets(0);
  receiver.gets(5);
  expect(receiver.gets(0)).toEqual(["a0"]);
  expect(receiver.gets(0)).toEqual(["a0"]);
  expect(receiver.gets(5)).toEqual(["a5"]);
});

test("a negative number was seen before, whatever it is", () => {
  const receiver = openStream();
  for (const number of [-1, -(2 ** 62)]) expect(receiver.gets(number)).toEqual([]);
});

test("early messages beyond the bound are dropped without acknowledgement, and taken when they come again", () => {
  const receiver = openStream();
  for (let number = 1; number <= EARLY_FRAMES_MAX; number += 1) receiver.gets(number);
  expect(receiver.gets(EARLY_FRAMES_MAX + 1)).toEqual([]);
  expect(receiver.gets(3)).toEqual(["a3"]); // a duplicate of a kept one
  expect(receiver.gets(0)).toHaveLength(EARLY_FRAMES_MAX + 2);
  expect(receiver.gets(EARLY_FRAMES_MAX + 1)).toEqual([`d${EARLY_FRAMES_MAX + 1}`, `a${EARLY_FRAMES_MAX + 1}`]);
});

test("a flood does not fall to ten frames a second after its agent reconnected: what comes during 18 s of resends is kept", () => {
  const receiver = openStream();
  const missing = 180;
  const last = missing + 18 * 700;
  for (let number = missing; number <= last; number += 1)
    expect(receiver.gets(number)).toEqual([`e${number}`, `a${number}`]);
  for (let number = 0; number < missing; number += 1) receiver.gets(number);
  expect(receiver.stream.nextSequenceNumber).toBe(last + 1);
});

test("early messages are bounded in bytes, too", () => {
  const { stream } = openStream();
  const half = arrival(1, "x".repeat(EARLY_BYTES_MAX / 2));
  stream.receive(half, 0, RTO_MS);
  stream.receive({ ...half, sequenceNumber: 2 }, 0, RTO_MS);
  expect(drain(() => stream.pollArrival())).toHaveLength(1);
});

test("an early message is a copy: the socket may use its buffer again", () => {
  const { stream } = openStream();
  const bytes = output(0, "kept");
  stream.receive({ ...readFrame(bytes), sequenceNumber: 1 }, 0, RTO_MS);
  bytes.fill(0);
  stream.receive(arrival(0), 0, RTO_MS);
  const delivered = drain(() => stream.pollArrival()).flatMap((next) =>
    next.kind === "deliver" ? [text(next.payload)] : [],
  );
  expect(delivered).toEqual(["0", "kept"]);
});

describe("stored first", () => {
  test("no acknowledgement goes before its message is stored, early ones included", () => {
    const receiver = openStream({ storeFirst: true });
    expect(receiver.gets(0)).toEqual(["d0"]);
    expect(receiver.gets(2)).toEqual(["e2"]);
    expect(receiver.stored(0)).toEqual(["a0"]);
    expect(receiver.stored(2)).toEqual(["a2"]);
  });

  test("a duplicate of a message that is not stored yet is not acknowledged", () => {
    const receiver = openStream({ storeFirst: true });
    receiver.gets(0);
    expect(receiver.gets(0)).toEqual([]);
    expect(receiver.stored(0)).toEqual(["a0"]);
    expect(receiver.gets(0)).toEqual(["a0"]);
  });

  test("an early message needs no second confirmation when it is delivered", () => {
    const receiver = openStream({ storeFirst: true });
    receiver.gets(1);
    receiver.stored(1);
    expect(receiver.gets(0)).toEqual(["d0", "d1"]);
    expect(receiver.stored(0)).toEqual(["a0"]);
    expect(receiver.stored(1)).toEqual([]);
  });

  test("a confirmation of a number nobody waits for is ignored", () => {
    const receiver = openStream({ storeFirst: true });
    expect(receiver.stored(0)).toEqual([]);
    expect(receiver.stored(-7)).toEqual([]);
  });

  test("more unstored messages than the bound are dropped without acknowledgement", () => {
    const receiver = openStream({ storeFirst: true });
    for (let number = 0; number < UNSTORED_MESSAGES_MAX; number += 1) receiver.gets(number);
    expect(receiver.gets(UNSTORED_MESSAGES_MAX)).toEqual([]);
    receiver.stored(0);
    expect(receiver.gets(UNSTORED_MESSAGES_MAX)).toEqual([`d${UNSTORED_MESSAGES_MAX}`]);
  });

  test("the exported state begins at the first message that is not stored and has what was acknowledged after it", () => {
    const receiver = openStream({ storeFirst: true });
    for (const number of [0, 1, 2, 4]) receiver.gets(number);
    for (const number of [0, 2, 4]) receiver.stored(number);
    const state = receiver.stream.exportState();
    expect(state.nextSequenceNumber).toBe(1);
    expect(state.early.map(({ sequenceNumber }) => sequenceNumber)).toEqual([2, 4]);
    receiver.stored(1);
    expect(receiver.stream.exportState().nextSequenceNumber).toBe(3);
    expect(receiver.stream.exportState().early.map(({ sequenceNumber }) => sequenceNumber)).toEqual([4]);
  });
});

test("without storing first the exported state begins at the next message", () => {
  const receiver = openStream();
  for (const number of [0, 1, 3]) receiver.gets(number);
  const { nextSequenceNumber, early } = receiver.stream.exportState();
  expect([nextSequenceNumber, early.map(({ sequenceNumber }) => sequenceNumber)]).toEqual([2, [3]]);
});

test("early frames of an earlier process are delivered in their turn; those below the next number are done", () => {
  const receiver = openStream({ storeFirst: true, next: 5, early: [3, 5, 7] });
  expect(receiver.happened()).toEqual(["d5"]);
  expect(receiver.gets(6)).toEqual(["d6", "d7"]);
});

describe("a hole", () => {
  const PROOF = [0, HOLE_EVIDENCE_MS_MIN / 2, HOLE_EVIDENCE_MS_MIN];

  test("is proven by three copies of one early frame over 5 s; what is missing is said and passed over", () => {
    const receiver = openStream();
    expect(PROOF.map((at) => receiver.gets(2, at))).toEqual([["e2", "a2"], ["a2"], ["h0-1", "d2", "a2"]]);
    expect(receiver.stream.nextSequenceNumber).toBe(3);
  });

  test("is not proven by two copies, nor by copies within 5 s, nor by repeats within one timeout", () => {
    const two = openStream();
    const quick = openStream();
    const repeats = openStream();
    for (const at of [0, 60_000]) two.gets(2, at);
    for (let at = 0; at < HOLE_EVIDENCE_MS_MIN; at += 250) quick.gets(2, at);
    for (const at of [0, 10, 20, 9_000, 9_010, 9_020]) repeats.gets(2, at);
    for (const { stream } of [two, quick, repeats]) expect(stream.nextSequenceNumber).toBe(0);
  });

  test("is not proven by copies that came over different sockets", () => {
    const receiver = openStream();
    for (const at of PROOF) {
      receiver.stream.handleNewSocket(at);
      receiver.gets(2, at);
    }
    expect(receiver.stream.nextSequenceNumber).toBe(0);
  });

  test("is not proven by a sender that sends all it has again each time its own socket is new", () => {
    const receiver = openStream();
    for (const at of [0, 3_000, 6_000, 9_000]) for (const number of [1, 2, 3]) receiver.gets(number, at);
    expect(receiver.stream.nextSequenceNumber).toBe(0);
  });

  test("does not take away what was kept between its gaps", () => {
    const receiver = openStream();
    receiver.gets(2);
    for (const at of PROOF.slice(0, 2)) receiver.gets(5, at);
    expect(receiver.gets(5, 5_000).filter((step) => !step.startsWith("a"))).toEqual(["h0-1", "d2", "h3-4", "d5"]);
  });

  test("is found although the buffer is full: the frame that finds no room is the proof", () => {
    const receiver = openStream();
    for (let number = 1; number <= EARLY_FRAMES_MAX; number += 1) receiver.gets(number);
    const unkept = EARLY_FRAMES_MAX + 1;
    expect(PROOF.slice(0, 2).map((at) => receiver.gets(unkept, at))).toEqual([[], []]);
    const steps = receiver.gets(unkept, 5_000);
    expect(steps[0]).toBe("h0-0");
    expect(steps.at(-1)).toBe(`a${unkept}`);
    expect(receiver.stream.nextSequenceNumber).toBe(unkept + 1);
  });

  test("is found in a quiet session, too: an old gap leaves one early frame unacknowledged, so that it comes again", () => {
    const receiver = openStream();
    expect(receiver.gets(1)).toEqual(["e1", "a1"]);
    expect(receiver.gets(2, HOLE_PROBE_AFTER_MS)).toEqual(["e2"]);
    expect(receiver.gets(3, HOLE_PROBE_AFTER_MS)).toEqual(["e3", "a3"]);
    expect(receiver.gets(2, 5_000)).toEqual([]);
    expect(receiver.gets(2, 8_000)).toEqual(["h0-0", "d1", "d2", "d3", "a2"]);
  });

  test("that closes after all lets the probe be acknowledged at once", () => {
    const receiver = openStream();
    receiver.gets(1);
    receiver.gets(2, HOLE_PROBE_AFTER_MS);
    expect(receiver.gets(0, 3_000)).toEqual(["d0", "d1", "d2", "a0", "a2"]);
  });

  test("of any width costs no time", () => {
    const receiver = openStream({ storeFirst: true });
    receiver.gets(0);
    const far = 2 ** 52;
    for (const at of PROOF) receiver.gets(far, at);
    receiver.stored(far);
    receiver.stored(0);
    expect(receiver.stream.exportState().nextSequenceNumber).toBe(far + 1);
  });
});

test("at the end, what waits behind gaps is delivered and the gaps are said", () => {
  const receiver = openStream();
  receiver.gets(4);
  receiver.gets(2);
  receiver.stream.handleEnd(1);
  expect(receiver.happened()).toEqual(["h0-1", "d2", "h3-3", "d4"]);
});
