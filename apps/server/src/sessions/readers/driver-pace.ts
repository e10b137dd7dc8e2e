/**
 * Whether the data channel is read: while the driver is a window behind the log it is not, so that the agent feels it
 * (architecture §3.2). Bounded, because pings go unanswered meanwhile and a stalled page must not stall the shell.
 * Pure: time is passed in.
 */
import { READER_CREDIT_BYTES } from "@causeway/wire-contract/terminal-frames";

/**
 * What the log may hold that the driver's page has not parsed, in bytes, what the next read will bring included: all of it
 * comes before the prompt after a Ctrl-C. Less than the window by what a terminal of 5 MB/s parses while the key is on its
 * way; an agent at its pace of 0.96 MB/s is not slowed by it up to a round trip of 200 ms.
 */
export const DRIVER_BEHIND_BYTES_MAX = READER_CREDIT_BYTES - 48 * 1024;

/** A driver that acknowledges nothing for so long is a viewer until it has caught up, in milliseconds. */
export const DRIVER_SILENCE_MAX_MS = 2_000;
/** The longest pause, in milliseconds. */
export const DRIVER_PAUSE_MAX_MS = 10_000;

/** A flood's reads differ: so much of a large one is still expected of the next. */
const READ_FADES_BY = 7 / 8;

/** Node reads no more of a socket at once. What a filled gap releases may be far more, and says nothing of the next read. */
export const NEXT_READ_BYTES_MAX = 64 * 1024;

export interface PacedReader {
  /** In the log, not parsed by its page, in bytes; 0 while it is applying a checkpoint. */
  readonly behindBytes: number;
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
  /** Of a flood about 64 KiB, of a key's echo nothing: the last read, or more, where larger ones were not long ago. */
  #nextReadBytes = 0;
  #pause: { driver: PacedReader; sinceMs: number; acknowledged: number; acknowledgedAtMs: number } | undefined;

  /** One read of the data channel was appended. @param bytes of output in it */
  noteRead(bytes: number): void {
    this.#nextReadBytes = Math.min(NEXT_READ_BYTES_MAX, Math.max(bytes, this.#nextReadBytes * READ_FADES_BY));
  }

  /** Call after every send, acknowledgement and change of driver. @param driver undefined: nobody visible is attached */
  update(driver: PacedReader | undefined, nowMs: number): Pace {
    if (this.#demoted !== driver || driver?.isCaughtUp === true) this.#demoted = undefined;
    const isAhead = (driver?.behindBytes ?? 0) + this.#nextReadBytes > DRIVER_BEHIND_BYTES_MAX;
    if (driver === undefined || !isAhead || this.#demoted === driver) {
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
