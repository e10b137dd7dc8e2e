/** From JSON to a fault plan, strictly: a misspelt rule that does nothing would make a test prove nothing. Pure. */
import {
  AGENT_FRAMES_MAX,
  AGENT_PAUSE_MS_MAX,
  type AgentRule,
  type ApiEffect,
  type ApiRule,
  BURST_MAX,
  CUT_EVERY_MS_MAX,
  CUT_EVERY_MS_MIN,
  CUT_MANNERS,
  type Cut,
  type CutRule,
  DELAY_MS_MAX,
  type DirectionFaults,
  type FaultPlan,
  HALF_OPEN_MS_DEFAULT,
  HALF_OPEN_MS_MAX,
  HANG_MS_MAX,
  LIMIT_SECONDS_MAX,
  type NodeRule,
  PING_CLAIMS,
  RATE_MAX,
  REORDER_FRAMES_MAX,
  RULES_MAX,
  type SessionSelector,
  START_FAILURES,
  TIMES_MAX,
} from "./fault-plan.ts";
import { FaultPlanError, type PlanObject, readObject } from "./plan-object.ts";

/** What a plan may name. Session ids are not checked: they come into being later. */
export interface KnownNames {
  operations: readonly string[];
  instances: readonly string[];
  people: readonly string[];
}

const PROBABILITY = { min: 0, max: 1, fraction: true } as const;
const ENDS = ["client", "agent"] as const;
const EFFECT_KINDS = ["error", "hang", "reset", "without_token"] as const;
const MOMENTS = ["before", "after"] as const;

/** @throws FaultPlanError */
export function readFaultPlan(value: unknown, known: KnownNames): FaultPlan {
  return readObject(value, "", (plan) => ({
    seed: plan.number("seed", { min: 0, max: 0xffff_ffff }) ?? 1,
    links: plan.list("links", RULES_MAX, (rule) => {
      const selector = readSelector(rule, known);
      const toAgent = rule.object("toAgent", readDirection);
      const toClient = rule.object("toClient", readDirection);
      if (!toAgent && !toClient) throw new FaultPlanError(rule.at, "toAgent, toClient or both are wanted");
      return { ...selector, ...given({ toAgent, toClient }) };
    }),
    cuts: plan.list("cuts", RULES_MAX, (rule) => readCutRule(rule, known)),
    tokens: plan.list("tokens", RULES_MAX, (rule) => ({
      ...readSelector(rule, known),
      end: rule.required("end", rule.oneOf("end", ENDS)),
      lifeMs: rule.required("lifeMs", rule.number("lifeMs", { min: 0, max: 30_000 })),
      times: readTimes(rule),
    })),
    api: plan.list("api", RULES_MAX, (rule) => readApiRule(rule, known)),
    limits: plan.list("limits", RULES_MAX, (rule) => {
      const seconds = { min: 1, max: LIMIT_SECONDS_MAX };
      const limits = given({
        idleSeconds: rule.number("idleSeconds", seconds),
        durationSeconds: rule.number("durationSeconds", seconds),
      });
      if (Object.keys(limits).length === 0)
        throw new FaultPlanError(rule.at, "idleSeconds or durationSeconds is wanted");
      return { ...readSelector(rule, known), ...limits };
    }),
    agents: plan.list("agents", RULES_MAX, (rule) => ({ ...readSelector(rule, known), ...readAgentFaults(rule) })),
    nodes: plan.list("nodes", RULES_MAX, (rule) => readNodeRule(rule, known)),
    rates: plan.list("rates", RULES_MAX, (rule) => {
      const operation = readOperation(rule, known);
      const perSecond = rule.required(
        "perSecond",
        rule.number("perSecond", { min: 0.01, max: RATE_MAX, fraction: true }),
      );
      const burst = rule.number("burst", { min: 1, max: BURST_MAX }) ?? Math.ceil(perSecond);
      return { operation, perSecond, burst };
    }),
  }));
}

/** A cut now: the body of POST /_sandbox/faults/cut. @throws FaultPlanError */
export const readCutNow = (value: unknown, known: KnownNames): Cut & SessionSelector =>
  readObject(value, "", (object) => ({ ...readSelector(object, known), ...readCut(object) }));

function readSelector(rule: PlanObject, known: KnownNames): SessionSelector {
  return given({ session: rule.text("session", 96), instance: readInstance(rule, known) });
}

function readInstance(rule: PlanObject, known: KnownNames): string | undefined {
  const instance = rule.text("instance", 64);
  if (instance !== undefined && !known.instances.includes(instance))
    throw rule.problem("instance", `there is no ${instance} in the fleet`);
  return instance;
}

function readDirection(object: PlanObject): DirectionFaults {
  return given({
    loss: object.number("loss", PROBABILITY),
    duplicate: object.number("duplicate", PROBABILITY),
    reorder: object.object("reorder", (reorder) => ({
      probability: reorder.required("probability", reorder.number("probability", PROBABILITY)),
      frames: reorder.number("frames", { min: 1, max: REORDER_FRAMES_MAX }) ?? 3,
    })),
    delay: object.object("delay", (delay) => ({
      ms: delay.number("ms", { min: 0, max: DELAY_MS_MAX }) ?? 0,
      jitterMs: delay.number("jitterMs", { min: 0, max: DELAY_MS_MAX }) ?? 0,
    })),
    frames: object.number("frames", { min: 1, max: TIMES_MAX }),
  });
}

