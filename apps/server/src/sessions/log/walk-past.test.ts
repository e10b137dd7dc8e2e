import type { ClientChannelState } from "@causeway/ssm-data-channel";
import { expect, test } from "vitest";
import { walkPast } from "./walk-past.ts";

const SIZE = { cols: 80, rows: 24 };
const STATE: ClientChannelState = {
  progress: "running",
  handshake: { request: undefined, responded: false, challengeAnswered: false },
  dataKey: undefined,
  nextOutgoingNumber: 3,
  unacknowledged: [{ sequenceNumber: 2, payloadType: 1, payload: Buffer.from("key") }],
  nextIncomingNumber: 7,
  early: [],
  size: undefined,
};

test("numbers that may have been used are filled with repeated sizes, behind what is known", () => {
  const walked = walkPast(STATE, 6, SIZE);
  expect(walked.nextOutgoingNumber).toBe(6);
  expect(walked.unacknowledged.map(({ sequenceNumber, payloadType }) => [sequenceNumber, payloadType])).toEqual([
    [2, 1],
    [3, 3],
    [4, 3],
    [5, 3],
  ]);
  expect(Buffer.from(walked.unacknowledged[3]?.payload ?? []).toString()).toBe('{"cols":80,"rows":24}');
});

test("exact numbers, and a shell that does not run yet, are left as they are", () => {
  expect(walkPast(STATE, undefined, SIZE)).toBe(STATE);
  expect(walkPast(STATE, 3, SIZE)).toBe(STATE);
  const early = { ...STATE, progress: "in_handshake" as const };
  expect(walkPast(early, 6, SIZE)).toBe(early);
});
