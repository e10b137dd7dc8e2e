/** How an instance is said and drawn. Pure. */
import type { Instance } from "@causeway/wire-contract/instances";
import { formatSpan } from "../../lib/relative-time.ts";
import type { StateShapeName } from "../../ui/state-shape.tsx";

export function shapeOf({ kind, state }: Pick<Instance, "kind" | "state">): StateShapeName {
  if (kind === "hybrid" && state === "online") return "hybrid";
  if (kind === "hybrid" && state === "connection-lost") return "hybrid-lost";
  return STATE_SHAPES[state];
}

const STATE_SHAPES: Record<Instance["state"], StateShapeName> = {
  online: "online",
  "connection-lost": "lost",
  stopped: "stopped",
  "not-managed": "unmanaged",
  unknown: "unknown",
};

/** "1a" of "eu-west-1a" in eu-west-1; a Local Zone's whole name. */
export function shortZone(zone: string | undefined, region: string): string | undefined {
  return zone?.startsWith(region) ? region.replace(/^.*-/, "") + zone.slice(region.length) : zone;
}

/** Words at the end of the row for whatever is not simply online. `nowMs` is the server's clock. */
export function stateNote({ state, lastPingAt, platformType, reason }: Instance, nowMs: number): string {
  switch (state) {
    case "online":
      return platformType === undefined || platformType === "Linux" ? "" : platformType;
    case "connection-lost":
      return lastPingAt === undefined ? "lost" : `lost ${formatSpan(nowMs - lastPingAt)}`;
    case "stopped":
      return "stopped";
    case "not-managed":
      return "not managed";
    case "unknown":
      return reason === "asking" ? "…" : "state unknown";
    default:
      return state satisfies never;
  }
}

/**
 * How far back a list of what was opened lately goes, in days of this browser's calendar.
 *
 * @param openedAtMs of what is shown; undefined: nobody knows, and then nothing is said
 */
export function recentSpan(openedAtMs: readonly (number | undefined)[], nowMs: number): string {
  const known = openedAtMs.filter((ms) => ms !== undefined);
  if (known.length < openedAtMs.length || known.length === 0) return "";
  const days = Math.round((midnightMs(nowMs) - midnightMs(Math.min(...known))) / (24 * 3_600_000));
  if (days <= 0) return "today";
  return days === 1 ? "since yesterday" : `last ${days + 1}\u00a0days`;
}

function midnightMs(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/** Why nobody can open a shell there, in a sentence without its end; empty when one can. */
export function reasonText({ reason, lastPingAt, ec2State, stateReason }: Instance, nowMs: number): string {
  switch (reason) {
    case undefined:
      return "";
    case "stopped":
      return [`EC2 says it is ${ec2State ?? "stopped"}`, stateReason].filter(Boolean).join(": ");
    case "no-ping":
      return lastPingAt === undefined ? "its agent is silent" : `last ping ${formatSpan(nowMs - lastPingAt)} ago`;
    case "no-instance-profile":
      return "it has no instance profile, so its agent cannot register with SSM";
    case "not-registered":
      return "SSM does not know it: no agent, no route to SSM, or a role without permission";
    case "asking":
      return "SSM is still being asked";
    case "not-asked":
      return "SSM could not be asked";
    default:
      return reason satisfies never;
  }
}
