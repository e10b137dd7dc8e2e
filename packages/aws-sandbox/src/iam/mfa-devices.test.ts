import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { codeAt, MfaDevices, serialOf } from "./mfa-devices.ts";

const DANA = "arn:aws:iam::111122223333:user/dana";
const SERIAL = "arn:aws:iam::111122223333:mfa/dana";
const NOW = 1_700_000_000_000;

test("codes are those of RFC 6238, appendix B, by their last six digits", () => {
  const secret = Buffer.from("12345678901234567890");
  expect([59, 1_111_111_109, 2_000_000_000].map((seconds) => codeAt(secret, Math.floor(seconds / 30)))).toEqual([
    "287082",
    "081804",
    "279037",
  ]);
});

test("a code works once, for its own device, and one step late", () => {
  const devices = new MfaDevices(randomBytes);
  const code = devices.codeOf(DANA, NOW);
  expect(serialOf(DANA)).toBe(SERIAL);
  expect(devices.redeem(DANA, SERIAL.replace("dana", "kofi"), code, NOW)).toBe(false);
  expect(devices.redeem(DANA, SERIAL, code, NOW + 30_000)).toBe(true);
  expect(devices.redeem(DANA, SERIAL, code, NOW + 30_000)).toBe(false);
});

test("a code of two steps ago is too old", () => {
  const devices = new MfaDevices(randomBytes);
  expect(devices.redeem(DANA, SERIAL, devices.codeOf(DANA, NOW), NOW + 60_000)).toBe(false);
});
