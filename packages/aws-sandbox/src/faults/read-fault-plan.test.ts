import { expect, test } from "vitest";
import { describeFaults } from "./describe-faults.ts";
import { HALF_OPEN_MS_DEFAULT, hasFaults, NO_FAULTS, RULES_MAX, TIMES_MAX } from "./fault-plan.ts";
import { FaultPlanError } from "./plan-object.ts";
import { readCutNow, readFaultPlan } from "./read-fault-plan.ts";

const KNOWN = { operations: ["StartSession", "ResumeSession"], instances: ["i-1"], people: ["dana"] };
const read = (plan: unknown) => readFaultPlan(plan, KNOWN);
const problemOf = (plan: unknown) => {
  try {
    read(plan);
  } catch (error) {
    if (error instanceof FaultPlanError) return error.message;
    throw error;
  }
  return "none";
};

test("an empty plan is no fault at all", () => {
  expect(read({})).toEqual(NO_FAULTS);
  expect(hasFaults(read({}))).toBe(false);
});

test("a plan with every kind of rule is read, completed with defaults, and told in a line per rule", () => {
  const plan = read({
    seed: 42,
    links: [
      {
        instance: "i-1",
        toAgent: { loss: 0.05, duplicate: 0.01, reorder: { probability: 0.1 } },
        toClient: { delay: { ms: 10, jitterMs: 490 }, frames: 1000 },
      },
    ],
    cuts: [
      { end: "client", how: "bye", everyMs: 3_600_000, jitterMs: 1_000 },
      { session: "dana-1", end: "both", how: "half_open", afterFrames: 100, times: 2 },
    ],
    tokens: [{ end: "client", lifeMs: 0, times: 1 }],
    api: [
      { operation: "StartSession", effect: { kind: "error", code: "ThrottlingException" }, probability: 0.5 },
      { operation: "*", person: "dana", effect: { kind: "hang", ms: 500 } },
      { operation: "ResumeSession", effect: { kind: "without_token" }, times: 1 },
      { operation: "ResumeSession", effect: { kind: "reset", when: "after" } },
    ],
    limits: [{ idleSeconds: 5 }],
    agents: [{ instance: "i-1", profile: "real-agent", keepsFrames: 64, silent: { afterMs: 0, forMs: 100 } }],
  });
  expect(plan.links[0]?.toAgent?.reorder).toEqual({ probability: 0.1, frames: 3 });
  expect(plan.cuts.map(({ forMs, times }) => [forMs, times])).toEqual([
    [HALF_OPEN_MS_DEFAULT, TIMES_MAX],
    [HALF_OPEN_MS_DEFAULT, 2],
  ]);
  expect(plan.api[1]).toMatchObject({ effect: { kind: "hang", ms: 500, when: "before" }, probability: 1 });
  expect(describeFaults(plan)).toMatchInlineSnapshot(`
    [
      "i-1: to the agent: loss 0.05, duplication 0.01, reordering 0.1 by 3 frames; to the client: delay 10 to 500 ms, first 1000 frames only",
      "all sessions: bye cut of the client every 3600000 ms and up to 1000 more",
      "dana-1: half-open cut of both ends for 120000 ms after 100 frames, at most 2 times",
      "all sessions: the client's tokens live 0 ms, at most 1 times",
      "all sessions: StartSession: ThrottlingException with probability 0.5",
      "all sessions: * of dana: no answer for 500 ms",
      "all sessions: ResumeSession: answer without TokenValue, at most 1 times",
      "all sessions: ResumeSession: connection reset, though it is carried out",
      "all sessions: idle timeout 5 s",
      "i-1: agent: {"profile":"real-agent","keepsFrames":64,"silent":{"afterMs":0,"forMs":100}}",
    ]
  `);
  expect(describeFaults(NO_FAULTS)).toEqual([]);
});

