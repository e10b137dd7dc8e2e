import { expect, test } from "vitest";
import {
  type Ec2Instance,
  joinInstance,
  plainText,
  type SsmInstance,
  type SsmKnowledge,
  sameInstance,
  TAGS_MAX,
  TEXT_CHARACTERS_MAX,
} from "./join-instances.ts";

const ID = "i-0123456789abcdef0";
const ec2 = (more: Partial<Ec2Instance> = {}): Ec2Instance => ({ id: ID, state: "running", tags: [], ...more });
const ssm = (more: Partial<SsmInstance> = {}): SsmInstance => ({ id: ID, pingStatus: "Online", ...more });
const one = (machine: Ec2Instance | undefined, node: SsmInstance | undefined, knows: SsmKnowledge = "answered") =>
  joinInstance((machine ?? node)?.id ?? ID, machine, node, knows);

test("what EC2 and SSM know of one machine becomes one entry", () => {
  const machine = ec2({
    privateIp: "10.0.0.5",
    publicIp: "203.0.113.5",
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
  expect(one(machine, node)).toEqual({
    id: ID,
    name: "checkout-api-04",
    kind: "ec2",
    state: "online",
    ec2State: "running",
    platform: "Debian GNU/Linux 12",
    platformType: "Linux",
    agentVersion: "3.3.1",
    privateIp: "10.0.0.5",
    publicIp: "203.0.113.5",
    availabilityZone: "eu-west-1a",
    instanceType: "t3.micro",
    lastPingAt: 5,
    tags: { Name: "checkout-api-04" },
  });
});

test.each<[string, Ec2Instance | undefined, SsmInstance | undefined, SsmKnowledge, string, string | undefined]>([
  ["runs and pings", ec2(), ssm(), "answered", "online", undefined],
  ["pinged long ago", ec2(), ssm({ pingStatus: "ConnectionLost" }), "answered", "connection-lost", "no-ping"],
  ["is inactive", ec2(), ssm({ pingStatus: "Inactive" }), "answered", "connection-lost", "no-ping"],
  ["is stopped, though SSM still says Online", ec2({ state: "stopped" }), ssm(), "answered", "stopped", "stopped"],
  ["is shutting down", ec2({ state: "shutting-down" }), undefined, "answered", "stopped", "stopped"],
  ["is starting", ec2({ state: "pending" }), ssm(), "answered", "online", undefined],
  [
    "has a role and is not known to SSM",
    ec2({ hasProfile: true }),
    undefined,
    "answered",
    "not-managed",
    "not-registered",
  ],
  ["has no role", ec2({ hasProfile: false }), undefined, "answered", "not-managed", "no-instance-profile"],
  ["runs while SSM is still being asked", ec2(), undefined, "asking", "unknown", "asking"],
  ["runs and SSM could not be asked", ec2(), undefined, "refused", "unknown", "not-asked"],
  ["is stopped and SSM could not be asked", ec2({ state: "stopped" }), undefined, "refused", "stopped", "stopped"],
  ["pings and EC2 could not be asked", undefined, ssm(), "answered", "online", undefined],
])("a machine that %s", (_name, machine, node, knows, state, reason) => {
  expect(one(machine, node, knows)).toMatchObject({ state });
  expect(one(machine, node, knows)?.reason).toBe(reason);
});

test("a stopped machine says why in EC2's words, a running one does not", () => {
  const stateReason = "Client.UserInitiatedShutdown: User initiated shutdown";
  expect(one(ec2({ state: "stopped", stateReason }), undefined)?.stateReason).toBe(stateReason);
  expect(one(ec2({ stateReason }), ssm())).not.toHaveProperty("stateReason");
});

test("a hybrid node has its own kind, and the name it was activated with, else the computer's", () => {
  const node = { id: "mi-0123456789abcdef0", pingStatus: "Online" };
  expect(one(undefined, { ...node, name: "till-7", computerName: "till7.shop" })).toMatchObject({
    kind: "hybrid",
    name: "till-7",
  });
  expect(one(undefined, { ...node, computerName: "till7.shop" })?.name).toBe("till7.shop");
});

test("a machine without a name is called by its id", () => {
  expect(one(ec2(), undefined)?.name).toBe(ID);
  expect(one(ec2({ tags: [{ key: "Name", value: "\u0007\u200b" }] }), undefined)?.name).toBe(ID);
});

test.each([
  ["a terminated machine", ec2({ state: "terminated" })],
  ["nothing", ec2({ id: "" })],
  ["markup", ec2({ id: "i-<script>" })],
])("%s is no instance to list", (_name, machine) => {
  expect(one(machine, undefined)).toBeUndefined();
});

test("names and tags lose control, hiding and reordering characters, and what is beyond 256", () => {
  expect(plainText("a\u001b[31m\r\nb\u202ec\u200bd\u2066e\ufefff\u009b")).toBe("a[31mbcdef");
  expect(plainText("é漢字🎉 <b>")).toBe("é漢字🎉 <b>");
  expect([...plainText("🎉".repeat(300))].length).toBe(TEXT_CHARACTERS_MAX);
});

test("beyond fifty tags the rest is left out", () => {
  const tags = Array.from({ length: TAGS_MAX + 1 }, (_, n) => ({ key: `k${n}`, value: "v" }));
  expect(Object.keys(one(ec2({ tags }), undefined)?.tags ?? {})).toHaveLength(TAGS_MAX);
});

test("a tag called __proto__ is a tag, and a change of it is a change", () => {
  const tagged = (value: string) => one(ec2({ tags: [{ key: "__proto__", value }] }), undefined);
  const [before, after] = [tagged("x"), tagged("y")];
  expect(Object.entries(before?.tags ?? {})).toEqual([["__proto__", "x"]]);
  expect(before && after && sameInstance(before, after)).toBe(false);
  expect(before && sameInstance(before, { ...before, tags: tagged("x")?.tags ?? {} })).toBe(true);
});
