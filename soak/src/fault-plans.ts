/** A schedule's share of the sandbox's plan of faults. Pure. */
import type { FrameFaults, Schedule } from "./schedule.ts";

/** From the first frame of the session on. */
export function startPlan(schedule: Schedule): object {
  return {
    seed: schedule.seed >>> 0,
    agents: [{ profile: schedule.agent }],
    links: linkRules(schedule.frames),
  };
}

/** Once the program runs. */
export function faultPlan(schedule: Schedule): object {
  const { recycling, deadTokens, resumeFailures } = schedule;
  const third = resumeFailures / 3;
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
          ].map((effect) => ({ operation: "ResumeSession", effect, probability: third })),
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
