import headless from "@xterm/headless";
import { afterEach, expect, test } from "vitest";
import { useSameUnicode } from "./same-terminal.ts";

const terminals: InstanceType<typeof headless.Terminal>[] = [];
afterEach(() => {
  for (const terminal of terminals.splice(0)) terminal.dispose();
});

function terminalOf(cols: number, rows: number) {
  const terminal = new headless.Terminal({ allowProposedApi: true, cols, rows, logLevel: "off" });
  terminals.push(terminal);
  useSameUnicode(terminal);
  return terminal;
}

function write(terminal: InstanceType<typeof headless.Terminal>, output: string): Promise<void> {
  return new Promise((resolve) => terminal.write(output, resolve));
}

function line(terminal: InstanceType<typeof headless.Terminal>, index: number): string {
  return terminal.buffer.active.getLine(index)?.translateToString(true) ?? "";
}

test("a family of four is one character of two columns", async () => {
  const terminal = terminalOf(20, 2);
  await write(terminal, "👩‍👩‍👧‍👦|");
  expect(terminal.buffer.active.cursorX).toBe(3);
});

test("erasing above from the last column of the last line does not stop the terminal", async () => {
  const terminal = terminalOf(10, 3);
  await write(terminal, "one\r\ntwo\r\nthree\x1b[3;10H\x1b[1J");
  await write(terminal, "\x1b[Hstill here");
  expect([0, 1, 2].map((index) => line(terminal, index))).toEqual(["still here", "", ""]);
});

test("what a narrower window cut off the alternate screen does not come back in a wider one", async () => {
  const terminal = terminalOf(10, 2);
  await write(terminal, "\x1b[?1049h\x1b[H0123456789");
  terminal.resize(4, 2);
  terminal.resize(10, 2);
  expect(line(terminal, 0)).toBe("0123");
});

test("the alternate screen has no scrollback, also when the window shrank while it was hidden", async () => {
  const terminal = terminalOf(10, 5);
  terminal.resize(10, 2);
  await write(terminal, "\x1b[?1049h\x1b[H1\r\n2\r\n3\r\n4");
  expect(terminal.buffer.active.baseY).toBe(0);
});
