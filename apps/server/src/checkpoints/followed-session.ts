/** One session as the checkpointer sees it: what of its log is covered, when to look again, and whether it may be asked for. */
import type { Clock } from "../platform/clock.ts";
import type { CheckpointMaker, DurableLog } from "../sessions/index.ts";
import { usable } from "./checkpoint-job.ts";
import { checkpointNeed, REST_MS, WORTH_BYTES_MIN } from "./checkpoint-need.ts";

/** Output that no checkpoint covers is held for so long while one is made, in milliseconds (architecture §8). */
export const HOLD_MS = 5_000;
/** A session whose checkpoints fail is left alone for so long, doubled with each failure in a row, in milliseconds. */
export const RETRY_AFTER_MS = 5_000;
export const RETRY_AFTER_MAX_MS = 10 * 60_000;

export type Urgency = "no" | "normal" | "urgent";

export class FollowedSession implements CheckpointMaker {
  readonly id: string;
  readonly log: DurableLog;
  readonly #clock: Clock;
  readonly #keepBytes: number;
  /** It wants its turn: look at `urgency`. */
  readonly #wants: (session: FollowedSession) => void;
  #urgency: Urgency = "no";
  #why = "rest";
  #lastOutputMs: number;
  #isAwaited = false;
  #cancelTimer: (() => void) | undefined;
  /** Since then the log waits to let output go; until the next checkpoint, it waits once. */
  #heldSinceMs: number | undefined;
  #failures = 0;
  #notBeforeMs = Number.NEGATIVE_INFINITY;

  constructor(id: string, log: DurableLog, clock: Clock, keepBytes: number, wants: (session: FollowedSession) => void) {
    this.id = id;
    this.log = log;
    this.#clock = clock;
    this.#keepBytes = keepBytes;
    this.#wants = wants;
    this.#lastOutputMs = clock.nowMs();
    log.checkpoints.guard = () => this.#mayDrop();
    this.#look();
  }

  get urgency(): Urgency {
    return this.#urgency;
  }
  /** For the metrics. */
  get why(): string {
    return this.#why;
  }

  handleOutput(isAwaited: boolean): void {
    this.#isAwaited = isAwaited;
    this.#lastOutputMs = this.#clock.nowMs();
    if (this.#urgency !== "urgent" && this.#freshBytes >= WORTH_BYTES_MIN) this.#look();
  }

  wantSoon(): void {
    if (this.#freshBytes > 0) this.#ask("urgent", "reader");
  }

  /** Its turn has come. */
  handleBegun(): void {
    this.#urgency = "no";
    this.#disarm();
  }

  handleMade(): void {
    this.#failures = 0;
    this.#heldSinceMs = undefined;
    this.#look();
  }

  /** @param isOutrun the log let go what was being read: nothing is wrong, and a flood may end at any moment */
  handleFailed(isOutrun = false): void {
    const nowMs = this.#clock.nowMs();
    const waitMs = isOutrun ? RETRY_AFTER_MS : RETRY_AFTER_MS * 2 ** this.#failures;
    this.#notBeforeMs = nowMs + Math.min(RETRY_AFTER_MAX_MS, waitMs);
    if (!isOutrun) this.#failures++;
    this.#look();
  }

  close(): void {
    this.#disarm();
    this.log.checkpoints.guard = undefined;
    this.#urgency = "no";
  }

  get #coveredTo(): number {
    return usable(this.log)?.offset ?? this.log.oldestOffset;
  }
  get #freshBytes(): number {
    return this.log.headOffset - this.#coveredTo;
  }

  #look(): void {
    const nowMs = this.#clock.nowMs();
    const { headOffset } = this.log;
    const need = checkpointNeed(
      {
        coveredTo: this.#coveredTo,
        headOffset,
        lastOutputMs: this.#lastOutputMs,
        keepBytes: this.#keepBytes,
        isAwaited: this.#isAwaited,
      },
      nowMs,
    );
    if (need.kind === "urgent") this.#ask("urgent", need.why);
    else if (need.kind === "now") this.#ask("normal", need.why);
    // One timer, set again only when it has run: a busy session does not set one per frame.
    if (need.kind === "later") this.#arm(need.atMs);
  }

  #ask(urgency: Urgency, why: string): void {
    if (this.#urgency === "urgent" || this.#urgency === urgency) return;
    if (this.#clock.nowMs() < this.#notBeforeMs) {
      this.#arm(this.#notBeforeMs);
      return;
    }
    this.#urgency = urgency;
    this.#why = why;
    this.#wants(this);
  }

  #arm(atMs: number): void {
    this.#cancelTimer ??= this.#clock.setTimer(Math.max(atMs, this.#clock.nowMs() + REST_MS / 4), () => {
      this.#cancelTimer = undefined;
      this.#look();
    });
  }

  #disarm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  /** Asked by the log when it is full: one wait until the next checkpoint, however many files it wants to let go. */
  #mayDrop(): boolean {
    const nowMs = this.#clock.nowMs();
    this.#heldSinceMs ??= nowMs;
    if (nowMs - this.#heldSinceMs >= HOLD_MS) return true;
    this.#ask("urgent", "room");
    return false;
  }
}
