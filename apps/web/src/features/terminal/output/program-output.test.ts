import { expect, test } from "vitest";
import { copiedText } from "./copied-text.ts";
import { PROGRAM_COPY_BYTES_MAX, programCopy } from "./program-clipboard.ts";
import { programProgress } from "./program-progress.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

test("copying trims the blanks at the end of each line, and none in the middle", () => {
  expect(copiedText("a  b   \n  c\t \r\n\n d \u00a0")).toBe("a  b\n  c\r\n\n d");
});

test("a program's text for the clipboard is read as UTF-8, whichever clipboard it names", () => {
  expect(programCopy(`c;${base64("é漢🎉")}`)).toBe("é漢🎉");
  expect(programCopy(`;${base64("x")}`)).toBe("x");
});

test("a program that asks for the clipboard, or sends what cannot be read, or too much, gets nothing", () => {
  for (const data of ["c;?", "c;", "c", "c;%%%", `c;${Buffer.from([0xff, 0xfe]).toString("base64")}`])
    expect([data, programCopy(data)]).toEqual([data, undefined]);
  expect(programCopy(`c;${base64("x".repeat(PROGRAM_COPY_BYTES_MAX))}`)).toHaveLength(PROGRAM_COPY_BYTES_MAX);
  expect(programCopy(`c;${base64("x".repeat(PROGRAM_COPY_BYTES_MAX + 8))}`)).toBeUndefined();
});

test("progress is read in its states, bounded at 100, and ends when the program says so", () => {
  expect(programProgress("4;1;30")).toEqual({ kind: "running", percent: 30 });
  expect(programProgress("4;2;999")).toEqual({ kind: "failed", percent: 100 });
  expect(programProgress("4;3;30")).toEqual({ kind: "unknown" });
  expect(programProgress("4;4")).toEqual({ kind: "waiting" });
  expect(programProgress("4;0;")).toBe("gone");
  for (const data of ["4;9;1", "4;1;x", "4;1;-5", "9;hello", "hello", ""])
    expect(programProgress(data)).toBeUndefined();
});
