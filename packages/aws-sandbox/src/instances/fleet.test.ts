import { expect, test } from "vitest";
import { DEFAULT_FLEET, DEFAULT_REGIONS, hasMachine, instanceArn } from "./fleet.ts";

test("ids, names and addresses are unique and of AWS's form", () => {
  for (const read of ["id", "name", "privateIp"] as const)
    expect(new Set(DEFAULT_FLEET.map((instance) => instance[read])).size).toBe(DEFAULT_FLEET.length);
  for (const { id, kind } of DEFAULT_FLEET)
    expect(id).toMatch(kind === "hybrid" ? /^mi-[0-9a-f]{17}$/ : /^i-[0-9a-f]{17}$/);
});

test("the fleet has at least twelve machines, some in each region that run a shell", () => {
  expect(DEFAULT_FLEET.length).toBeGreaterThanOrEqual(12);
  for (const region of DEFAULT_REGIONS)
    expect(
      DEFAULT_FLEET.filter((instance) => instance.region === region && hasMachine(instance)).length,
    ).toBeGreaterThan(2);
});

test("it has one of each kind that a console must show: stopped, lost, not managed, hybrid", () => {
  const count = (fits: (instance: (typeof DEFAULT_FLEET)[number]) => boolean) => DEFAULT_FLEET.filter(fits).length;
  expect(count(({ state }) => state === "stopped")).toBe(1);
  expect(count(({ state, managed, online, kind }) => kind === "ec2" && state === "running" && managed && !online)).toBe(
    1,
  );
  expect(count(({ managed }) => !managed)).toBe(1);
  expect(count((instance) => instance.kind === "hybrid" && hasMachine(instance))).toBe(1);
});

test("only a machine that is not online says when it was heard last", () => {
  for (const { managed, online, lastPingMsAgo } of DEFAULT_FLEET)
    expect(lastPingMsAgo !== undefined).toBe(managed && !online);
});

test("a hybrid machine's ARN is SSM's, an EC2 machine's is EC2's", () => {
  expect(instanceArn({ id: "mi-01", region: "eu-west-1", account: "1" })).toBe(
    "arn:aws:ssm:eu-west-1:1:managed-instance/mi-01",
  );
  expect(instanceArn({ id: "i-01", region: "eu-west-1", account: "1" })).toBe("arn:aws:ec2:eu-west-1:1:instance/i-01");
});
