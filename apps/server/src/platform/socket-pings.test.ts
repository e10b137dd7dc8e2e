import { expect, test } from "vitest";
import { FakeClock } from "./fake-clock.ts";
import { PING_EVERY_MS, pingUntilSilent, SILENCE_MAX_MS } from "./socket-pings.ts";

class FakeSocket {
  pings = 0;
  cut = false;
  ping(): void {
    this.pings++;
  }
  terminate(): void {
    this.cut = true;
  }
}

test("a socket that answers is pinged on and on; one that is silent for a minute is cut, and no timer is left", () => {
  const [socket, clock] = [new FakeSocket(), new FakeClock()];
  let heardAtMs = clock.nowMs();
  pingUntilSilent(socket, clock, () => heardAtMs);
  for (let count = 0; count < 10; count++) {
    clock.advance(PING_EVERY_MS);
    heardAtMs = clock.nowMs();
  }
  expect([socket.pings, socket.cut]).toEqual([10, false]);
  clock.advance(SILENCE_MAX_MS - 1);
  expect(socket.cut).toBe(false);
  clock.advance(1);
  expect([socket.cut, clock.pendingTimers]).toEqual([true, 0]);
});

test("once stopped it neither pings nor cuts, however long it has run", () => {
  const [socket, clock] = [new FakeSocket(), new FakeClock()];
  const stop = pingUntilSilent(socket, clock, () => clock.nowMs());
  clock.advance(3 * PING_EVERY_MS);
  stop();
  clock.advance(2 * SILENCE_MAX_MS);
  expect([socket.pings, socket.cut, clock.pendingTimers]).toEqual([3, false, 0]);
});
