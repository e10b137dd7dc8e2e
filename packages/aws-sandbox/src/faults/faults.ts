/**
 * The plan that is in force, and what it did. Gateway, API and agents ask it at their own hooks; it knows none of them.
 * Setting a plan begins everything anew: counts, draws, turns.
 */
import { CallRates, type RatedCall } from "./call-rates.ts";
import { FaultCounts } from "./fault-counts.ts";
import { type AgentRule, type ApiEffect, type ApiRule, type FaultPlan, NO_FAULTS, selects } from "./fault-plan.ts";
import { seededDraws } from "./seeded-draws.ts";
import { SessionFaults, type SessionPlace } from "./session-faults.ts";

/** One call, as far as rules look at it. */
export interface ObservedCall {
  operation: string;
  /** Id of the person; undefined for a machine. */
  person: string | undefined;
  sessionId: string | undefined;
  instanceId: string | undefined;
}

export type AgentDeed = "acknowledged_late" | "forgotten" | "silent" | "failed";

/** What a machine's agent is to do in one session. */
export interface AgentFaults extends AgentRule {
  count(deed: AgentDeed): void;
}

/** A session that the gateway holds, and hands back with `close`. */
export interface WatchedSession {
  readonly faults: SessionFaults;
  close(): void;
}

interface Watched {
  readonly place: SessionPlace;
  faults: SessionFaults;
  readonly changed: () => void;
}

export class Faults {
  readonly #counts = new FaultCounts();
  /** As many as the gateway has live sessions. */
  readonly #watched = new Set<Watched>();
  /** Sessions that began under this plan, by machine. */
  readonly #turns = new Map<string, number>();
  /** Calls that a rule looked at, by rule. */
  readonly #apiDraws = new Map<ApiRule, number>();
  readonly #rates = new CallRates();
  #plan: FaultPlan;

  constructor(plan: FaultPlan = NO_FAULTS) {
    this.#plan = plan;
  }

  get plan(): FaultPlan {
    return this.#plan;
  }

  setPlan(plan: FaultPlan): void {
    this.#plan = plan;
    this.#counts.clear();
    this.#turns.clear();
    this.#apiDraws.clear();
    this.#rates.clear();
    // Counted apart from the sessions to come, whose draws must not hang on what was there before the plan.
    for (const session of this.#watched) session.faults = this.#faultsOf(session.place, "earlier");
    for (const session of [...this.#watched]) session.changed();
  }

  counts(): Record<string, number> {
    return this.#counts.read();
  }

  /** A cut that somebody asked for, not a rule. */
  countCut(how: string): void {
    this.#counts.add(`cut.${how}`);
  }

  /** @param changed called when another plan was set: `faults` is another one then */
  watchSession(place: SessionPlace, changed: () => void): WatchedSession {
    const watched: Watched = { place, faults: this.#faultsOf(place, "turn"), changed };
    this.#watched.add(watched);
    return {
      get faults() {
        return watched.faults;
      },
      close: () => this.#watched.delete(watched),
    };
  }

  /** What this call meets; the rule that acts is counted. */
  apiEffect(call: ObservedCall): ApiEffect | undefined {
    for (const [index, rule] of this.#plan.api.entries()) {
      const deed = `api[${index}].${rule.effect.kind}`;
      if (!isAbout(rule, call) || this.#counts.get(deed) >= rule.times) continue;
      const draw = this.#apiDraws.get(rule) ?? 0;
      this.#apiDraws.set(rule, draw + 1);
      if (seededDraws(this.#plan.seed, `api[${index}]`)(draw) >= rule.probability) continue;
      this.#counts.add(deed);
      return rule.effect;
    }
    return undefined;
  }

  /** @returns whether this call is one too many; it is counted either way */
  isThrottled(call: RatedCall, nowMs: number): boolean {
    const index = this.#rates.beyond(this.#plan.rates, call, nowMs);
    if (index !== undefined) this.#counts.add(`rates[${index}].throttled`);
    return index !== undefined;
  }

  agentFaults(place: SessionPlace): AgentFaults | undefined {
    const index = this.#plan.agents.findIndex((rule) => selects(rule, place));
    const rule = this.#plan.agents[index];
    return rule && { ...rule, count: (deed) => this.#counts.add(`agents[${index}].${deed}`) };
  }

  #faultsOf(place: SessionPlace, kind: "turn" | "earlier"): SessionFaults {
    const who = `${place.instanceId} ${kind}`;
    const turn = (this.#turns.get(who) ?? 0) + 1;
    this.#turns.set(who, turn);
    return new SessionFaults(place, this.#plan, this.#counts, `${who} ${turn}`);
  }
}

function isAbout(rule: ApiRule, call: ObservedCall): boolean {
  const isNamed = rule.operation === call.operation || (rule.operation === "*" && call.person !== undefined);
  return isNamed && (rule.person === undefined || rule.person === call.person) && selects(rule, definedOnly(call));
}

const definedOnly = ({ sessionId, instanceId }: ObservedCall): { sessionId?: string; instanceId?: string } => ({
  ...(sessionId === undefined ? {} : { sessionId }),
  ...(instanceId === undefined ? {} : { instanceId }),
});
