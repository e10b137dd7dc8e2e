import type { AuditEvent } from "@causeway/wire-contract/audit";
import { expect, test } from "vitest";
import { eventActor, eventFailure, eventIcon, eventTarget, jsonParts } from "./audit-words.ts";

const EVENT: AuditEvent = {
  ...{ id: "1", at: 0, event: "session.started", name: "dana", account: "111122223333" },
  ...{ ip: "192.0.2.1", requestId: "r", refused: false },
};

test("a machine is called by its name where the audit knows it, else by its id; what was done with it follows", () => {
  const machine = { ...EVENT, instanceId: "i-0a", region: "eu-west-1" };
  expect(eventTarget({ ...machine, instanceName: "checkout-api-04" })).toBe("checkout-api-04, eu-west-1");
  expect(eventTarget(machine)).toBe("i-0a, eu-west-1");
  expect(eventTarget({ ...machine, detail: "reason: x" })).toBe("i-0a, eu-west-1, reason: x");
  expect(eventTarget({ ...EVENT, detail: "csv" })).toBe("csv");
});

test("without a name it was the server, or somebody at an address who was not signed in", () => {
  expect(eventActor({ ...EVENT, name: "", ip: "" }).kind).toBe("system");
  expect(eventActor({ ...EVENT, name: "" }).kind).toBe("nobody");
  expect(eventActor(EVENT)).toEqual({ kind: "person", name: "dana" });
});

test("a code of the catalog is said in its words; other capitals are not taken for one", () => {
  expect(eventFailure({ detail: "access-keys: PERSON_DISABLED" })?.title).toMatch(/\w/);
  expect(eventFailure({ detail: "reason: PROD_DOWN; CONSTRUCTOR" })).toBeUndefined();
  expect(eventFailure({})).toBeUndefined();
});

test("an event that this page has never heard of has an icon all the same", () => {
  expect([eventIcon("session.start_refused"), eventIcon("session.cloned"), eventIcon("moon.landed")]).toEqual([
    "fail",
    "terminal",
    "info",
  ]);
});

test("coloured JSON is the same text, keys and values told apart, quotes and colons in values too", () => {
  const json = JSON.stringify({ a: 'b "c": 1', d: true, "e:f": [-1.5, null] }, undefined, 2);
  const parts = jsonParts(json);
  expect(parts.map(({ text }) => text).join("")).toBe(json);
  const of = (kind: string) => parts.filter((part) => part.kind === kind).map(({ text }) => text);
  expect(of("key")).toEqual(['"a"', '"d"', '"e:f"']);
  expect(of("text")).toEqual(['"b \\"c\\": 1"']);
  expect(of("other")).toEqual(["true", "-1.5", "null"]);
});
