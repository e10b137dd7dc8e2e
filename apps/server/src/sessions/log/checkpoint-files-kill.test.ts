import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { LogLife, numberedCheckpoint, SESSION } from "../testing/file-log-harness.ts";

const CHILD = fileURLToPath(new URL("../testing/checkpoint-writer-child.ts", import.meta.url));
const TSX = createRequire(new URL("../../../../../package.json", import.meta.url)).resolve("tsx");
const ROUNDS = 4;

test("kill -9 in the middle of writing a checkpoint leaves the one before it, whole, and nothing of the new one", async () => {
  const dataDir = mkdtempSync(`${tmpdir()}/causeway-kill-`);
  const directory = `${dataDir}/sessions/${SESSION}`;
  let killedInside = 0;
  for (let round = 0, first = 1; round < ROUNDS; round++) {
    const stored = await killWhileWriting(dataDir, first, 1 + round);
    if (checkpointsIn(directory).some((file) => file.endsWith(".new"))) killedInside++;
    const life = await LogLife.begin({ dataDir, bootId: "boot" });
    const { checkpoints } = life.only.log;
    const { newest } = checkpoints;
    if (newest === undefined) throw new Error("there is no checkpoint");
    const number = newest.linesSinceMissing ?? 0;
    expect(number).toBeGreaterThanOrEqual(stored);
    const parts: Uint8Array[] = [];
    const reading = checkpoints.read(newest);
    for (let part = await reading.next(); part !== undefined; part = await reading.next()) parts.push(part);
    reading.close();
    expect(Buffer.concat(parts).equals(numberedCheckpoint(number))).toBe(true);
    expect(checkpointsIn(directory)).toHaveLength(1);
    expect(life.damage).toEqual([]);
    await life.logs.close();
    first = number + 1;
  }
  expect(killedInside).toBeGreaterThan(0);
  rmSync(dataDir, { recursive: true });
}, 60_000);

function checkpointsIn(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory).filter((file) => file.startsWith("checkpoint")) : [];
}

/** Kills it as soon as it has stored so many and the file of the next one is there. @returns the newest that it called stored */
async function killWhileWriting(dataDir: string, first: number, storedMin: number): Promise<number> {
  const child = spawn(process.execPath, ["--import", TSX, CHILD, dataDir, String(first)]);
  let stored = first - 1;
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (said + text).split("\n");
    said = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("stored ")) stored = Number(line.slice("stored ".length));
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on("close", (_code, signal) => resolve(signal)));
  const directory = `${dataDir}/sessions/${SESSION}`;
  const isWriting = () => checkpointsIn(directory).some((file) => file.endsWith(".new"));
  while (child.exitCode === null && !(stored - first + 1 >= storedMin && isWriting()))
    await new Promise((resolve) => setImmediate(resolve));
  child.kill("SIGKILL");
  if ((await ended) !== "SIGKILL") throw new Error(`the child ended by itself: ${errors}`);
  return stored;
}
