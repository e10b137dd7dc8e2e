import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { LogLife, numberedOutput } from "../testing/file-log-harness.ts";
import type { SessionLog } from "./session-log.ts";
import { readOnce } from "./session-log-contract.ts";

const CHILD = fileURLToPath(new URL("../testing/log-writer-child.ts", import.meta.url));
const TSX = createRequire(new URL("../../../../../package.json", import.meta.url)).resolve("tsx");
const ROUNDS = 5;

test("kill -9 at any moment loses nothing that was called stored, over many lives of one session", async () => {
  const dataDir = mkdtempSync(`${tmpdir()}/causeway-kill-`);
  let received = -1;
  let sent = -1;
  for (let round = 0; round < ROUNDS; round++) {
    const said = await killAfter(spawn(process.execPath, ["--import", TSX, CHILD, dataDir, "boot"]), 300 + 170 * round);
    expect(said.filter((line) => line.startsWith("failed"))).toEqual([]);
    received = Math.max(received, ...numbers(said, "received"));
    sent = Math.max(sent, ...numbers(said, "sent"));
    const killed = await LogLife.begin({ dataDir, bootId: "boot" });
    const found = await killed.next({ bootId: "boot" }); // looked at twice: recovery itself must change nothing
    expect(killed.damage).toEqual([]);
    await killed.logs.close();
    expect(found.damage).toEqual([]);
    const { keeper, log, lostOutput } = found.only;
    expect(lostOutput).toBe(false);
    expect(log.lastSequenceNumber).toBeGreaterThanOrEqual(received);
    expect(keeper?.channel.nextIncomingNumber).toBe(log.lastSequenceNumber + 1);
    expect(keeper?.channel.nextOutgoingNumber).toBeGreaterThan(sent);
    expect(keeper?.streams.get("page")).toBe(keeper?.channel.nextOutgoingNumber);
    const unacknowledged = keeper?.channel.unacknowledged.map(({ sequenceNumber }) => sequenceNumber) ?? [];
    for (const number of unacknowledged) expect(number).toBeGreaterThanOrEqual(0);
    await expectNumbered(log);
    await found.dispose();
  }
  expect(received).toBeGreaterThan(1_000);
  expect(sent).toBeGreaterThan(300);
  rmSync(dataDir, { recursive: true });
}, 60_000);

/** @returns the lines it said, whole ones only */
function killAfter(child: ChildProcess, linesMin: number): Promise<string[]> {
  let said = "";
  let lines = 0;
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    lines += text.split("\n").length - 1;
    if (lines >= linesMin) child.kill("SIGKILL");
  });
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  return new Promise((resolve, reject) => {
    child.on("close", (_code, signal) => {
      if (signal === "SIGKILL") resolve(said.split("\n").slice(0, -1));
      else reject(new Error(`the child ended by itself: ${errors}`));
    });
  });
}

function numbers(lines: readonly string[], what: string): number[] {
  return lines.filter((line) => line.startsWith(`${what} `)).map((line) => Number(line.slice(what.length + 1)));
}

/** What is kept is the end of all that the numbers up to the last one print. */
async function expectNumbered(log: SessionLog): Promise<void> {
  const parts: Uint8Array[] = [];
  let cursor = log.cursorAtOldest();
  for (
    let read = await readOnce(log, cursor, 65_536);
    read.kind !== "head";
    read = await readOnce(log, cursor, 65_536)
  ) {
    if (read.kind === "dropped") throw new Error("dropped");
    if (read.kind === "output") parts.push(read.bytes);
    cursor = read.next;
  }
  const kept = Buffer.concat(parts).toString("latin1");
  const expected: string[] = [];
  let length = 0;
  for (let number = log.lastSequenceNumber; number >= 0 && length < kept.length; number--) {
    expected.unshift(numberedOutput(number));
    length += expected[0]?.length ?? 0;
  }
  expect(expected.join("").endsWith(kept)).toBe(true);
  expect(kept.length).toBe(log.headOffset - log.oldestOffset);
}
