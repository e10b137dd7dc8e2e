/**
 * What the readers of one session decide together: who answers the terminal's queries, whose size holds, and whether the
 * data channel is read. Joins the pure parts (reader-roles, size-pace, driver-pace) to clock and keeper.
 */
import type { Clock } from "../../platform/clock.ts";
import type { TerminalSize } from "../log/session-log.ts";
import { DriverPace } from "./driver-pace.ts";
import type { ReaderSet } from "./reader-set.ts";
import { SizePace } from "./size-pace.ts";

export interface SessionLeadOptions {
  clock: Clock;
  readers: ReaderSet;
  /** In force at the beginning. */
  size: TerminalSize;
  /** End of the log: a query before it was the former driver's. */
  headOffset: () => number;
  onSize(size: TerminalSize): void;
  onReading(isPaused: boolean): void;
}

export class SessionLead {
  readonly #options: SessionLeadOptions;
  readonly #size: SizePace;
  readonly #pace = new DriverPace();
  #isReadingPaused = false;
  #isClosed = false;
  #cancelPaceTimer = () => {};

  constructor(options: SessionLeadOptions) {
    this.#options = options;
    this.#size = new SizePace(options.clock, options.size, options.onSize);
  }

  get size(): TerminalSize {
    return this.#size.current;
  }

  /** Somebody came, left, typed, hid or was seen again. */
  rolesChanged(): void {
    const { headOffset, readers } = this.#options;
    readers.announceDriver(headOffset());
    this.sizesChanged();
  }

  /** The owner's own grid may have another size. */
  sizesChanged(): void {
    const size = this.#options.readers.wantedSize;
    if (size !== undefined && !this.#isClosed) this.#size.want(size);
  }

  /** One read of the data channel was appended. @param bytes of output in it @returns true: there is no next one for now */
  pausesAfterRead(bytes: number): boolean {
    this.#pace.noteRead(bytes);
    this.updatePace();
    return this.#isReadingPaused;
  }

  /** Call after every send, acknowledgement and change of roles. */
  updatePace(): void {
    if (this.#isClosed) return;
    const { clock, onReading, readers } = this.#options;
    const pace = this.#pace.update(readers.driver, clock.nowMs());
    if (pace.paused !== this.#isReadingPaused) {
      this.#isReadingPaused = pace.paused;
      onReading(pace.paused);
    }
    this.#cancelPaceTimer();
    if (pace.checkAtMs !== undefined) this.#cancelPaceTimer = clock.setTimer(pace.checkAtMs, () => this.updatePace());
  }

  /** The session is over, or this process is: no size goes out, nothing is paused any more. Roles are still told. */
  close(): void {
    this.#isClosed = true;
    this.#size.close();
    this.#cancelPaceTimer();
  }
}
