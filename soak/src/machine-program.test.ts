import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { KEY_BYTES, keyName, keyText, LAST_KEY, PROGRAM, programCall, readProgramOutput } from "./machine-program.ts";

test("a key is eight bytes long, with Enter or without, and the program names it as the page does", () => {
  for (const enter of [false, true]) {
    expect(keyText("a", 17, enter)).toHaveLength(KEY_BYTES);
    expect(keyText("a", 17, enter).replace(/[\r,]/g, "")).toBe(keyName("a", 17, enter));
  }
  expect(LAST_KEY).toHaveLength(KEY_BYTES);
});

test("the program writes its lines, says every key it reads, ends with the last one, and is one process", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "causeway-program-"));
  const [file = "", ...args] = programCall({ count: 30, perBurst: 10, pauseMs: 5 }).trim().split(" ").slice(1);
  writeFileSync(path.join(folder, file), PROGRAM);
  const child = spawn("bash", [file, ...args], { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
  // A pipe is no terminal: it does not turn Enter into a newline by itself.
  child.stdin.end((keyText("a", 0, false) + keyText("a", 1, true) + LAST_KEY).replace("\r", "\n"));
  let text = "";
  for await (const chunk of child.stdout) text += chunk;
  rmSync(folder, { recursive: true });
  const output = readProgramOutput(text);
  expect(output).toMatchObject({
    begin: String(child.pid),
    finish: String(child.pid),
    lines: Array.from({ length: 30 }, (_, index) => index + 1),
    hasLastLine: true,
    keys: ["a000000", "a00001"],
  });
});
