/** Time as something that is handed in, so that a test of ten minutes takes none. */
export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /**
   * Runs `run` once, at or after `atMs` on this clock. A timer never keeps the process alive.
   * @returns cancels it; harmless when it has run
   */
  setTimer(atMs: number, run: () => void): () => void;
}

/** Node fires a longer timer at once. */
const TIMER_DELAY_MS_MAX = 2 ** 31 - 1;

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  setTimer(atMs, run) {
    const delayMs = Math.max(0, atMs - Date.now());
    if (delayMs > TIMER_DELAY_MS_MAX) return setLongTimer(atMs, run);
    // A session has five of these: nothing more hangs on each than must.
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

function setLongTimer(atMs: number, run: () => void): () => void {
  let cancel = () => {};
  const timer = setTimeout(() => {
    cancel = systemClock.setTimer(atMs, run);
  }, TIMER_DELAY_MS_MAX).unref();
  return () => {
    clearTimeout(timer);
    cancel();
  };
}
