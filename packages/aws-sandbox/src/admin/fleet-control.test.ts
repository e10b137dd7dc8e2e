import { expect, test } from "vitest";
import { DEFAULT_FLEET } from "../instances/default-fleet.ts";
import { type FleetInstance, hasMachine } from "../instances/fleet.ts";
import { InstanceRegistry } from "../instances/instance-registry.ts";
import { FleetControl, type RunnableMachine, WOKEN_MAX } from "./fleet-control.ts";

/** Notes what is done to it; connects at once unless told that its network is down. */
class FakeMachine implements RunnableMachine {
  readonly instance: FleetInstance;
  readonly log: string[];
  constructor(instance: FleetInstance, log: string[]) {
    this.instance = instance;
    this.log = log;
  }
  async start() {
    this.#note("start");
  }
  async stop() {
    this.#note("stop begins");
    await Promise.resolve();
    this.#note("stop ends");
  }
  loseNetwork() {
    this.#note("lose");
  }
  vanish() {
    this.#note("vanish");
  }
  restoreNetwork() {
    this.#note("restore");
  }
  async upgrade(agentVersion: string) {
    this.#note(`upgrade to ${agentVersion}`);
  }
  #note(what: string) {
    this.log.push(`${this.instance.name}: ${what}`);
  }
}

function fleet() {
  const log: string[] = [];
  const registry = new InstanceRegistry(DEFAULT_FLEET, 0);
  const control = new FleetControl(
    registry,
    (instance) => new FakeMachine(instance, log),
    (id) => log.push(`${id} failed`),
    () => 7_000,
  );
  const find = (name: string) => DEFAULT_FLEET.find((instance) => instance.name === name)?.id ?? "";
  return { log, registry, control, find };
}

test("at start exactly the machines that run and are online get an agent", async () => {
  const { log, control } = fleet();
  await control.startFleet(DEFAULT_FLEET);
  expect(log).toEqual(DEFAULT_FLEET.filter(hasMachine).map(({ name }) => `${name}: start`));
});

test("a machine that is stopped and started again is a new one", async () => {
  const { log, registry, control, find } = fleet();
  const id = find("checkout-api-04");
  await control.startFleet([registry.findAnywhere(id)?.definition as FleetInstance]);
  expect(await control.act(id, "stop")).toEqual({ ok: true });
  expect(registry.findAnywhere(id)?.state).toBe("stopped");
  expect(await control.act(id, "start")).toEqual({ ok: true });
  expect(registry.findAnywhere(id)).toMatchObject({ state: "running", launchedAtMs: 7_000 });
  expect(log.map((line) => line.split(": ")[1])).toEqual(["start", "stop begins", "stop ends", "start"]);
});

test("acts on one machine happen one after the other, in the order they were asked for", async () => {
  const { log, control, find } = fleet();
  const id = find("orders-migrate-01");
  await Promise.all([control.act(id, "start"), control.act(id, "stop"), control.act(id, "start")]);
  expect(log.map((line) => line.split(": ")[1])).toEqual(["start", "stop begins", "stop ends", "start"]);
});

test("a machine that was lost from the beginning gets its agent when it is found", async () => {
  const { log, registry, control, find } = fleet();
  const id = find("orders-worker-02");
  expect(registry.findAnywhere(id)?.lost).toBe(true);
  expect(await control.act(id, "find")).toEqual({ ok: true });
  expect(registry.findAnywhere(id)?.lost).toBe(false);
  expect(log).toEqual(["orders-worker-02: start"]);
});

test("losing cuts the network of a running machine, and finding brings it back", async () => {
  const { log, registry, control, find } = fleet();
  const id = find("edge-proxy-11");
  await control.startFleet([registry.findAnywhere(id)?.definition as FleetInstance]);
  await control.act(id, "lose");
  expect(registry.findAnywhere(id)?.lost).toBe(true);
  await control.act(id, "find");
  expect(log.map((line) => line.split(": ")[1])).toEqual(["start", "lose", "restore"]);
});

test("a machine that vanishes is still called online, and can be found", async () => {
  const { log, registry, control, find } = fleet();
  const id = find("edge-proxy-11");
  await control.startFleet([registry.findAnywhere(id)?.definition as FleetInstance]);
  expect(await control.act(id, "vanish")).toEqual({ ok: true });
  expect(registry.findAnywhere(id)?.lost).toBe(false);
  await control.act(id, "find");
  expect(log.map((line) => line.split(": ")[1])).toEqual(["start", "vanish", "restore"]);
  expect(await control.act(find("orders-migrate-01"), "vanish")).toMatchObject({ ok: false });
  expect(await control.act(find("batch-nightly-02"), "vanish")).toMatchObject({ ok: false });
});

