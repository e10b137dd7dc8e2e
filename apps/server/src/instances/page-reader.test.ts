import type { ServerEvent } from "@causeway/wire-contract/events";
import { ROWS_PER_MESSAGE_MAX } from "@causeway/wire-contract/events";
import { beforeEach, expect, test } from "vitest";
import { testIdentity } from "../aws/testing/aws-endpoint.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import { FakeClock } from "../platform/fake-clock.ts";
import { createLog } from "../platform/logger.ts";
import { Inventory } from "./inventory.ts";
import { REFRESH_EVERY_MS } from "./inventory-source.ts";
import { GATHER_MS, MESSAGES_PER_TURN_MAX, PageReader } from "./page-reader.ts";
import { FakeDirectory, OpenBudget, settle } from "./testing/fake-directory.ts";

const EU = { identityId: "first", region: "eu-west-1" };
const US = { identityId: "first", region: "us-east-1" };
let clock: FakeClock;
let directory: FakeDirectory;
let reader: PageReader;
let sent: ServerEvent[];
let keepingUp: boolean;

beforeEach(() => {
  clock = new FakeClock();
  directory = new FakeDirectory();
  directory.pageSize = 1_000;
  sent = [];
  keepingUp = true;
  const log = createLog("silent", () => undefined);
  reader = new PageReader({
    inventory: new Inventory({ directory, budget: new OpenBudget(), clock, log, random: () => 0.5 }),
    clock,
    identityOf: (id) => {
      if (id !== "first") throw new CatalogError("SIGN_IN_REQUIRED");
      return testIdentity();
    },
    checkRegion: (region) => {
      if (region === "xx-nowhere-1") throw new CatalogError("REGION_NOT_ALLOWED");
    },
    send: (event) => sent.push(event),
    isKeepingUp: () => keepingUp,
    requestId: "request-1",
  });
});
/** Lets AWS answer and the page be told. */
async function pass(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    await settle();
    clock.advance(GATHER_MS);
  }
}
const rows = (of = EU) =>
  sent.flatMap((event) => (event.type === "rows" && event.source.region === of.region ? event.rows : []));
const statuses = () => sent.flatMap((event) => (event.type === "status" ? event.status : []));

test("a page gets the rows in bounded messages, each once, then the word that they are all", async () => {
  directory.fill(2 * ROWS_PER_MESSAGE_MAX + 1);
  reader.watch([EU]);
  await pass();
  expect(rows()).toHaveLength(2 * ROWS_PER_MESSAGE_MAX + 1);
  for (const event of sent)
    if (event.type === "rows") expect(event.rows.length).toBeLessThanOrEqual(ROWS_PER_MESSAGE_MAX);
  expect(sent.at(-1)).toMatchObject({ type: "status", status: { phase: "complete", loaded: 501, refreshing: false } });
});

test("a list that is asked for anew is told to be forgotten first; one that goes on is not sent again", async () => {
  directory.fill(1);
  reader.watch([EU]);
  await pass();
  reader.watch([EU, US]);
  await pass();
  expect(rows()).toHaveLength(1);
  const resets = sent.filter((event) => event.type === "rows" && event.reset);
  expect(resets.map((event) => "source" in event && event.source.region)).toEqual(["eu-west-1", "us-east-1"]);
});

test("later only what changed is sent", async () => {
  directory.fill(3);
  reader.watch([EU]);
  await pass();
  sent.length = 0;
  directory.ec2[1] = { id: "i-00000001", state: "stopped", tags: [] };
  directory.ec2.splice(2, 1);
  directory.ssm.splice(2, 1);
  clock.advance(REFRESH_EVERY_MS);
  await pass();
  expect(rows()).toMatchObject([{ id: "i-00000001", state: "stopped" }]);
  expect(sent.flatMap((event) => (event.type === "rows" ? event.removed : []))).toEqual(["i-00000002"]);
});

test("a page that does not read is sent nothing more, and goes on where it was", async () => {
  directory.fill(ROWS_PER_MESSAGE_MAX * (MESSAGES_PER_TURN_MAX + 2));
  reader.watch([EU]);
  keepingUp = false;
  await pass();
  expect(rows()).toEqual([]);
  keepingUp = true;
  await pass();
  expect(new Set(rows().map(({ id }) => id)).size).toBe(directory.ec2.length);
});

test("one turn of the event loop sends no more than its share", async () => {
  directory.fill(ROWS_PER_MESSAGE_MAX * (MESSAGES_PER_TURN_MAX + 2));
  keepingUp = false;
  reader.watch([EU]);
  await pass();
  keepingUp = true;
  const before = sent.length;
  clock.setTimer(clock.nowMs() + GATHER_MS, () =>
    expect(sent.slice(before).filter(({ type }) => type === "rows")).toHaveLength(MESSAGES_PER_TURN_MAX),
  );
  clock.advance(GATHER_MS);
  expect(rows().length).toBeGreaterThan(0);
});

test("an identity that is not the login's and a region that is not offered are refused by name", async () => {
  reader.watch([
    { identityId: "somebody-else", region: "eu-west-1" },
    { identityId: "first", region: "xx-nowhere-1" },
  ]);
  await pass();
  expect(sent).toMatchObject([
    { type: "refused", code: "SIGN_IN_REQUIRED" },
    { type: "refused", code: "REGION_NOT_ALLOWED" },
  ]);
  expect(directory.calls).toEqual([]);
});

test("what a service said instead of a list is part of the status", async () => {
  directory.fill(1);
  directory.failWith.ssm = new CatalogError("AWS_ACCESS_DENIED");
  reader.watch([EU]);
  await pass();
  expect(statuses().at(-1)).toMatchObject({
    ec2: { ok: true },
    ssm: { ok: false, problem: { code: "AWS_ACCESS_DENIED", requestId: "request-1" } },
  });
});

test("a page that is gone is told nothing, asks nothing, and leaves no timer", async () => {
  directory.fill(1);
  reader.watch([EU]);
  await pass();
  const calls = directory.calls.length;
  reader.close();
  clock.advance(10 * REFRESH_EVERY_MS);
  await settle();
  expect(directory.calls).toHaveLength(calls);
});
