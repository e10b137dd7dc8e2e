import type { TimeSource } from "./steady-clock.ts";

export const START_MS = 1_700_000_000_000;

/** For tests: a computer whose wall clock can be set, and which can sleep. */
export class Computer implements TimeSource {
  #wall = START_MS;
  #awake = 5_000;
  #up = 90_000;

  wallMs = () => this.#wall;
  awakeMs = () => this.#awake;
  uptimeMs = () => this.#up;

  passes(ms: number): void {
    this.#awake += ms;
    this.sleeps(ms);
  }
  sleeps(ms: number): void {
    this.#up += ms;
    this.#wall += ms;
  }
  isSet(byMs: number): void {
    this.#wall += byMs;
  }
  /** How the kernel's two clocks disagree for a moment. */
  tellsUptimeWrongBy(ms: number): void {
    this.#up += ms;
  }
}