function readCut(object: PlanObject): Cut {
  return {
    end: object.required("end", object.oneOf("end", [...ENDS, "both"])),
    how: object.required("how", object.oneOf("how", CUT_MANNERS)),
    forMs: object.number("forMs", { min: 1, max: HALF_OPEN_MS_MAX }) ?? HALF_OPEN_MS_DEFAULT,
  };
}

function readCutRule(rule: PlanObject, known: KnownNames): CutRule {
  const when = given({
    everyMs: rule.number("everyMs", { min: CUT_EVERY_MS_MIN, max: CUT_EVERY_MS_MAX }),
    jitterMs: rule.number("jitterMs", { min: 0, max: CUT_EVERY_MS_MAX }),
    afterFrames: rule.number("afterFrames", { min: 1, max: TIMES_MAX }),
  });
  if ((when.everyMs === undefined) === (when.afterFrames === undefined))
    throw new FaultPlanError(rule.at, "everyMs or afterFrames is wanted, and not both");
  return { ...readSelector(rule, known), ...readCut(rule), ...when, times: readTimes(rule) };
}

function readApiRule(rule: PlanObject, known: KnownNames): ApiRule {
  const operation = readOperation(rule, known);
  const person = rule.text("person", 64);
  if (person !== undefined && !known.people.includes(person))
    throw rule.problem("person", `nobody is called ${person}`);
  const effect = rule.required("effect", rule.object("effect", readEffect));
  if (effect.kind === "without_token" && operation !== "ResumeSession")
    throw rule.problem("effect", "only ResumeSession can answer without a token");
  return {
    ...readSelector(rule, known),
    operation,
    ...given({ person }),
    effect,
    probability: rule.number("probability", PROBABILITY) ?? 1,
    times: readTimes(rule),
  };
}

function readOperation(rule: PlanObject, known: KnownNames): string {
  const operation = rule.required("operation", rule.text("operation", 64));
  if (operation !== "*" && !known.operations.includes(operation))
    throw rule.problem("operation", `${operation} is not served here`);
  return operation;
}

function readEffect(effect: PlanObject): ApiEffect {
  const kind = effect.required("kind", effect.oneOf("kind", EFFECT_KINDS));
  switch (kind) {
    case "error": {
      const code = effect.required("code", readCode(effect));
      const status = effect.number("status", { min: 400, max: 599 });
      return { kind, code, ...given({ status, message: effect.text("message", 1_000) }) };
    }
    case "hang": {
      const ms = effect.required("ms", effect.number("ms", { min: 1, max: HANG_MS_MAX }));
      return { kind, ms, when: effect.oneOf("when", MOMENTS) ?? "before" };
    }
    case "reset":
      return { kind, when: effect.oneOf("when", MOMENTS) ?? "before" };
    case "without_token":
      return { kind };
  }
}

/** It becomes a tag in XML answers. */
function readCode(error: PlanObject): string | undefined {
  const code = error.text("code", 128);
  if (code !== undefined && !/^[A-Za-z][A-Za-z0-9._]*$/.test(code))
    throw error.problem("code", "letters, digits, dots and underscores are wanted");
  return code;
}

function readAgentFaults(rule: PlanObject): AgentRule {
  const pause = { min: 1, max: AGENT_PAUSE_MS_MAX };
  const faults = given({
    fails: rule.oneOf("fails", START_FAILURES),
    profile: rule.oneOf("profile", ["windowed", "real-agent"]),
    pauseBetweenMessagesMs: rule.number("pauseBetweenMessagesMs", pause),
    acknowledgeDelayMs: rule.number("acknowledgeDelayMs", pause),
    keepsFrames: rule.number("keepsFrames", { min: 1, max: AGENT_FRAMES_MAX }),
    silent: rule.object("silent", (silent) => ({
      afterMs: silent.required("afterMs", silent.number("afterMs", { min: 0, max: CUT_EVERY_MS_MAX })),
      forMs: silent.required("forMs", silent.number("forMs", { min: 1, max: HALF_OPEN_MS_MAX })),
    })),
  });
  if (Object.keys(faults).length === 0) throw new FaultPlanError(rule.at, "there is nothing to do");
  return faults;
}

function readNodeRule(rule: PlanObject, known: KnownNames): NodeRule {
  const claims = given({ ping: rule.oneOf("ping", PING_CLAIMS), agentVersion: rule.text("agentVersion", 32) });
  if (claims.agentVersion !== undefined && !/^\d{1,6}(\.\d{1,6}){1,3}$/.test(claims.agentVersion))
    throw rule.problem("agentVersion", "numbers between dots are wanted, such as 3.2.582.0");
  if (Object.keys(claims).length === 0) throw new FaultPlanError(rule.at, "ping or agentVersion is wanted");
  return { ...given({ instance: readInstance(rule, known) }), ...claims };
}

const readTimes = (rule: PlanObject): number => rule.number("times", { min: 1, max: TIMES_MAX }) ?? TIMES_MAX;

type Given<Members> = { [Name in keyof Members]?: Exclude<Members[Name], undefined> };

/** Members that are undefined are left out. */
const given = <Members extends object>(members: Members): Given<Members> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Given<Members>;
