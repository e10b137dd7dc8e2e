import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { FakeClock } from "../platform/fake-clock.ts";
import { CARRIED_LINKS_MAX, CARRIED_MS, CarriedLinks } from "./carried-links.ts";
import { fitsSecret, guessOf, makeSecret, secretHash } from "./share-secret.ts";

const SHARE = "A".repeat(22);
const SECRET = makeSecret("keyboard", randomBytes(32));

function links() {
  const clock = new FakeClock();
  return { clock, links: new CarriedLinks(clock, randomBytes) };
}

test("what a browser left is found again by its cookie alone, and opens what the secret itself would have opened", () => {
  const { links: all } = links();
  const cookie = all.carry(SHARE, SECRET, undefined);
  const found = all.find(cookie);
  const stored = { shareClass: "keyboard", secretHash: secretHash(SHARE, "keyboard", SECRET) } as const;
  expect(found?.shareId).toBe(SHARE);
  expect(found && fitsSecret(found.guess, stored)).toBe(true);
  expect(fitsSecret(guessOf("B".repeat(22), SECRET), stored)).toBe(false);
  expect(JSON.stringify(found)).not.toContain(SECRET.slice(1));
  for (const other of [undefined, "", cookie.slice(1)]) expect(all.find(other)).toBeUndefined();
});

test("it is over after ten minutes, when it was used, and when the browser leaves another link", () => {
  const { clock, links: all } = links();
  const first = all.carry(SHARE, SECRET, undefined);
  clock.advance(CARRIED_MS - 1);
  expect(all.find(first)).toBeDefined();
  clock.advance(1);
  expect(all.find(first)).toBeUndefined();
  const second = all.carry(SHARE, SECRET, undefined);
  const third = all.carry(SHARE, SECRET, second);
  expect(all.find(second)).toBeUndefined();
  all.forget(third);
  expect(all.find(third)).toBeUndefined();
});

test("a thousand links are under way at one time: the next is refused until some are over", () => {
  const { clock, links: all } = links();
  for (let count = 0; count < CARRIED_LINKS_MAX; count++) all.carry(SHARE, SECRET, undefined);
  expect(() => all.carry(SHARE, SECRET, undefined)).toThrow(expect.objectContaining({ code: "RATE_LIMITED" }));
  clock.advance(CARRIED_MS);
  expect(all.find(all.carry(SHARE, SECRET, undefined))).toBeDefined();
});
