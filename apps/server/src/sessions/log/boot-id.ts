/** Tells a restart of the server from a crash of its host: only the second loses what the kernel had not yet written. */
import { readFileSync } from "node:fs";

/** @returns the same text until the host boots again; where the system has none, a new one every time (the safe side) */
export function readBootId(randomId: () => string): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return randomId();
  }
}
