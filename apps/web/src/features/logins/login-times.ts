/** Times of logins as people say them. Pure; milliseconds since the epoch. */
import { formatSpan } from "../../lib/relative-time.ts";

/** The server writes down when a browser was seen to the minute only. */
const SEEN_TO_THE_MS = 60_000;

/** "now", "14 min ago". */
export function seenWords(atMs: number, nowMs: number): string {
  return nowMs - atMs < 2 * SEEN_TO_THE_MS ? "now" : `${formatSpan(nowMs - atMs)} ago`;
}

/** "Sun 22 Nov, 15:04", in the browser's own zone. */
export function dayAndTime(atMs: number, locale?: string): string {
  return new Date(atMs).toLocaleString(locale, {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
}
