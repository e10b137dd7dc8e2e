import type { PageMessage } from "@causeway/wire-contract/events";
import { SOURCES_PER_PAGE_MAX } from "@causeway/wire-contract/instances";
import { beforeEach, expect, test } from "vitest";
import { ApiUnreachable } from "../../lib/api-client.ts";
import { GATHER_MS, GATHER_PER_ROW_MS, InventoryStore, LEFT_LISTS_MAX, LISTENERS_MAX } from "./inventory-store.ts";
import { COMPLETE } from "./testing/listed.ts";

const EU = { identityId: "first", region: "eu-west-1" };
const US = { identityId: "first", region: "us-east-1" };
const row = (name: string) => ({ id: `i-${name}`, name, kind: "ec2", state: "online", tags: {} }) as const;

let sent: PageMessage[];
let timers: (() => void)[];
let waitsMs: number[];
let store: InventoryStore;
beforeEach(() => {
  sent = [];
  timers = [];
  waitsMs = [];
  store = new InventoryStore({
    send: (message) => sent.push(message) > 0,
    clock: {
      nowMs: () => 1_000,
      setTimeout: (run, ms) => {
        waitsMs.push(ms);
        return timers.push(run);
      },
      clearTimeout: () => undefined,
    },
  });
  store.show([{ ...EU, account: "111122223333" }]);
});
const draw = () => {
  for (const run of timers.splice(0)) run();
};
const rows = (names: string[], more: { reset?: boolean; removed?: string[]; source?: typeof EU } = {}) =>
  store.handle({ type: "rows", source: EU, reset: false, removed: [], ...more, rows: names.map(row) });
const shown = () => store.getSnapshot().index.map(({ instance }) => instance.name);

test("rows are gathered and drawn together, in order", () => {
  let drawn = 0;
  store.subscribe(() => drawn++);
  rows(["b", "a10"]);
  rows(["a2"]);
  expect(shown()).toEqual([]);
  draw();
  expect([shown(), drawn]).toEqual([["a2", "a10", "b"], 1]);
});

test("the first rows are drawn soon, changes of a long list are gathered the longer", () => {
  rows(Array.from({ length: 20_000 }, (_, number) => `n-${number}`));
  draw();
  rows(["n-7"]);
  expect(waitsMs).toEqual([GATHER_MS, 20_000 * GATHER_PER_ROW_MS]);
  expect(20_000 * GATHER_PER_ROW_MS).toBe(1_000);
});

test("pings and states are taken in without making anew what is made of texts; all else makes it anew", () => {
  rows(["a", "b"]);
  draw();
  const { texts } = store.getSnapshot();
  const change = (part: object) => {
    store.handle({ type: "rows", source: EU, reset: false, removed: [], rows: [{ ...row("a"), ...part }] });
    draw();
    return store.getSnapshot();
  };
  const pinged = change({ lastPingAt: 9, state: "connection-lost" });
  expect(pinged.index[0]?.instance).toMatchObject({ lastPingAt: 9, state: "connection-lost" });
  expect(pinged.texts).toBe(texts);
  const tagged = change({ tags: { env: "prod" } });
  expect(tagged.texts).not.toBe(texts);
  expect(tagged.texts).toBe(tagged.index);
  rows([], { removed: ["i-b"] });
  draw();
  expect(store.getSnapshot().texts.map(({ instance }) => instance.name)).toEqual(["a"]);
});

test("what is removed goes, what was reset is forgotten, what came after counts", () => {
  rows(["a", "b"]);
  draw();
  rows([], { removed: ["i-a"] });
  draw();
  expect(shown()).toEqual(["b"]);
  rows(["b", "c"]);
  rows(["d"], { reset: true });
  draw();
  expect(shown()).toEqual(["d"]);
});

test("another choice of sources is said to the server, and rows of what is no longer shown go", () => {
  rows(["a"]);
  draw();
  store.show([{ ...US, account: "111122223333" }]);
  expect(shown()).toEqual([]);
  expect(sent.at(-1)).toEqual({ type: "watch", sources: [US] });
  rows(["late"]);
  draw();
  expect(shown()).toEqual([]);
});

test("how many were in a complete list is known when it is no longer shown, of so many lists as the bound says", () => {
  store.handle({ type: "status", source: EU, status: { ...COMPLETE, loaded: 7 } });
  store.show([{ ...US, account: "111122223333" }]);
  expect(store.getSnapshot().left).toEqual([{ account: "111122223333", region: "eu-west-1", count: 7 }]);
  for (let n = 0; n < LEFT_LISTS_MAX; n++) {
    const source = { identityId: "first", region: `r-${n}` };
    store.show([{ ...source, account: "111122223333" }]);
    store.handle({ type: "status", source, status: { ...COMPLETE, loaded: n } });
  }
  store.show([]);
  const { left } = store.getSnapshot();
  expect([left.length, left[0]?.region, left.at(-1)?.count]).toEqual([LEFT_LISTS_MAX, "r-0", LEFT_LISTS_MAX - 1]);
});

test("the same choice again says nothing", () => {
  const before = sent.length;
  store.show([{ ...EU, account: "111122223333" }]);
  expect(sent.length).toBe(before);
});

test("after a loss the rows stay, and the server is told again what is wanted", () => {
  rows(["a"]);
  draw();
  const error = new ApiUnreachable("x");
  store.handleLost(error);
  expect(store.getSnapshot()).toMatchObject({ connected: false, error });
  expect(shown()).toEqual(["a"]);
  store.handleReady();
  expect(sent.at(-1)).toEqual({ type: "watch", sources: [EU] });
  expect(store.getSnapshot()).toMatchObject({ connected: true, error: undefined });
});

test("a list that has just been completed tells what time it is at the server", () => {
  const status = (fetchedAt: number) =>
    store.handle({ type: "status", source: EU, status: { ...COMPLETE, fetchedAt } });
  status(500);
  status(4_000);
  expect(store.getSnapshot().clockOffsetMs).toBe(3_000);
});

test("a source that the server does not list says so", () => {
  store.handle({ type: "refused", source: EU, code: "REGION_NOT_ALLOWED" });
  draw();
  expect(store.getSnapshot().sources).toMatchObject([{ refused: "REGION_NOT_ALLOWED" }]);
});

test("a leak of listeners is refused at the bound", () => {
  for (let count = 0; count < LISTENERS_MAX; count++) store.subscribe(() => undefined);
  expect(() => store.subscribe(() => undefined)).toThrow(/leaks/);
});

test("beyond the bound of sources the rest is not asked for, and counts as refused", () => {
  const many = Array.from({ length: SOURCES_PER_PAGE_MAX + 1 }, (_, n) => ({
    identityId: `identity-${n}`,
    region: "eu-west-1",
    account: "111122223333",
  }));
  store.show(many);
  const last = sent.at(-1);
  expect(last?.type === "watch" && last.sources.length).toBe(SOURCES_PER_PAGE_MAX);
  expect(store.getSnapshot().sources.filter(({ refused }) => refused !== undefined)).toHaveLength(1);
});
