import { expect, test } from "vitest";
import { DRIVER_PAUSE_MAX_MS, DRIVER_SILENCE_MAX_MS, DriverPace, type PacedReader } from "./driver-pace.ts";

function driver(): { -readonly [K in keyof PacedReader]: PacedReader[K] } {
  return { isFull: true, isCaughtUp: false, acknowledgedOffset: 0 };
}

test("reading stops while the driver's window is full, and goes on with its next acknowledgement", () => {
  const pace = new DriverPace();
  const reader = driver();
  expect(pace.update(reader, 0).paused).toBe(true);
  reader.isFull = false;
  expect(pace.update(reader, 10)).toEqual({ paused: false, checkAtMs: undefined });
});

test("a driver that acknowledges nothing for two seconds no longer stops reading, until it has caught up", () => {
  const pace = new DriverPace();
  const reader = driver();
  expect(pace.update(reader, 0)).toEqual({ paused: true, checkAtMs: DRIVER_SILENCE_MAX_MS });
  expect(pace.update(reader, DRIVER_SILENCE_MAX_MS).paused).toBe(false);
  expect(pace.update(reader, DRIVER_SILENCE_MAX_MS + 1).paused).toBe(false);
  Object.assign(reader, { isFull: false, isCaughtUp: true });
  pace.update(reader, 5_000);
  Object.assign(reader, { isFull: true, isCaughtUp: false });
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
  expect(pace.update({ ...driver(), isFull: false }, 1).paused).toBe(false);
  expect(pace.update(undefined, 2).paused).toBe(false);
});
