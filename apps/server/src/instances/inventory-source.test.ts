import { beforeEach, expect, test } from "vitest";
import { testIdentity } from "../aws/testing/aws-endpoint.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import { FakeClock } from "../platform/fake-clock.ts";
import { createLog } from "../platform/logger.ts";
import { FRESH_MS, InventorySource, REFRESH_EVERY_MS, WATCHERS_PER_SOURCE_MAX } from "./inventory-source.ts";
import { PAGE_RETRY_WAIT_MS, PAGE_TRIES_MAX } from "./listing-pass.ts";
import { FakeDirectory, OpenBudget, settle } from "./testing/fake-directory.ts";

let clock: FakeClock;
let directory: FakeDirectory;
let budget: OpenBudget;
let source: InventorySource;
const dana = testIdentity();
beforeEach(() => {
  clock = new FakeClock();
  directory = new FakeDirectory();
  budget = new OpenBudget();
  const log = createLog("silent", () => undefined);
  source = new InventorySource(dana, "eu-west-1", { directory, budget, clock, log, random: () => 0.5 });
});
const watch = (identity = dana) => source.watch(identity, () => undefined);
const codes = () => [source.state.errors.ec2?.code, source.state.errors.ssm?.code];
/** Lets a pass go through all its tries of a page. */
async function passRetries(): Promise<void> {
  for (let tries = 0; tries < PAGE_TRIES_MAX; tries++) {
    await settle();
    clock.advance(PAGE_RETRY_WAIT_MS * 2 ** tries);
  }
  await settle();
}

test("the first watcher begins a pass over both services at once; the count grows with the pages", async () => {
  directory.fill(5);
  const open = directory.hold();
  const counts: string[] = [];
  source.watch(dana, () => counts.push(`${source.state.loaded} of ${source.state.about}`));
  await settle();
  expect(directory.calls).toEqual(["dana eu-west-1 ec2 first", "dana eu-west-1 ssm first"]);
  expect(source.state).toMatchObject({ phase: "loading", refreshing: true, loaded: 0 });
  open();
  await settle();
  expect(counts).toContain("2 of 4");
  expect(source.state).toMatchObject({ phase: "complete", refreshing: false, loaded: 5, about: 5 });
});

test("all watchers of a source share one pass, each within the budget of account and region", async () => {
  directory.fill(3);
  watch();
  watch();
  void source.refresh();
  await settle();
  expect(directory.calls).toHaveLength(4);
  expect(budget.taken).toEqual(
    Array(4)
      .fill(0)
      .map(() => expect.stringMatching(/^(ec2|ssm) 111122223333 eu-west-1 person$/)),
  );
});

test("while somebody looks the list is read again in the background; when nobody does, nothing is asked", async () => {
  const leave = watch();
  await settle();
  clock.advance(REFRESH_EVERY_MS);
  await settle();
  expect(directory.calls).toHaveLength(4);
  expect(budget.taken.at(-1)).toMatch(/background$/);
  leave();
  clock.advance(10 * REFRESH_EVERY_MS);
  await settle();
  expect(directory.calls).toHaveLength(4);
  expect(clock.pendingTimers).toBe(0);
  expect(source.unwatchedSinceMs).toBe(clock.nowMs() - 10 * REFRESH_EVERY_MS);
});

test("who comes back finds the list as it was, with its age, and a new pass if it is old", async () => {
  directory.fill(2);
  watch()();
  await settle();
  const { fetchedAtMs } = source.state;
  clock.advance(REFRESH_EVERY_MS + 1);
  watch();
  expect(source.state).toMatchObject({ phase: "complete", loaded: 2, fetchedAtMs, refreshing: true });
});

test("a person's wish for a new list is granted unless the list is new", async () => {
  watch();
  await settle();
  await source.refresh();
  expect(directory.calls).toHaveLength(2);
  clock.advance(FRESH_MS);
  await source.refresh();
  expect(directory.calls).toHaveLength(4);
});

