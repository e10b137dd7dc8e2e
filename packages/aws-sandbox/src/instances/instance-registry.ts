// What EC2 and SSM know of every machine right now: the fleet's definition, what agents reported, what an admin did since.
// Knows no agent and no shell: whoever starts and stops those tells it.
import type { NodeRule } from "../faults/fault-plan.ts";
import type { FleetInstance } from "./fleet.ts";

/** An agent reports every 5 minutes; two missed reports and SSM says "connection lost". Source: aws-facts.md §1. */
export const PING_LOST_AFTER_MS = 10 * 60_000;

/** Source: aws-facts.md §1. */
const REPORT_EVERY_MS = 5 * 60_000;

export type PingStatus = "Online" | "ConnectionLost";

/** What an agent may say of itself in UpdateInstanceInformation; an absent member leaves what was known. */
export interface AgentReport {
  agentVersion?: string;
  platformName?: string;
  platformVersion?: string;
  ipAddress?: string;
  computerName?: string;
  platformType?: string;
}

export interface RegisteredInstance {
  readonly definition: FleetInstance;
  readonly state: "running" | "stopped";
  readonly launchedAtMs: number;
  readonly report: AgentReport;
  readonly lastPingAtMs: number | undefined;
  /** The network between machine and AWS is cut. */
  readonly lost: boolean;
  /** Nobody runs its agent yet: it is said to report as one would (FleetInstance.onDemand). */
  readonly asleep: boolean;
  /** What a plan of faults makes Systems Manager say instead. */
  readonly claim: NodeRule | undefined;
}

type Entry = { -readonly [Key in keyof RegisteredInstance]: RegisteredInstance[Key] };

export class InstanceRegistry {
  readonly #entries = new Map<string, Entry>();
  /** Each account's list in a region is sorted once: only machines that register themselves come and go. */
  readonly #lists = new Map<string, Entry[]>();
  #claims: readonly NodeRule[] = [];

  /**
   * A machine that will run was heard too long ago to count as online: only its own agent's first report makes it so.
   *
   * @param startedAtMs milliseconds since the epoch; the fleet's ages count back from it
   */
  constructor(fleet: readonly FleetInstance[], startedAtMs: number) {
    for (const definition of [...fleet].sort((a, b) => (a.id < b.id ? -1 : 1))) {
      const entry: Entry = {
        definition,
        state: definition.state,
        launchedAtMs: startedAtMs - definition.launchedMsAgo,
        report: {},
        lastPingAtMs: definition.managed ? startedAtMs - (definition.lastPingMsAgo ?? PING_LOST_AFTER_MS) : undefined,
        lost: definition.managed && !definition.online && definition.state === "running",
        asleep: definition.onDemand === true,
        claim: undefined,
      };
      this.#entries.set(definition.id, entry);
      const place = placeOf(definition.account, definition.region);
      const list = this.#lists.get(place);
      if (list) list.push(entry);
      else this.#lists.set(place, [entry]);
    }
  }

  /** A machine that registered itself; its agent has not reported yet. @param registeredAtMs milliseconds since the epoch */
  add(definition: FleetInstance, registeredAtMs: number): void {
    const entry: Entry = {
      definition,
      state: "running",
      launchedAtMs: registeredAtMs,
      report: {},
      lastPingAtMs: undefined,
      lost: false,
      asleep: false,
      claim: undefined,
    };
    this.#claim(definition.id, entry);
    this.#entries.set(definition.id, entry);
    const place = placeOf(definition.account, definition.region);
    const list = this.#lists.get(place) ?? [];
    const next = list.findIndex((other) => other.definition.id > definition.id);
    this.#lists.set(place, list.toSpliced(next < 0 ? list.length : next, 0, entry));
  }

  remove(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    const place = placeOf(entry.definition.account, entry.definition.region);
    this.#lists.set(
      place,
      (this.#lists.get(place) ?? []).filter((other) => other !== entry),
    );
  }

  /** @returns the instance when it belongs to this account and region; AWS does not tell of others */
  find(id: string, account: string, region: string): RegisteredInstance | undefined {
    const entry = this.#entries.get(id);
    return entry?.definition.account === account && entry.definition.region === region ? entry : undefined;
  }

  /** Of every account and region, ascending by id. */
  all(): RegisteredInstance[] {
    return [...this.#entries.values()];
  }

  findAnywhere(id: string): RegisteredInstance | undefined {
    return this.#entries.get(id);
  }

  /** Ascending by id. */
  list(account: string, region: string): readonly RegisteredInstance[] {
    return this.#lists.get(placeOf(account, region)) ?? [];
  }

  handleReport(id: string, report: AgentReport, nowMs: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.report = { ...entry.report, ...report };
    entry.lastPingAtMs = nowMs;
  }

  /** Its agent runs from now on, or nothing does: what it reported until now stays as its last word. */
  handleAwake(id: string, nowMs: number): void {
    const entry = this.#entries.get(id);
    if (!entry?.asleep) return;
    entry.lastPingAtMs = lastPingAtMs(entry, nowMs);
    entry.asleep = false;
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

  /** Its agent was replaced by another version. */
  handleUpgraded(id: string, agentVersion: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.definition = { ...entry.definition, agentVersion };
    entry.report = { ...entry.report, agentVersion };
  }

  /** From now on Systems Manager says this of nodes: of each the first rule that is about it. */
  setClaims(rules: readonly NodeRule[]): void {
    this.#claims = rules;
    for (const [id, entry] of this.#entries) this.#claim(id, entry);
  }

  setLost(id: string, lost: boolean): void {
    const entry = this.#entries.get(id);
    if (entry) entry.lost = lost;
  }

  #claim(id: string, entry: Entry): void {
    entry.claim = this.#claims.find(({ instance }) => instance === undefined || instance === id);
  }
}

function placeOf(account: string, region: string): string {
  return `${account}/${region}`;
}

/** When SSM heard of it last, in milliseconds since the epoch; undefined: never. */
export function lastPingAtMs(
  { asleep, definition, ...instance }: RegisteredInstance,
  nowMs: number,
): number | undefined {
  if (!asleep) return instance.lastPingAtMs;
  // each at its own moment of the five minutes, as agents that booted at different times
  const phaseMs = Number.parseInt(definition.id.slice(-6), 16) % REPORT_EVERY_MS;
  return nowMs - ((nowMs - phaseMs) % REPORT_EVERY_MS);
}

export function pingStatus(instance: RegisteredInstance, nowMs: number): PingStatus {
  const { state, lost, claim } = instance;
  if (claim?.ping !== undefined) return claim.ping === "online" ? "Online" : "ConnectionLost";
  const pingAtMs = lastPingAtMs(instance, nowMs);
  const fresh = pingAtMs !== undefined && nowMs - pingAtMs < PING_LOST_AFTER_MS;
  return state === "running" && !lost && fresh ? "Online" : "ConnectionLost";
}
