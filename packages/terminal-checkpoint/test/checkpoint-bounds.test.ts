import headless from "@xterm/headless";
import { expect, test } from "vitest";
import { CHECKPOINT_BYTES_MAX } from "../src/checkpoint-writer.ts";
import { useSameUnicode } from "../src/same-terminal.ts";
import { restoreModel, TerminalModel } from "../src/terminal-model.ts";
import { modelAt, randomLog } from "./equality.ts";

test("no terminal answers a checkpoint, whatever its program asked", async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const log = randomLog(seed);
    const model = await modelAt(log, { entry: log.entries.length, bytes: 0 });
    await model.write(new TextEncoder().encode("\x18\x1b[c\x1b[6n\x1b]11;?\x07\x1bP$qm\x1b\\\x1b[?25$p\x1b[m\r\n"));
    const reader = new headless.Terminal({
      allowProposedApi: true,
      cols: model.cols,
      rows: model.rows,
      logLevel: "off",
    });
    useSameUnicode(reader);
    const answers: string[] = [];
    reader.onData((data) => answers.push(data));
    if (model.isAtBoundary) await new Promise<void>((resolve) => reader.write(model.checkpoint(), resolve));
    expect(answers, `seed ${seed}`).toEqual([]);
    reader.dispose();
    model.dispose();
  }
});

test("a checkpoint that would be larger than its bound leaves out the oldest lines, and keeps the screen", async () => {
  const model = new TerminalModel({ cols: 200, rows: 5 });
  const cell = (index: number) => `\x1b[4:3;38;2;${index % 256};0;1;48;2;1;2;${index % 255};58;2;3;4;${index % 254}mx`;
  const line = `${Array.from({ length: 199 }, (_, index) => cell(index)).join("")}\r\n`;
  await model.write(new TextEncoder().encode(line.repeat(800)));
  const checkpoint = model.checkpoint();
  expect(checkpoint.length).toBeLessThanOrEqual(CHECKPOINT_BYTES_MAX);
  const restored = await restoreModel(checkpoint, 200, 5);
  const { scrollbackLines } = restored.describe().normal;
  expect(scrollbackLines).toBeGreaterThan(100);
  expect(scrollbackLines).toBeLessThan(model.describe().normal.scrollbackLines);
  expect(restored.describe("screen").normal.lines).toEqual(model.describe("screen").normal.lines);
  for (const each of [model, restored]) each.dispose();
});

test("a checkpoint of the screen alone has the same screen and no lines above it", async () => {
  const model = new TerminalModel({ cols: 20, rows: 4 });
  await model.write(new TextEncoder().encode(`${"line\r\n".repeat(50)}\x1b[31mred\x1b7`));
  const restored = await restoreModel(model.checkpoint("screen"), 20, 4);
  expect(restored.describe().normal.scrollbackLines).toBe(0);
  expect(restored.describe("screen")).toEqual(model.describe("screen"));
  for (const each of [model, restored]) each.dispose();
});
