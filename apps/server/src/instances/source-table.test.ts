import { expect, test } from "vitest";
import type { Ec2Instance, SsmInstance } from "./join-instances.ts";
import { INSTANCES_PER_SOURCE_MAX, REMOVALS_KEPT_MAX, SourceTable } from "./source-table.ts";

const idOf = (n: number): string => `i-${n.toString(16).padStart(8, "0")}`;
const machine = (n: number, more: Partial<Ec2Instance> = {}): Ec2Instance => ({
  id: idOf(n),
  state: "running",
  tags: [],
  ...more,
});
const node = (n: number, more: Partial<SsmInstance> = {}): SsmInstance => ({
  id: idOf(n),
  pingStatus: "Online",
  ...more,
});
const machines = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => machine(from + n));

function passOf(table: SourceTable, ec2: readonly Ec2Instance[], ssm: readonly SsmInstance[]): void {
  table.begin("ec2");
  table.begin("ssm");
  table.handleEc2(ec2);
  table.handleSsm(ssm);
  table.end("ec2", true);
  table.end("ssm", true);
}
const all = (table: SourceTable, revision = 0) => table.changesSince(revision, 1e6, 1e6);
const states = (table: SourceTable) => Object.fromEntries(table.instances().map(({ id, state }) => [id, state]));

test("rows are there as soon as their first page is, and say that SSM is still being asked", () => {
  const table = new SourceTable();
  table.begin("ec2");
  table.begin("ssm");
  table.handleEc2(machines(0, 3));
  table.handleSsm([node(0)]);
  expect(all(table).rows.map(({ state, reason }) => [state, reason])).toEqual([
    ["unknown", "asking"],
    ["unknown", "asking"],
    ["online", undefined],
  ]);
  expect([table.settled, table.size]).toEqual([1, 3]);
  table.end("ssm", true);
  expect(table.settled).toBe(3);
});

test("a reader gets each change once, and only the last state of a row", () => {
  const table = new SourceTable();
  passOf(table, machines(0, 2), [node(0), node(1)]);
  const { revision } = all(table);
  passOf(table, machines(0, 2), [node(0), node(1, { pingStatus: "ConnectionLost" })]);
  passOf(table, machines(0, 2), [node(0), node(1, { pingStatus: "ConnectionLost", lastPingAtMs: 7 })]);
  expect(all(table, revision).rows).toMatchObject([{ id: idOf(1), state: "connection-lost", lastPingAt: 7 }]);
  expect(all(table, all(table, revision).revision).rows).toEqual([]);
});

test("a pass that finds the same machines changes nothing", () => {
  const table = new SourceTable();
  passOf(table, machines(0, 5), []);
  const { revision } = table;
  passOf(table, machines(0, 5), []);
  expect(table.revision).toBe(revision);
});

test("during a later pass nothing flickers: what was known stays until the pass has ended", () => {
  const table = new SourceTable();
  passOf(table, machines(0, 2), [node(0), node(1)]);
  table.begin("ec2");
  table.begin("ssm");
  expect(states(table)).toEqual({ [idOf(0)]: "online", [idOf(1)]: "online" });
  table.handleSsm([node(0)]);
  table.end("ssm", true);
  expect(states(table)).toEqual({ [idOf(0)]: "online", [idOf(1)]: "not-managed" });
});

test("a machine that a complete pass did not meet is told as removed", () => {
  const table = new SourceTable();
  passOf(table, machines(0, 2), []);
  const { revision } = all(table);
  passOf(table, machines(1, 2), []);
  expect(all(table, revision)).toMatchObject({ rows: [], removed: [idOf(0)], reset: false });
  expect(table.size).toBe(1);
});

test("after a pass that broke off, everything stays as it was", () => {
  const table = new SourceTable();
  passOf(table, machines(0, 3), [node(0), node(1), node(2)]);
  const { revision } = table;
  table.begin("ec2");
  table.handleEc2([machine(0)]);
  table.end("ec2", false);
  table.begin("ssm");
  table.end("ssm", false);
  expect(table.revision).toBe(revision);
});

test("SSM's refusal is known only once it was refused: then nobody knows the state", () => {
  const table = new SourceTable();
  table.begin("ec2");
  table.begin("ssm");
  table.handleEc2(machines(0, 1));
  table.end("ssm", false);
  expect(table.instances()).toMatchObject([{ state: "unknown", reason: "not-asked" }]);
});

test("a reader takes as much as it asks for, and goes on where it was, without a gap and without a row twice", () => {
  const table = new SourceTable();
  passOf(table, machines(0, 10), []);
  const seen: string[] = [];
  let revision = 0;
  for (let more = true; more; ) {
    const changes = table.changesSince(revision, 3, 3);
    expect(changes.rows.length).toBeLessThanOrEqual(3);
    seen.push(...changes.rows.map(({ id }) => id));
    ({ revision, more } = changes);
  }
  expect(seen.sort()).toEqual(machines(0, 10).map(({ id }) => id));
});

test("a reader that is further behind than removals are remembered starts over", () => {
  const table = new SourceTable();
  passOf(table, machines(0, REMOVALS_KEPT_MAX + 2), []);
  const { revision } = all(table);
  passOf(table, [machine(0)], []);
  const changes = all(table, revision);
  expect(changes).toMatchObject({ reset: true, removed: [] });
  expect(changes.rows.map(({ id }) => id)).toEqual([idOf(0)]);
});

test("a machine that comes back after it was removed is a row again", () => {
  const table = new SourceTable();
  passOf(table, machines(0, 1), []);
  passOf(table, [], []);
  const { revision } = all(table);
  passOf(table, machines(0, 1), []);
  expect(all(table, revision)).toMatchObject({ rows: [{ id: idOf(0) }], removed: [] });
  expect(table.size).toBe(1);
});

test("at the bound further machines are left out, the list says so, and nothing that is listed is taken for gone", () => {
  const table = new SourceTable();
  table.begin("ec2");
  expect(table.handleEc2(machines(0, INSTANCES_PER_SOURCE_MAX))).toBe(true);
  expect(table.handleEc2(machines(INSTANCES_PER_SOURCE_MAX, INSTANCES_PER_SOURCE_MAX + 1))).toBe(false);
  table.end("ec2", true);
  expect([table.size, table.truncated]).toEqual([INSTANCES_PER_SOURCE_MAX, true]);
});

test("without room a list keeps what it has and takes nothing new", () => {
  let room = true;
  const table = new SourceTable(() => room);
  passOf(table, machines(0, 2), []);
  room = false;
  table.begin("ec2");
  expect(table.handleEc2([machine(0, { state: "stopped" }), machine(9)])).toBe(false);
  expect(states(table)).toEqual({ [idOf(0)]: "stopped", [idOf(1)]: "not-managed" });
});
