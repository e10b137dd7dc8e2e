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
    let timer: NodeJS.Timeout | undefined;
    const arm = (): void => {
      const delayMs = Math.max(0, atMs - Date.now());
      timer = setTimeout(
        () => (delayMs > TIMER_DELAY_MS_MAX ? arm() : run()),
        Math.min(delayMs, TIMER_DELAY_MS_MAX),
      ).unref();
    };
    arm();
    return () => clearTimeout(timer);
  },
};
