import { expect, test } from "vitest";
import type { CheckpointFacts } from "../log/checkpoint-store.ts";
import {
  attachPoint,
  BLIND_START_BYTES,
  INTERRUPT_SPARES_BYTES_MIN,
  MOVE_BEHIND_BYTES,
  MOVE_SPARES_BYTES_MIN,
  movePoint,
  NEAR_HEAD_BYTES,
  SHORT_SESSION_BYTES,
} from "./attach-point.ts";

const MIB = 1024 * 1024;
const log = { oldestOffset: 0, headOffset: 20 * MIB };
const late = { oldestOffset: 5 * MIB, headOffset: 20 * MIB };

function checkpointAt(offset: number, bytes = MIB, linesSinceMissing: number | null = null): CheckpointFacts {
  return { number: 1, offset, bytes, linesSinceMissing, cols: 80, rows: 24 };
}

test("a page near the head gets the bytes it lacks; one byte further away the newest checkpoint", () => {
  const newest = checkpointAt(log.headOffset - 100, 1000);
  const near = log.headOffset - NEAR_HEAD_BYTES;
  expect(attachPoint(log, near, false, newest)).toEqual({ kind: "bytes", offset: near, missing: false });
  const far = log.headOffset - NEAR_HEAD_BYTES - MOVE_SPARES_BYTES_MIN;
  expect(attachPoint(log, far, false, newest)).toEqual({ kind: "checkpoint", checkpoint: newest, missing: false });
});

test("a checkpoint that would spare a page little is not worth losing its own text", () => {
  const at = 10 * MIB;
  const newest = checkpointAt(at + MIB + MOVE_SPARES_BYTES_MIN - 1);
  expect(attachPoint(log, at, false, newest)).toMatchObject({ kind: "bytes" });
  expect(attachPoint(log, at, false, checkpointAt(newest.offset + 1))).toMatchObject({ kind: "checkpoint" });
});

test("a page with nothing gets a short session whole, a long one by its checkpoint, and without one from the beginning", () => {
  const short = { oldestOffset: 0, headOffset: SHORT_SESSION_BYTES };
  expect(attachPoint(short, null, false, checkpointAt(100, 10))).toEqual({ kind: "oldest", missing: false });
  const newest = checkpointAt(19 * MIB);
  expect(attachPoint(log, null, false, newest)).toEqual({ kind: "checkpoint", checkpoint: newest, missing: false });
  expect(attachPoint(log, null, false, undefined)).toEqual({ kind: "oldest", missing: false });
});

test("earlier output is called lost only where no checkpoint has it", () => {
  const newest = checkpointAt(19 * MIB);
  expect(attachPoint(late, MIB, false, newest)).toMatchObject({ kind: "checkpoint", missing: false });
  expect(attachPoint(late, null, false, newest)).toMatchObject({ kind: "checkpoint", missing: false });
  expect(attachPoint(late, null, false, checkpointAt(19 * MIB, MIB, 12))).toMatchObject({ missing: true });
  expect(attachPoint(late, MIB, false, undefined)).toMatchObject({ missing: true });
  expect(attachPoint(late, null, false, undefined)).toMatchObject({ missing: true });
});

test("where what came before is gone and no checkpoint stands for it, a page begins near the head, not with all that is kept", () => {
  const nearHead = { kind: "bytes", offset: late.headOffset - BLIND_START_BYTES, missing: true };
  expect(attachPoint(late, null, false, undefined)).toEqual(nearHead);
  expect(attachPoint(late, MIB, false, undefined)).toEqual(nearHead);
  expect(attachPoint(late, 6 * MIB, false, undefined)).toEqual({ kind: "bytes", offset: 6 * MIB, missing: false });
  const little = { oldestOffset: late.headOffset - BLIND_START_BYTES, headOffset: late.headOffset };
  expect(attachPoint(little, null, false, undefined)).toEqual({ kind: "oldest", missing: true });
});

test("a checkpoint whose following bytes were dropped, or that is ahead of the log, is of no use", () => {
  expect(attachPoint(late, null, false, checkpointAt(5 * MIB - 1, 10))).toMatchObject({ kind: "bytes", missing: true });
  expect(attachPoint(log, null, false, checkpointAt(20 * MIB + 1, 10))).toEqual({ kind: "oldest", missing: false });
});

test("a page ahead of a recovered log stays where it is; of any other log it starts anew, and is told", () => {
  const ahead = log.headOffset + 5;
  expect(attachPoint(log, ahead, true, checkpointAt(19 * MIB))).toMatchObject({ kind: "bytes", offset: ahead });
  expect(attachPoint(log, ahead, false, checkpointAt(19 * MIB))).toMatchObject({ kind: "checkpoint", missing: true });
});

test("a reader is moved when it is far behind and spared much; after ^C when it is spared anything worth it", () => {
  const newest = checkpointAt(19 * MIB);
  expect(movePoint(log, 3 * MIB, false, newest)).toBe(newest);
  expect(movePoint(log, log.headOffset - MOVE_BEHIND_BYTES, false, checkpointAt(log.headOffset, 10))).toBeUndefined();
  const small = checkpointAt(log.headOffset, 10);
  const at = log.headOffset - INTERRUPT_SPARES_BYTES_MIN - 10;
  expect(movePoint(log, at, false, small)).toBeUndefined();
  expect(movePoint(log, at, true, small)).toBe(small);
  expect(movePoint(log, at + 1, true, small)).toBeUndefined();
});

test("a reader is never moved back", () => {
  expect(movePoint(log, 10 * MIB, false, checkpointAt(9 * MIB, 10))).toBeUndefined();
  expect(movePoint(log, 10 * MIB, true, checkpointAt(9 * MIB, 10))).toBeUndefined();
});
