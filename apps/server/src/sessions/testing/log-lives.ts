/** The lives of a server in one test, disposed of after it; and what most tests of a log do: append text, read it back. */
import { afterEach } from "vitest";
import type { SessionLog } from "../log/session-log.ts";
import { readOnce } from "../log/session-log-contract.ts";
import { LogLife } from "./file-log-harness.ts";

const lives: LogLife[] = [];
afterEach(async () => {
  for (const life of lives.splice(0)) await life.dispose();
});

/** Disposed of after the test. */
export function keep(life: LogLife): LogLife {
  lives.push(life);
  return life;
}

export async function begin(options: Parameters<typeof LogLife.begin>[0] = {}): Promise<LogLife> {
  return keep(await LogLife.begin(options));
}

/** `kill -9` and a new start. */
export async function restart(life: LogLife, options: Parameters<LogLife["next"]>[0] = {}): Promise<LogLife> {
  return keep(await life.next(options));
}

export function append(log: SessionLog, text: string, onStored = () => {}): void {
  log.appendReceived(log.lastSequenceNumber + 1, Buffer.from(text), onStored);
}

export async function bytesOf(log: SessionLog, from = log.oldestOffset): Promise<string> {
  const parts: Uint8Array[] = [];
  let cursor = log.cursorAt(from);
  for (;;) {
    const read = await readOnce(log, cursor, 10_000);
    if (read.kind === "head" || read.kind === "dropped") return Buffer.concat(parts).toString("latin1");
    if (read.kind === "output") parts.push(read.bytes);
    cursor = read.next;
  }
}
