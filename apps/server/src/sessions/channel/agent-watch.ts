/**
 * Whether the agent answers, and if not, why. Pongs prove the service, not the agent (data-channel.md §2.2): it is silent
 * when what we sent stays unacknowledged, or away when the service says so. Only then is the instance's state asked for.
 */
import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { Clock } from "../../platform/clock.ts";

/** Without any acknowledgement for so long, while something waits for one, the agent is silent, in milliseconds. */
export const AGENT_SILENT_AFTER_MS = 15_000;
/** Status calls are throttled per account: one instance is asked about at most this often, in milliseconds. */
export const INSTANCE_ASKED_EVERY_MS = 60_000;

export interface AgentWatchOptions {
  clock: Clock;
  /** How many messages of ours are unacknowledged, and when the oldest of them first left; undefined: not yet. */
  unacknowledged(): { messages: number; oldestSentAtMs: number | undefined };
  /** What AWS says is wrong with the instance; undefined: nothing, or it may not be asked. Never rejects. */
  instanceProblem(): Promise<ErrorCode | undefined>;
  /** `problem` has changed. */
  onChange(): void;
}

export class AgentWatch {
  readonly #options: AgentWatchOptions;
  #isUp = false;
  #isReading = true;
  #isAway = false;
  #isSilent = false;
  /** Since when an acknowledgement could have come: the last one, a new socket, the end of a pause of our reading. */
  #sinceMs = 0;
  #finding: ErrorCode | undefined;
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #isAsking = false;
  #cancelLook: (() => void) | undefined;
  #cancelAsk: (() => void) | undefined;

  constructor(options: AgentWatchOptions) {
    this.#options = options;
  }

  /** undefined: the agent answers, or nothing was asked of it. */
  get problem(): ErrorCode | undefined {
    if (!this.#isSilent && !this.#isAway) return undefined;
    return this.#finding ?? (this.#isSilent ? "INSTANCE_SILENT" : undefined);
  }

  handleLink(isUp: boolean): void {
    this.#isUp = isUp;
    this.#restart();
  }

  /** Our own reading stopped or goes on: what we do not read we cannot miss. */
  handleReading(isReading: boolean): void {
    this.#isReading = isReading;
    this.#restart();
  }

  /** The service says that the agent is away, and has said so for longer than a reconnect takes. */
  handleAway(isAway: boolean): void {
    this.#isAway = isAway;
    this.#update();
  }

  handleSent(): void {
    if (this.#isUp && this.#isReading) this.#armLook(AGENT_SILENT_AFTER_MS);
  }

  handleAcknowledged(): void {
    this.#sinceMs = this.#options.clock.nowMs();
    if (!this.#isSilent) return;
    this.#isSilent = false;
    this.#finding = undefined;
    this.handleSent(); // there may be more that waits
    this.#update();
    this.#options.onChange();
  }

  close(): void {
    this.#isUp = false;
    this.#isAway = false;
    this.#restart();
  }

  #restart(): void {
    this.#sinceMs = this.#options.clock.nowMs();
    this.#cancelLook?.();
    this.#cancelLook = undefined;
    if (!this.#isUp) this.#isSilent = false;
    else this.handleSent();
    this.#update();
  }

  /** One timer for all that is sent: it looks when the first could be late, and again when a later one could. */
  #armLook(afterMs: number): void {
    const { clock } = this.#options;
    this.#cancelLook ??= clock.setTimer(clock.nowMs() + afterMs, () => {
      this.#cancelLook = undefined;
      this.#look();
    });
  }

  #look(): void {
    const { clock, unacknowledged, onChange } = this.#options;
    const { messages, oldestSentAtMs } = unacknowledged();
    if (messages === 0 || this.#isSilent) return;
    const waitsSinceMs = Math.max(this.#sinceMs, oldestSentAtMs ?? clock.nowMs());
    const leftMs = waitsSinceMs + AGENT_SILENT_AFTER_MS - clock.nowMs();
    if (leftMs > 0) {
      this.#armLook(leftMs);
      return;
    }
    this.#isSilent = true;
    onChange();
    this.#update();
  }

  #update(): void {
    if (!this.#isSilent && !this.#isAway) {
      this.#cancelAsk?.();
      this.#cancelAsk = undefined;
      this.#finding = undefined;
    } else this.#scheduleAsk();
  }

  #scheduleAsk(): void {
    if (this.#isAsking || this.#cancelAsk !== undefined) return;
    const { clock } = this.#options;
    const atMs = this.#askedAtMs + INSTANCE_ASKED_EVERY_MS;
    if (atMs <= clock.nowMs()) void this.#ask();
    else
      this.#cancelAsk = clock.setTimer(atMs, () => {
        this.#cancelAsk = undefined;
        void this.#ask();
      });
  }

  async #ask(): Promise<void> {
    const { clock, instanceProblem, onChange } = this.#options;
    this.#isAsking = true;
    this.#askedAtMs = clock.nowMs();
    const finding = await instanceProblem();
    this.#isAsking = false;
    if (!this.#isSilent && !this.#isAway) return;
    this.#scheduleAsk();
    if (finding === this.#finding) return;
    this.#finding = finding;
    onChange();
  }
}
