import { expect, test } from "vitest";
import { type BuiltChunk, FIRST_LOAD_BYTES_MAX, firstLoad, overBudget, sentBytes } from "./first-load.ts";

const chunk = (fileName: string, change: Partial<BuiltChunk> = {}): BuiltChunk => ({
  fileName,
  bytes: new Uint8Array(10),
  isEntry: false,
  imports: [],
  moduleIds: [`/src/${fileName}`],
  ...change,
});
const length = (file: Uint8Array): number => file.length;

test("the first load is the entry and all that it imports statically, each once", () => {
  const load = firstLoad(
    [
      chunk("settings.js", { imports: ["ui.js"] }),
      chunk("index.js", { isEntry: true, imports: ["react.js", "ui.js"] }),
      chunk("ui.js", { imports: ["react.js", "index.js"] }),
      chunk("react.js", { bytes: new Uint8Array(30) }),
    ],
    length,
  );
  expect(load.files).toEqual([
    { name: "index.js", bytes: 10 },
    { name: "react.js", bytes: 30 },
    { name: "ui.js", bytes: 10 },
  ]);
  expect(load.bytes).toBe(50);
  expect(overBudget(load)).toBeUndefined();
});

test("the build fails with one byte more than the budget, and says which files it is", () => {
  const at = (bytes: number) =>
    overBudget(firstLoad([chunk("index.js", { isEntry: true, bytes: new Uint8Array(bytes) })], length));
  expect(at(FIRST_LOAD_BYTES_MAX)).toBeUndefined();
  expect(at(FIRST_LOAD_BYTES_MAX + 1)).toContain("250001 index.js");
});

test("the build fails when the terminal or the error catalog is in the first load, however small that is", () => {
  const imports = (moduleId: string) =>
    overBudget(
      firstLoad(
        [
          chunk("index.js", { isEntry: true, imports: ["later.js"] }),
          chunk("later.js", { moduleIds: ["/src/main.tsx", moduleId] }),
        ],
        length,
      ),
    );
  expect(imports("/node_modules/.pnpm/x/node_modules/@xterm/xterm/lib/xterm.mjs")).toContain("@xterm");
  expect(imports("/src/features/terminal/terminal-session.ts")).toContain("terminal-session");
  expect(imports("/packages/wire-contract/src/error-catalog.ts")).toContain("error-catalog");
  expect(imports("/src/features/terminal/title.ts")).toBeUndefined();
});

test("a file of less than 1 KiB counts as it is, a larger one as it is compressed", () => {
  expect(sentBytes(new Uint8Array(1_023))).toBe(1_023);
  expect(sentBytes(new Uint8Array(1_024))).toBeLessThan(100);
});

test("a build without an entry is no build", () => {
  expect(overBudget(firstLoad([chunk("index.js")], length))).toBe("The build has no entry.");
});
