/**
 * The server's end of the worker thread that holds the model. The thread is made when there is something to do, ended when
 * there was nothing for a while, and made anew with a growing delay when it dies: nothing it does can hurt a session.
 */
import { Worker } from "node:worker_threads";
import type { Clock } from "../platform/clock.ts";
import type { FromWorker, ToWorker } from "./model-messages.ts";

/** A thread without work for so long is ended, in milliseconds: it holds some 15 MiB. */
export const IDLE_ENDED_AFTER_MS = 60_000;
/** No answer for so long means it hangs, in milliseconds; parsing a slice takes 10, a full checkpoint 500. */
export const ANSWER_WITHIN_MS = 20_000;
/** After it died the next one is made so much later, doubled with each death in a row, in milliseconds. */
export const RESTART_DELAY_MS = 1_000;
export const RESTART_DELAY_MAX_MS = 60_000;
/** Heap of the thread in MiB; beyond it Node ends the thread, and only it. A model of 10,000 lines takes 20 to 60. */
const HEAP_MIB_MAX = 384;
const YOUNG_HEAP_MIB_MAX = 12;

/** The thread died, hangs or was stopped: what it held is gone. */
export class ModelWorkerLost extends Error {}

/** The emulator threw: the model is gone, the thread is well. */
export class ModelFailed extends Error {}

/** The model, as a job drives it. Every call may reject with ModelWorkerLost, `output` and `end` with ModelFailed. */
export interface ModelPort {
  begin(cols: number, rows: number, checkpoint: Uint8Array | undefined): void;
  /** Takes the bytes over: they are not the caller's any more. Resolves when the next slice may come. */
  output(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  size(cols: number, rows: number): void;
  /** Output is missing here. */
  missing(): void;
  end(what: "all" | "screen", spareBytes: number): Promise<Extract<FromWorker, { kind: "made" }>>;
}

export interface ModelWorkerOptions {
  clock: Clock;
  /** Of the thread's code. */
  entry: URL;
  onDied: (reason: string) => void;
}

export class ModelWorker implements ModelPort {
  readonly #options: ModelWorkerOptions;
  #worker: Worker | undefined;
  #answer: { resolve: (message: FromWorker) => void; reject: (error: Error) => void } | undefined;
  #cancelTimer = () => {};
  #deaths = 0;
  #availableAtMs = Number.NEGATIVE_INFINITY;
  /** CPU of threads that are gone, and of the one there is. */
  #endedCpuMs = 0;
  #cpuMs = 0;

  constructor(options: ModelWorkerOptions) {
    this.#options = options;
  }

  /** When the next job may begin, by the clock; in the past: now. */
  get availableAtMs(): number {
    return this.#availableAtMs;
  }
  /** Used by all threads so far, in milliseconds, as of the last answer. */
  get cpuMs(): number {
    return this.#endedCpuMs + this.#cpuMs;
  }
  get isRunning(): boolean {
    return this.#worker !== undefined;
  }

  begin(cols: number, rows: number, checkpoint: Uint8Array | undefined): void {
    this.#worker ??= this.#start();
    this.#post({ kind: "begin", cols, rows, checkpoint });
  }

  async output(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const answer = await this.#ask({ kind: "output", bytes }, [bytes.buffer]);
    this.#cpuMs = answer.cpuMs;
  }

  size(cols: number, rows: number): void {
    this.#post({ kind: "size", cols, rows });
  }

  missing(): void {
    this.#post({ kind: "missing" });
  }

  async end(what: "all" | "screen", spareBytes: number): Promise<Extract<FromWorker, { kind: "made" }>> {
    const answer = await this.#ask({ kind: "end", what, spareBytes }, []);
    if (answer.kind !== "made") throw new ModelWorkerLost("the worker answered out of turn");
    this.#handleDone(answer.cpuMs);
    return answer;
  }

  /** Ends the thread, if there is one; the next `begin` makes another. Never rejects. */
  async stop(): Promise<void> {
    const worker = this.#let("the worker was stopped");
    await worker?.terminate().catch(() => undefined);
  }

  #start(): Worker {
    const worker = new Worker(this.#options.entry, {
      env: {}, // it needs none, and the server's holds secrets
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB_MAX, maxYoungGenerationSizeMb: YOUNG_HEAP_MIB_MAX },
    });
    worker.unref();
    worker.on("message", (message: FromWorker) => {
      if (worker !== this.#worker) return;
      this.#cancelTimer();
      const answer = this.#answer;
      this.#answer = undefined;
      answer?.resolve(message);
    });
    worker.on("error", (error) => this.#died(worker, String((error as NodeJS.ErrnoException).code ?? error.name)));
    worker.on("exit", (code) => this.#died(worker, `exit ${code}`));
    return worker;
  }

  #post(message: ToWorker, transfer: readonly ArrayBuffer[] = []): void {
    if (this.#worker === undefined) throw new ModelWorkerLost("the worker is gone");
    this.#worker.postMessage(message, [...transfer]);
  }

  /** The thread has nothing to do until the next `begin`. */
  #handleDone(cpuMs: number): void {
    this.#deaths = 0;
    this.#cpuMs = cpuMs;
    const { clock } = this.#options;
    this.#cancelTimer = clock.setTimer(clock.nowMs() + IDLE_ENDED_AFTER_MS, () => void this.stop());
  }

  async #ask(message: ToWorker, transfer: readonly ArrayBuffer[]): Promise<FromWorker> {
    const answer = await this.#answerTo(message, transfer);
    if (answer.kind !== "failed") return answer;
    this.#handleDone(answer.cpuMs);
    throw new ModelFailed(`the emulator threw: ${answer.error}`);
  }

  #answerTo(message: ToWorker, transfer: readonly ArrayBuffer[]): Promise<FromWorker> {
    const { clock } = this.#options;
    const worker = this.#worker;
    this.#post(message, transfer);
    this.#cancelTimer();
    this.#cancelTimer = clock.setTimer(clock.nowMs() + ANSWER_WITHIN_MS, () => {
      if (worker !== undefined) this.#died(worker, `no answer for ${ANSWER_WITHIN_MS} ms`);
    });
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject };
    });
  }

  #died(worker: Worker, reason: string): void {
    if (worker !== this.#worker) return;
    void this.#let(reason)
      ?.terminate()
      .catch(() => undefined);
    const delayMs = Math.min(RESTART_DELAY_MAX_MS, RESTART_DELAY_MS * 2 ** this.#deaths);
    this.#deaths++;
    this.#availableAtMs = this.#options.clock.nowMs() + delayMs;
    this.#options.onDied(reason);
  }

  #let(reason: string): Worker | undefined {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#cancelTimer();
    this.#endedCpuMs += this.#cpuMs;
    this.#cpuMs = 0;
    const answer = this.#answer;
    this.#answer = undefined;
    answer?.reject(new ModelWorkerLost(reason));
    return worker;
  }
}
