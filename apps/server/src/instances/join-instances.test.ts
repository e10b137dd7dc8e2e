import { expect, test } from "vitest";
import { type Ec2Instance, joinInstances, plainText, type SsmInstance, TEXT_CHARACTERS_MAX } from "./join-instances.ts";

const ID = "i-0123456789abcdef0";
const ec2 = (more: Partial<Ec2Instance> = {}): Ec2Instance => ({ id: ID, state: "running", tags: [], ...more });
const ssm = (more: Partial<SsmInstance> = {}): SsmInstance => ({ id: ID, pingStatus: "Online", ...more });
const one = (machines: Ec2Instance[] | undefined, nodes: SsmInstance[] | undefined) =>
  joinInstances(machines, nodes, 10).instances[0];

test("what EC2 and SSM know of one machine becomes one entry", () => {
  const machine = ec2({
    privateIp: "10.0.0.5",
    availabilityZone: "eu-west-1a",
    instanceType: "t3.micro",
    tags: [{ key: "Name", value: "checkout-api-04" }],
  });
  const node = ssm({
    agentVersion: "3.3.1",
    platformType: "Linux",
    platformName: "Debian GNU/Linux",
    platformVersion: "12",
    lastPingAtMs: 5,
  });
  expect(one([machine], [node])).toEqual({
    id: ID,
    name: "checkout-api-04",
    kind: "ec2",
    state: "online",
    ec2State: "running",
    platform: "Debian GNU/Linux 12",
    platformType: "Linux",
    agentVersion: "3.3.1",
    privateIp: "10.0.0.5",
    availabilityZone: "eu-west-1a",
    instanceType: "t3.micro",
    lastPingAt: 5,
    tags: { Name: "checkout-api-04" },
  });
});

test.each<[string, Ec2Instance[] | undefined, SsmInstance[] | undefined, string]>([
  ["runs and pings", [ec2()], [ssm()], "online"],
  ["pinged long ago", [ec2()], [ssm({ pingStatus: "ConnectionLost" })], "connection-lost"],
  ["is inactive", [ec2()], [ssm({ pingStatus: "Inactive" })], "connection-lost"],
  ["is stopped, though SSM still says Online", [ec2({ state: "stopped" })], [ssm()], "stopped"],
  ["is shutting down", [ec2({ state: "shutting-down" })], [], "stopped"],
  ["is starting", [ec2({ state: "pending" })], [ssm()], "online"],
  ["runs and SSM does not know it", [ec2()], [], "not-managed"],
  ["runs and SSM could not be asked", [ec2()], undefined, "unknown"],
  ["is stopped and SSM could not be asked", [ec2({ state: "stopped" })], undefined, "stopped"],
  ["pings and EC2 could not be asked", undefined, [ssm()], "online"],
])("a machine that %s", (_name, machines, nodes, state) => {
  expect(one(machines, nodes)?.state).toBe(state);
});

test("a hybrid node has its own kind, and the name it was activated with, else the computer's", () => {
  const node = { id: "mi-0123456789abcdef0", pingStatus: "Online" };
  expect(one([], [{ ...node, name: "till-7", computerName: "till7.shop" }])).toMatchObject({
    kind: "hybrid",
    name: "till-7",
  });
  expect(one([], [{ ...node, computerName: "till7.shop" }])?.name).toBe("till7.shop");
});

test("a machine without a name is called by its id", () => {
  expect(one([ec2()], [])?.name).toBe(ID);
  expect(one([ec2({ tags: [{ key: "Name", value: "\u0007\u200b" }] })], [])?.name).toBe(ID);
});

test("terminated machines and things that are no instances are left out", () => {
  const machines = [ec2({ state: "terminated" }), ec2({ id: "" }), ec2({ id: "i-<script>" })];
  expect(joinInstances(machines, [], 10).instances).toEqual([]);
});

test("names sort as people count", () => {
  const named = (id: string, name: string) => ec2({ id: `i-0000000${id}`, tags: [{ key: "Name", value: name }] });
  const machines = [named("1", "web-10"), named("2", "web-2"), named("3", "API-1")];
  expect(joinInstances(machines, [], 10).instances.map(({ name }) => name)).toEqual(["API-1", "web-2", "web-10"]);
});

test("beyond the bound the list is cut and says so", () => {
  const machines = Array.from({ length: 11 }, (_, n) => ec2({ id: `i-0000000${n.toString(16)}` }));
  expect(joinInstances(machines, [], 10)).toMatchObject({ truncated: true });
  expect(joinInstances(machines, [], 10).instances.length).toBe(10);
  expect(joinInstances(machines.slice(1), [], 10).truncated).toBe(false);
});

test("names and tags lose control, hiding and reordering characters, and what is beyond 256", () => {
  expect(plainText("a\u001b[31m\r\nb\u202ec\u200bd\u2066e\ufefff\u009b")).toBe("a[31mbcdef");
  expect(plainText("é漢字🎉 <b>")).toBe("é漢字🎉 <b>");
  expect([...plainText("🎉".repeat(300))].length).toBe(TEXT_CHARACTERS_MAX);
});

test("a tag called __proto__ is a tag", () => {
  const tags = one([ec2({ tags: [{ key: "__proto__", value: "x" }] })], [])?.tags;
  expect(Object.entries(tags ?? {})).toEqual([["__proto__", "x"]]);
});
