/** Times as people say them: exact, with a no-break space between number and unit (DESIGN §15). Pure. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A span in its largest whole unit: "9 s", "14 min", "3 h", "2 d". Negative spans (clocks differ) read "0 s". */
export function formatSpan(spanMs: number): string {
  const span = Math.max(0, spanMs);
  if (span < MINUTE_MS) return `${Math.floor(span / 1000)}\u00a0s`;
  if (span < HOUR_MS) return `${Math.floor(span / MINUTE_MS)}\u00a0min`;
  if (span < DAY_MS) return `${Math.floor(span / HOUR_MS)}\u00a0h`;
  return `${Math.floor(span / DAY_MS)}\u00a0d`;
}
