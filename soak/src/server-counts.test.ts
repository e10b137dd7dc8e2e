import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { countListeners, listenerCounting } from "./server-counts.ts";

/** Says so when it is ready, and adds listeners with every line it reads. */
const PROGRAM = `
  const { EventEmitter } = require("node:events");
  const kept = [];
  process.stdin.on("data", () => {
    const emitter = new EventEmitter();
    for (let n = 0; n < 7; n++) emitter.on("x", () => {});
    const { signal } = new AbortController();
    signal.addEventListener("abort", () => {});
    kept.push(emitter, signal);
    new EventEmitter().on("forgotten", () => {});
    process.stdout.write("more");
  });
  process.stdout.write("ready");
`;

test("listeners of emitters and abort signals are counted from outside, those that nobody reaches are not", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "causeway-soak-test-"));
  const file = path.join(folder, "listeners");
  const env = { ...process.env, ...listenerCounting(file) };
  const child = spawn(process.execPath, ["-e", PROGRAM], { env, stdio: ["pipe", "pipe", "inherit"] });
  const said = () => new Promise((resolve) => child.stdout.once("data", resolve));
  try {
    await said();
    const before = await countListeners(child.pid ?? 0, file);
    const answered = said();
    child.stdin.write("more");
    await answered;
    expect((await countListeners(child.pid ?? 0, file)) - before).toBe(8);
  } finally {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  }
}, 60_000);
