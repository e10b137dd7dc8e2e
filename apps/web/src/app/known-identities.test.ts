import { expect, test } from "vitest";
import { fakeIdentity, fakeMe } from "../test-support/fake-me.ts";
import { KNOWN_IDENTITIES_MAX, KnownIdentities } from "./known-identities.ts";

const admin = fakeIdentity({ id: "b", person: { ...fakeIdentity().person, role: "Admin" } });

test("who signs in anew takes over what the same person and role had opened", () => {
  const known = new KnownIdentities();
  known.learn(fakeMe({ identities: [fakeIdentity({ id: "a" }), admin] }));
  known.learn(fakeMe({ identities: [{ ...admin, id: "c" }] }));
  expect(known.now("b")?.id).toBe("c");
  expect(known.now(undefined)?.id).toBe("c");
});

test("somebody who is not signed in any more is still shown, and acts no more", () => {
  const known = new KnownIdentities();
  known.learn(fakeMe({ identities: [fakeIdentity({ id: "a" }), admin] }));
  known.learn(fakeMe({ identities: [admin] }));
  expect([known.now("a"), known.shown("a")?.person.role, known.shown("never-seen")]).toEqual([
    undefined,
    "SRE",
    undefined,
  ]);
});

test("another role of the same account may be tried where one is refused, but not one whose credentials ended", () => {
  const known = new KnownIdentities();
  const elsewhere = fakeIdentity({ id: "c", person: { ...fakeIdentity().person, account: "444455556666" } });
  const ended = { ...admin, id: "d", state: "expired" as const };
  known.learn(fakeMe({ identities: [fakeIdentity({ id: "a" }), admin, elsewhere, ended] }));
  expect(known.othersOf("a").map(({ id }) => id)).toEqual(["b"]);
  expect(known.othersOf(undefined).map(({ id }) => id)).toEqual(["b"]);
  expect(known.othersOf("c")).toEqual([]);
});

test("at its bound the oldest id is forgotten, never one of the login", () => {
  const known = new KnownIdentities();
  for (let number = 0; number <= KNOWN_IDENTITIES_MAX; number++)
    known.learn(fakeMe({ identities: [admin, fakeIdentity({ id: `id-${number}` })] }));
  expect([known.shown("id-0"), known.now("b")?.id, known.shown("id-2")?.id]).toEqual([undefined, "b", "id-200"]);
});
