/**
 * Makes the checkpoints of all sessions, one after the other, in one worker thread (decision 0011). Sessions ask when they
 * need one; here it is decided whose turn it is, so that checkpoints take a stated share of a core and never a keystroke's
 * time. A session goes on without them: whatever fails is counted and tried again later.
 */
import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/logger.ts";
import type { CheckpointMaker, DurableLog, LogCursor } from "../sessions/index.ts";
import { type JobResult, runJob } from "./checkpoint-job.ts";
import type { CheckpointMetrics } from "./checkpoint-metrics.ts";
import { FollowedSession } from "./followed-session.ts";
import type { ModelPort } from "./model-worker.ts";

/** Parsed in one job, in bytes: some 0.7 s of CPU. A longer way is gone in several, others in between. */
export const JOB_BYTES_MAX = 16 * 1024 * 1024;
/** After a checkpoint that nobody waits for the thread rests three times as long as it worked: a quarter of a core. */
const REST_PER_WORK = 3;
/** Sessions that may wait for their turn; at the bound one asks again later. */
export const WAITING_MAX = 2_000;
/** Screens that may wait; at the bound they are refused. */
export const SCREENS_WAITING_MAX = 64;
/** Who asks for a session's screen so soon after another gets the same, in milliseconds (architecture §1). */
export const SCREEN_SHARED_MS = 1_000;

/** A screen without scrollback, at (or a few bytes of an unfinished sequence before) the offset it was asked for. */
export interface ScreenCheckpoint {
  bytes: Uint8Array;
  cols: number;
  rows: number;
  /** Where its reader goes on in the log. */
  cursor: LogCursor;
}

/** Why there is no screen: too many wait, the worker failed, or the log says nothing that a screen could be made of. */
export class ScreenUnavailable extends Error {}

export interface Worker extends ModelPort {
  readonly availableAtMs: number;
  readonly cpuMs: number;
  stop(): Promise<void>;
}

export interface CheckpointerOptions {
  worker: Worker;
  clock: Clock;
  log: Log;
  metrics: CheckpointMetrics;
  /** Output that a session's log keeps, in bytes. */
  keepBytes: number;
}

interface ScreenRequest {
  session: FollowedSession;
  offset: number;
  resolve: (screen: ScreenCheckpoint) => void;
  reject: (error: Error) => void;
}

export class Checkpointer {
  readonly #options: CheckpointerOptions;
  readonly #sessions = new Map<string, FollowedSession>();
  /** In order of asking; each once. */
  readonly #waiting = new Set<FollowedSession>();
  #screens: ScreenRequest[] = [];
  /** Made within the last SCREEN_SHARED_MS, or being made. */
  readonly #shared = new Map<string, Promise<ScreenCheckpoint>>();
  #isBusy = false;
  #isClosed = false;
  #restUntilMs = Number.NEGATIVE_INFINITY;
  #cancelTimer = () => {};

  constructor(options: CheckpointerOptions) {
    this.#options = options;
    options.metrics.measure(
      () => this.#waiting.size + this.#screens.length,
      () => options.worker.cpuMs / 1000,
    );
  }

