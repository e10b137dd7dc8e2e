/**
 * A clock for spans of time: it goes on as time does, whatever somebody sets the computer's clock to. An operator or a
 * time service that moves the wall clock by hours must neither end shells as idle nor stop timers that wait for a moment
 * which has moved away (docs/decisions/0017). What is compared with the world outside (credentials, logins, the audit) needs the wall
 * clock, `systemClock`.
 */
import { uptime } from "node:os";
import type { Clock } from "./clock.ts";

/** Where time comes from, all in milliseconds. */
export interface TimeSource {
  /** Since the epoch; jumps when the clock is set. */
  wallMs(): number;
  /** Never jumps, and stands still while the computer sleeps (Linux, CLOCK_MONOTONIC). */
  awakeMs(): number;
  /** Since the computer's start, sleep included (CLOCK_BOOTTIME). */
  uptimeMs(): number;
}

/** How often it is looked whether the computer slept, in milliseconds: a look costs a system call. */
export const LOOK_EVERY_MS = 1_000;
/** A difference below this is how exactly the uptime is told, in milliseconds. */
export const SLEPT_MIN_MS = 1_500;
/** A timer looks at the clock again at least so often, in milliseconds: Node's own stand still while the computer sleeps. */
export const REARM_MS = 60_000;

export class SteadyClock implements Clock {
  readonly #source: TimeSource;
  /** From awake time to ours. */
  #offsetMs: number;
  /** Uptime minus awake time, as far as it is part of the offset. */
  #sleptMs: number;
  #lookedAtMs: number;

  /** @param bootedAtMs when the computer started, as this clock tells it; by default as the wall clock tells it now */
  constructor(source: TimeSource = SYSTEM_TIME, bootedAtMs: number = bootedAtByWall(source)) {
    this.#source = source;
    const awakeMs = source.awakeMs();
    this.#sleptMs = source.uptimeMs() - awakeMs;
    this.#offsetMs = bootedAtMs + this.#sleptMs;
    this.#lookedAtMs = awakeMs;
  }

  /** Milliseconds since the epoch, as the wall clock told it when this clock was set up; never goes back. */
  nowMs(): number {
    const awakeMs = this.#source.awakeMs();
    if (awakeMs - this.#lookedAtMs >= LOOK_EVERY_MS) this.#addSleep(awakeMs);
    return Math.floor(awakeMs + this.#offsetMs);
  }

  setTimer(atMs: number, run: () => void): () => void {
    let timer: NodeJS.Timeout | undefined;
    const arm = (): void => {
      const delayMs = Math.max(0, atMs - this.nowMs());
      timer = setTimeout(() => (delayMs > REARM_MS ? arm() : run()), Math.min(delayMs, REARM_MS)).unref();
    };
    arm();
    return () => clearTimeout(timer);
  }

  #addSleep(awakeMs: number): void {
    this.#lookedAtMs = awakeMs;
    const sleptMs = this.#source.uptimeMs() - awakeMs - this.#sleptMs;
    if (sleptMs < SLEPT_MIN_MS) return;
    this.#sleptMs += sleptMs;
    this.#offsetMs += sleptMs;
  }
}

/** When the computer started, if its wall clock is right. */
export function bootedAtByWall(source: TimeSource): number {
  return Math.round(source.wallMs() - source.uptimeMs());
}

export const SYSTEM_TIME: TimeSource = {
  wallMs: () => Date.now(),
  awakeMs: () => performance.now(),
  uptimeMs: () => uptime() * 1_000,
};
