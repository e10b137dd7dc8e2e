/** Events counted in steps of time, and who occurs in them. Pure. */
import type { EventActivity } from "./audit-reader.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Lengths of a step, in milliseconds: the shortest that needs no more than ACTIVITY_STEPS_MAX of them is taken. */
const STEPS_MS = [
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  2 * DAY_MS,
  7 * DAY_MS,
  30 * DAY_MS,
  365 * DAY_MS,
] as const;
export const ACTIVITY_STEPS_MAX = 200;
/** Names, and accounts, to choose from; those of fewest events are left out. */
export const ACTIVITY_CHOICES_MAX = 50;
/** Where no beginning is asked for at least so much is shown, in milliseconds: one hour is no picture. */
const SPAN_MS_MIN = DAY_MS;

export interface CountedEvent {
  atMs: number;
  refused: boolean;
  name: string;
  account: string;
  /** It is what was asked for, apart from `refusalsOnly`. */
  matches: boolean;
}

export interface ActivitySpan {
  /** undefined: since the oldest event, and at least a day. */
  fromMs: number | undefined;
  toMs: number;
  /** There are older events in this time, which are not in the list. */
  isCut: boolean;
  refusalsOnly: boolean;
}

/** @param events of the time asked for, in any order */
export function activityOf(events: readonly CountedEvent[], span: ActivitySpan): EventActivity {
  const oldestMs = events.reduce((least, { atMs }) => Math.min(least, atMs), Number.POSITIVE_INFINITY);
  const sinceMs = span.fromMs ?? Math.min(oldestMs, span.toMs - SPAN_MS_MIN);
  const stepMs = STEPS_MS.find((ms) => countOf(sinceMs, span.toMs, ms) <= ACTIVITY_STEPS_MAX) ?? STEPS_MS[13];
  const from = Math.floor(sinceMs / stepMs) * stepMs;
  const count = Math.min(countOf(sinceMs, span.toMs, stepMs), ACTIVITY_STEPS_MAX);
  const steps = Array.from({ length: count }, () => ({ events: 0, refused: 0 }));
  let refused = 0;
  for (const event of events) {
    if (!event.matches) continue;
    if (event.refused) refused++;
    const step = steps[Math.floor((event.atMs - from) / stepMs)];
    if (step === undefined || (span.refusalsOnly && !event.refused)) continue;
    step.events++;
    if (event.refused) step.refused++;
  }
  return {
    from,
    stepMs,
    steps,
    refused,
    ...(span.isCut ? { countedFrom: oldestMs } : {}),
    people: mostFrequent(events.map(({ name }) => name)),
    accounts: mostFrequent(events.map(({ account }) => account)),
  };
}

function countOf(fromMs: number, toMs: number, stepMs: number): number {
  return Math.max(1, Math.ceil(toMs / stepMs) - Math.floor(fromMs / stepMs));
}

function mostFrequent(values: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== "") counts.set(value, (counts.get(value) ?? 0) + 1);
  const sorted = [...counts].sort(([a, more], [b, less]) => less - more || a.localeCompare(b));
  return sorted.slice(0, ACTIVITY_CHOICES_MAX).map(([value]) => value);
}
