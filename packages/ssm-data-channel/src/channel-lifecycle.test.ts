import { expect, test } from "vitest";
import {
  AGENT_TRANSITIONS,
  CHANNEL_TRANSITIONS,
  type ChannelTrigger,
  type ClientChannelStateName,
  nextAgentState,
  nextChannelState,
} from "./channel-lifecycle.ts";

const TRIGGERS: ChannelTrigger[] = [
  "socket_opened",
  "socket_lost",
  "resumed_before_first",
  "resumed_in_handshake",
  "resumed_running",
  "handshake_requested",
  "first_output",
  "handshake_completed",
  "closed_by_service",
  "failed",
];
const STATES = Object.keys(CHANNEL_TRANSITIONS) as ClientChannelStateName[];

/** Everywhere a table can lead from a state. */
function reachable(table: Record<string, Record<string, string>>, from: string): string[] {
  const found = new Set([from]);
  for (const state of found) for (const next of Object.values(table[state] ?? {})) found.add(next);
  return [...found].sort();
}

test("a client's channel knows these moves and no others", () => {
  const rows = STATES.map((state) => {
    const moves = TRIGGERS.map((trigger) => nextChannelState(state, trigger) ?? "-");
    return `${state}: ${moves.join(" ")}`;
  });
  expect(rows).toEqual([
    "idle: awaiting_first connecting - - - - - - - closed",
    "connecting: awaiting_first connecting - - - - - - - closed",
    "awaiting_first: - resuming - - - handshaking running - closed closed",
    "handshaking: - resuming - - - - - running closed closed",
    "running: - resuming - - - - - - closed closed",
    "resuming: - resuming awaiting_first handshaking running - - - - closed",
    "closed: - - - - - - - - - -",
  ]);
});

test("every state of a client's channel can be reached from idle, and every one can end", () => {
  expect(reachable(CHANNEL_TRANSITIONS, "idle")).toEqual([...STATES].sort());
  for (const state of STATES) expect(reachable(CHANNEL_TRANSITIONS, state)).toContain("closed");
});

test("every state of an agent's session can be reached from idle, and every one can end", () => {
  expect(reachable(AGENT_TRANSITIONS, "idle")).toEqual(Object.keys(AGENT_TRANSITIONS).sort());
  for (const state of Object.keys(AGENT_TRANSITIONS)) expect(reachable(AGENT_TRANSITIONS, state)).toContain("ended");
});

test("an agent's ended session does nothing more, and only one with a process can have it end by itself", () => {
  expect(AGENT_TRANSITIONS.ended).toEqual({});
  const withProcess = Object.entries(AGENT_TRANSITIONS).filter(([, moves]) => "process_ended" in moves);
  expect(withProcess.map(([state]) => state)).toEqual(["starting", "running"]);
  expect(nextAgentState("awaiting_response", "process_ready")).toBeUndefined();
});
