import { expect, test } from "vitest";
import { drain, text } from "../test/direct-link.ts";
import { OutgoingStream, type OutgoingStreamOptions } from "./outgoing-stream.ts";
import { SendRate } from "./send-rate.ts";

/** Frames here are one byte: the sequence number. */
function openStream(options: Partial<OutgoingStreamOptions> = {}): OutgoingStream {
  const stream = new OutgoingStream({
    encode: ({ sequenceNumber }) => Uint8Array.of(sequenceNumber),
    storeFirst: false,
    unacknowledgedMessagesMax: 10_000,
    ...options,
  });
  stream.handleLinkUp(0);
  return stream;
}
const KEY = Uint8Array.of(0x61);
const add = (stream: OutgoingStream, count: number, nowMs = 0) => {
  for (let message = 0; message < count; message += 1) stream.add(1, KEY, nowMs);
};
const sent = (stream: OutgoingStream) => drain(() => stream.pollTransmit()).map(([number]) => number);
/** Lets every timer fire until `untilMs`; @returns when something was sent again */
function resendTimes(stream: OutgoingStream, untilMs: number): number[] {
  const times: number[] = [];
  for (let at = stream.timeoutMs; at !== undefined && at <= untilMs; at = stream.timeoutMs) {
    stream.handleTimeout(at);
    if (sent(stream).length > 0) times.push(at);
  }
  return times;
}

test("messages get numbers from 0 on, of whatever type, and leave at once", () => {
  const stream = openStream();
  expect([stream.add(1, KEY, 0), stream.add(3, KEY, 0), stream.add(10, KEY, 0)]).toEqual([0, 1, 2]);
  expect(sent(stream)).toEqual([0, 1, 2]);
});

test("an acknowledged message is measured and forgotten; a second acknowledgement changes nothing", () => {
  const stream = openStream();
  add(stream, 1, 100);
  expect(stream.handleAcknowledge(0, 150)).toEqual({ payloadType: 1, roundTripMs: 50 });
  expect(stream.retransmitTimeoutMs).toBe(143.75);
  expect(stream.handleAcknowledge(0, 650)).toBeUndefined();
  expect([stream.retransmitTimeoutMs, stream.size, stream.bytes, stream.timeoutMs]).toEqual([143.75, 0, 0, undefined]);
});

test("an acknowledgement of a number that was never sent changes nothing", () => {
  const stream = openStream();
  for (const number of [7, -1, 2 ** 60, 0.5]) expect(stream.handleAcknowledge(number, 1)).toBeUndefined();
  expect(stream.add(1, KEY, 0)).toBe(0);
});

test("only the oldest is resent, once the timeout has passed and not before", () => {
  const stream = openStream();
  add(stream, 3);
  sent(stream);
  expect(stream.timeoutMs).toBe(200);
  stream.handleTimeout(199);
  expect(sent(stream)).toEqual([]);
  stream.handleTimeout(200);
  expect(sent(stream)).toEqual([0]);
});

test("the time of a resend is kept, and each resend waits twice as long, up to 5 s", () => {
  const stream = openStream();
  add(stream, 1);
  sent(stream);
  expect(resendTimes(stream, 22_000)).toEqual([200, 600, 1_400, 3_000, 6_200, 11_200, 16_200, 21_200]);
});

test("an hour of silence is not an end: the oldest is still sent every 5 s", () => {
  const stream = openStream();
  add(stream, 1);
  sent(stream);
  expect(resendTimes(stream, 3_600_000).length).toBeGreaterThan(700);
  expect(stream.size).toBe(1);
});

test("with the oldest acknowledged, the next one is due at once if its time has passed too", () => {
  const stream = openStream();
  add(stream, 2);
  sent(stream);
  stream.handleTimeout(200);
  sent(stream);
  stream.handleAcknowledge(0, 450);
  expect(sent(stream)).toEqual([1]);
});

test("a resent message is not measured, and its longer timeout holds until one is (Karn)", () => {
  const stream = openStream();
  add(stream, 1);
  stream.handleTimeout(200);
  stream.handleTimeout(600);
  expect(stream.handleAcknowledge(0, 700)).toEqual({ payloadType: 1, roundTripMs: undefined });
  stream.add(1, KEY, 1_000);
  expect(stream.timeoutMs).toBe(1_800);
  stream.handleAcknowledge(1, 1_700);
  stream.add(1, KEY, 2_000);
  expect(stream.timeoutMs).toBe(2_000 + stream.retransmitTimeoutMs);
});

test("on a link slower than the timeout, messages stop being sent twice after the first ones", () => {
  const stream = openStream();
  let resends = 0;
  for (let message = 0; message < 20; message += 1) {
    const sentAtMs = message * 2_000;
    stream.add(1, KEY, sentAtMs);
    sent(stream);
    resends += resendTimes(stream, sentAtMs + 900).length;
    stream.handleAcknowledge(message, sentAtMs + 900);
  }
  expect(resends).toBeLessThan(6);
});

