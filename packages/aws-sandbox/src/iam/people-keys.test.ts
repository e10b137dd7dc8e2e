import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CredentialStore, KEYS_PER_OWNER_MAX } from "./credential-store.ts";
import { nodePrincipal } from "./node-roles.ts";
import { DEFAULT_PEOPLE } from "./people.ts";
import { PeopleKeys } from "./people-keys.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "people-keys-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function keys(lifetimeSeconds?: number) {
  const path = join(folder, "people.json");
  const credentials = new CredentialStore(randomBytes);
  const clock = { nowMs: Date.parse("2026-11-22T12:00:00Z") };
  const people = new PeopleKeys({
    path,
    endpointUrl: "http://127.0.0.1:4124",
    adminToken: "admin",
    portalPasscode: "PASSCODE2",
    account: "111122223333",
    people: DEFAULT_PEOPLE,
    credentials,
    lifetimeSeconds,
    nowMs: () => clock.nowMs,
  });
  const dana = () => people.file.people.find(({ id }) => id === "dana");
  const endOf = (accessKeyId = dana()?.accessKeyId ?? "") => credentials.find(accessKeyId)?.expiresAtMs;
  return { people, clock, credentials, dana, endOf, inFile: () => JSON.parse(readFileSync(path, "utf8")) };
}

test("without a lifetime keys are long-term ones, without token and end", () => {
  const { dana, endOf } = keys();
  expect(dana()?.accessKeyId).toMatch(/^AKIA/);
  expect(dana()).not.toHaveProperty("sessionToken");
  expect(endOf()).toBeUndefined();
});

test("with a lifetime they are temporary: a token, and an end so many seconds after they were given out", () => {
  const { dana, clock, endOf } = keys(5);
  expect(dana()).toMatchObject({
    accessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
    expiresAt: "2026-11-22T12:00:05.000Z",
  });
  expect(dana()?.sessionToken?.length).toBeGreaterThan(40);
  expect(endOf()).toBe(clock.nowMs + 5_000);
});

test("a renewal writes new keys for that person only, and leaves earlier ones to their own end", async () => {
  const { people, clock, dana, endOf, inFile } = keys(5);
  await people.write();
  const before = inFile();
  const firstId = dana()?.accessKeyId;
  clock.nowMs += 3_000;
  expect(await people.renew("dana")).toEqual({
    id: "dana",
    accessKeyId: dana()?.accessKeyId,
    expiresAt: "2026-11-22T12:00:08.000Z",
  });
  expect(inFile().people[1]).toEqual(before.people[1]);
  expect(inFile().people[0]).toMatchObject({ accessKeyId: dana()?.accessKeyId, sessionToken: dana()?.sessionToken });
  expect([firstId === dana()?.accessKeyId, endOf(firstId)]).toEqual([false, clock.nowMs + 2_000]);
  expect((await people.renew("dana", 60))?.expiresAt).toBe("2026-11-22T12:01:03.000Z");
  expect(await people.renew("eve")).toBeUndefined();
});

test("renewals at the same time leave the latest keys in the file", async () => {
  const { people, dana, inFile } = keys(5);
  await Promise.all(Array.from({ length: 5 }, () => people.renew("dana")));
  expect(inFile().people[0].accessKeyId).toBe(dana()?.accessKeyId);
});

test("expiring ends all of one person's keys and nobody else's, long-term ones included", async () => {
  const { people, clock, endOf, credentials } = keys();
  const [first, kofi] = people.file.people.map(({ accessKeyId }) => accessKeyId);
  await people.renew("dana", 60);
  expect(people.expire("dana")).toBe(true);
  expect([endOf(first), endOf()]).toEqual([clock.nowMs, clock.nowMs]);
  expect(credentials.find(kofi ?? "")?.expiresAtMs).toBeUndefined();
  expect(people.expire("eve")).toBe(false);
});

test("one owner has so many keys; at the bound the oldest is forgotten, another owner's stay", () => {
  const credentials = new CredentialStore(randomBytes);
  const owner = (id: string) => nodePrincipal({ id, account: "111122223333" });
  const other = credentials.createKey(owner("i-2"));
  const ids = Array.from({ length: KEYS_PER_OWNER_MAX + 1 }, () => credentials.createKey(owner("i-1")).accessKeyId);
  expect(ids.map((id) => credentials.find(id) !== undefined)).toEqual([false, ...Array(KEYS_PER_OWNER_MAX).fill(true)]);
  expect(credentials.find(other.accessKeyId)).toBeDefined();
});
