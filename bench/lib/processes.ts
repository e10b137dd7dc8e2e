/**
 * The processes of a measurement: each part (agents, broker, pages) has one of its own, so that its CPU is its alone. They
 * are bundled as the product is, and told what to do over Node's IPC channel.
 */
import { type ChildProcess, fork } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { noteBegun } from "./begun.ts";

/** A call that takes longer has hung, in milliseconds; the longest measurement takes about 70 s. */
const ANSWER_WITHIN_MS = 180_000;
const STOP_WITHIN_MS = 5_000;

/** What a process does when asked: at most one argument, which must survive JSON. */
export type Calls = { [name: string]: (argument: never) => unknown };

interface Question {
  id: number;
  name: string;
  argument: unknown;
}
interface Answer {
  id: number;
  value?: unknown;
  error?: string;
}

export class BenchProcess<C extends Calls> {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #nextId = 1;

  /** @param file a bundle of `bundleProcesses` */
  constructor(file: string, execArgv: readonly string[] = []) {
    this.#child = fork(file, { execArgv: [...execArgv], stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#child.on("message", (answer: Answer) => {
      const waiter = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (answer.error === undefined) waiter?.resolve(answer.value);
      else waiter?.reject(new Error(answer.error));
    });
    const ended = noteBegun(() => this.#child.kill("SIGKILL"));
    this.#child.on("exit", (code, signal) => {
      ended();
      for (const { reject } of this.#waiting.values()) reject(new Error(`${file} ended (${signal ?? code})`));
      this.#waiting.clear();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /**
   * Time that its threads were on a CPU so far, in microseconds, the collector's included. Read from the kernel
   * (Documentation/scheduler/sched-stats) at this very moment: a broker that is a second behind would answer a second late.
   */
  cpuUs(): number {
    const threads = `/proc/${this.pid}/task`;
    let onCpuNs = 0;
    for (const id of readdirSync(threads))
      onCpuNs += Number(readFileSync(`${threads}/${id}/schedstat`, "latin1").split(" ")[0]);
    return onCpuNs / 1_000;
  }

  /** @throws Error when the process ended, or what it was asked failed there */
  call<N extends keyof C & string>(name: N, argument?: Parameters<C[N]>[0]): Promise<Awaited<ReturnType<C[N]>>> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${name} got no answer`)), ANSWER_WITHIN_MS);
      const settle = (done: () => void) => {
        clearTimeout(timer);
        done();
      };
      this.#waiting.set(id, {
        resolve: (value) => settle(() => resolve(value as Awaited<ReturnType<C[N]>>)),
        reject: (error) => settle(() => reject(error)),
      });
      this.#child.send({ id, name, argument } satisfies Question);
    });
  }

  /** Resolves when the process is gone. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    const force = setTimeout(() => this.#child.kill("SIGKILL"), STOP_WITHIN_MS);
    this.#child.disconnect();
    await gone;
    clearTimeout(force);
  }
}

/** In the process itself: answers calls until the one who measures lets go; then cleans up and ends. */
export function serveCalls(calls: Calls, cleanUp: () => Promise<void> | void = () => {}): void {
  process.on("message", ({ id, name, argument }: Question) => {
    const call = calls[name] as ((argument: unknown) => unknown) | undefined;
    Promise.resolve(argument)
      .then((given) => {
        if (call === undefined) throw new Error(`${name} is not known`);
        return call(given);
      })
      .then(
        (value) => process.send?.({ id, value } satisfies Answer),
        (error: Error) => process.send?.({ id, error: String(error.stack ?? error) } satisfies Answer),
      );
  });
  process.on("disconnect", () => {
    void Promise.resolve(cleanUp()).finally(() => process.exit(0));
  });
}
