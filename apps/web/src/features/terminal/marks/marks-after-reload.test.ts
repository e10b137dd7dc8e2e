import { TerminalModel } from "@causeway/terminal-checkpoint";
import { useSameUnicode } from "@causeway/terminal-checkpoint/same-terminal";
import { Terminal } from "@xterm/headless";
import { expect, test } from "vitest";
import { exportText } from "../output/export-text.ts";
import { CommandMarks } from "./command-marks.ts";
import { shellMark } from "./shell-mark.ts";

const SIZE = { cols: 30, rows: 6 };
const SCROLLBACK = 1_000;
const at = (mark: string): string => `\x1b]133;${mark}\x07`;
const PROMPT = `${at("A")}dana$ ${at("B")}`;
const ran = (command: string, output: string, exitCode = 0): string =>
  `${PROMPT}${command}\r\n${at("C")}${output}${at(`D;${exitCode}`)}`;

/** What a page knows of the commands in its terminal after these bytes. */
async function known(bytes: string | Uint8Array) {
  const terminal = new Terminal({ ...SIZE, scrollback: SCROLLBACK, allowProposedApi: true });
  useSameUnicode(terminal);
  const marks = new CommandMarks(terminal, {
    textOf: exportText,
    isParsingLive: () => false,
    nowMs: () => 0,
    onEnded: () => undefined,
    onChanged: () => undefined,
  });
  terminal.parser.registerOscHandler(133, (data) => {
    const mark = shellMark(data);
    if (mark) marks.handle(mark);
    return true;
  });
  await new Promise<void>((done) => terminal.write(bytes, done));
  return {
    commands: marks.all().map(({ prompt, state, exitCode }) => ({ line: prompt.line, state, exitCode })),
    lastOutput: marks.lastOutput(),
    isRunning: marks.isRunning,
    isMarked: marks.isMarked,
  };
}

test.each([
  ["several commands, one failed", `${ran("ls", "a\r\nb\r\n")}${ran("false", "", 1)}${PROMPT}`],
  ["a command that runs", `${ran("ls", "a\r\n")}${PROMPT}sleep 9\r\n${at("C")}so far\r\n`],
  ["an output without a line end", `${ran("printf x", "no end")}${PROMPT}typed`],
  ["an output that fills its row", `${ran("printf x", "x".repeat(30))}${PROMPT}`],
  ["an output wrapped over rows", `${ran("printf x", "x".repeat(70))}${PROMPT}`],
  ["wide and joined characters", `${ran("printf x", "日本語 e\u0301 👩‍👩‍👧")}${PROMPT}`],
  ["coloured output", `${ran("ls", "\x1b[31mred\x1b[0m and \x1b[44mblue ground\x1b[K\r\n\x1b[0m")}${PROMPT}`],
  ["lines that scrolled out of the screen", `${ran("seq", "line\r\n".repeat(40))}${ran("ls", "b\r\n")}${PROMPT}`],
])("a reload from a checkpoint knows the same commands: %s", async (_name, output) => {
  const model = new TerminalModel({ ...SIZE, scrollbackLines: SCROLLBACK });
  await model.write(new TextEncoder().encode(output));
  expect(await known(model.checkpoint())).toEqual(await known(output));
});
