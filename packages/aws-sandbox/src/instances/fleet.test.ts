import { expect, test } from "vitest";
import { BROKEN_MACHINES, DEFAULT_FLEET } from "./default-fleet.ts";
import { DEFAULT_ACCOUNT, DEFAULT_REGIONS, EMPTY_REGION, hasMachine, instanceArn, STAGING_ACCOUNT } from "./fleet.ts";

test("ids, names and addresses are unique and of AWS's form", () => {
  for (const read of ["id", "name", "privateIp"] as const)
    expect(new Set(DEFAULT_FLEET.map((instance) => instance[read])).size).toBe(DEFAULT_FLEET.length);
  for (const { id, kind } of DEFAULT_FLEET)
    expect(id).toMatch(kind === "hybrid" ? /^mi-[0-9a-f]{17}$/ : /^i-[0-9a-f]{17}$/);
});

test("forty machines stand in two accounts and three regions, some in each place that can be opened; the fourth is empty", () => {
  expect(DEFAULT_FLEET).toHaveLength(40);
  const broken = BROKEN_MACHINES.map(({ name }) => name);
  for (const account of [DEFAULT_ACCOUNT, STAGING_ACCOUNT])
    for (const region of DEFAULT_REGIONS) {
      const place = DEFAULT_FLEET.filter((instance) => instance.account === account && instance.region === region);
      if (region === EMPTY_REGION) expect(place).toEqual([]);
      else expect(place.filter(({ name }) => !broken.includes(name)).length).toBeGreaterThanOrEqual(2);
    }
});

test("it has what a console must show: stopped, lost, not managed, hybrid", () => {
  const names = (fits: (instance: (typeof DEFAULT_FLEET)[number]) => boolean) =>
    DEFAULT_FLEET.filter(fits).map(({ name }) => name);
  expect(names(({ state }) => state === "stopped")).toEqual(["orders-migrate-01"]);
  expect(names(({ state, managed, online }) => state === "running" && managed && !online)).toEqual([
    "orders-worker-02",
    "store-043-gateway",
  ]);
  expect(names(({ managed }) => !managed)).toEqual(["batch-nightly-02"]);
  expect(names(({ kind, online }) => kind === "hybrid" && online)).toEqual(["store-042-gateway", "store-201-gateway"]);
});

test("few have an agent from the start: each costs a connection", () => {
  expect(DEFAULT_FLEET.filter(hasMachine).length).toBeLessThanOrEqual(14);
});

test("at least ten machines are broken, each for a cause of its own, and each of them exists", () => {
  expect(BROKEN_MACHINES.length).toBeGreaterThanOrEqual(10);
  expect(new Set(BROKEN_MACHINES.map(({ cause }) => cause)).size).toBe(BROKEN_MACHINES.length);
  for (const { name } of BROKEN_MACHINES) expect(DEFAULT_FLEET.some((instance) => instance.name === name)).toBe(true);
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
