// Stops, starts, cuts off and brings back machines: what their owner does with them at AWS, and what the network does to them.
// Keeps registry (what AWS says) and machines (what runs) in step; acts on one machine happen one after the other.
import { isAtLeast, LATEST_AGENT_VERSION, SESSIONS_SINCE } from "../instances/agent-version.ts";
import { type FleetInstance, hasMachine } from "../instances/fleet.ts";
import type { InstanceRegistry } from "../instances/instance-registry.ts";
import { withinMs } from "./within-ms.ts";

/** What this file needs of a machine; Machine has it. */
export interface RunnableMachine {
  start(): Promise<void>;
  stop(): Promise<void>;
  loseNetwork(): void;
  vanish(): void;
  restoreNetwork(): void;
  upgrade(agentVersion: string): Promise<void>;
}

export const FLEET_ACTIONS = ["stop", "start", "reboot", "lose", "vanish", "find", "upgrade"] as const;
export type FleetAction = (typeof FLEET_ACTIONS)[number];

/** `start`, `reboot` and `find` answer once the machine can be reached, or after this long without. */
const CONNECT_WAIT_MAX_MS = 5_000;

/** Machines that were woken by a shell, each an agent with a connection; beyond it a sleeping one is not connected. */
export const WOKEN_MAX = 2_000;

export type FleetActionResult = { ok: true } | { ok: false; reason: string };

export class FleetControl {
  readonly #registry: InstanceRegistry;
  readonly #makeMachine: (instance: FleetInstance, bootedAtMs: number) => RunnableMachine;
  readonly #onStartFailed: (id: string, error: unknown) => void;
  readonly #nowMs: () => number;
  readonly #machines = new Map<string, RunnableMachine>();
  /** Resolves when the machine's agent has connected once. No act waits for it in its turn: a lost machine never connects. */
  readonly #connected = new Map<string, Promise<void>>();
  /** The last act asked of each machine; the next one waits for it. */
  readonly #tails = new Map<string, Promise<unknown>>();
  /** Woken, and not connected yet. */
  readonly #waking = new Set<string>();
  #woken = 0;
  #closed = false;

  /** @param onStartFailed told when a machine could not start at all (not when it only cannot connect) */
  constructor(
    registry: InstanceRegistry,
    makeMachine: (instance: FleetInstance, bootedAtMs: number) => RunnableMachine,
    onStartFailed: (id: string, error: unknown) => void,
    nowMs: () => number,
  ) {
    this.#registry = registry;
    this.#makeMachine = makeMachine;
    this.#onStartFailed = onStartFailed;
    this.#nowMs = nowMs;
  }

