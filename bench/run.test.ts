/** Rows are run as `pnpm bench --quick` runs them: that they work and say something, never how fast this machine is. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

/** Bundling and some measurements of a quarter of a second, on a machine that does other things, too. */
const WITHIN_MS = 180_000;
const ROOT = path.resolve(import.meta.dirname, "..");

test(
  "a quick run of rows over the whole relay gives a figure for each of them, and leaves no file behind",
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "causeway-bench-test-"));
    const json = path.join(folder, "rows.json");
    const command = [path.join(ROOT, "bench/run.ts"), "codec", "idle-echo", "attach", "--quick", "--json", json];
    const { stdout } = await promisify(execFile)(path.join(ROOT, "node_modules/.bin/tsx"), command, {
      env: { ...process.env, TMPDIR: folder },
    });
    const { rows } = JSON.parse(readFileSync(json, "utf8")) as { rows: { name: string; value: number }[] };
    for (const { value } of rows) expect(value).toEqual(expect.any(Number)); // JSON has null for what was not measured
    expect(rows.length).toBe(4);
    for (const { name } of rows) expect(stdout).toContain(name);
    expect(readdirSync(folder).filter((name) => name.startsWith("causeway-bench-"))).toEqual([]);
    rmSync(folder, { recursive: true });
  },
  WITHIN_MS,
);