test("one service that is refused takes nothing from the other", async () => {
  directory.fill(2);
  directory.failWith.ec2 = new CatalogError("AWS_ACCESS_DENIED");
  watch();
  await settle();
  expect(source.state).toMatchObject({ phase: "complete", loaded: 2, nextTryAtMs: undefined });
  expect(codes()).toEqual(["AWS_ACCESS_DENIED", undefined]);
  expect(source.state.kept).toEqual({ ec2: false, ssm: true });
});

test("neither answers: failed, with the time of the next try, which is put off further each time", async () => {
  directory.failWith.ec2 = new CatalogError("AWS_ACCESS_DENIED");
  directory.failWith.ssm = new CatalogError("AWS_ACCESS_DENIED");
  watch();
  await settle();
  expect(source.state).toMatchObject({ phase: "failed", nextTryAtMs: clock.nowMs() + 2 * REFRESH_EVERY_MS });
  clock.advance(2 * REFRESH_EVERY_MS);
  await settle();
  expect(source.state.nextTryAtMs).toBe(clock.nowMs() + 4 * REFRESH_EVERY_MS);
});

test("throttled after all tries: the rows stay with their age, and the page learns when the next try is", async () => {
  directory.fill(2);
  watch();
  await settle();
  const { fetchedAtMs } = source.state;
  directory.failWith.ec2 = new CatalogError("AWS_THROTTLED");
  directory.failWith.ssm = new CatalogError("AWS_THROTTLED");
  clock.advance(REFRESH_EVERY_MS);
  await passRetries();
  expect(source.state).toMatchObject({ phase: "complete", loaded: 2, fetchedAtMs, kept: { ec2: true, ssm: true } });
  expect(source.state.nextTryAtMs).toBeGreaterThan(clock.nowMs());
  expect(budget.throttled).toContain("ec2 111122223333 eu-west-1");
});

test("a login that has ended is that error, and AWS is not asked; the same person's next login goes on", async () => {
  const ended = testIdentity(async () => {
    throw new CatalogError("CREDENTIALS_EXPIRED");
  });
  watch(ended);
  await settle();
  expect([codes(), directory.calls]).toEqual([["CREDENTIALS_EXPIRED", "CREDENTIALS_EXPIRED"], []]);
  watch(dana);
  await source.refresh();
  expect(codes()).toEqual([undefined, undefined]);
});

test("a list that was refused for credentials is read again as soon as they are renewed, and one under way after its end", async () => {
  const ended = testIdentity(async () => {
    throw new CatalogError("CREDENTIALS_EXPIRED");
  });
  watch(ended);
  await settle();
  source.handleCredentialsRenewed(dana);
  await settle();
  expect(codes()).toEqual([undefined, undefined]);
  const passes = directory.calls.length;
  source.handleCredentialsRenewed(dana); // nothing was refused: its turn comes as always
  await settle();
  expect(directory.calls).toHaveLength(passes);

  directory.failWith.ec2 = new CatalogError("CREDENTIALS_EXPIRED");
  const open = directory.hold();
  clock.advance(REFRESH_EVERY_MS);
  await settle();
  source.handleCredentialsRenewed(dana);
  open();
  await settle();
  expect(directory.calls.length).toBeGreaterThan(passes + 2);
});

test("a failure that is nobody's is an internal error, and the source goes on", async () => {
  directory.failWith.ec2 = new Error("bug") as CatalogError;
  watch();
  await settle();
  expect(codes()).toEqual(["INTERNAL_ERROR", undefined]);
});

test("at the bound a further watcher is refused", () => {
  for (let count = 0; count < WATCHERS_PER_SOURCE_MAX; count++) watch();
  expect(() => watch()).toThrow(expect.objectContaining({ code: "INVENTORY_LIMIT_REACHED" }));
});

test("a source that is closed in the middle of a pass asks no further page", async () => {
  directory.fill(9);
  const open = directory.hold();
  watch();
  await settle();
  source.close();
  open();
  await settle();
  expect(directory.calls).toHaveLength(2);
  expect(clock.pendingTimers).toBe(0);
});
