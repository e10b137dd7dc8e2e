// What EC2 and SSM know of every machine right now: the fleet's definition, what agents reported, what an admin did since.
// Knows no agent and no shell: whoever starts and stops those tells it.
import type { FleetInstance } from "./fleet.ts";

/** An agent reports every 5 minutes; two missed reports and SSM says "connection lost". Source: aws-facts.md §1. */
export const PING_LOST_AFTER_MS = 10 * 60_000;

export type PingStatus = "Online" | "ConnectionLost";

/** What an agent may say of itself in UpdateInstanceInformation; an absent member leaves what was known. */
export interface AgentReport {
  agentVersion?: string;
  platformName?: string;
  platformVersion?: string;
  ipAddress?: string;
  computerName?: string;
}

export interface RegisteredInstance {
  readonly definition: FleetInstance;
  readonly state: "running" | "stopped";
  readonly launchedAtMs: number;
  readonly report: AgentReport;
  readonly lastPingAtMs: number | undefined;
  /** The network between machine and AWS is cut. */
  readonly lost: boolean;
}

type Entry = { -readonly [Key in keyof RegisteredInstance]: RegisteredInstance[Key] };

export class InstanceRegistry {
  readonly #entries = new Map<string, Entry>();

  /**
   * A machine that will run was heard too long ago to count as online: only its own agent's first report makes it so.
   *
   * @param startedAtMs milliseconds since the epoch; the fleet's ages count back from it
   */
  constructor(fleet: readonly FleetInstance[], startedAtMs: number) {
    for (const definition of fleet)
      this.#entries.set(definition.id, {
        definition,
        state: definition.state,
        launchedAtMs: startedAtMs - definition.launchedMsAgo,
        report: {},
        lastPingAtMs: definition.managed ? startedAtMs - (definition.lastPingMsAgo ?? PING_LOST_AFTER_MS) : undefined,
        lost: definition.managed && !definition.online && definition.state === "running",
      });
  }

  /** @returns the instance when it belongs to this account and region; AWS does not tell of others */
  find(id: string, account: string, region: string): RegisteredInstance | undefined {
    const entry = this.#entries.get(id);
    return entry?.definition.account === account && entry.definition.region === region ? entry : undefined;
  }

  findAnywhere(id: string): RegisteredInstance | undefined {
    return this.#entries.get(id);
  }

  /** Ascending by id. */
  list(account: string, region: string): readonly RegisteredInstance[] {
    return [...this.#entries.values()]
      .filter(({ definition }) => definition.account === account && definition.region === region)
      .sort((a, b) => (a.definition.id < b.definition.id ? -1 : 1));
  }

  handleReport(id: string, report: AgentReport, nowMs: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.report = { ...entry.report, ...report };
    entry.lastPingAtMs = nowMs;
  }

  handleStopped(id: string): void {
    const entry = this.#entries.get(id);
    if (entry) entry.state = "stopped";
  }

  /** EC2 counts every start as a launch. */
  handleStarted(id: string, nowMs: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.state = "running";
    entry.launchedAtMs = nowMs;
  }

  setLost(id: string, lost: boolean): void {
    const entry = this.#entries.get(id);
    if (entry) entry.lost = lost;
  }
}

export function pingStatus(instance: RegisteredInstance, nowMs: number): PingStatus {
  const { state, lost, lastPingAtMs } = instance;
  const fresh = lastPingAtMs !== undefined && nowMs - lastPingAtMs < PING_LOST_AFTER_MS;
  return state === "running" && !lost && fresh ? "Online" : "ConnectionLost";
}
