import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { CLIENTS_MAX, CODES_MAX, DeviceGrants } from "./device-grants.ts";

test("as many codes are kept as the bound says; the oldest goes first", () => {
  const grants = new DeviceGrants(randomBytes);
  const { clientId, clientSecret } = grants.registerClient([], 0);
  const codes = Array.from({ length: CODES_MAX + 1 }, () => grants.startDevice(clientId, clientSecret, 0).userCode);
  expect(grants.pending(0)).toHaveLength(CODES_MAX);
  expect(grants.findByUserCode(codes[0] ?? "", 0)).toBeUndefined();
});

test("a client beyond the bound makes the oldest one unknown", () => {
  const grants = new DeviceGrants(randomBytes);
  const { clientId, clientSecret } = grants.registerClient([], 0);
  for (let count = 0; count < CLIENTS_MAX; count++) grants.registerClient([], 0);
  expect(() => grants.startDevice(clientId, clientSecret, 0)).toThrow(/Invalid client/);
});

test("case, spaces and the dash of a typed code do not matter", () => {
  const grants = new DeviceGrants(randomBytes);
  const { clientId, clientSecret } = grants.registerClient([], 0);
  const code = grants.startDevice(clientId, clientSecret, 0);
  expect(grants.findByUserCode(` ${code.userCode.toLowerCase().replace("-", " ")} `, 0)).toBe(code);
});
