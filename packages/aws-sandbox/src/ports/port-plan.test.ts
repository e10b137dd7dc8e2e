import { expect, test } from "vitest";
import { isMultiplexed, type PortPlan, planPort, wantsKeepAlive } from "./port-plan.ts";

const LATEST = "3.3.2299.0";
const FORWARDING = { portNumber: "8080", type: "LocalPortForwarding", localPortNumber: "0" };

test("the document's properties say port, host and kind", () => {
  expect(planPort(FORWARDING, LATEST)).toEqual({ port: 8080, host: "", isForwarding: true });
  expect(planPort({ ...FORWARDING, host: " db.internal " }, LATEST)).toMatchObject({ host: "db.internal" });
  expect(planPort({ portNumber: "22" }, LATEST)).toEqual({ port: 22, host: "", isForwarding: false });
});

test("an agent from before remote hosts forwards to the machine itself", () => {
  expect(planPort({ ...FORWARDING, host: "db" }, "3.1.1373.9")).toMatchObject({ host: "" });
  expect(planPort({ ...FORWARDING, host: "db" }, "3.1.1374.0")).toMatchObject({ host: "db" });
});

test.each([
  undefined,
  null,
  "22",
  {},
  { portNumber: "" },
  { portNumber: 22 },
  { portNumber: "0" },
  { portNumber: "65536" },
])("%j names no port", (properties) => expect(planPort(properties, LATEST)).toMatch(/port/i));

test.each([
  [LATEST, "1.2.650.0", true],
  [LATEST, "1.1.70.0", true],
  [LATEST, "1.1.69.0", false],
  [LATEST, undefined, false],
  [LATEST, "a.b", false],
  ["3.0.196.1", "1.2.650.0", true],
  ["3.0.196.0", "1.2.650.0", false],
])("agent %s and client %s share one session for many connections: %s", (agent, client, isShared) => {
  const plan = planPort(FORWARDING, agent) as PortPlan;
  expect(isMultiplexed(plan, agent, client)).toBe(isShared);
  expect(isMultiplexed({ ...plan, isForwarding: false }, agent, client)).toBe(false);
});

test("only older clients keep the multiplexer alive", () => {
  expect([wantsKeepAlive("1.2.331.0"), wantsKeepAlive("1.2.332.0"), wantsKeepAlive("1.2.0.0")]).toEqual([
    true,
    false,
    true,
  ]);
});
