/**
 * The time of one session: its idle clock, the timer that ends it where AWS's own clock no longer counts as the person's,
 * and what its pages are told about both.
 */
import type { SessionLimit, SessionPreferences } from "@causeway/wire-contract/sessions";
import type { TimeLeftMessage } from "@causeway/wire-contract/terminal-messages";
import type { Clock } from "../platform/clock.ts";
import { IdleClock, type IdleState } from "./idle-clock.ts";

/** While somebody types, pages learn of the later deadline so often, in milliseconds. */
export const TOLD_EVERY_MS = 60_000;
/** The same once a page may count seconds: it must take its warning back with the first key. */
export const TOLD_OFTEN_MS = 1_000;
/** From here on before the deadline that pages know, in milliseconds: their two minutes of warning, and one to spare. */
export const TOLD_OFTEN_BEFORE_MS = 3 * 60_000;

export interface SessionTimeOptions {
  clock: Clock;
  startedAtMs: number;
  /** Of an earlier process; undefined: idle time begins now, also for a session that is older. */
  state: IdleState | undefined;
  /** To all pages. */
  tell: (message: TimeLeftMessage) => void;
  /** Input of ours is being sent again and again because the agent does not acknowledge it: AWS sees activity. */
  isResending: () => boolean;
  /** The person's time is over and AWS will not end the session now. Called once. */
  onIdleLimit: (limit: SessionLimit) => void;
}

export class SessionTime {
  readonly #options: SessionTimeOptions;
  readonly #idle: IdleClock;
  #preferences: SessionPreferences | undefined;
  #hasOpened: boolean;
  #isOver = false;
  #cancelLimitTimer: (() => void) | undefined;
  #cancelTellTimer: (() => void) | undefined;
  #told: { atMs: number; message: TimeLeftMessage } | undefined;

  constructor(options: SessionTimeOptions) {
    this.#options = options;
    const nowMs = options.clock.nowMs();
    this.#idle = new IdleClock(options.startedAtMs, options.state ?? { humanAtMs: nowMs, touchedAtMs: nowMs });
    this.#hasOpened = options.state !== undefined;
    this.#armLimit();
  }

  /** undefined: nobody asked AWS yet. */
  get preferences(): SessionPreferences | undefined {
    return this.#preferences;
  }
  get state(): IdleState {
    return this.#idle.state;
  }
  get clock(): Pick<IdleClock, "limitOf" | "limitNear" | "limitPassed"> {
    return this.#idle;
  }

  /** What a page that attaches is told; undefined while nothing is known. */
  get message(): TimeLeftMessage | undefined {
    if (this.#preferences === undefined || this.#isOver) return undefined;
    const { idleEndsAtMs, longestEndsAtMs } = this.#idle;
    return {
      type: "time-left",
      nowMs: this.#options.clock.nowMs(),
      idleEndsAtMs,
      idleEndedBy: this.#idle.isTouched ? "server" : "aws",
      ...(longestEndsAtMs === undefined ? {} : { longestEndsAtMs }),
      preferences: this.#preferences,
    };
  }

  setPreferences(preferences: SessionPreferences): void {
    if (this.#isOver) return;
    this.#preferences = preferences;
    this.#idle.setPreferences(preferences);
    this.#armLimit();
    this.#tell();
  }

  /** The shell runs: the first time, this is what the person who started it waited for. */
  handleOpen(): void {
    if (this.#hasOpened) return;
    this.#hasOpened = true;
    this.handleHuman();
  }

  handleHuman(): void {
    if (this.#isOver) return;
    this.#idle.handleHuman(this.#options.clock.nowMs());
    if (this.#cancelLimitTimer === undefined) this.#armLimit(); // else it looks again when it runs
    this.#tellInTime();
  }

  /** Something went out that AWS counts as activity. */
  handleTouch(): void {
    if (this.#isOver) return;
    const { clock } = this.#options;
    this.#idle.handleTouch(clock.nowMs());
    if (this.#idle.isTouched && clock.nowMs() >= this.#idle.idleEndsAtMs) this.#checkLimit();
    else this.#tellInTime();
  }

  /** The session ended. Idempotent. */
  close(): void {
    this.#isOver = true;
    this.#cancelLimitTimer?.();
    this.#cancelTellTimer?.();
    this.#cancelLimitTimer = undefined;
    this.#cancelTellTimer = undefined;
  }

  #armLimit(): void {
    this.#cancelLimitTimer?.();
    this.#cancelLimitTimer = this.#options.clock.setTimer(this.#idle.idleEndsAtMs, () => {
      this.#cancelLimitTimer = undefined;
      this.#checkLimit();
    });
  }

  #checkLimit(): void {
    const { clock, isResending, onIdleLimit } = this.#options;
    if (clock.nowMs() < this.#idle.idleEndsAtMs) {
      this.#armLimit(); // somebody typed meanwhile
      return;
    }
    if (!this.#idle.isTouched && !isResending()) return; // AWS counts as we do, and ends it
    this.close();
    onIdleLimit(this.#idle.ownLimit);
  }

  /** Tells what changed, but not with every key: at once if pages have not heard for long enough, else when they have not. */
  #tellInTime(): void {
    const told = this.#told;
    if (told === undefined || this.#cancelTellTimer !== undefined) return;
    const { idleEndsAtMs, idleEndedBy } = told.message;
    if (this.#idle.idleEndsAtMs === idleEndsAtMs && this.#idle.isTouched === (idleEndedBy === "server")) return;
    const { clock } = this.#options;
    const isNear = idleEndsAtMs - clock.nowMs() < TOLD_OFTEN_BEFORE_MS;
    const dueMs = told.atMs + (isNear ? TOLD_OFTEN_MS : TOLD_EVERY_MS);
    if (clock.nowMs() >= dueMs) this.#tell();
    else
      this.#cancelTellTimer = clock.setTimer(dueMs, () => {
        this.#cancelTellTimer = undefined;
        this.#tell();
      });
  }

  #tell(): void {
    const { message } = this;
    if (message === undefined) return;
    this.#cancelTellTimer?.();
    this.#cancelTellTimer = undefined;
    this.#told = { atMs: this.#options.clock.nowMs(), message };
    this.#options.tell(message);
  }
}