test("an upgrade reaches the agent that runs, and one that comes later", async () => {
  const { log, registry, control, find } = fleet();
  const [running, asleep] = [find("checkout-api-04"), find("web-front-01")];
  await control.startFleet([registry.findAnywhere(running)?.definition as FleetInstance]);
  expect(await control.act(running, "upgrade")).toEqual({ ok: true });
  expect(await control.act(asleep, "upgrade", "2.2.1.0")).toEqual({ ok: true });
  expect(log).toEqual(["checkout-api-04: start", "checkout-api-04: upgrade to 3.3.2299.0"]);
  expect(registry.findAnywhere(asleep)?.definition.agentVersion).toBe("2.2.1.0");
  expect(control.canWake(asleep)).toBe(false); // from before sessions
  await control.act(asleep, "upgrade");
  expect(control.canWake(asleep)).toBe(true);
  expect(await control.act(find("orders-migrate-01"), "upgrade")).toMatchObject({ ok: false });
});

test("what cannot be done is refused with the reason", async () => {
  const { control, find } = fleet();
  expect(await control.act("i-0123456789abcdef0", "stop")).toBeUndefined();
  expect(await control.act(find("store-042-gateway"), "stop")).toMatchObject({ ok: false });
  expect(await control.act(find("batch-nightly-02"), "lose")).toMatchObject({ ok: false });
  expect(await control.act(find("orders-migrate-01"), "find")).toMatchObject({ ok: false });
});

test("closing stops every machine, and nothing starts after it", async () => {
  const { log, control, find } = fleet();
  await control.startFleet(DEFAULT_FLEET);
  await control.close();
  expect(log.filter((line) => line.endsWith("stop ends"))).toHaveLength(DEFAULT_FLEET.filter(hasMachine).length);
  await control.act(find("orders-migrate-01"), "start");
  expect(log.filter((line) => line === "orders-migrate-01: start")).toEqual([]);
});

function sleepingFleet() {
  const log: string[] = [];
  const [first] = DEFAULT_FLEET;
  if (first === undefined) throw new Error("no fleet");
  const sleepers = Array.from({ length: WOKEN_MAX + 1 }, (_, number) => ({
    ...first,
    id: `i-${number}`,
    name: `sleeper-${number}`,
    onDemand: true,
  }));
  const registry = new InstanceRegistry(sleepers, 0);
  const control = new FleetControl(
    registry,
    (instance) => new FakeMachine(instance, log),
    () => undefined,
    () => 7_000,
  );
  return { log, registry, control, sleepers };
}

test("a machine that sleeps starts with its first shell, once", async () => {
  const { log, control, sleepers } = sleepingFleet();
  await control.startFleet(sleepers);
  expect(log).toEqual([]);
  expect(control.canWake("i-0")).toBe(true);
  expect(control.wake("i-0")).toBe(true);
  expect(control.wake("i-0")).toBe(true);
  expect(log).toEqual(["sleeper-0: start"]);
  await expect.poll(() => control.canWake("i-0")).toBe(false); // its own connection says from now on whether it is there
});

test("a machine that is lost or stopped in its sleep does not wake", async () => {
  const { control, registry } = sleepingFleet();
  expect(await control.act("i-0", "lose")).toEqual({ ok: true });
  expect(await control.act("i-1", "stop")).toEqual({ ok: true });
  expect([control.canWake("i-0"), control.canWake("i-1"), control.wake("i-0")]).toEqual([false, false, false]);
  expect(registry.findAnywhere("i-1")?.state).toBe("stopped");
});

test("an agent that shall vanish in its sleep is there before it goes away", async () => {
  const { log, control } = sleepingFleet();
  expect(await control.act("i-0", "vanish")).toEqual({ ok: true });
  expect(log).toEqual(["sleeper-0: start", "sleeper-0: vanish"]);
});

test("beyond the bound of woken machines a sleeping one is not connected", async () => {
  const { control } = sleepingFleet();
  for (let number = 0; number < WOKEN_MAX; number++) expect(control.wake(`i-${number}`)).toBe(true);
  expect(control.wake(`i-${WOKEN_MAX}`)).toBe(false);
});

test("of a machine with a real agent of its own nothing runs here, and nothing is done to it", async () => {
  const { log, registry, control } = fleet();
  const [first] = DEFAULT_FLEET;
  if (first === undefined) throw new Error("the fleet is empty");
  registry.add({ ...first, id: "mi-0000000000000000a", kind: "hybrid", activationId: "a" }, 0);
  for (const action of ["lose", "find", "start", "upgrade"] as const)
    expect(await control.act("mi-0000000000000000a", action)).toEqual({
      ok: false,
      reason: "its agent is a real one: do it there",
    });
  expect(log).toEqual([]);
});
