import { randomBytes } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { FakeClock } from "../platform/fake-clock.ts";
import { LAUNCH_SECRET_LIFETIME_MS, LaunchSecret, type LaunchSecretReason } from "./launch-secret.ts";

let clock: FakeClock;
let announced: { secret: string; why: LaunchSecretReason }[];
let launch: LaunchSecret;
const newest = (): string => announced.at(-1)?.secret ?? "";
beforeEach(() => {
  clock = new FakeClock();
  announced = [];
  launch = new LaunchSecret(clock, randomBytes, (secret, why) => announced.push({ secret, why }));
});

test("before the server is ready there is no secret to redeem", () => {
  expect(launch.redeem("")).toBe(false);
  expect(announced).toEqual([]);
});

test("a secret of 256 bits works once, and its use makes the next one", () => {
  launch.renew("start");
  const secret = newest();
  expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect([launch.redeem(secret), launch.redeem(secret)]).toEqual([true, false]);
  expect(announced.map(({ why }) => why)).toEqual(["start", "used"]);
  expect(launch.redeem(newest())).toBe(true);
});

test("a wrong guess neither works nor uses the secret up", () => {
  launch.renew("start");
  expect(launch.redeem(`${newest()}x`)).toBe(false);
  expect(launch.redeem(newest())).toBe(true);
});

test("asking for a fresh one makes the one before worthless", () => {
  launch.renew("start");
  const before = newest();
  launch.renew("asked");
  expect([launch.redeem(before), launch.redeem(newest())]).toEqual([false, true]);
});

test("an unused secret is replaced after ten minutes, again and again", () => {
  launch.renew("start");
  const first = newest();
  clock.advance(LAUNCH_SECRET_LIFETIME_MS - 1);
  expect(announced).toHaveLength(1);
  clock.advance(1);
  expect(announced.at(-1)?.why).toBe("expired");
  expect(launch.redeem(first)).toBe(false);
  clock.advance(LAUNCH_SECRET_LIFETIME_MS);
  expect([announced.length, clock.pendingTimers, launch.redeem(newest())]).toEqual([3, 1, true]);
});

test("a closed server accepts no secret and leaves no timer", () => {
  launch.renew("start");
  launch.close();
  expect([launch.redeem(newest()), clock.pendingTimers]).toEqual([false, 0]);
});
