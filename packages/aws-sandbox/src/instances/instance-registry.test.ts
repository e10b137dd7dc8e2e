import { expect, test } from "vitest";
import { DEFAULT_FLEET } from "./default-fleet.ts";
import { DEFAULT_ACCOUNT, type FleetInstance } from "./fleet.ts";
import { InstanceRegistry, lastPingAtMs, PING_LOST_AFTER_MS, pingStatus } from "./instance-registry.ts";

const STARTED_MS = Date.UTC(2026, 10, 22);
const named = (name: string): FleetInstance => {
  const found = DEFAULT_FLEET.find((instance) => instance.name === name);
  if (found === undefined) throw new Error(`no ${name} in the fleet`);
  return found;
};
const API = named("checkout-api-04");

function registry() {
  const instances = new InstanceRegistry(DEFAULT_FLEET, STARTED_MS);
  const status = (id: string, nowMs: number) => {
    const found = instances.findAnywhere(id);
    return found && pingStatus(found, nowMs);
  };
  return { instances, status };
}

test("a machine is online from its agent's first report until two reports are missing", () => {
  const { instances, status } = registry();
  expect(status(API.id, STARTED_MS)).toBe("ConnectionLost");
  instances.handleReport(API.id, {}, STARTED_MS + 100);
  expect(status(API.id, STARTED_MS + 100 + PING_LOST_AFTER_MS - 1)).toBe("Online");
  expect(status(API.id, STARTED_MS + 100 + PING_LOST_AFTER_MS)).toBe("ConnectionLost");
});

test("a report overrides what the definition says, member by member", () => {
  const { instances } = registry();
  instances.handleReport(API.id, { agentVersion: "3.3.1.0", computerName: "a" }, 1);
  instances.handleReport(API.id, { agentVersion: "3.3.2.0" }, 2);
  expect(instances.findAnywhere(API.id)?.report).toEqual({ agentVersion: "3.3.2.0", computerName: "a" });
});

test("a stopped or lost machine is not online, however fresh its last report", () => {
  const { instances, status } = registry();
  instances.handleReport(API.id, {}, STARTED_MS);
  instances.setLost(API.id, true);
  expect(status(API.id, STARTED_MS)).toBe("ConnectionLost");
  instances.setLost(API.id, false);
  instances.handleStopped(API.id);
  expect(status(API.id, STARTED_MS)).toBe("ConnectionLost");
});

test("an instance of another region or account does not exist there", () => {
  const { instances } = registry();
  expect(instances.find(API.id, DEFAULT_ACCOUNT, "eu-west-1")).toBeDefined();
  expect(instances.find(API.id, DEFAULT_ACCOUNT, "us-east-1")).toBeUndefined();
  expect(instances.find(API.id, "444455556666", "eu-west-1")).toBeUndefined();
  expect(instances.list("777788889999", "eu-west-1")).toEqual([]);
});

test("reports about machines that do not exist are forgotten", () => {
  const { instances } = registry();
  instances.handleReport("i-0123456789abcdef0", {}, STARTED_MS);
  expect(instances.findAnywhere("i-0123456789abcdef0")).toBeUndefined();
});

test("a machine whose agent is not needed yet counts as reporting every five minutes, until it is awake", () => {
  const asleep: FleetInstance = { ...API, onDemand: true };
  const instances = new InstanceRegistry([asleep], STARTED_MS);
  const found = instances.findAnywhere(API.id);
  if (found === undefined) throw new Error("not registered");
  for (const minutes of [0, 3, 17, 600]) {
    const nowMs = STARTED_MS + minutes * 60_000;
    expect(pingStatus(found, nowMs)).toBe("Online");
    expect(nowMs - (lastPingAtMs(found, nowMs) ?? 0)).toBeLessThan(5 * 60_000);
  }
  instances.handleAwake(API.id, STARTED_MS);
  expect(pingStatus(found, STARTED_MS + PING_LOST_AFTER_MS)).toBe("ConnectionLost");
});

test("a machine that registers itself takes its place in its account's list, and leaves it again", () => {
  const { instances, status } = registry();
  const own: FleetInstance = { ...API, id: "mi-0000000000000000a", kind: "hybrid", activationId: "a" };
  const ids = () => instances.list(API.account, API.region).map(({ definition }) => definition.id);
  const before = ids();
  instances.setClaims([{ instance: own.id, ping: "online" }]);
  instances.add(own, STARTED_MS);
  expect(ids()).toEqual([...before, own.id].sort());
  expect(instances.find(own.id, API.account, "us-east-1")).toBeUndefined();
  // a plan of faults that was there first is about it as well
  expect(status(own.id, STARTED_MS)).toBe("Online");
  instances.setClaims([]);
  expect(status(own.id, STARTED_MS)).toBe("ConnectionLost");
  instances.handleReport(own.id, {}, STARTED_MS);
  expect(status(own.id, STARTED_MS)).toBe("Online");
  instances.remove(own.id);
  expect(ids()).toEqual(before);
  expect(instances.findAnywhere(own.id)).toBeUndefined();
});
