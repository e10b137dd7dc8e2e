/** What runs where nothing can run: it takes input, says nothing and ends when it is told to. So it looks from outside when logs cannot be written or a disk is full. */
import type { SessionProcess, SessionProcessEvents } from "./session-process.ts";

export class SilentProcess implements SessionProcess {
  readonly inputBytesWaiting: number = 0;
  readonly #events: SessionProcessEvents;
  #isOver = false;

  constructor(events: SessionProcessEvents) {
    this.#events = events;
  }

  write(): void {}
  resize(): void {}
  pauseOutput(): void {}
  resumeOutput(): void {}

  kill(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    setImmediate(() => this.#events.exited(129)); // as of SIGHUP
  }
}
