import { expect, test } from "vitest";
import { fitsSecret, guessOf, makeSecret, SECRET_BYTES, secretHash } from "./share-secret.ts";

const secret = makeSecret("view", new Uint8Array(SECRET_BYTES).fill(7));
const stored = { secretHash: secretHash("a", "view", secret), shareClass: "view" } as const;

test("only the secret of this link and class fits", () => {
  expect(secret).toMatch(/^v[A-Za-z0-9_-]{43}$/);
  expect(fitsSecret(guessOf("a", secret), stored)).toBe(true);
  for (const guess of ["", secret.slice(1), `k${secret.slice(1)}`, `${secret}A`, secret.toUpperCase()])
    expect(fitsSecret(guessOf("a", guess), stored)).toBe(false);
  expect(fitsSecret(guessOf("b", secret), stored)).toBe(false);
  expect(fitsSecret(guessOf("a", secret), undefined)).toBe(false);
});

test("a view-only link whose row was changed to another class fits its secret no more", () => {
  expect(fitsSecret(guessOf("a", secret), { ...stored, shareClass: "keyboard" })).toBe(false);
});