test("what was read is read again as the same", () => {
  const plan = {
    links: [{ toAgent: { delay: { ms: 1 } } }],
    cuts: [{ end: "agent", how: "abrupt", everyMs: 50 }],
    api: [{ operation: "*", effect: { kind: "hang", ms: 1 } }],
  };
  expect(read(JSON.parse(JSON.stringify(read(plan))))).toEqual(read(plan));
});

test("a plan that would not do what it says is refused, with the place and what is wanted", () => {
  const problems = [
    [],
    { seeds: 1 },
    { links: [{ toAgent: { lost: 0.1 } }] },
    { links: [{ toAgent: { loss: 1.5 } }] },
    { links: [{ toAgent: { loss: "0.1" } }] },
    { links: [{}] },
    { links: [{ toAgent: { delay: { ms: 10_001 } } }] },
    { links: Array(RULES_MAX + 1).fill({ toAgent: {} }) },
    { links: [{ instance: "i-2", toAgent: {} }] },
    { cuts: [{ end: "client", how: "abrupt" }] },
    { cuts: [{ end: "client", how: "abrupt", everyMs: 100, afterFrames: 1 }] },
    { cuts: [{ end: "client", how: "gently", everyMs: 100 }] },
    { cuts: [{ end: "client", how: "abrupt", everyMs: 49 }] },
    { tokens: [{ end: "both", lifeMs: 0 }] },
    { tokens: [{ end: "client" }] },
    { api: [{ operation: "StartSesion", effect: { kind: "reset" } }] },
    { api: [{ operation: "StartSession" }] },
    { api: [{ operation: "StartSession", effect: { kind: "reset", ms: 1 } }] },
    { api: [{ operation: "StartSession", effect: { kind: "without_token" } }] },
    { api: [{ operation: "StartSession", effect: { kind: "error", code: "<b>" } }] },
    { api: [{ operation: "StartSession", person: "eve", effect: { kind: "reset" } }] },
    { limits: [{ idleSeconds: 0 }] },
    { limits: [{}] },
    { agents: [{ instance: "i-1" }] },
    { agents: [{ keepsFrames: 0 }] },
  ].map(problemOf);
  expect(problems).toMatchInlineSnapshot(`
    [
      "the plan: an object is wanted",
      "the plan: "seeds" is not known here",
      "links[0].toAgent: "lost" is not known here",
      "links[0].toAgent.loss: a number from 0 to 1 is wanted",
      "links[0].toAgent.loss: a number from 0 to 1 is wanted",
      "links[0]: toAgent, toClient or both are wanted",
      "links[0].toAgent.delay.ms: a whole number from 0 to 10000 is wanted",
      "links: a list of at most 100 is wanted",
      "links[0].instance: there is no i-2 in the fleet",
      "cuts[0]: everyMs or afterFrames is wanted, and not both",
      "cuts[0]: everyMs or afterFrames is wanted, and not both",
      "cuts[0].how: one of abrupt, half_open, bye is wanted",
      "cuts[0].everyMs: a whole number from 50 to 86400000 is wanted",
      "tokens[0].end: one of client, agent is wanted",
      "tokens[0].lifeMs: is needed",
      "api[0].operation: StartSesion is not served here",
      "api[0].effect: is needed",
      "api[0].effect: "ms" is not known here",
      "api[0].effect: only ResumeSession can answer without a token",
      "api[0].effect.code: letters, digits, dots and underscores are wanted",
      "api[0].person: nobody is called eve",
      "limits[0].idleSeconds: a whole number from 1 to 86400 is wanted",
      "limits[0]: idleSeconds or durationSeconds is wanted",
      "agents[0]: there is nothing to do",
      "agents[0].keepsFrames: a whole number from 1 to 100000 is wanted",
    ]
  `);
});

test("a cut now needs an end and a manner, and may be about one session", () => {
  expect(readCutNow({ end: "both", how: "half_open", session: "dana-1", forMs: 5 }, KNOWN)).toEqual({
    end: "both",
    how: "half_open",
    session: "dana-1",
    forMs: 5,
  });
  expect(() => readCutNow({ end: "both" }, KNOWN)).toThrow("how: is needed");
});
