import type { InstanceDetail } from "@causeway/wire-contract/instances";
import { expect, test } from "vitest";
import { connectionWords, detailFacts } from "./detail-facts.ts";
import { listed } from "./testing/listed.ts";

const MINUTE_MS = 60_000;
const online = listed("web-1", { lastPingAt: 0, agentVersion: "3.1.0.0", platform: "Debian 12" });
const detailOf = (status: InstanceDetail["connection"]["status"]): InstanceDetail => ({
  instance: online,
  ec2: { vpcId: "vpc-1", launchedAt: 0 },
  agent: { isLatest: false },
  connection: { status },
  features: [],
  sources: { ec2: { ok: true }, ssm: { ok: true } },
  fetchedAt: 0,
});

test("the connection itself counts before the ping, which lags minutes behind", () => {
  const lost = listed("web-1", { state: "connection-lost", reason: "no-ping", lastPingAt: 0 });
  expect(connectionWords(lost, detailOf("connected"), 14 * MINUTE_MS)).toMatchObject({
    title: "Connected.",
    tone: "ok",
  });
  expect(connectionWords(online, detailOf("not-connected"), 14 * MINUTE_MS)).toEqual({
    title: "Not connected.",
    text: "Last ping 14\u00a0min ago.",
    tone: "warn",
  });
});

test("before anybody was asked the list's word stands, and a reason where there is one", () => {
  expect(connectionWords(online, undefined, MINUTE_MS).title).toBe("Online, as SSM says.");
  const unmanaged = listed("a", { state: "not-managed", reason: "no-instance-profile" });
  expect(connectionWords(unmanaged, undefined, 0).text).toMatch(/^It has no instance profile/);
});

test("facts of both services, with ages, and none that nobody knows", () => {
  const [ec2, ssm] = detailFacts(online, detailOf("connected"), 5 * MINUTE_MS);
  expect(ec2?.facts).toContainEqual({ name: "Launched", value: "5\u00a0min ago" });
  expect(ec2?.facts).toContainEqual({ name: "VPC", value: "vpc-1", mono: true });
  expect(ec2?.facts.map(({ name }) => name)).not.toContain("Public address");
  expect(ssm?.facts).toContainEqual({ name: "Agent", value: "3.1.0.0, not the latest" });
});
