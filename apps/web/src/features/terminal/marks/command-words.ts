import type { MarkedCommand } from "./command-marks.ts";

/** What became of a command: "ended with 1 after 12 s". Says nothing of what it was, or printed. */
export function commandWords({
  state,
  exitCode,
  tookMs,
}: Pick<MarkedCommand, "state" | "exitCode" | "tookMs">): string {
  if (state === "running") return "still runs";
  const how = exitCode === undefined ? "ended" : `ended with ${exitCode}`;
  return tookMs === undefined ? how : `${how} after ${tookWords(tookMs)}`;
}

/** "8 s", "2 min", "1 h 5 min". */
export function tookWords(tookMs: number): string {
  const seconds = Math.round(tookMs / 1_000);
  if (seconds < 60) return `${seconds}\u00a0s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes}\u00a0min` : `${minutes}\u00a0min ${seconds % 60}\u00a0s`;
  return `${Math.floor(minutes / 60)}\u00a0h ${minutes % 60}\u00a0min`;
}
