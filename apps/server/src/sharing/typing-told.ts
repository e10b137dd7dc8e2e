/** Who types, as a label for the others and as lines for the audit: neither says what. */
import type { Clock } from "../platform/clock.ts";

/** The label of the same person is renewed so often, in milliseconds; pages hide it 3 s after the last. */
export const TYPING_TOLD_EVERY_MS = 500;
/** While a viewer types, the audit gets a line at most so often, in milliseconds. */
export const TYPING_AUDITED_EVERY_MS = 60_000;

export class TypingTold {
  readonly #clock: Clock;
  readonly #tell: (who: string) => void;
  readonly #audit: (who: string, bytes: number) => void;
  #last: { who: string; toldAtMs: number } | undefined;
  /** By viewer who typed and has not left: as many as may watch. */
  #tallies = new Map<string, { bytes: number; writtenAtMs: number }>();

  constructor(clock: Clock, tell: (who: string) => void, audit: (who: string, bytes: number) => void) {
    this.#clock = clock;
    this.#tell = tell;
    this.#audit = audit;
  }

  /** @param isAudited the owner's own keys are hers in the session's log; a viewer's are told here too */
  handleTyped(who: string, bytes: number, isAudited: boolean): void {
    const nowMs = this.#clock.nowMs();
    if (this.#last?.who !== who || nowMs - this.#last.toldAtMs >= TYPING_TOLD_EVERY_MS) {
      this.#last = { who, toldAtMs: nowMs };
      this.#tell(who);
    }
    if (!isAudited) return;
    const tally = this.#tallies.get(who) ?? { bytes: 0, writtenAtMs: Number.NEGATIVE_INFINITY };
    tally.bytes += bytes;
    this.#tallies.set(who, tally);
    if (nowMs - tally.writtenAtMs >= TYPING_AUDITED_EVERY_MS) this.#write(who, tally, nowMs);
  }

  /** Nothing stays uncounted of who leaves. */
  handleLeft(who: string): void {
    const tally = this.#tallies.get(who);
    if (tally !== undefined && tally.bytes > 0) this.#write(who, tally, this.#clock.nowMs());
    this.#tallies.delete(who);
  }

  #write(who: string, tally: { bytes: number; writtenAtMs: number }, nowMs: number): void {
    this.#audit(who, tally.bytes);
    tally.bytes = 0;
    tally.writtenAtMs = nowMs;
  }
}
