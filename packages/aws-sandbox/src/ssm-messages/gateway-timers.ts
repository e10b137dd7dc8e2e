/** Timers as the gateway needs them; a test hands in a clock that it moves itself. */
export interface GatewayTimers {
  /** Calls `run` once after `delayMs` milliseconds; the returned function prevents that. */
  after(delayMs: number, run: () => void): () => void;
}

/** The timers of this process. They do not keep it alive. */
export const PROCESS_TIMERS: GatewayTimers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
