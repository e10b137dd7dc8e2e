// @vitest-environment happy-dom
import { type IDecoration, type IDecorationOptions, Terminal } from "@xterm/xterm";
import { expect, test } from "vitest";
import { RETURN_MARKS_MAX, ReturnMarks } from "./return-marks.ts";

function shownMarks() {
  const terminal = new Terminal({ allowProposedApi: true, cols: 40, rows: 5 });
  const made: IDecoration[] = [];
  const marks = new ReturnMarks({
    buffer: terminal.buffer,
    cols: terminal.cols,
    registerMarker: (offset) => terminal.registerMarker(offset),
    registerDecoration: (options: IDecorationOptions) => {
      const decoration = terminal.registerDecoration(options);
      if (decoration) made.push(decoration);
      return decoration;
    },
  });
  const print = (text: string) => new Promise<void>((done) => terminal.write(text, done));
  const lines = () => made.filter(({ isDisposed }) => !isDisposed).map(({ marker }) => marker.line);
  return { marks, print, lines, terminal };
}

test("of two gaps on one line the newer one is told; one on another line stays", async () => {
  const { marks, print, lines, terminal } = shownMarks();
  await print("first$ ");
  expect(marks.add("back after 3 s, nothing lost", "ok")).toBe(true);
  await print("\r\nsecond$ ");
  marks.add("back after 4 s, nothing lost", "ok");
  marks.add("back after 5 s, nothing lost", "ok");
  expect(lines()).toEqual([0, 1]);
  terminal.dispose();
});

test("at the bound the oldest mark goes", async () => {
  const { marks, print, lines, terminal } = shownMarks();
  for (let line = 0; line <= RETURN_MARKS_MAX; line++) {
    await print(`${line}$ `);
    marks.add("back after 3 s, nothing lost", "ok");
    await print("\r\n");
  }
  expect(lines()).toHaveLength(RETURN_MARKS_MAX);
  expect(lines()[0]).toBe(1);
  terminal.dispose();
});

test("the alternate screen has no place for a mark", async () => {
  const { marks, print, lines, terminal } = shownMarks();
  await print("\u001b[?1049h");
  expect(marks.add("back after 3 s, nothing lost", "ok")).toBe(false);
  expect(lines()).toEqual([]);
  terminal.dispose();
});
