// What the admin API and the start options do with faults: read a plan, put it in force, say so, show what it did, cut now.
import { describeCut, describeFaults } from "../faults/describe-faults.ts";
import type { Cut, FaultPlan, FaultPlanInput, NodeRule, SessionSelector } from "../faults/fault-plan.ts";
import type { Faults } from "../faults/faults.ts";
import { type KnownNames, readCutNow, readFaultPlan } from "../faults/read-fault-plan.ts";
import type { SandboxLog } from "../log.ts";

export interface FaultControlDeps {
  faults: Faults;
  known: KnownNames;
  /** Until the next call, Systems Manager says this of nodes. */
  claimNodes(rules: readonly NodeRule[]): void;
  /** @returns how many sockets were met */
  cutDataChannels(selector: SessionSelector, cut: Cut): number;
  log: SandboxLog;
}

export interface FaultReport {
  plan: FaultPlan;
  /** The plan in words, a line per rule. */
  on: readonly string[];
  /** Since the plan was set: what was done how often. */
  done: Readonly<Record<string, number>>;
}

export class FaultControl {
  readonly #deps: FaultControlDeps;

  constructor(deps: FaultControlDeps) {
    this.#deps = deps;
  }

  show(): FaultReport {
    const { faults } = this.#deps;
    return { plan: faults.plan, on: describeFaults(faults.plan), done: faults.counts() };
  }

  /**
   * Replaces the whole plan; an empty one ends all faults.
   * @throws FaultPlanError when it cannot be read; the plan in force stays
   */
  setPlan(plan: FaultPlanInput): void {
    this.readAndSetPlan(plan);
  }

  /** @param value parsed JSON, whatever it is @throws FaultPlanError */
  readAndSetPlan(value: unknown): void {
    const { faults, known, log } = this.#deps;
    faults.setPlan(readFaultPlan(value, known));
    this.#deps.claimNodes(faults.plan.nodes);
    for (const fault of describeFaults(faults.plan)) log.info("fault_on", { fault, seed: faults.plan.seed });
  }

  /** @throws FaultPlanError @returns how many sockets were met */
  cut(value: unknown): number {
    const { faults, known, cutDataChannels, log } = this.#deps;
    const { session, instance, ...cut } = readCutNow(value, known);
    const selector = { ...(session === undefined ? {} : { session }), ...(instance === undefined ? {} : { instance }) };
    const sockets = cutDataChannels(selector, cut);
    if (sockets > 0) faults.countCut(cut.how);
    log.info("fault_cut", { cut: describeCut(cut), sockets });
    return sockets;
  }
}
