import { expect, test } from "vitest";
import { MARKS_MAX } from "./mark-book.ts";
import { restoreModel, TerminalModel } from "./terminal-model.ts";

const at = (mark: string): string => `\x1b]133;${mark}\x1b\\`;
const ran = (command: string, output: string): string =>
  `${at("A")}$ ${at("B")}${command}\r\n${at("C")}${output}${at("D;0")}`;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (checkpoint: Uint8Array): string => new TextDecoder().decode(checkpoint);

async function modelOf(output: string, cols = 20, rows = 5): Promise<TerminalModel> {
  const model = new TerminalModel({ cols, rows, scrollbackLines: 2_000 });
  await model.write(bytes(output));
  return model;
}

const ESC = "\x1b";
const MARK = new RegExp(`${ESC}\\](133;[^${ESC}]*)${ESC}\\\\`);
const CSI = new RegExp(`${ESC}\\[[\\d;?]*[A-Za-z]`, "g");

/** Marks of a checkpoint in their order, with the text of their line that stands before each. */
function marksOf(checkpoint: Uint8Array): string[] {
  const parts = textOf(checkpoint).split(MARK);
  return parts.flatMap((part, index) => (index % 2 === 1 ? [`${lastText(parts[index - 1] ?? "")}|${part}`] : []));
}
const lastText = (part: string): string => part.replace(CSI, "").split("\n").at(-1)?.replace(/\r/, "") ?? "";

test("a checkpoint marks commands where their shell marked them, and what is restored from it does so again", async () => {
  const model = await modelOf(`${ran("ls", "one\r\ntwo\r\n")}${ran("true", "")}${at("A")}$ `);
  const first = model.checkpoint();
  expect(marksOf(first)).toEqual(["|133;A", "|133;C", "|133;D;0", "|133;A", "|133;C", "|133;D;0", "|133;A"]);
  const again = await restoreModel(first, 20, 5, 2_000);
  expect(textOf(again.checkpoint())).toBe(textOf(first));
  expect(again.describe()).toEqual(model.describe());
});

test("an output without a line end at its end is marked in the middle of its line, also where that is wrapped", async () => {
  for (const output of ["no end", "x".repeat(20), "y".repeat(45), "日本語"]) {
    const model = await modelOf(`${ran("cat", output)}${at("A")}$ `);
    const restored = await restoreModel(model.checkpoint(), 20, 5, 2_000);
    expect(textOf(restored.checkpoint())).toBe(textOf(model.checkpoint()));
    expect(restored.describe()).toEqual(model.describe());
  }
});

test("marks go with their lines: of what scrolled out, was erased, or stood before a reset there are none", async () => {
  const scrolled = await modelOf(`${ran("seq", "line\r\n".repeat(2_100))}${at("A")}$ `);
  expect(marksOf(scrolled.checkpoint())).toEqual(["|133;D;0", "|133;A"]);
  expect(marksOf(scrolled.checkpoint("screen"))).toEqual(["|133;D;0", "|133;A"]);
  const reset = await modelOf(`${ran("ls", "one\r\n")}\x1bc`);
  expect(marksOf(reset.checkpoint())).toEqual([]);
});

test("of a full-screen program, of further lines of a command, and too long ones there are no marks", async () => {
  const model = await modelOf(
    `\x1b[?1049h${ran("in vim", "x\r\n")}\x1b[?1049l${at("A;k=s")}${at(`D;${"0".repeat(200)}`)}${at("E;secret")}`,
  );
  expect(marksOf(model.checkpoint())).toEqual([]);
});

test("the oldest mark goes where there are more than are kept", async () => {
  const model = await modelOf(`${at("C")}${at("D;1")}`.repeat(MARKS_MAX));
  expect(marksOf(model.checkpoint())).toHaveLength(MARKS_MAX);
});
