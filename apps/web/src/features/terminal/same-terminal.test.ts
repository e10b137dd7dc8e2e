// @vitest-environment happy-dom
import { TerminalModel } from "@causeway/terminal-checkpoint";
import { useSameUnicode } from "@causeway/terminal-checkpoint/same-terminal";
import { Terminal } from "@xterm/xterm";
import { expect, test } from "vitest";

const OUTPUT = `${"\x1b[?1049l世界 👩‍👩‍👧‍👦 \x1b[31mred\x1b[m\r\n".repeat(30)}\x1b[2;8r\x1b[44m\x1b[5;3H\x1b[Ktail e\u0301`;

function linesOf(terminal: Terminal): string[] {
  const { active } = terminal.buffer;
  return Array.from({ length: active.length }, (_, index) => active.getLine(index)?.translateToString(false) ?? "");
}

test("a checkpoint of the server's model brings the page's terminal to what the output itself would", async () => {
  const model = new TerminalModel({ cols: 30, rows: 10 });
  await model.write(new TextEncoder().encode(OUTPUT));
  const direct = new Terminal({ allowProposedApi: true, cols: 30, rows: 10 });
  const restored = new Terminal({ allowProposedApi: true, cols: 30, rows: 10 });
  for (const terminal of [direct, restored]) useSameUnicode(terminal);
  await new Promise<void>((resolve) => direct.write(OUTPUT, resolve));
  await new Promise<void>((resolve) => restored.write(model.checkpoint(), resolve));
  for (const terminal of [direct, restored])
    await new Promise<void>((resolve) => terminal.write("\u0301 more\n\n\n\n\n", resolve));
  for (const terminal of [direct, restored]) terminal.resize(20, 7);
  expect(linesOf(restored)).toEqual(linesOf(direct));
  const { active } = restored.buffer;
  expect([active.cursorX, active.cursorY]).toEqual([direct.buffer.active.cursorX, direct.buffer.active.cursorY]);
  for (const terminal of [direct, restored]) terminal.dispose();
  model.dispose();
});
