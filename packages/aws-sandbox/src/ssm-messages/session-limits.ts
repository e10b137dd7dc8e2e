/** When the service ends a session by itself. Source: data-channel.md §9.5, aws-facts.md §1. */
import type { SessionDocument } from "./session-types.ts";

const MINUTE_MS = 60_000;
const IDLE_MINUTES_DEFAULT = 20;
const IDLE_MINUTES_MAX = 60;
const DURATION_MINUTES_MAX = 1_440;

/** As the real service wrote it in 2020 (data-channel.md §10.2). */
export const IDLE_TEXT = "Your session timed out due to inactivity and has been terminated.";
/** The real text is not known (data-channel.md §18.2): this one is ours. */
export const DURATION_TEXT = "Your session reached the maximum session duration and has been terminated.";

export interface SessionLimits {
  readonly idleMs: number;
  /** undefined: as long as it likes */
  readonly durationMs: number | undefined;
}

export function sessionLimits(document: SessionDocument): SessionLimits {
  const idle = minutes(document.inputs?.idleSessionTimeout, IDLE_MINUTES_MAX) ?? IDLE_MINUTES_DEFAULT;
  const duration = minutes(document.inputs?.maxSessionDuration, DURATION_MINUTES_MAX);
  return { idleMs: idle * MINUTE_MS, durationMs: duration === undefined ? undefined : duration * MINUTE_MS };
}

/** The limits with those of a fault plan in their place; these are in seconds. */
export const withLimits = (
  limits: SessionLimits,
  other: { idleSeconds?: number; durationSeconds?: number } | undefined,
): SessionLimits => ({
  idleMs: other?.idleSeconds === undefined ? limits.idleMs : other.idleSeconds * 1_000,
  durationMs: other?.durationSeconds === undefined ? limits.durationMs : other.durationSeconds * 1_000,
});

/** The text for the person whose session is over now, or undefined while it may go on. */
export function overdueText(
  limits: SessionLimits,
  at: { startedAtMs: number; lastActivityAtMs: number; nowMs: number },
): string | undefined {
  if (limits.durationMs !== undefined && at.nowMs - at.startedAtMs >= limits.durationMs) return DURATION_TEXT;
  if (at.nowMs - at.lastActivityAtMs >= limits.idleMs) return IDLE_TEXT;
  return undefined;
}

/** Documents hold minutes as text; what is empty or out of range does not limit. */
function minutes(value: unknown, max: number): number | undefined {
  const text = String(value ?? "").trim();
  if (!/^\d{1,4}$/.test(text)) return undefined;
  const count = Number(text);
  return count >= 1 && count <= max ? count : undefined;
}
