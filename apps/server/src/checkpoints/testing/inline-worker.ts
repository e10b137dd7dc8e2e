/** For tests: the thread's work done here, at once, with the real model; it fails and waits when told to. */
import { restoreModel, TerminalModel } from "@causeway/terminal-checkpoint";
import type { Worker } from "../checkpointer.ts";
import { ModelRun } from "../model-run.ts";
import { ModelFailed, ModelWorkerLost } from "../model-worker.ts";

/** The emulator throws when it meets this. */
export const POISON = "\u001b[poison";

class FragileModel extends TerminalModel {
  override write(bytes: Uint8Array): Promise<void> {
    if (Buffer.from(bytes).includes(POISON)) throw new TypeError("told to");
    return super.write(bytes);
  }
}

export class InlineWorker implements Worker {
  availableAtMs = Number.NEGATIVE_INFINITY;
  cpuMs = 0;
  /** Added to `cpuMs` by each checkpoint. */
  cpuMsPerJob = 0;
  /** The next jobs, one each, fail. */
  failures = 0;
  begun = 0;
  /** Bytes of all slices. */
  fedBytes = 0;
  largestSliceBytes = 0;
  /** Jobs in which the emulator threw. */
  thrown = 0;
  isStopped = false;
  /** Ends wait for it. */
  gate: Promise<void> = Promise.resolve();
  readonly #run = new ModelRun(
    {
      create: (cols, rows) => new FragileModel({ cols, rows }),
      restore: (checkpoint, cols, rows) => restoreModel(checkpoint, cols, rows),
    },
    () => this.cpuMs,
  );
  #handled: Promise<unknown> = Promise.resolve();

  begin(cols: number, rows: number, checkpoint: Uint8Array | undefined): void {
    this.begun++;
    void this.#tell({ kind: "begin", cols, rows, checkpoint });
  }

  async output(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.fedBytes += bytes.length;
    this.largestSliceBytes = Math.max(this.largestSliceBytes, bytes.length);
    // As a thread does: whoever handed them over cannot use them any more.
    await this.#tell({ kind: "output", bytes: structuredClone(bytes, { transfer: [bytes.buffer] }) });
  }

  size(cols: number, rows: number): void {
    void this.#tell({ kind: "size", cols, rows });
  }

  missing(): void {
    void this.#tell({ kind: "missing" });
  }

  async end(what: "all" | "screen", spareBytes: number) {
    await this.gate;
    if (this.failures > 0) {
      this.failures--;
      throw new ModelWorkerLost("told to");
    }
    const answer = await this.#tell({ kind: "end", what, spareBytes });
    this.cpuMs += this.cpuMsPerJob;
    if (answer?.kind !== "made") throw new ModelWorkerLost("out of turn");
    return answer;
  }

  async stop(): Promise<void> {
    this.isStopped = true;
  }

  async #tell(message: Parameters<ModelRun["handle"]>[0]) {
    const handled = this.#handled.then(() => this.#run.handle(message));
    this.#handled = handled;
    const answer = await handled;
    if (answer?.kind === "failed") {
      this.thrown++;
      throw new ModelFailed(answer.error);
    }
    return answer;
  }
}
