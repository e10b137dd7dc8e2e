import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { ACTIVATIONS_MAX, Activations, type NewActivation } from "./activations.ts";

const NOW_MS = Date.UTC(2026, 10, 23);
const wanted: NewActivation = {
  account: "111122223333",
  region: "eu-west-1",
  role: "SandboxNodeRole",
  instanceName: "rack-7",
  description: "",
  registrationsMax: 2,
  expiresAtMs: NOW_MS + 1_000,
  tags: {},
};

function made(more: Partial<NewActivation> = {}) {
  const activations = new Activations(randomBytes);
  const given = activations.create({ ...wanted, ...more }, NOW_MS);
  if (given === undefined) throw new Error("none was made");
  return { activations, ...given };
}

test("an activation is a UUID and a code of 20 characters, and registers as many machines as it says", () => {
  const { activations, id, code } = made();
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(code).toMatch(/^[\w-]{20}$/);
  for (const registrations of [1, 2]) expect(activations.redeem(id, code, NOW_MS)).toMatchObject({ id, registrations });
  expect(activations.redeem(id, code, NOW_MS)).toBe("exhausted");
});

test("a wrong code, an unknown id and a deleted activation are told alike", () => {
  const { activations, id, code } = made();
  expect(activations.redeem(id, `${code.slice(1)}x`, NOW_MS)).toBe("invalid");
  expect(activations.redeem(`0${id.slice(1)}x`, code, NOW_MS)).toBe("invalid");
  expect(activations.delete(id, wanted.account, wanted.region)).toBe(true);
  expect(activations.redeem(id, code, NOW_MS)).toBe("invalid");
});

test("from its end on nobody registers with it", () => {
  const { activations, id, code } = made();
  expect(activations.redeem(id, code, wanted.expiresAtMs - 1)).toMatchObject({ id });
  expect(activations.redeem(id, code, wanted.expiresAtMs)).toBe("expired");
});

test("another account and another region neither see it nor delete it", () => {
  const { activations, id } = made();
  expect(activations.list("444455556666", wanted.region)).toEqual([]);
  expect(activations.list(wanted.account, "us-east-1")).toEqual([]);
  expect(activations.delete(id, "444455556666", wanted.region)).toBe(false);
  expect(activations.delete(id, wanted.account, "us-east-1")).toBe(false);
  expect(activations.list(wanted.account, wanted.region)).toHaveLength(1);
});

test("at the bound there is no further one", () => {
  const activations = new Activations(randomBytes);
  for (let count = 0; count < ACTIVATIONS_MAX; count++) activations.create(wanted, NOW_MS);
  expect(activations.create(wanted, NOW_MS)).toBeUndefined();
});
