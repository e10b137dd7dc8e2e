// How long to wait for an acknowledgement. Pure; the formula of both real ends, without their omissions (Karn's rule
// and the back-off live in outgoing-stream.ts, which knows what was resent).

/** Bounds of the formula. Source: session-manager-plugin src/config/config.go, amazon-ssm-agent agent/session/config. */
export const RETRANSMIT_TIMEOUT_MS_MAX = 1_000;
export const CLOCK_GRANULARITY_MS = 10;
/** A back-off never waits longer than this between two sends of one message. */
export const BACKED_OFF_TIMEOUT_MS_MAX = 5_000;

export interface RoundTripEstimate {
  readonly smoothedMs: number;
  readonly variationMs: number;
  /** Resend a message that was not acknowledged for this long. */
  readonly timeoutMs: number;
}

export const INITIAL_ROUND_TRIP_ESTIMATE: RoundTripEstimate = { smoothedMs: 100, variationMs: 0, timeoutMs: 200 };

/**
 * The estimate after one more measurement.
 *
 * @param sampleMs from sending a message to its acknowledgement, in milliseconds; below zero counts as zero
 * Source: session-manager-plugin src/datachannel/streaming.go (CalculateRetransmissionTimeout); there is no special
 * case for the first sample.
 */
export function withRoundTripSample(estimate: RoundTripEstimate, sampleMs: number): RoundTripEstimate {
  const sample = Math.max(0, sampleMs);
  const variationMs = 0.75 * estimate.variationMs + 0.25 * Math.abs(estimate.smoothedMs - sample);
  const smoothedMs = 0.875 * estimate.smoothedMs + 0.125 * sample;
  const timeoutMs = Math.min(RETRANSMIT_TIMEOUT_MS_MAX, smoothedMs + Math.max(CLOCK_GRANULARITY_MS, 4 * variationMs));
  return { smoothedMs, variationMs, timeoutMs };
}

/** The timeout after `resends` resends without a fresh measurement: doubled each time, at most 5 s. */
export function backedOffTimeoutMs(estimate: RoundTripEstimate, resends: number): number {
  return Math.min(BACKED_OFF_TIMEOUT_MS_MAX, estimate.timeoutMs * 2 ** resends);
}
