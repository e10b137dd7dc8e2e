/**
 * Gets a lost session its next token: waits, checks the credentials, asks AWS, and again, for as long as AWS has the
 * session. Knows nothing of sockets; whoever uses it dials, and says how that went.
 */
import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { Clock } from "../../platform/clock.ts";
import type { Log } from "../../platform/logger.ts";
import type { ResumeAnswer } from "../calls/session-calls.ts";
import { answerWithinMs, RESUME_STABLE_MS, refusedWaitMs, resumeFailure, resumeWaitMs } from "./resume-waits.ts";

export type ResumeToken = Extract<ResumeAnswer, { kind: "token" }>;

export interface ResumeLoopOptions {
  clock: Clock;
  /** 0 <= random < 1. */
  random: () => number;
  log: Log;
  /** @throws CatalogError CREDENTIALS_EXPIRED, SIGN_IN_REQUIRED: ResumeSession is not even tried */
  checkCredentials(): Promise<void>;
  /**
   * @param signal is aborted when nobody wants the answer any more; @param withinMs how long AWS's answer is waited for
   * @throws CatalogError, AWS_UNREACHABLE without an answer in time
   */
  resume(signal: AbortSignal, withinMs: number): Promise<ResumeAnswer>;
  /** Dials; then `handleOpen` or `handleDialFailed`. What it throws counts as a failed dial. */
  onToken(token: ResumeToken): void;
  /** AWS has no such session any more. */
  onGone(): void;
  /** What stands in the way has changed; undefined: nothing that is known. */
  onProblem(problem: ErrorCode | undefined): void;
}

/**
 * `idle`: the socket is open; `waiting`: for the next try; `asking`: AWS; `dialling`: a token is being used;
 * `stopped`: nothing helps but new credentials.
 */
type Phase = "idle" | "waiting" | "asking" | "dialling" | "stopped" | "closed";

export class ResumeLoop {
  readonly #options: ResumeLoopOptions;
  #phase: Phase = "idle";
  #problem: ErrorCode | undefined;
  #failures = 0;
  /** Tries in a row that AWS did not answer. */
  #unanswered = 0;
  #openedAtMs = Number.NEGATIVE_INFINITY;
  /** How often credentials were renewed: a refusal of older ones says nothing about the new. */
  #renewals = 0;
  #abort = new AbortController();
  #cancelWait = () => {};

  constructor(options: ResumeLoopOptions) {
    this.#options = options;
  }

  /** Why the session is not resumed, as far as it is known. */
  get problem(): ErrorCode | undefined {
    return this.#problem;
  }
  get waitsForCredentials(): boolean {
    return this.#phase === "stopped";
  }

  /** The first socket, or the one dialled with the last token, is open. */
  handleOpen(): void {
    if (this.#phase === "closed") return;
    this.#phase = "idle";
    this.#openedAtMs = this.#options.clock.nowMs();
    this.#setProblem(undefined);
  }

  /** The open socket is gone. */
  handleLost(): void {
    if (this.#phase !== "idle") return;
    const { clock, random } = this.#options;
    if (clock.nowMs() - this.#openedAtMs >= RESUME_STABLE_MS) this.#failures = 0;
    this.#wait(resumeWaitMs(this.#failures++, random()));
  }

  handleDialFailed(): void {
    if (this.#phase === "dialling") this.#handleFailure("grow", "CHANNEL_OPEN_FAILED");
  }

  /** Other credentials than those that failed are there: a loop that waits for them, or for a policy, tries at once. */
  handleCredentialsRenewed(): void {
    this.#renewals++;
    const waitsForThem = this.#phase === "stopped" || (this.#phase === "waiting" && this.#problem === "RESUME_REFUSED");
    if (!waitsForThem) return;
    this.#failures = 0;
    this.#wait(resumeWaitMs(this.#failures++, this.#options.random()));
  }

  close(): void {
    this.#phase = "closed";
    this.#cancelWait();
    this.#abort.abort();
  }

  #wait(waitMs: number): void {
    const { clock } = this.#options;
    this.#phase = "waiting";
    this.#cancelWait();
    this.#cancelWait = clock.setTimer(clock.nowMs() + waitMs, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    const { checkCredentials, resume, onToken, onGone, log } = this.#options;
    this.#phase = "asking";
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const renewals = this.#renewals;
    try {
      await checkCredentials();
      if (signal.aborted) return;
      const answer = await resume(signal, answerWithinMs(this.#unanswered));
      if (signal.aborted) return;
      this.#unanswered = 0;
      if (answer.kind === "gone") onGone();
      else {
        this.#phase = "dialling";
        onToken(answer);
      }
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ err: error }, "session not resumed");
      const { next, code } = resumeFailure(error);
      this.#unanswered = code === "AWS_UNREACHABLE" ? this.#unanswered + 1 : 0;
      this.#handleFailure(renewals === this.#renewals ? next : "grow", code);
    }
  }

  #handleFailure(next: "stop" | "minute" | "grow", code: ErrorCode): void {
    const { random } = this.#options;
    if (next === "stop") this.#phase = "stopped";
    else this.#wait(next === "minute" ? refusedWaitMs(random()) : resumeWaitMs(this.#failures++, random()));
    this.#setProblem(code);
  }

  #setProblem(problem: ErrorCode | undefined): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#options.onProblem(problem);
  }
}
