/** The picture of activity in words and labels: for its axis, and for those who do not see it. Times are UTC. Pure. */
import type { AuditActivity } from "@causeway/wire-contract/audit";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
/** Times below the picture, apart from "now". */
const LABELS = 6;
/** Steps with refusals that are named; of more, the number. */
const NAMED_MAX = 5;

type Picture = Pick<AuditActivity, "from" | "stepMs" | "steps">;

/** Evenly spaced: the day with the first, and wherever it is another one. The last label is the end. */
export function axisLabels({ from, stepMs, steps }: Picture, endsNow: boolean): string[] {
  const spanMs = steps.length * stepMs;
  const labels: string[] = [];
  let dayBefore = -1;
  for (let index = 0; index < LABELS; index++) {
    const atMs = Math.round((from + (spanMs * index) / LABELS) / MINUTE_MS) * MINUTE_MS;
    const day = Math.floor(atMs / DAY_MS);
    const prefix = day === dayBefore ? "" : spanMs > 6 * DAY_MS ? `${dateOf(atMs)} ` : `${dayOf(atMs)} `;
    labels.push(spanMs > 6 * DAY_MS ? prefix.trim() || dateOf(atMs) : `${prefix}${timeOf(atMs)}`);
    dayBefore = day;
  }
  const end = from + spanMs;
  return [...labels, endsNow ? "now" : spanMs > 6 * DAY_MS ? dateOf(end) : timeOf(end)];
}

/** "1,284 events in steps of 10 minutes since Sat 16:00; refusals at 02:00 and 09:30". */
export function activityWords({ from, stepMs, steps }: Picture): string {
  const events = steps.reduce((sum, step) => sum + step.events, 0);
  const refusedAt = steps.flatMap(({ refused }, index) => (refused > 0 ? [from + index * stepMs] : []));
  const since = `${events.toLocaleString("en")} events in steps of ${stepWords(stepMs)} since ${dayOf(from)} ${timeOf(from)}`;
  if (refusedAt.length === 0) return `${since}; no refusals`;
  if (refusedAt.length > NAMED_MAX) return `${since}; refusals in ${refusedAt.length} steps`;
  return `${since}; refusals at ${joined(refusedAt.map((atMs) => `${dayOf(atMs)} ${timeOf(atMs)}`))}`;
}

/** Height of a bar in pixels: 2 for none, then by the share of the tallest. */
export function barHeight(events: number, most: number, heightMax: number): number {
  return events === 0 ? 2 : Math.max(6, Math.round((events / most) * heightMax));
}

function stepWords(stepMs: number): string {
  const counted = (count: number, unit: string) => (count === 1 ? `one ${unit}` : `${count} ${unit}s`);
  if (stepMs >= DAY_MS) return counted(stepMs / DAY_MS, "day");
  return stepMs >= 60 * MINUTE_MS ? counted(stepMs / (60 * MINUTE_MS), "hour") : counted(stepMs / MINUTE_MS, "minute");
}

function joined(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

const timeOf = (atMs: number): string => new Date(atMs).toISOString().slice(11, 16);
const dayOf = (atMs: number): string => DAYS[new Date(atMs).getUTCDay()] ?? "";
function dateOf(atMs: number): string {
  const [, day, month] = new Date(atMs).toUTCString().split(" ");
  return `${Number(day)} ${month}`;
}
