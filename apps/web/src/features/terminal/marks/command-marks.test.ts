import { Terminal } from "@xterm/headless";
import { expect, test } from "vitest";
import { exportText } from "../output/export-text.ts";
import { COMMANDS_MAX, type CommandEnd, CommandMarks } from "./command-marks.ts";
import { shellMark } from "./shell-mark.ts";

const at = (mark: string): string => `\x1b]133;${mark}\x07`;
const PROMPT = `${at("A")}dana$ ${at("B")}`;
/** A command as a shell with integration shows it. */
const ran = (command: string, output: string, exitCode = 0): string =>
  `${PROMPT}${command}\r\n${at("C")}${output}${at(`D;${exitCode}`)}`;

class Bench {
  readonly terminal: Terminal;
  readonly marks: CommandMarks;
  readonly ends: CommandEnd[] = [];
  nowMs = 0;
  isLive = true;

  constructor({ cols = 40, rows = 6, scrollback = 100 } = {}) {
    this.terminal = new Terminal({ cols, rows, scrollback, allowProposedApi: true });
    this.marks = new CommandMarks(this.terminal, {
      textOf: exportText,
      isParsingLive: () => this.isLive,
      nowMs: () => this.nowMs,
      onEnded: (end) => this.ends.push(end),
      onChanged: () => undefined,
    });
    this.terminal.parser.registerOscHandler(133, (data) => {
      const mark = shellMark(data);
      if (mark) this.marks.handle(mark);
      return true;
    });
  }

  async print(output: string): Promise<void> {
    await new Promise<void>((done) => this.terminal.write(output, done));
  }

  /** The text of each command's first line. */
  get prompts(): string[] {
    const { normal } = this.terminal.buffer;
    return this.marks.all().map(({ prompt }) => normal.getLine(prompt.line)?.translateToString(true) ?? "");
  }
}

test("commands are where their prompts stand, with their exit status; a prompt where nothing was run is none", async () => {
  const b = new Bench();
  await b.print(ran("ls", "a\r\nb\r\n") + PROMPT);
  await b.print(`\r\n${PROMPT}\r\n${PROMPT}`);
  await b.print(`\r\n${ran("false", "", 1)}${PROMPT}`);
  expect(b.prompts).toEqual(["dana$ ls", "dana$ false"]);
  expect(b.marks.all().map(({ state, exitCode }) => [state, exitCode])).toEqual([
    ["ended", 0],
    ["ended", 1],
  ]);
  expect(b.marks.isRunning).toBe(false);
});

test("a command runs from its output mark to its end, or to the next prompt where the shell marks no end", async () => {
  const b = new Bench();
  await b.print(`${PROMPT}sleep 9\r\n${at("C")}`);
  expect(b.marks.isRunning).toBe(true);
  await b.print(PROMPT);
  expect(b.marks.isRunning).toBe(false);
  expect(b.marks.all()).toHaveLength(1);
  expect(b.marks.all()[0]?.exitCode).toBeUndefined();
});

test("the last output is what stands between its marks: wrapped lines whole, no prompt, blank lines in its middle kept", async () => {
  const b = new Bench({ cols: 20, rows: 4 });
  await b.print(`${ran("one", "1\r\n")}${ran("two", `${"x".repeat(45)}\r\n\r\nend\r\n`)}${PROMPT}typed`);
  expect(b.marks.lastOutput()).toBe(`${"x".repeat(45)}\n\nend\n`);
});

test("an output without a line end at its end is cut where it ends, also after the window was made narrower", async () => {
  const b = new Bench({ cols: 40, rows: 8 });
  await b.print(`${ran("printf", "first\r\n\r\nno line end")}${PROMPT}`);
  expect(b.marks.lastOutput()).toBe("first\n\nno line end");
  await b.print("\r\n"); // the emulator leaves the cursor's own line to the shell, which draws it anew
  b.terminal.resize(10, 8);
  expect(b.marks.lastOutput()).toBe("first\n\nno line end");
});

test("the output of a command that still runs is what it printed so far", async () => {
  const b = new Bench();
  await b.print(`${ran("one", "1\r\n")}${PROMPT}tail -f\r\n${at("C")}a\r\nb\r\n`);
  expect(b.marks.lastOutput()).toBe("a\nb\n");
});

test("an output longer than the scrollback is what is left of it", async () => {
  const b = new Bench({ rows: 3, scrollback: 5 });
  const lines = Array.from({ length: 20 }, (_, n) => `line ${n}\r\n`).join("");
  await b.print(`${ran("one", "1\r\n")}${ran("seq", lines)}${PROMPT}`);
  expect(b.marks.all()).toEqual([]);
  expect(b.marks.lastOutput()).toBe(Array.from({ length: 7 }, (_, n) => `line ${n + 13}\n`).join(""));
});

test("after the screen was cleared there is no output of before", async () => {
  const b = new Bench({ rows: 4 });
  await b.print(ran("seq", "1\r\n2\r\n3\r\n4\r\n5\r\n"));
  await b.print(`${PROMPT}clear\r\n${at("C")}\x1b[H\x1b[2J\x1b[3J${at("D;0")}${PROMPT}`);
  expect(b.marks.lastOutput()).toBe("");
});

test("a terminal that was reset knows no command any more", async () => {
  const b = new Bench();
  await b.print(ran("ls", "a\r\n"));
  b.marks.reset();
  expect(b.marks.all()).toEqual([]);
  expect(b.marks.lastOutput()).toBeUndefined();
  expect(b.marks.isMarked).toBe(false);
});

test("marks of a full-screen program are not looked at", async () => {
  const b = new Bench();
  await b.print(`${PROMPT}vi\r\n${at("C")}\x1b[?1049h${at("D;0")}${PROMPT}`);
  expect(b.marks.isRunning).toBe(true);
  await b.print(`\x1b[?1049l${at("D;3")}`);
  expect(b.marks.all()[0]?.exitCode).toBe(3);
});

test("how long a command took is known where both its ends happened here, and told once", async () => {
  const b = new Bench();
  await b.print(`${PROMPT}make\r\n${at("C")}`);
  b.nowMs = 12_000;
  await b.print(`${at("D;2")}${at("D;2")}${PROMPT}`);
  expect(b.ends).toEqual([{ tookMs: 12_000, exitCode: 2 }]);
  b.isLive = false; // shown again after a reload
  await b.print(ran("old", ""));
  expect(b.ends).toHaveLength(1);
});

test("marks without a beginning are taken as far as they go, and never fail", async () => {
  const b = new Bench();
  await b.print(at("D;0") + at("D") + at("B") + at("B") + at("C") + at("C") + at("A") + at("A"));
  expect(b.marks.all()).toHaveLength(1);
  await b.print(`${at("C")}out\r\n${at("D;0")}`);
  expect(b.marks.lastOutput()).toBe("out\n");
});

test("at its bound the oldest command goes, and no place of it is kept in the emulator", async () => {
  const b = new Bench({ rows: 4, scrollback: 5_000 });
  for (let n = 0; n < COMMANDS_MAX + 20; n++) await b.print(ran(`command ${n}`, "x\r\n"));
  expect(b.marks.all()).toHaveLength(COMMANDS_MAX);
  expect(b.prompts[0]).toBe("dana$ command 20");
  expect(b.terminal.markers.length).toBeLessThanOrEqual(COMMANDS_MAX * 3);
});
