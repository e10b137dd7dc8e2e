/** The last minute of round trips, and the line that draws it (DESIGN §8). Pure; time is passed in. */

/** An older measurement says nothing about now: it shows as a dash. */
export const LATENCY_FRESH_MS = 15_000;

export interface LatencySample {
  readonly atMs: number;
  /** Browser to server and back, and on to the instance where a key measured that lately. */
  readonly ms: number;
}

/** What the line shows, in milliseconds. */
export const LINE_SPAN_MS = 60_000;
/** A ping every 5 s makes 12; pings on focus and keys come on top, and beyond this the oldest go. */
export const LINE_SAMPLES_MAX = 24;
/** A line of a fast network does not jump about for a millisecond: so much is drawn as the full height at least. */
const SCALE_MIN_MS = 100;

export const LINE_BOX = { width: 34, height: 12 } as const;
/** Room for the stroke at the top and bottom. */
const EDGE = 1;

export function withSample(line: readonly LatencySample[], sample: LatencySample): readonly LatencySample[] {
  const kept = line.filter(({ atMs }) => atMs > sample.atMs - LINE_SPAN_MS && atMs <= sample.atMs);
  return [...kept, sample].slice(-LINE_SAMPLES_MAX);
}

/** What a status holds after a ping was answered. */
export function measured(
  before: { latencyLine?: readonly LatencySample[]; agentLatencyMs?: number; agentLatencyAtMs?: number },
  latencyMs: number,
  nowMs: number,
): { latencyMs: number; latencyAtMs: number; latencyLine: readonly LatencySample[] } {
  const { latencyLine = [], agentLatencyMs = 0, agentLatencyAtMs = Number.NEGATIVE_INFINITY } = before;
  const agentMs = nowMs - agentLatencyAtMs <= LATENCY_FRESH_MS ? agentLatencyMs : 0;
  const sample: LatencySample = { atMs: nowMs, ms: latencyMs + agentMs };
  return { latencyMs, latencyAtMs: nowMs, latencyLine: withSample(latencyLine, sample) };
}

/** @returns points of a polyline in LINE_BOX, older at the left, slower higher; "" while there are not two to join */
export function linePoints(line: readonly LatencySample[], nowMs: number): string {
  const shown = line.filter(({ atMs }) => atMs > nowMs - LINE_SPAN_MS);
  if (shown.length < 2) return "";
  const scale = Math.max(SCALE_MIN_MS, ...shown.map(({ ms }) => ms));
  const { width, height } = LINE_BOX;
  return shown
    .map(({ atMs, ms }) => {
      const x = width * (1 - (nowMs - atMs) / LINE_SPAN_MS);
      const y = height - EDGE - (Math.max(0, ms) / scale) * (height - 2 * EDGE);
      return `${Math.min(width, x).toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}
