/** What a plan has in store for one session. Its draws hang on its machine and its turn there, not on its random id. */
import type { FaultCounts } from "./fault-counts.ts";
import {
  type CutRule,
  type Direction,
  type End,
  type FaultPlan,
  type LimitRule,
  type SessionSelector,
  selects,
} from "./fault-plan.ts";
import { FaultyLink } from "./faulty-link.ts";
import { frameFate } from "./frame-fates.ts";
import { type Draws, seededDraws } from "./seeded-draws.ts";

export interface SessionPlace {
  sessionId: string;
  instanceId: string;
}

/** A cut rule as one session meets it. */
export interface SessionCut {
  readonly rule: CutRule;
  /** For the jitter of its intervals, by index of the interval. */
  readonly draws: Draws;
  count(): void;
}

export class SessionFaults {
  readonly #place: SessionPlace;
  readonly #plan: FaultPlan;
  readonly #counts: FaultCounts;
  readonly #drawKey: string;
  readonly #tokensSpoilt = new Map<number, number>();

  /** @param drawKey names this session's draws: the same in a replay */
  constructor(place: SessionPlace, plan: FaultPlan, counts: FaultCounts, drawKey: string) {
    this.#place = place;
    this.#plan = plan;
    this.#counts = counts;
    this.#drawKey = drawKey;
  }

  /** A fresh link, its first frame has index 0. @returns undefined: frames pass untouched */
  link(direction: Direction): FaultyLink | undefined {
    const index = this.#plan.links.findIndex((rule) => this.#isMine(rule) && rule[direction] !== undefined);
    const faults = this.#plan.links[index]?.[direction];
    if (faults === undefined) return undefined;
    const draws = this.#draws(direction);
    return new FaultyLink(
      (frame) => frameFate(faults, draws, frame),
      (deed) => this.#counts.add(`links[${index}].${direction}.${deed}`),
    );
  }

  cuts(): SessionCut[] {
    return this.#plan.cuts.flatMap((rule, index) =>
      this.#isMine(rule)
        ? [{ rule, draws: this.#draws(`cuts[${index}]`), count: () => this.#counts.add(`cuts[${index}].${rule.how}`) }]
        : [],
    );
  }

  /** For a token that is given out now. @returns undefined: as long as usual */
  tokenLifeMs(end: End): number | undefined {
    const index = this.#plan.tokens.findIndex((rule) => this.#isMine(rule) && rule.end === end);
    const rule = this.#plan.tokens[index];
    const spoilt = this.#tokensSpoilt.get(index) ?? 0;
    if (rule === undefined || spoilt >= rule.times) return undefined;
    this.#tokensSpoilt.set(index, spoilt + 1);
    this.#counts.add(`tokens[${index}].shortened`);
    return rule.lifeMs;
  }

  limits(): LimitRule | undefined {
    return this.#plan.limits.find((rule) => this.#isMine(rule));
  }

  /** The session was ended by a limit of the plan. */
  countLimit(): void {
    this.#counts.add(`limits[${this.#plan.limits.findIndex((rule) => this.#isMine(rule))}].ended`);
  }

  #isMine(rule: SessionSelector): boolean {
    return selects(rule, this.#place);
  }

  #draws(what: string): Draws {
    return seededDraws(this.#plan.seed, `${this.#drawKey} ${what}`);
  }
}
