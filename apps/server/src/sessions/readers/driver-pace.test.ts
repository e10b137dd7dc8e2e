import { expect, test } from "vitest";
import {
  DRIVER_BEHIND_BYTES_MAX,
  DRIVER_PAUSE_MAX_MS,
  DRIVER_SILENCE_MAX_MS,
  DriverPace,
  NEXT_READ_BYTES_MAX,
  type PacedReader,
} from "./driver-pace.ts";

const KIB = 1024;
const BEHIND = DRIVER_BEHIND_BYTES_MAX + 1;

function driver(): { -readonly [K in keyof PacedReader]: PacedReader[K] } {
  return { behindBytes: BEHIND, isCaughtUp: false, acknowledgedOffset: 0 };
}

test("reading stops while the driver is behind the log by more than the bound, and goes on with its next acknowledgement", () => {
  const pace = new DriverPace();
  const reader = driver();
  expect(pace.update(reader, 0).paused).toBe(true);
  reader.behindBytes = DRIVER_BEHIND_BYTES_MAX;
  expect(pace.update(reader, 10)).toEqual({ paused: false, checkAtMs: undefined });
});

test("reading stops before the read that would take the driver beyond the bound, and such a read is not forgotten at once", () => {
  const pace = new DriverPace();
  const reader = { ...driver(), behindBytes: DRIVER_BEHIND_BYTES_MAX - 40 * KIB };
  pace.noteRead(40 * KIB);
  expect(pace.update(reader, 0).paused).toBe(false);
  pace.noteRead(41 * KIB);
  expect(pace.update(reader, 1).paused).toBe(true);
  reader.behindBytes = DRIVER_BEHIND_BYTES_MAX - 30 * KIB;
  pace.noteRead(10);
  expect(pace.update(reader, 2).paused).toBe(true);
  for (let read = 0; read < 40; read++) pace.noteRead(10); // the flood is over
  expect(pace.update(reader, 3).paused).toBe(false);
});

test("what a filled gap released at once is not expected again: a driver that has caught up is read for", () => {
  const pace = new DriverPace();
  pace.noteRead(8 * 1024 * KIB);
  const reader = { ...driver(), behindBytes: 0, isCaughtUp: true };
  expect(pace.update(reader, 0).paused).toBe(false);
  reader.behindBytes = DRIVER_BEHIND_BYTES_MAX - NEXT_READ_BYTES_MAX;
  expect(pace.update(reader, 1).paused).toBe(false);
  reader.behindBytes++;
  expect(pace.update(reader, 2).paused).toBe(true);
});

test("a driver that acknowledges nothing for two seconds no longer stops reading, until it has caught up", () => {
  const pace = new DriverPace();
  const reader = driver();
  expect(pace.update(reader, 0)).toEqual({ paused: true, checkAtMs: DRIVER_SILENCE_MAX_MS });
  expect(pace.update(reader, DRIVER_SILENCE_MAX_MS).paused).toBe(false);
  expect(pace.update(reader, DRIVER_SILENCE_MAX_MS + 1).paused).toBe(false);
  Object.assign(reader, { behindBytes: 0, isCaughtUp: true });
  pace.update(reader, 5_000);
  Object.assign(reader, { behindBytes: BEHIND, isCaughtUp: false });
  expect(pace.update(reader, 6_000).paused).toBe(true);
});

test("a pause ends after ten seconds, however many small acknowledgements come", () => {
  const pace = new DriverPace();
  const reader = driver();
  for (let nowMs = 0; nowMs < DRIVER_PAUSE_MAX_MS; nowMs += 1_000) {
    reader.acknowledgedOffset++;
    expect(pace.update(reader, nowMs).paused).toBe(true);
  }
  reader.acknowledgedOffset++;
  expect(pace.update(reader, DRIVER_PAUSE_MAX_MS).paused).toBe(false);
});

test("nobody who drives, or another driver with room, means reading", () => {
  const pace = new DriverPace();
  expect(pace.update(driver(), 0).paused).toBe(true);
  expect(pace.update({ ...driver(), behindBytes: 0 }, 1).paused).toBe(false);
  expect(pace.update(undefined, 2).paused).toBe(false);
});
