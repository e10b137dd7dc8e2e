/** The rules of a plan in words, one line each: for the one who starts a sandbox that does wrong on purpose. */
import type { ApiEffect, Cut, DirectionFaults, FaultPlan, SessionSelector } from "./fault-plan.ts";
import { TIMES_MAX } from "./fault-plan.ts";

/** @returns [] when nothing is on */
export function describeFaults(plan: FaultPlan): string[] {
  return [
    ...plan.links.map((rule) =>
      line(rule, [direction("to the agent", rule.toAgent), direction("to the client", rule.toClient)]),
    ),
    ...plan.cuts.map((rule) => {
      const when = rule.everyMs === undefined ? `after ${rule.afterFrames} frames` : `every ${rule.everyMs} ms`;
      const jitter = rule.jitterMs ? ` and up to ${rule.jitterMs} more` : "";
      return line(rule, [`${describeCut(rule)} ${when}${jitter}${times(rule.times)}`]);
    }),
    ...plan.tokens.map((rule) => line(rule, [`the ${rule.end}'s tokens live ${rule.lifeMs} ms${times(rule.times)}`])),
    ...plan.api.map((rule) => {
      const whose = rule.person === undefined ? "" : ` of ${rule.person}`;
      const often = rule.probability === 1 ? "" : ` with probability ${rule.probability}`;
      return line(rule, [`${rule.operation}${whose}: ${describeEffect(rule.effect)}${often}${times(rule.times)}`]);
    }),
    ...plan.limits.map((rule) =>
      line(rule, [
        rule.idleSeconds === undefined ? "" : `idle timeout ${rule.idleSeconds} s`,
        rule.durationSeconds === undefined ? "" : `maximum duration ${rule.durationSeconds} s`,
      ]),
    ),
    ...plan.agents.map(({ session, instance, ...faults }) =>
      line({ ...(session === undefined ? {} : { session }), ...(instance === undefined ? {} : { instance }) }, [
        `agent: ${JSON.stringify(faults)}`,
      ]),
    ),
    ...plan.nodes.map(({ instance, ping, agentVersion }) => {
      const claims = [
        ping === undefined ? "" : `says ${ping === "online" ? "Online" : "ConnectionLost"}`,
        agentVersion === undefined ? "" : `says agent ${agentVersion}`,
      ];
      return `Systems Manager of ${instance ?? "all nodes"}: ${claims.filter((claim) => claim !== "").join("; ")}`;
    }),
    ...plan.rates.map(
      ({ operation, perSecond, burst }) =>
        `${operation}: ${perSecond} a second in each account and region, ${burst} at once; throttled beyond`,
    ),
  ];
}

export const describeCut = ({ end, how, forMs }: Cut): string =>
  `${how.replace("_", "-")} cut of ${end === "both" ? "both ends" : `the ${end}`}${how === "half_open" ? ` for ${forMs} ms` : ""}`;

function line({ session, instance }: SessionSelector, parts: readonly string[]): string {
  const who = [session, instance].filter((name) => name !== undefined).join(" on ") || "all sessions";
  return `${who}: ${parts.filter((part) => part !== "").join("; ")}`;
}

function direction(where: string, faults: DirectionFaults | undefined): string {
  if (faults === undefined) return "";
  const { loss, duplicate, reorder, delay, frames } = faults;
  const deeds = [
    loss === undefined ? "" : `loss ${loss}`,
    duplicate === undefined ? "" : `duplication ${duplicate}`,
    reorder === undefined ? "" : `reordering ${reorder.probability} by ${reorder.frames} frames`,
    delay === undefined ? "" : `delay ${delay.ms} to ${delay.ms + delay.jitterMs} ms`,
    frames === undefined ? "" : `first ${frames} frames only`,
  ];
  return `${where}: ${deeds.filter((deed) => deed !== "").join(", ") || "nothing"}`;
}

function describeEffect(effect: ApiEffect): string {
  switch (effect.kind) {
    case "error":
      return effect.code;
    case "hang":
      return `no answer for ${effect.ms} ms${effect.when === "after" ? ", though it is carried out" : ""}`;
    case "reset":
      return `connection reset${effect.when === "after" ? ", though it is carried out" : ""}`;
    case "without_token":
      return "answer without TokenValue";
  }
}

const times = (count: number): string => (count === TIMES_MAX ? "" : `, at most ${count} times`);
