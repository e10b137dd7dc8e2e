/** A schedule's share of the sandbox's plan of faults. Pure. */
import type { FrameFaults, Schedule } from "./schedule.ts";

/** How long a call that hangs takes, in milliseconds. */
const HANG_MS = 3_000;

/** From the first frame of the session on. */
export function startPlan(schedule: Schedule): object {
  return {
    seed: schedule.seed >>> 0,
    agents: [
      { profile: schedule.agent, ...(schedule.silentAgent === undefined ? {} : { silent: schedule.silentAgent }) },
    ],
    links: linkRules(schedule.frames),
  };
}

/** Once the program runs. */
export function faultPlan(schedule: Schedule): object {
  const { recycling, deadTokens, resumeFailures } = schedule;
  return {
    ...startPlan(schedule),
    cuts: recycling === undefined ? [] : [{ end: "client", how: "bye", ...recycling }],
    tokens: deadTokens === 0 ? [] : [{ end: "client", lifeMs: 0, times: deadTokens }],
    api:
      resumeFailures === 0
        ? []
        : [
            { kind: "error", code: "ThrottlingException" },
            { kind: "reset", when: "before" },
            { kind: "reset", when: "after" },
            { kind: "hang", ms: HANG_MS, when: "after" },
          ].map((effect, _, effects) => ({
            operation: "ResumeSession",
            effect,
            probability: resumeFailures / effects.length,
          })),
  };
}

function linkRules({ toAgent, toClient }: Schedule["frames"]): object[] {
  const rule = {
    ...(isNothing(toAgent) ? {} : { toAgent }),
    ...(isNothing(toClient) ? {} : { toClient }),
  };
  return isNothing(rule) ? [] : [rule];
}

function isNothing(faults: FrameFaults | object): boolean {
  return Object.keys(faults).length === 0;
}
