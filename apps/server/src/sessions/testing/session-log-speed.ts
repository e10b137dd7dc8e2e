/**
 * What the file-backed log costs: `tsx apps/server/src/sessions/testing/session-log-speed.ts`. CPU of this process, the
 * figures of the kernel's own writing left out. 20 sessions at the agent's pace are 19,000 appends a second.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { systemClock } from "../../platform/clock.ts";
import { type FileSessionLogs, openSessionLogs } from "../log/file-session-logs.ts";
import type { SessionLog } from "../log/session-log.ts";
import { KEY, SIZE } from "./file-log-harness.ts";

const MESSAGE = randomBytes(1_010);
const SESSIONS = 20;
const PER_SECOND = 950;
const PACED_MS = 5_000;

async function open(dataDir: string) {
  const listener = {
    onDurable: (_id: string, _isDurable: boolean, code: string) => process.stdout.write(`not durable: ${code}\n`),
    onDamage: (_id: string, text: string) => process.stdout.write(`damage: ${text}\n`),
    onDeleted: () => {},
  };
  const settings = { freeBytesMin: 0 };
  const bootId = "boot";
  return openSessionLogs({ dataDir, masterKey: KEY, bootId, clock: systemClock, randomBytes, listener, settings });
}

function cpuMs(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
}

/** 20 sessions, each one message every 1/950 s, for five seconds. */
async function paced(logs: readonly SessionLog[]): Promise<void> {
  const before = process.cpuUsage();
  const startedAtMs = performance.now();
  const waits: number[] = [];
  let stored = 0;
  let sent = 0;
  while (performance.now() - startedAtMs < PACED_MS) {
    const due = Math.floor(((performance.now() - startedAtMs) / 1_000) * PER_SECOND);
    for (; sent < due; sent++) {
      for (const log of logs) {
        const atMs = performance.now();
        log.appendReceived(log.lastSequenceNumber + 1, MESSAGE, () => {
          stored++;
          waits.push(performance.now() - atMs);
        });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const wallMs = performance.now() - startedAtMs;
  waits.sort((a, b) => a - b);
  const at = (share: number) => (waits[Math.floor(waits.length * share)] ?? 0).toFixed(1);
  const usedMs = cpuMs(before);
  process.stdout.write(
    `${SESSIONS} sessions at ${PER_SECOND}/s: ${Math.round((stored / wallMs) * 1_000)} stored/s, ` +
      `${((usedMs / wallMs) * 100).toFixed(0)} % of a core, ${((usedMs * 1_000) / stored).toFixed(1)} us each, ` +
      `stored after ${at(0.5)} ms p50, ${at(0.99)} ms p99\n`,
  );
}

async function flatOut(logs: FileSessionLogs): Promise<void> {
  const log = await logs.create("flat-out", SIZE);
  const count = 200_000;
  const before = process.cpuUsage();
  const startedAtMs = performance.now();
  for (let n = 0; n < count; n++) log.appendReceived(n, MESSAGE, () => {});
  log.writeOut();
  const wallMs = performance.now() - startedAtMs;
  process.stdout.write(
    `one session flat out: ${Math.round((count / wallMs) * 1_000)} appends/s, ` +
      `${((count * MESSAGE.length) / wallMs / 1_000).toFixed(0)} MB/s, ${((cpuMs(before) * 1_000) / count).toFixed(1)} us each\n`,
  );
}

async function readBack(log: SessionLog): Promise<void> {
  const startedAtMs = performance.now();
  let bytes = 0;
  let cursor = log.cursorAtOldest();
  for (;;) {
    const read = log.read(cursor, 32 * 1_024);
    const loaded = read.kind === "loading" ? await read.result : read;
    if (loaded.kind === "head" || loaded.kind === "dropped") break;
    if (loaded.kind === "output") bytes += loaded.bytes.length;
    cursor = loaded.next;
  }
  const wallMs = performance.now() - startedAtMs;
  process.stdout.write(`read back ${(bytes / 1e6).toFixed(1)} MB at ${(bytes / wallMs / 1_000).toFixed(0)} MB/s\n`);
}

const dataDir = mkdtempSync(`${tmpdir()}/causeway-log-speed-`);
const { logs } = await open(dataDir);
const many = await Promise.all(Array.from({ length: SESSIONS }, (_, n) => logs.create(`session-${n}`, SIZE)));
await paced(many);
await flatOut(logs);
const [first] = many;
if (first !== undefined) await readBack(first);
const startedAtMs = performance.now();
await logs.close();
process.stdout.write(`close, all on the disk: ${(performance.now() - startedAtMs).toFixed(0)} ms\n`);
const openedAtMs = performance.now();
const { found, logs: again } = await open(dataDir);
const bytes = found.reduce((sum, { log }) => sum + log.headOffset - log.oldestOffset, 0);
process.stdout.write(
  `start with ${found.length} sessions, ${(bytes / 1e6).toFixed(0)} MB: ${(performance.now() - openedAtMs).toFixed(0)} ms\n`,
);
await again.close();
rmSync(dataDir, { recursive: true });
