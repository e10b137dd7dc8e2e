import { afterEach, expect, test } from "vitest";
import { restoreModel, TerminalModel } from "./terminal-model.ts";

const models: TerminalModel[] = [];
afterEach(() => {
  for (const model of models.splice(0)) model.dispose();
});

async function modelOf(output: string, cols = 20, rows = 5): Promise<TerminalModel> {
  const model = new TerminalModel({ cols, rows, scrollbackLines: 100 });
  models.push(model);
  await model.write(new TextEncoder().encode(output));
  return model;
}

async function restored(model: TerminalModel): Promise<TerminalModel> {
  const copy = await restoreModel(model.checkpoint(), model.cols, model.rows, 100);
  models.push(copy);
  return copy;
}

test.each([
  ["text and scrollback", "one\r\ntwo\r\n3\r\n4\r\n5\r\n6\r\n7"],
  ["a wrapped line", "a line that is longer than the screen is wide"],
  ["a prompt whose cursor stands after a blank", "sh-5.2$ "],
  ["colours, flags and underline styles", "\x1b[1;31;44mred\x1b[0;4:3;58;5;9mcurly\x1b[38;2;1;2;3;53mrgb"],
  ["erased cells with a background", "\x1b[44m\x1b[2J\x1b[H\x1b[mtext\x1b[3;3H\x1b[42m\x1b[K"],
  ["wide characters and clusters", "世界 👩‍👩‍👧‍👦 🇫🇷 e\u0301 ❤\ufe0f"],
  ["the alternate screen over the normal one", "shell\r\n$ vim\x1b[?1049h\x1b[Hfile\x1b[5;1H~\x1b[2;3H"],
  ["a scroll region and origin mode", "\x1b[2;4r\x1b[?6h\x1b[2;3Hx"],
  ["a saved cursor with attributes and charset", "\x1b[3;4H\x1b[7m\x1b(0\x1b7\x1b(B\x1b[m\x1b[H"],
  ["a cursor that waits at the right edge", `${"x".repeat(20)}`],
  ["a cursor that waits at the right edge of an erased line", `${"x".repeat(20)}\x1b[2K`],
  ["tab stops", "\x1b[3g\x1b[5G\x1bH\x1b[9G\x1bH\r"],
  ["line drawing in use", "\x1b)0\x0elqk"],
  ["a title and changed colours", "\x1b]2;title 世界\x07\x1b]4;1;#abc\x07\x1b]11;rgb:00/11/22\x07\x1b[0m"],
  ["an open hyperlink", "\x1b]8;;https://example.com\x1b\\link\x1b[mstill"],
  ["mouse, keyboard and cursor modes", "\x1b[?1002h\x1b[?1006h\x1b[?1h\x1b=\x1b[?2004h\x1b[5 q\x1b[?25l\x1b[4h"],
])("a checkpoint brings a new terminal to %s", async (_, output) => {
  const model = await modelOf(output);
  expect((await restored(model)).describe()).toEqual(model.describe());
});

test("a checkpoint is refused inside a sequence, a string and a character", async () => {
  for (const output of ["\x1b[1;3", "\x1b]0;half", "\x1bP1", "\x1b"]) {
    const model = await modelOf(output);
    expect(model.isAtBoundary).toBe(false);
    expect(() => model.checkpoint()).toThrow("boundary");
  }
  const model = await modelOf("");
  await model.write(Uint8Array.of(0xe2, 0x80));
  expect(model.isAtBoundary).toBe(false);
  await model.write(Uint8Array.of(0xa6));
  expect(model.isAtBoundary).toBe(true);
});

test("writing up to the last boundary leaves what is not whole to the caller", async () => {
  const model = await modelOf("");
  expect(model.writeToLastBoundary(new TextEncoder().encode("abc\x1b[31mdef\x1b[3"))).toBe(11);
  expect(model.isAtBoundary).toBe(true);
  expect(model.writeToLastBoundary(new TextEncoder().encode("\x1b]0;"))).toBe(0);
});

test("in a string without an end the model still says where it began", async () => {
  const model = await modelOf("abc");
  await model.write(new TextEncoder().encode(`\x1b]52;c;${"A".repeat(200_000)}`));
  expect(model.isAtBoundary).toBe(false);
  expect(model.lastBoundary).toBe(3);
  expect(model.bytesWritten).toBe(3 + 7 + 200_000);
});

test.each([
  ["one column", { cols: 1, rows: 5 }],
  ["no lines", { cols: 20, rows: 0 }],
  ["half a line", { cols: 20, rows: 2.5 }],
  ["no scrollback", { cols: 20, rows: 5, scrollbackLines: 0 }],
  ["a scrollback that is no number", { cols: 20, rows: 5, scrollbackLines: Number.NaN }],
])("a model of %s is refused", (_, options) => {
  expect(() => new TerminalModel(options)).toThrow(RangeError);
});
