/** The worker thread: parses what sessions printed and says what their terminals look like. Entry of its own in the build. */
import { readlinkSync } from "node:fs";
import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { restoreModel, TerminalModel } from "@causeway/terminal-checkpoint";
import type { ToWorker } from "./model-messages.ts";
import { type CheckpointModels, ModelRun } from "./model-run.ts";
import { threadCpuMs } from "./thread-cpu.ts";

/** Whatever else runs on the machine comes first, the thread that serves keystrokes before all. */
const NICE = 10;

const models: CheckpointModels = {
  create: (cols, rows) => new TerminalModel({ cols, rows }),
  restore: (checkpoint, cols, rows) => restoreModel(checkpoint, cols, rows),
};

giveWay();
const run = new ModelRun(models, threadCpuMs);
let handled: Promise<unknown> = Promise.resolve();
parentPort?.on("message", (message: ToWorker) => {
  // In order, and an error ends the thread: the server makes another.
  handled = handled.then(async () => {
    const answer = await run.handle(message);
    if (answer !== undefined) parentPort?.postMessage(answer);
  });
});

/** On Linux a priority belongs to a thread; elsewhere it would be the whole server's, and is left alone. */
function giveWay(): void {
  try {
    const thread = /\/task\/(\d+)$/.exec(readlinkSync("/proc/thread-self"))?.[1];
    if (thread !== undefined && Number(thread) !== process.pid) setPriority(Number(thread), NICE);
  } catch {
    // Without it the thread is one among others.
  }
}
