/** How much of everything the server holds, seen from outside: its metrics, the kernel's books, its data directory. Linux only. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { Counts } from "./growth.ts";

const KIB = 1024;
const MIB = 1024 * 1024;

export interface CountedServer {
  pid: number;
  origin: string;
  metricsToken: string;
  dataDir: string;
}

/** @throws Error when the server does not answer */
export async function serverCounts({ pid, origin, metricsToken, dataDir }: CountedServer): Promise<Counts> {
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
    files: files.length,
    filesMib: files.reduce((sum, file) => sum + sizeOf(path.join(file.parentPath, file.name)), 0) / MIB,
    databaseMib: sizeOf(path.join(dataDir, "causeway.db")) / MIB,
  };
}

/** Files come and go while they are counted. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
