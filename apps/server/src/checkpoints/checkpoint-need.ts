/**
 * When a session needs a checkpoint: at rest, by volume, and before its log lets output go. Pure: offsets and times in.
 * What it costs decides: about 45 ms of CPU per MiB that is parsed, and half a second for 10,000 full lines (performance.md).
 */

/** Below it a page is better served with the bytes themselves: they fit its window (sessions/readers/attach-point.ts). */
export const WORTH_BYTES_MIN = 256 * 1024;
/** Output that paused for so long is at rest: a prompt, or an editor that waits for a key. In milliseconds. */
export const REST_MS = 2_000;
/** While it never rests: after so much output, in bytes, so that whoever comes has no more than that to parse. */
export const VOLUME_BYTES = 8 * 1024 * 1024;
/**
 * The same while a reader is far behind, a page that stopped for example: it goes on with the newest checkpoint and what was
 * printed since, and its prompt is to be there within 100 ms. In bytes.
 */
export const AWAITED_VOLUME_BYTES = 2 * 1024 * 1024;
/** In logs that keep little: after this share of it. */
const VOLUME_SHARE = 1 / 4;
/** When so much of what the log may keep is not covered, it is urgent: well before the oldest would go. */
const URGENT_SHARE = 1 / 2;

export interface Progress {
  /** Where the newest checkpoint stands, or the oldest output kept. */
  coveredTo: number;
  headOffset: number;
  lastOutputMs: number;
  /** Output that the log keeps, in bytes. */
  keepBytes: number;
  /** A reader is far behind. */
  isAwaited: boolean;
}

export type Need =
  | { kind: "none" }
  /** Look again then, unless output comes that makes it urgent before. */
  | { kind: "later"; atMs: number }
  | { kind: "now"; why: "rest" | "volume" }
  | { kind: "urgent"; why: "room" };

export function checkpointNeed(progress: Progress, nowMs: number): Need {
  const { coveredTo, headOffset, lastOutputMs, keepBytes, isAwaited } = progress;
  const volumeBytes = isAwaited ? AWAITED_VOLUME_BYTES : VOLUME_BYTES;
  const fresh = headOffset - coveredTo;
  if (fresh >= keepBytes * URGENT_SHARE) return { kind: "urgent", why: "room" };
  if (fresh >= Math.min(volumeBytes, keepBytes * VOLUME_SHARE)) return { kind: "now", why: "volume" };
  if (fresh < WORTH_BYTES_MIN) return { kind: "none" };
  return nowMs >= lastOutputMs + REST_MS
    ? { kind: "now", why: "rest" }
    : { kind: "later", atMs: lastOutputMs + REST_MS };
}
