import { expect, test } from "vitest";
import { keyProblems, lineProblems, sameBytesProblems, shellProblems } from "./assertions.ts";
import { readProgramOutput } from "./machine-program.ts";
import { TypedKeys } from "./typed-keys.ts";

const line = (number: number) => `L${String(number).padStart(7, "0")} 0123456789abcdefghijklmnopqrstuvwxyz`;
const output = (...lines: string[]) => readProgramOutput(lines.join("\r\n"));

function account(typed: readonly string[], acknowledged: number, isKilled = false) {
  const keys = new TypedKeys();
  for (const name of typed) keys.typed(name, 8);
  keys.handleStored(acknowledged * 8, false);
  return { letter: "a", isKilled, keys };
}

test("lines that came once and in order are fine, between whatever else a screen shows", () => {
  const screen = output("$ bash soak.sh", "begin-7-", line(1), "Ka000000", line(2), "L-end", "finish-7-", "$");
  expect(lineProblems(screen, 2, "page a")).toEqual([]);
  expect(shellProblems(screen, "page a")).toEqual([]);
});

test("a line that is missing, doubled, moved, cut or never came is said", () => {
  const end = "L-end";
  expect(lineProblems(output(line(1), line(3), end), 3, "page a")).toEqual(["page a: after line 1 came 3"]);
  expect(lineProblems(output(line(1), line(1), end), 1, "page a")).toEqual(["page a: line 1 came again after 1"]);
  expect(lineProblems(output(line(2), line(1), end), 2, "page a")).toHaveLength(2);
  expect(lineProblems(output(line(1), line(2).slice(0, -1), end), 2, "page a")).toEqual([
    "page a: lines end at 1 of 2",
  ]);
  expect(lineProblems(output(line(1)), 1, "page a")).toEqual(["page a: the last line is missing"]);
});

test("a program that another shell finished, or nobody, is said", () => {
  expect(shellProblems(output("begin-7-", "finish-8-"), "page a")).toHaveLength(1);
  expect(shellProblems(output("begin-7-"), "page a")).toHaveLength(1);
  expect(shellProblems(output(), "page a")).toHaveLength(1);
});

test("a living page's keys all arrive, once and in order", () => {
  const typed = account(["a000000", "a00001", "a000002"], 3);
  expect(keyProblems(output("Ka000000", "Ka00001", "Ka000002", "Kzzzzzzz"), [typed])).toEqual([]);
  expect(keyProblems(output("Ka000000", "Ka000002"), [typed])[0]).toContain("instead of a00001");
  expect(keyProblems(output("Ka000000", "Ka00001"), [typed])).toEqual(["page a: the machine read 2 of 3 keys"]);
  expect(keyProblems(output("Ka000000", "Ka00001", "Ka000002", "Ka000002"), [typed])).toHaveLength(1);
  expect(keyProblems(output("Ka000000", "Ka00001", "Ka000002", "K\u001b[1;1R"), [typed])).toHaveLength(1);
});

test("a killed page may lose a tail that it was never told of, and neither more nor a hole", () => {
  const typed = account(["a000000", "a000001", "a000002"], 1, true);
  for (const arrived of [["Ka000000"], ["Ka000000", "Ka000001"], ["Ka000000", "Ka000001", "Ka000002"]])
    expect(keyProblems(output(...arrived), [typed])).toEqual([]);
  expect(keyProblems(output(), [typed])).toEqual(["page a: the machine read 0 of 1 keys"]);
  expect(keyProblems(output("Ka000000", "Ka000002"), [typed])).toHaveLength(1);
});

test("what a person dropped may not arrive, and what she typed afterwards must", () => {
  const keys = new TypedKeys();
  keys.typed("a000000", 8);
  keys.typed("a000001", 8);
  keys.handleStored(8, true);
  keys.handleDropped();
  keys.typed("a000002", 8);
  keys.handleStored(16, false);
  expect(keys).toMatchObject({ acknowledged: 2, dropped: 1, isAllStored: true });
  const page = { letter: "a", isKilled: false, keys };
  expect(keyProblems(output("Ka000000", "Ka000002"), [page])).toEqual([]);
  expect(keyProblems(output("Ka000000", "Ka000001", "Ka000002"), [page])).toHaveLength(1);
});

test("a server that forgets what it said is stored is caught", () => {
  const { keys } = account(["a000000", "a000001"], 2);
  keys.handleStored(8, true);
  expect(keyProblems(output("Ka000000", "Ka000001"), [{ letter: "a", isKilled: false, keys }])).toEqual([
    "page a: the server forgot stored input: it said 16, then 8",
  ]);
});

test("two pages saw the same bytes, as far as the shorter one goes", () => {
  const bytes = (text: string) => Buffer.from(text);
  expect(sameBytesProblems(bytes("abc"), bytes("abcd"), "a and b")).toEqual([]);
  expect(sameBytesProblems(bytes("abc"), bytes("axc"), "a and b")).toEqual([
    "a and b: the bytes differ at offset 1 of 3 and 3",
  ]);
});
