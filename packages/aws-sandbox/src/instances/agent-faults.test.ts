/** Faults of a machine's agent, as a client meets them: a real shell behind a real gateway. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FaultPlanInput } from "../faults/fault-plan.ts";
import { readFaultPlan } from "../faults/read-fault-plan.ts";
import { SILENT_LOG } from "../log.ts";
import { eventually, TestClient } from "../ssm-messages/test-peers.ts";
import { INSTANCE_ID, TestService } from "../ssm-messages/test-service.ts";
import { DEFAULT_FLEET } from "./default-fleet.ts";
import type { FleetInstance } from "./fleet.ts";
import { Machine } from "./machine.ts";

const PROMPT = "ssm-user@checkout-api-04:~$ ";
const OTHER_INSTANCE_ID = "i-0c41b7e92fa03d518";
let root = "";
let service: TestService;
let machine: Machine;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "agent-faults-"));
  service = await new TestService().listen();
  machine = new Machine({
    instance: DEFAULT_FLEET.find(({ id }) => id === INSTANCE_ID) as FleetInstance,
    endpoint: service.endpoint,
    credentials: { accessKeyId: INSTANCE_ID, secretAccessKey: "unused" },
    homeRoot: root,
    journal: service.gateway.journal,
    faults: service.faults,
    log: SILENT_LOG,
  });
  await machine.start();
});
afterEach(async () => {
  await machine.stop(0);
  await service.close();
  rmSync(root, { recursive: true, force: true });
});

const setFaults = (plan: FaultPlanInput) =>
  service.faults.setPlan(
    readFaultPlan(plan, { operations: [], instances: [INSTANCE_ID, OTHER_INSTANCE_ID], people: [] }),
  );
const done = (deed: string) => service.faults.counts()[deed] ?? 0;

async function openShell() {
  const input = service.sessionInput();
  const access = service.gateway.startSession(input);
  const client = await TestClient.open(service, input.sessionId, access);
  await client.shows(PROMPT);
  return { client, sessionId: input.sessionId };
}
const roundTripsOf = (client: TestClient) =>
  client.events.flatMap((event) => (event.kind === "input_acknowledged" ? (event.roundTripMs ?? []) : []));
const homeFile = (name: string) => existsSync(join(root, INSTANCE_ID, name));

test("an agent that acknowledges late does what was typed at once", async () => {
  setFaults({ agents: [{ acknowledgeDelayMs: 150 }] });
  const { client } = await openShell();
  client.type("echo $((6*7))\r");
  await client.shows("42");
  await eventually(() => expect(client.channel.unacknowledged.messages).toBe(0));
  expect(Math.min(...roundTripsOf(client))).toBeGreaterThanOrEqual(149);
  expect(done("agents[0].acknowledged_late")).toBeGreaterThan(0);
});

test("an agent that reads slowly sends one message per pause, and all of them", async () => {
  setFaults({ agents: [{ pauseBetweenMessagesMs: 100 }] });
  const { client } = await openShell();
  const startedAt = performance.now();
  client.type("seq 1 2000; echo en''d\r"); // some 9 KiB
  await client.shows("2000\r\nend");
  expect(performance.now() - startedAt).toBeGreaterThan(700);
});

test("a machine's agent can be like the real one: it does not wait for a client that is gone", async () => {
  setFaults({ agents: [{ instance: INSTANCE_ID, profile: "real-agent" }] });
  const { client } = await openShell();
  client.type("seq 1 100000; touch finished\r"); // some 580 KiB: more than a window
  await client.shows("\r\n9\r\n");
  client.drop();
  await eventually(() => expect(homeFile("finished")).toBe(true));
});

test("an agent rule of another machine changes nothing here", async () => {
  setFaults({ agents: [{ instance: OTHER_INSTANCE_ID, acknowledgeDelayMs: 10_000 }] });
  const { client } = await openShell();
  client.type("echo $((6*7))\r");
  await client.shows("42");
  await eventually(() => expect(client.channel.unacknowledged.messages).toBe(0));
});

test("an agent that keeps few frames leaves a hole that cannot close, and the session goes on behind it", async () => {
  setFaults({ agents: [{ keepsFrames: 1 }] });
  const { client } = await openShell();
  client.type("seq 1 20000; while sleep 0.1; do echo tick; done\r");
  await client.shows("1\r\n2\r\n");
  // The agents of sessions that run keep their faults; the link now loses what they forget.
  setFaults({ seed: 5, links: [{ toClient: { loss: 0.3, frames: 40 } }] });
  await vi.waitFor(() => expect(client.events.map(({ kind }) => kind)).toContain("hole"), { timeout: 25_000 });
  const before = client.text.length;
  await vi.waitFor(() => expect(client.text.slice(before)).toContain("tick"), { timeout: 25_000 });
}, 60_000);

test("an agent's data channel that falls silent is neither closed nor answered, and comes back by itself", async () => {
  setFaults({ agents: [{ silent: { afterMs: 3_000, forMs: 2_000 } }] });
  const { client } = await openShell();
  await eventually(() => expect(done("agents[0].silent")).toBe(1));
  client.type("echo $((6*7))\r");
  await eventually(() => expect(client.channel.unacknowledged.oldestSentAtMs).toBeLessThan(Date.now() - 500));
  expect(client.text).not.toContain("42");
  await client.shows("42");
});

test("a machine that vanishes closes nothing and answers nothing; found again, its shells go on", async () => {
  const { client, sessionId } = await openShell();
  machine.vanish();
  client.type("echo $((6*7))\r");
  await eventually(() => expect(client.channel.unacknowledged.oldestSentAtMs).toBeLessThan(Date.now() - 500));
  expect(client.text).not.toContain("42");
  expect(service.gateway.isConnected(INSTANCE_ID)).toBe(true);
  expect(service.gateway.getSession(sessionId)?.status).toBe("Connected");
  expect(client.events.some((event) => event.kind === "publication" && event.paused)).toBe(false);
  machine.restoreNetwork();
  await client.shows("42");
});
