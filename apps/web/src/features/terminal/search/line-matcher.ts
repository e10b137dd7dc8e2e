/**
 * Runs a pattern over lines in a worker, for a bounded time: a regular expression can take longer than anyone lives, and nothing
 * but the end of its thread stops it. One question at a time, the next one waits.
 */

export type MatchAnswer =
  | { kind: "matched"; matches: readonly number[] }
  /** It took more than MATCH_MS_MAX. */
  | { kind: "slow" }
  /** The worker could not be loaded. */
  | { kind: "unavailable" };

export interface LineMatcher {
  /** @returns matches as `matchesIn` gives them */
  match(pattern: RegExp, lines: readonly string[], most: number): Promise<MatchAnswer>;
  dispose(): void;
}

export interface ToWorker {
  pattern: RegExp;
  lines: readonly string[];
  most: number;
}

export type FromWorker = { kind: "ready" } | { kind: "matched"; matches: readonly number[] };

/** The part of a `Worker` that is used. */
export interface WorkerLike {
  onmessage: { handle(event: { data: FromWorker }): void }["handle"] | null;
  onerror: { handle(event: unknown): void }["handle"] | null;
  postMessage(message: ToWorker): void;
  terminate(): void;
}

/** For one step of at most some thousand lines, which a usual pattern takes a few ms for. */
export const MATCH_MS_MAX = 2_000;

/** For fetching and starting the worker. */
export const START_MS_MAX = 30_000;

interface Timers {
  setTimeout(callback: () => void, ms: number): number;
  clearTimeout(id: number): void;
}

export class WorkerMatcher implements LineMatcher {
  readonly #make: () => WorkerLike;
  readonly #timers: Timers;
  #worker: WorkerLike | undefined;
  #isReady = false;
  #turn: Promise<unknown> = Promise.resolve();
  #settle: ((answer: MatchAnswer) => void) | undefined;
  #isDisposed = false;

  constructor(make: () => WorkerLike = searchWorker, timers: Timers = window) {
    this.#make = make;
    this.#timers = timers;
  }

  match(pattern: RegExp, lines: readonly string[], most: number): Promise<MatchAnswer> {
    const answer = this.#turn.then(() => this.#ask({ pattern, lines, most }));
    this.#turn = answer;
    return answer;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#settle?.({ kind: "unavailable" });
    this.#end();
  }

  #ask(question: ToWorker): Promise<MatchAnswer> {
    if (this.#isDisposed) return Promise.resolve({ kind: "unavailable" });
    return new Promise((resolve) => {
      let timer: number | undefined;
      const settle = (answer: MatchAnswer): void => {
        if (timer !== undefined) this.#timers.clearTimeout(timer);
        this.#settle = undefined;
        if (answer.kind !== "matched") this.#end();
        resolve(answer);
      };
      const limit = (ms: number, kind: "slow" | "unavailable"): void => {
        if (timer !== undefined) this.#timers.clearTimeout(timer);
        timer = this.#timers.setTimeout(() => settle({ kind }), ms);
      };
      const send = (worker: WorkerLike): void => {
        limit(MATCH_MS_MAX, "slow");
        worker.postMessage(question);
      };
      this.#settle = settle;
      this.#worker ??= this.#make();
      const worker = this.#worker;
      worker.onerror = () => settle({ kind: "unavailable" });
      worker.onmessage = ({ data }) => {
        if (data.kind === "matched") return settle(data);
        this.#isReady = true;
        send(worker);
      };
      if (this.#isReady) send(worker);
      else limit(START_MS_MAX, "unavailable");
    });
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#isReady = false;
  }
}

function searchWorker(): WorkerLike {
  return new Worker(new URL("./search-worker.ts", import.meta.url), { type: "module" });
}
