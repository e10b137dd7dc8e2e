/**
 * Whether the data channel is read: while the driver's window is full it is not, so that the agent feels it
 * (architecture §3.2). Bounded, because pings go unanswered meanwhile and a stalled page must not stall the shell.
 * Pure: time is passed in.
 */

/** A driver that acknowledges nothing for so long is a viewer until it has caught up, in milliseconds. */
export const DRIVER_SILENCE_MAX_MS = 2_000;
/** The longest pause, in milliseconds. */
export const DRIVER_PAUSE_MAX_MS = 10_000;

export interface PacedReader {
  readonly isFull: boolean;
  readonly isCaughtUp: boolean;
  readonly acknowledgedOffset: number;
}

export interface Pace {
  paused: boolean;
  /** Look again then, at the latest; undefined: not before something changes. */
  checkAtMs: number | undefined;
}

const READING: Pace = { paused: false, checkAtMs: undefined };

export class DriverPace {
  /** The driver that was too slow, until it has caught up. */
  #demoted: PacedReader | undefined;
  #pause: { driver: PacedReader; sinceMs: number; acknowledged: number; acknowledgedAtMs: number } | undefined;

  /** Call after every send, acknowledgement and change of driver. @param driver undefined: nobody visible is attached */
  update(driver: PacedReader | undefined, nowMs: number): Pace {
    if (this.#demoted !== driver || driver?.isCaughtUp === true) this.#demoted = undefined;
    if (driver === undefined || !driver.isFull || this.#demoted === driver) {
      this.#pause = undefined;
      return READING;
    }
    if (this.#pause?.driver !== driver)
      this.#pause = { driver, sinceMs: nowMs, acknowledged: driver.acknowledgedOffset, acknowledgedAtMs: nowMs };
    const pause = this.#pause;
    if (driver.acknowledgedOffset > pause.acknowledged) {
      pause.acknowledged = driver.acknowledgedOffset;
      pause.acknowledgedAtMs = nowMs;
    }
    const checkAtMs = Math.min(pause.acknowledgedAtMs + DRIVER_SILENCE_MAX_MS, pause.sinceMs + DRIVER_PAUSE_MAX_MS);
    if (nowMs < checkAtMs) return { paused: true, checkAtMs };
    this.#demoted = driver;
    this.#pause = undefined;
    return READING;
  }
}