  /** Resolves when every machine that runs has connected, or could not. */
  async startFleet(fleet: readonly FleetInstance[]): Promise<void> {
    const running = fleet.filter(hasMachine);
    for (const instance of running) this.#run(instance);
    await Promise.all(running.map(({ id }) => this.#connected.get(id)));
  }

  /** It would connect if a shell were opened there, or is about to. */
  canWake(id: string): boolean {
    if (this.#waking.has(id)) return true;
    const found = this.#registry.findAnywhere(id);
    const sleeps = found?.asleep === true && found.state === "running" && !found.lost;
    if (!sleeps || !isAtLeast(found.definition.agentVersion, SESSIONS_SINCE)) return false;
    return !this.#closed && this.#woken < WOKEN_MAX;
  }

  /** @returns false when there is nothing to wake */
  wake(id: string): boolean {
    if (!this.canWake(id)) return false;
    const found = this.#registry.findAnywhere(id);
    if (found === undefined || this.#waking.has(id)) return found !== undefined;
    this.#woken += 1;
    this.#waking.add(id);
    this.#run(found.definition);
    void this.#connected.get(id)?.then(() => this.#waking.delete(id));
    return true;
  }

  /**
   * @param agentVersion for `upgrade`; default the latest
   * @returns undefined when there is no such instance
   */
  async act(id: string, action: FleetAction, agentVersion?: string): Promise<FleetActionResult | undefined> {
    const found = this.#registry.findAnywhere(id);
    if (found === undefined) return undefined;
    if (found.definition.activationId !== undefined)
      return { ok: false, reason: "its agent is a real one: do it there" };
    const result = await this.#inTurn(id, () =>
      action === "upgrade"
        ? this.#upgrade(found.definition, agentVersion ?? LATEST_AGENT_VERSION)
        : this.#act(this.#registry.findAnywhere(id)?.definition ?? found.definition, action),
    );
    if (action !== "stop" && action !== "lose" && action !== "vanish")
      await withinMs(this.#connected.get(id), CONNECT_WAIT_MAX_MS);
    return result;
  }

  /** Wakes it where it sleeps. Resolves once its agent is there, or did not come in time. */
  async settled(id: string): Promise<void> {
    this.wake(id);
    await withinMs(this.#connected.get(id), CONNECT_WAIT_MAX_MS);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled([...this.#machines.values()].map((machine) => machine.stop()));
  }

  async #upgrade({ id, managed }: FleetInstance, agentVersion: string): Promise<FleetActionResult> {
    if (!managed) return { ok: false, reason: "it has no agent to upgrade" };
    if (this.#registry.findAnywhere(id)?.state !== "running") return { ok: false, reason: "it is stopped: start it" };
    this.#registry.handleUpgraded(id, agentVersion);
    const machine = this.#machines.get(id);
    if (machine) this.#connected.set(id, machine.upgrade(agentVersion));
    return { ok: true };
  }

  async #act(instance: FleetInstance, action: Exclude<FleetAction, "upgrade">): Promise<FleetActionResult> {
    const { id } = instance;
    const state = this.#registry.findAnywhere(id)?.state;
    // an agent must be there before it can go away without a word
    if (action === "vanish" && this.wake(id)) await withinMs(this.#connected.get(id), CONNECT_WAIT_MAX_MS);
    this.#registry.handleAwake(id, this.#nowMs());
    switch (action) {
      case "stop":
        if (instance.kind === "hybrid")
          return { ok: false, reason: "EC2 does not know a hybrid machine: lose it instead" };
        this.#registry.handleStopped(id);
        await this.#machines.get(id)?.stop();
        this.#machines.delete(id);
        this.#connected.delete(id);
        this.#waking.delete(id);
        return { ok: true };
      case "start":
        if (state === "running") return { ok: true };
        this.#registry.handleStarted(id, this.#nowMs());
        // A machine that boots has its network again, whatever was done to it before.
        this.#registry.setLost(id, false);
        this.#run(instance);
        return { ok: true };
      case "reboot":
        if (state !== "running") return { ok: false, reason: "it is stopped: start it" };
        // EC2 says "running" all the while; the agent is away until it has booted.
        await this.#machines.get(id)?.stop();
        this.#machines.delete(id);
        this.#registry.setLost(id, false);
        this.#run(instance, this.#nowMs());
        return { ok: true };
      case "lose":
        if (!instance.managed) return { ok: false, reason: "it has no agent to lose" };
        this.#registry.setLost(id, true);
        this.#machines.get(id)?.loseNetwork();
        return { ok: true };
      case "vanish":
        if (!instance.managed) return { ok: false, reason: "it has no agent to vanish" };
        if (state !== "running") return { ok: false, reason: "it is stopped" };
        // Nobody is told: what AWS says of it grows old by itself.
        this.#machines.get(id)?.vanish();
        return { ok: true };
      case "find":
        if (!instance.managed) return { ok: false, reason: "it has no agent to find" };
        if (state !== "running") return { ok: false, reason: "it is stopped: start it" };
        this.#registry.setLost(id, false);
        this.#machines.get(id)?.restoreNetwork();
        this.#run(instance);
        return { ok: true };
    }
  }

  /** @param bootedAtMs default: when it was launched */
  #run(instance: FleetInstance, bootedAtMs?: number): void {
    if (this.#closed || !instance.managed || this.#machines.has(instance.id)) return;
    this.#registry.handleAwake(instance.id, this.#nowMs());
    const machine = this.#makeMachine(
      instance,
      bootedAtMs ?? this.#registry.findAnywhere(instance.id)?.launchedAtMs ?? this.#nowMs(),
    );
    this.#machines.set(instance.id, machine);
    this.#connected.set(
      instance.id,
      machine.start().catch((error: unknown) => this.#onStartFailed(instance.id, error)),
    );
  }

  #inTurn<Result>(id: string, act: () => Promise<Result>): Promise<Result> {
    const turn = (this.#tails.get(id) ?? Promise.resolve()).then(act, act);
    this.#tails.set(
      id,
      turn.catch(() => undefined),
    );
    return turn;
  }
}
