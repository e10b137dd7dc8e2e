/** CPU of the calling thread alone: `process.cpuUsage()` is the whole process, whoever asks. */
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";

const NS_PER_MS = 1e6;

/** @returns milliseconds since the thread began. Where the kernel does not tell: the time its event loop was busy. */
export function threadCpuMs(): number {
  try {
    // Linux, Documentation/scheduler/sched-stats: the first number is the time on a CPU, in nanoseconds.
    const [onCpuNs] = readFileSync("/proc/thread-self/schedstat", "latin1").split(" ");
    const ms = Number(onCpuNs) / NS_PER_MS;
    if (ms > 0) return ms;
  } catch {
    // Not Linux, or without scheduler statistics.
  }
  return performance.eventLoopUtilization().active;
}
