import { beforeEach, expect, test } from "vitest";
import { CatalogError } from "../platform/catalog-error.ts";
import { FakeClock } from "../platform/fake-clock.ts";
import type { Page } from "./instance-directory.ts";
import { listingPass, PAGE_RETRY_WAIT_MS, PAGE_TRIES_MAX, PAGES_MAX } from "./listing-pass.ts";
import { settle } from "./testing/fake-directory.ts";

let clock: FakeClock;
let events: string[];
let abort: AbortController;
beforeEach(() => {
  clock = new FakeClock();
  events = [];
  abort = new AbortController();
});

const pass = (read: (token: string | undefined) => Promise<Page<string>>, wanted = true) =>
  listingPass<string>({
    read,
    onPage: (items) => {
      events.push(...items);
      return wanted;
    },
    takeTurn: async () => void events.push("turn"),
    onThrottled: () => events.push("throttled"),
    clock,
    random: () => 0.5,
    signal: abort.signal,
  });
const failing = (code: "AWS_THROTTLED" | "AWS_ACCESS_DENIED") => async () => {
  throw new CatalogError(code);
};

test("pages are read to the last one, each in its turn", async () => {
  await pass(async (token) => ({ items: [token ?? "a"], nextToken: token === undefined ? "b" : undefined }));
  expect(events).toEqual(["turn", "a", "turn", "b"]);
});

test("a throttled page is tried again with doubling waits, and the budget is told each time", async () => {
  const failed = pass(failing("AWS_THROTTLED")).catch((error: CatalogError) => error.code);
  for (let tries = 1; tries < PAGE_TRIES_MAX; tries++) {
    await settle();
    expect(events.filter((event) => event === "throttled")).toHaveLength(tries);
    clock.advance(PAGE_RETRY_WAIT_MS * 2 ** (tries - 1));
  }
  expect(await failed).toBe("AWS_THROTTLED");
  expect(events.filter((event) => event === "turn")).toHaveLength(PAGE_TRIES_MAX);
});

test("a refusal is not asked about again", async () => {
  await expect(pass(failing("AWS_ACCESS_DENIED"))).rejects.toMatchObject({ code: "AWS_ACCESS_DENIED" });
  expect(events).toEqual(["turn"]);
});

test("a service that never ends its pages is left after a bound", async () => {
  await expect(pass(async () => ({ items: [], nextToken: "more" }))).rejects.toMatchObject({ code: "AWS_FAILED" });
  expect(events).toHaveLength(PAGES_MAX);
});

test("no further page is read once none is wanted", async () => {
  await pass(async () => ({ items: ["a"], nextToken: "more" }), false);
  expect(events).toEqual(["turn", "a"]);
});

test("a pass that nobody wants any more ends in the middle of a wait, and leaves no timer", async () => {
  const failed = pass(failing("AWS_THROTTLED")).catch((error: CatalogError) => error.code);
  await settle();
  abort.abort(new CatalogError("SERVER_STOPPING"));
  expect(await failed).toBe("SERVER_STOPPING");
  expect(clock.pendingTimers).toBe(0);
});
