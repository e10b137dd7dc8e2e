/** How much of everything the server holds, seen from outside: its metrics, the kernel's books, its data directory. Linux only. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import type { Counts } from "./growth.ts";
import { until } from "./waiting.ts";

const KIB = 1024;
const MIB = 1024 * 1024;

export interface CountedServer {
  pid: number;
  origin: string;
  metricsToken: string;
  dataDir: string;
  /** Where it writes how many listeners there are: it was started with `listenerCounting`. */
  listenersFile: string;
}

const LISTENER_COUNT = new URL("./listener-count.mjs", import.meta.url).href;
const COUNTED_WITHIN_MS = 60_000;

/** @returns environment of a process that counts its listeners when asked */
export function listenerCounting(listenersFile: string): Record<string, string> {
  return { NODE_OPTIONS: `--import ${LISTENER_COUNT}`, SOAK_LISTENERS_FILE: listenersFile };
}

/** Of all event emitters and abort signals that are reachable. @throws Error when the process does not answer */
export async function countListeners(pid: number, file: string): Promise<number> {
  rmSync(file, { force: true });
  process.kill(pid, "SIGWINCH");
  await until(
    () => existsSync(file),
    () => "the count of listeners",
    COUNTED_WITHIN_MS,
  );
  return Number(readFileSync(file, "latin1"));
}

/** @throws Error when the server does not answer */
export async function serverCounts(server: CountedServer): Promise<Counts> {
  const { pid, origin, metricsToken, dataDir, listenersFile } = server;
  const listeners = await countListeners(pid, listenersFile); // first: it collects garbage
  const response = await fetch(`${origin}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } });
  if (!response.ok) throw new Error(`the metrics answered ${response.status}`);
  const metrics = await response.text();
  const value = (name: string) => Number(new RegExp(`^${name} (.+)$`, "m").exec(metrics)?.[1] ?? Number.NaN);
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  const files = readdirSync(path.join(dataDir, "sessions"), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return {
    rssMib: (Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * KIB) / MIB,
    heapMib: value("nodejs_heap_size_used_bytes") / MIB,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    threads: readdirSync(`/proc/${pid}/task`).length,
    /** Sockets, timers, requests under way: whatever would keep an event loop busy. */
    handles: value("nodejs_active_resources_total"),
    listeners,
    files: files.length,
    filesMib: files.reduce((sum, file) => sum + sizeOf(path.join(file.parentPath, file.name)), 0) / MIB,
    databaseMib: sizeOf(path.join(dataDir, "causeway.db")) / MIB,
  };
}

/** Files come and go while they are counted. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