  /** From now on this session has checkpoints, until its log is deleted or closed. */
  follow(sessionId: string, log: DurableLog): CheckpointMaker {
    const { clock, keepBytes } = this.#options;
    const session = new FollowedSession(sessionId, log, clock, keepBytes, (each) => this.#wants(each));
    this.#sessions.set(sessionId, session);
    log.checkpoints.onClosed = () => this.#forget(session);
    return session;
  }

  /**
   * The current grid of both screens at `offset`, which is not beyond the log's head; a newer one if there is one already.
   * Shared by whoever asks within SCREEN_SHARED_MS. Rejects with ScreenUnavailable.
   */
  screenAt(sessionId: string, offset: number): Promise<ScreenCheckpoint> {
    const shared = this.#shared.get(sessionId);
    if (shared !== undefined) return shared;
    const session = this.#sessions.get(sessionId);
    if (session === undefined || this.#isClosed) return Promise.reject(new ScreenUnavailable("no such session"));
    if (this.#screens.length >= SCREENS_WAITING_MAX) return Promise.reject(new ScreenUnavailable("too many wait"));
    const screen = new Promise<ScreenCheckpoint>((resolve, reject) => {
      this.#screens.push({ session, offset, resolve, reject });
    });
    this.#shared.set(sessionId, screen);
    const { clock } = this.#options;
    const forget = () => {
      if (this.#shared.get(sessionId) === screen) this.#shared.delete(sessionId);
    };
    clock.setTimer(clock.nowMs() + SCREEN_SHARED_MS, forget);
    screen.catch(forget); // whoever asks next does not get the same failure
    this.#next();
    return screen;
  }

  /** What is under way is dropped; what is stored stays. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer();
    for (const session of [...this.#sessions.values()]) this.#forget(session);
    await this.#options.worker.stop();
  }

  #wants(session: FollowedSession): void {
    if (this.#isClosed || this.#waiting.has(session)) {
      this.#next();
      return;
    }
    if (this.#waiting.size >= WAITING_MAX) {
      session.handleBegun();
      session.handleFailed(); // asks again later
      return;
    }
    this.#waiting.add(session);
    this.#next();
  }

  #forget(session: FollowedSession): void {
    session.close();
    this.#waiting.delete(session);
    if (this.#sessions.get(session.id) === session) this.#sessions.delete(session.id);
    const [gone, others] = partition(this.#screens, (each) => each.session === session);
    this.#screens = others;
    for (const { reject } of gone) reject(new ScreenUnavailable("the session's log was closed"));
  }

  /** Begins the next job, if one may begin now; else it looks again when it may. */
  #next(): void {
    if (this.#isBusy || this.#isClosed) return;
    this.#cancelTimer();
    const { clock, worker } = this.#options;
    const nowMs = clock.nowMs();
    const isUrgent = this.#screens.length > 0 || this.#firstOf("urgent") !== undefined;
    if (!isUrgent && this.#waiting.size === 0) return;
    const atMs = Math.max(worker.availableAtMs, isUrgent ? nowMs : this.#restUntilMs);
    if (atMs > nowMs) {
      this.#cancelTimer = clock.setTimer(atMs, () => this.#next());
      return;
    }
    this.#isBusy = true;
    void this.#run().finally(() => {
      this.#isBusy = false;
      this.#next();
    });
  }

  #firstOf(urgency: "normal" | "urgent"): FollowedSession | undefined {
    for (const session of this.#waiting) if (session.urgency === urgency) return session;
    return undefined;
  }

  async #run(): Promise<void> {
    const { clock, worker } = this.#options;
    const cpuBefore = worker.cpuMs;
    const screen = this.#screens.shift();
    if (screen !== undefined) await this.#makeScreen(screen);
    else {
      const session = this.#firstOf("urgent") ?? this.#firstOf("normal");
      if (session === undefined) return;
      this.#waiting.delete(session);
      await this.#makeCheckpoint(session);
    }
    this.#restUntilMs = clock.nowMs() + REST_PER_WORK * Math.max(0, worker.cpuMs - cpuBefore);
  }

  async #makeCheckpoint(session: FollowedSession): Promise<void> {
    const { metrics, worker } = this.#options;
    const { log, why } = session;
    session.handleBegun();
    try {
      const target = log.headOffset;
      const made = await runJob(log, worker, { what: "all", target, leavesOne: true, bytesMax: JOB_BYTES_MAX });
      if (made.kind === "failed") {
        metrics.failed(made.why);
        session.handleFailed(made.why === "dropped");
        return;
      }
      const { bytes, cols, rows, linesSinceMissing, cursor } = made;
      await log.checkpoints.save({ offset: cursor.offset, cols, rows, linesSinceMissing }, bytes);
      metrics.made(why);
      session.handleMade();
    } catch (error) {
      this.#failed(session, error);
      session.handleFailed();
    }
  }

  async #makeScreen({ session, offset, resolve, reject }: ScreenRequest): Promise<void> {
    const { metrics, worker } = this.#options;
    let made: JobResult;
    try {
      const request = { what: "screen", target: offset, leavesOne: false, bytesMax: Number.POSITIVE_INFINITY } as const;
      made = await runJob(session.log, worker, request);
    } catch (error) {
      this.#failed(session, error);
      reject(new ScreenUnavailable("the worker failed", { cause: error }));
      return;
    }
    if (made.kind === "failed") {
      metrics.failed(made.why);
      reject(new ScreenUnavailable(made.why));
      return;
    }
    metrics.made("screen");
    const { bytes, cols, rows, cursor } = made;
    resolve({ bytes, cols, rows, cursor });
  }

  #failed(session: FollowedSession, error: unknown): void {
    const { log, metrics } = this.#options;
    if (this.#isClosed) return;
    metrics.failed("error");
    log.warn({ err: error, sessionId: session.id }, "no checkpoint was made; the session goes on without it");
  }
}

function partition<T>(items: readonly T[], holds: (item: T) => boolean): [T[], T[]] {
  return [items.filter(holds), items.filter((item) => !holds(item))];
}
