import { expect, test } from "vitest";
import { SHELL_MARK_CHARS_MAX, shellMark } from "./shell-mark.ts";

test("the four marks of a command are read in both dialects, with whatever else they carry", () => {
  expect(shellMark("A")).toEqual({ kind: "prompt" });
  expect(shellMark("A;cl=m;aid=77")).toEqual({ kind: "prompt" });
  expect(shellMark("N;aid=77")).toEqual({ kind: "prompt" });
  expect(shellMark("P;k=i")).toEqual({ kind: "prompt" });
  expect(shellMark("B")).toEqual({ kind: "input" });
  expect(shellMark("C;cmdline_url=ls")).toEqual({ kind: "output" });
  expect(shellMark("D")).toEqual({ kind: "done" });
  expect(shellMark("D;0")).toEqual({ kind: "done", exitCode: 0 });
  expect(shellMark("D;130;aid=77")).toEqual({ kind: "done", exitCode: 130 });
  expect(shellMark("D;-1073741510")).toEqual({ kind: "done", exitCode: -1073741510 });
});

test("prompts of further lines and at the right edge begin no command", () => {
  for (const data of ["A;k=s", "P;k=c", "P;k=r", "P", "P;Cwd=/root"]) expect(shellMark(data)).toBeUndefined();
});

test("an exit status that is none is left out, and what is unknown or too long is nothing", () => {
  expect(shellMark("D;err=CANCEL")).toEqual({ kind: "done" });
  expect(shellMark(`D;${"9".repeat(11)}`)).toEqual({ kind: "done" });
  expect(shellMark("D;1e3")).toEqual({ kind: "done" });
  for (const data of ["", "E;rm -rf /;nonce", "AA", "a", `A;${"x".repeat(SHELL_MARK_CHARS_MAX)}`])
    expect(shellMark(data)).toBeUndefined();
});
