import { beforeEach, expect, test } from "vitest";
import { testIdentity } from "../aws/testing/aws-endpoint.ts";
import { FakeClock } from "../platform/fake-clock.ts";
import { createLog } from "../platform/logger.ts";
import { Inventory, KEEP_UNWATCHED_MS, SOURCES_MAX } from "./inventory.ts";
import { FakeDirectory, OpenBudget, settle } from "./testing/fake-directory.ts";

let clock: FakeClock;
let inventory: Inventory;
const dana = testIdentity();
beforeEach(() => {
  clock = new FakeClock();
  const log = createLog("silent", () => undefined);
  inventory = new Inventory({
    directory: new FakeDirectory(),
    budget: new OpenBudget(),
    clock,
    log,
    random: () => 0.5,
  });
});
const watch = (region: string) => inventory.source(dana, region).watch(dana, () => undefined);

test("a list is shared by the readers of one identity, and by nobody else", () => {
  const source = inventory.source(dana, "eu-west-1");
  expect(inventory.source(dana, "eu-west-1")).toBe(source);
  expect(inventory.source(dana, "us-east-1")).not.toBe(source);
  for (const other of [{ ownerKey: "111122223333/AIDAKOFI" }, { loginId: "login-2" }, { arn: "arn:other" }])
    expect(inventory.source({ ...dana, ...other }, "eu-west-1")).not.toBe(source);
});

test("a list that nobody looks at is kept for a while, then dropped", async () => {
  const leave = watch("eu-west-1");
  await settle();
  leave();
  clock.advance(KEEP_UNWATCHED_MS - 60_000);
  expect(inventory.size).toBe(1);
  clock.advance(120_000);
  expect(inventory.size).toBe(0);
  expect(clock.pendingTimers).toBe(0);
});

test("at the bound the list unwatched for longest goes; when all are watched a further one is refused", () => {
  watch("r-0")();
  clock.advance(1);
  watch("r-1")();
  const first = inventory.source(dana, "r-0");
  for (let n = 2; n < SOURCES_MAX; n++) watch(`r-${n}`);
  watch("one more");
  expect(inventory.size).toBe(SOURCES_MAX);
  expect(inventory.source(dana, "r-0")).not.toBe(first);
  watch("r-0");
  expect(() => inventory.source(dana, "yet another")).toThrow(
    expect.objectContaining({ code: "INVENTORY_LIMIT_REACHED" }),
  );
});

test("with the end of a login its lists go at once, and nobody else's", async () => {
  const colleague = { ...dana, loginId: "login-2" };
  inventory.source(dana, "eu-west-1").watch(dana, () => undefined);
  inventory.source(colleague, "eu-west-1").watch(colleague, () => undefined);
  inventory.dropLogin(dana.loginId, new Set([dana.ownerKey]));
  expect(inventory.size).toBe(1);
  expect(inventory.source(colleague, "eu-west-1").unwatchedSinceMs).toBeUndefined();
});

test("when one identity of a login is signed out, the lists of its others stay", () => {
  const other = { ...dana, ownerKey: "444455556666/AIDADANA" };
  inventory.source(dana, "eu-west-1");
  const kept = inventory.source(other, "eu-west-1");
  inventory.dropLogin(dana.loginId, new Set([dana.ownerKey]));
  expect(inventory.size).toBe(1);
  expect(inventory.source(other, "eu-west-1")).toBe(kept);
});
