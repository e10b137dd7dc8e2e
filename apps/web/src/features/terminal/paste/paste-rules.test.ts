import { expect, test } from "vitest";
import {
  asOneLine,
  countLines,
  LARGE_PASTE_BYTES,
  type PasteContext,
  PREVIEW_CHARS_MAX,
  PREVIEW_LINES_MAX,
  previewLines,
  reasonsToAsk,
} from "./paste-rules.ts";

const PLAIN: PasteContext = {
  isBracketed: false,
  isProduction: false,
  rules: { guard: true, guardProduction: true },
};
const ask = (text: string, context: Partial<PasteContext> = {}): string[] =>
  reasonsToAsk(text, new TextEncoder().encode(text).length, { ...PLAIN, ...context });

test("one line is pasted without a question, also with its line end and with tabs", () => {
  for (const text of ["ls -l", "ls -l\n", "ls -l\r\n", "a\tb"]) expect(ask(text)).toEqual([]);
});

test("several lines are asked about, whatever ends them, unless the shell takes them as one text", () => {
  for (const text of ["a\nb", "a\r\nb", "a\rb", "\n\n"]) {
    expect(ask(text)).toEqual(["lines"]);
    expect(ask(text, { isBracketed: true })).toEqual([]);
  }
});

test("in production several lines are asked about in every shell, unless the person turned that off", () => {
  const production = { isBracketed: true, isProduction: true };
  expect(ask("a\nb", production)).toEqual(["production"]);
  expect(ask("a\nb", { ...production, isBracketed: false })).toEqual(["lines"]);
  expect(ask("a", production)).toEqual([]);
  expect(ask("a\nb", { ...production, rules: { guard: true, guardProduction: false } })).toEqual([]);
});

test("every control character but tab and line end is asked about, 7-bit and 8-bit", () => {
  for (let code = 0; code < 0xa0; code++) {
    const char = String.fromCharCode(code);
    const isControl = (code < 0x20 && !"\t\r\n".includes(char)) || code >= 0x7f;
    expect([code, ask(`a${char}`)]).toEqual([code, isControl ? ["control"] : []]);
  }
});

test("more than 5 kB is asked about, counted as the shell gets it", () => {
  expect(ask("x".repeat(LARGE_PASTE_BYTES))).toEqual([]);
  expect(ask("x".repeat(LARGE_PASTE_BYTES + 1))).toEqual(["large"]);
  expect(ask("é".repeat(LARGE_PASTE_BYTES / 2 + 1))).toEqual(["large"]);
});

test("whoever turned the guard off is never asked", () => {
  expect(ask("rm\nrm\x1b", { rules: { guard: false, guardProduction: true } })).toEqual([]);
});

test("a final line end closes its line and begins no other", () => {
  expect(["", "a", "a\n", "a\nb", "a\r\nb\r\n", "a\n\n", "\r\n\r\n"].map(countLines)).toEqual([1, 1, 1, 2, 2, 2, 2]);
});

test("the preview shows the first lines, marks the final line end, and shows control characters as pictures", () => {
  const lines = previewLines("one\r\ntwo \x1b[31m\n");
  expect(lines).toEqual([
    { number: 1, parts: [{ at: 0, text: "one", isControl: false }], isCut: false, isRun: false },
    {
      number: 2,
      parts: [
        { at: 0, text: "two ", isControl: false },
        { at: 4, text: "␛", isControl: true },
        { at: 5, text: "[31m", isControl: false },
      ],
      isCut: false,
      isRun: true,
    },
  ]);
  expect(previewLines("x\n".repeat(50))).toHaveLength(PREVIEW_LINES_MAX);
  expect(previewLines("x".repeat(PREVIEW_CHARS_MAX + 1))[0]).toMatchObject({ isCut: true });
});

test("as one line joins with blanks, drops empty lines, and takes a joining backslash away but not an escaped one", () => {
  expect(asOneLine("  a \n\n b\r\nc\r")).toBe("a b c");
  expect(asOneLine("docker run \\\n  -it \\\n  x")).toBe("docker run -it x");
  expect(asOneLine("echo \\\\\nb")).toBe("echo \\\\ b");
});