test("stored first: a message leaves when it is stored, and never before the ones in front of it", () => {
  const stream = openStream({ storeFirst: true });
  add(stream, 3);
  expect(sent(stream)).toEqual([]);
  stream.handleStored(1, 1);
  expect(sent(stream)).toEqual([]);
  stream.handleStored(0, 2);
  expect(sent(stream)).toEqual([0, 1]);
  stream.handleStored(2, 3);
  expect(sent(stream)).toEqual([2]);
  expect(stream.timeoutMs).toBe(202);
});

test("a lost socket stops sending; the next one brings everything unacknowledged again, in order, under the same numbers", () => {
  const stream = openStream();
  add(stream, 4);
  sent(stream);
  stream.handleAcknowledge(1, 10);
  stream.handleLinkDown();
  add(stream, 1, 20);
  stream.handleTimeout(5_000);
  expect([sent(stream), stream.timeoutMs]).toEqual([[], undefined]);
  stream.handleLinkUp(9_000);
  expect(sent(stream)).toEqual([0, 2, 3, 4]);
  expect(stream.handleAcknowledge(0, 9_010)?.roundTripMs).toBeUndefined();
  expect(stream.handleAcknowledge(4, 9_020)?.roundTripMs).toBe(20); // its first time on any socket
});

test("frames that were queued for a socket that is gone are not sent twice over the next one", () => {
  const stream = openStream();
  add(stream, 2);
  stream.handleLinkDown();
  stream.handleLinkUp(5);
  expect(sent(stream)).toEqual([0, 1]);
});

test("paused: numbering and keeping go on, sending and resending stop until the peer is ready", () => {
  const stream = openStream();
  add(stream, 1);
  sent(stream);
  stream.pause();
  add(stream, 2, 10);
  stream.handleTimeout(10_000);
  expect([sent(stream), stream.timeoutMs, stream.nextSequenceNumber, stream.size]).toEqual([[], undefined, 3, 3]);
  stream.handlePeerReady(10_000);
  expect(sent(stream)).toEqual([0, 1, 2]);
});

test("a peer that came back is not kept waiting for a long back-off", () => {
  const stream = openStream();
  add(stream, 1);
  resendTimes(stream, 30_000);
  stream.handlePeerReady(30_000);
  expect(sent(stream)).toEqual([0]);
});

test("a message beyond the bound is sent once and forgotten, its number used up", () => {
  const stream = openStream({ unacknowledgedMessagesMax: 2 });
  add(stream, 3);
  expect(sent(stream)).toEqual([0, 1, 2]);
  expect([stream.size, stream.nextSequenceNumber]).toEqual([2, 3]);
  stream.handleAcknowledge(0, 1);
  add(stream, 1, 1);
  expect(sent(stream)).toEqual([3]);
  stream.handleLinkDown();
  stream.handleLinkUp(2);
  expect(sent(stream)).toEqual([1, 3]);
});

test("a paste of 10,000 messages leaves at under 900 frames a second, resends included, and all of it leaves", () => {
  const encode = ({ sequenceNumber }: { sequenceNumber: number }) => new TextEncoder().encode(String(sequenceNumber));
  const stream = openStream({ rate: new SendRate(), encode });
  add(stream, 10_000);
  const sentAtMs: number[] = [];
  const numbers = new Set<string>();
  for (let now = 0; numbers.size < 10_000; now = stream.timeoutMs ?? Number.NaN) {
    stream.handleTimeout(now);
    for (let frame = stream.pollTransmit(); frame; frame = stream.pollTransmit()) {
      sentAtMs.push(now);
      numbers.add(text(frame));
    }
  }
  let from = 0;
  let busiest = 0;
  for (let to = 0; to < sentAtMs.length; to += 1) {
    while ((sentAtMs[to] ?? 0) - (sentAtMs[from] ?? 0) >= 1_000) from += 1;
    busiest = Math.max(busiest, to - from + 1);
  }
  expect(busiest).toBeLessThan(900);
  expect(sentAtMs.at(-1)).toBeLessThan(13_000);
});

test("what an earlier process left goes out again under its numbers; the rest of the numbers stay used", () => {
  const unacknowledged = [5, 3].map((sequenceNumber) => ({ sequenceNumber, payloadType: 1, payload: KEY }));
  const stream = openStream({ storeFirst: true, resumeFrom: { nextSequenceNumber: 8, unacknowledged } });
  expect(sent(stream)).toEqual([3, 5]);
  expect(stream.add(1, KEY, 1)).toBe(8);
  expect(stream.exportUnacknowledged().map(({ sequenceNumber }) => sequenceNumber)).toEqual([3, 5, 8]);
  expect(stream.handleAcknowledge(3, 2)?.roundTripMs).toBeUndefined();
});
