import { expect, test } from "vitest";
import { noteBegun } from "./begun.ts";
import { type BenchOptions, QUICK } from "./options.ts";
import { isMet, type Row, remarks, table } from "./report.ts";
import { runGroup } from "./run-group.ts";

const OPTIONS = { ...QUICK, profileDir: undefined, tell: () => {} };
const group = (run: (options: BenchOptions) => Promise<Row[]>) => ({ name: "echo", about: "a key", run });

test("a group that fails is one row that is not met, with its reason", async () => {
  const rows = await runGroup(
    group(() => Promise.reject(new Error("no PTY"))),
    OPTIONS,
  );
  expect(rows.map(isMet)).toEqual([false]);
  expect(table(rows)).toContain("| echo: a key | | | not measured | | **no** |");
  expect(remarks(rows)).toContain("no PTY");
});

test("a group that hangs is ended with everything it began, and begins nothing more", async () => {
  const ended: string[] = [];
  let signal: AbortSignal | undefined;
  const hangs = group((options) => {
    signal = options.signal;
    noteBegun(() => ended.push("broker"));
    noteBegun(() => ended.push("stopped by itself"))();
    return new Promise(() => {});
  });
  const rows = await runGroup(hangs, OPTIONS, 1);
  expect(rows[0]?.value).toBeNaN();
  expect(ended).toEqual(["broker"]);
  expect(signal?.aborted).toBe(true);
});

test("what a group left behind is ended before the next one", async () => {
  const ended: string[] = [];
  const leaves = group(async () => {
    noteBegun(() => ended.push("page"));
    return [];
  });
  expect(await runGroup(leaves, OPTIONS)).toEqual([]);
  expect(ended).toEqual(["page"]);
});
