import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../ssm-messages/test-peers.ts";
import { CommandProcess, GATHERED_BYTES_MAX } from "./command-process.ts";
import { type MachineHome, prepareHome } from "./home-directory.ts";
import { isAlive, processesWithHome } from "./process-table.ts";

const root = mkdtempSync(join(tmpdir(), "command-process-"));
let home: MachineHome;

beforeAll(async () => {
  const facts = {
    instanceId: "i-0",
    name: "a",
    region: "",
    platformName: "",
    platformVersion: "",
    privateIp: "",
    tags: {},
  };
  home = await prepareHome(root, facts, 0);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function run(words: string[], separate = false) {
  const chunks: Buffer[] = [];
  const state: { exitCode: number | undefined } = { exitCode: undefined };
  const prefixes = { stdOutPrefix: "", stdErrPrefix: "" };
  const process = new CommandProcess(words, separate ? prefixes : undefined, home, {
    output: (bytes) => chunks.push(Buffer.from(bytes)),
    exited: (exitCode) => {
      state.exitCode = exitCode;
    },
  });
  return { process, state, output: () => Buffer.concat(chunks) };
}

test("gathered output is kept up to a bound, and the person is told of the rest", async () => {
  const { state, output } = run(["head", "-c", String(GATHERED_BYTES_MAX + 1), "/dev/zero"]);
  await eventually(() => expect(state.exitCode).toBe(0));
  expect(output().subarray(GATHERED_BYTES_MAX).toString()).toBe("\n(the rest of the output was not kept)\n");
});

test("a command that does not exist says so on its error output, as with the real agent, and not as a failed session", async () => {
  const chunks: [string, boolean][] = [];
  const exits: number[] = [];
  new CommandProcess(["no-such-program", "-x"], undefined, home, {
    output: (bytes, isStdErr) => chunks.push([Buffer.from(bytes).toString(), isStdErr]),
    exited: (exitCode) => exits.push(exitCode),
  });
  await eventually(() => expect(exits).toEqual([1]));
  expect(chunks).toEqual([['exec: "no-such-program": executable file not found in $PATH', true]]);
});

test("Ctrl-C and Ctrl-\\ in the input are signals, all else is ignored", async () => {
  const interrupted = run(["sh", "-c", "echo up; exec sleep 100"], true);
  await eventually(() => expect(interrupted.output().toString()).toBe("up\n"));
  interrupted.process.write(Buffer.from("q\r"));
  interrupted.process.write(Buffer.from("\x03"));
  await eventually(() => expect(interrupted.state.exitCode).toBe(130));
  const quit = run(["sh", "-c", "echo up; exec sleep 100"], true);
  await eventually(() => expect(quit.output().toString()).toBe("up\n"));
  quit.process.write(Buffer.from("\x1c"));
  await eventually(() => expect(quit.state.exitCode).toBe(131));
});

test("kill ends a command with what it started", async () => {
  const { process, output } = run(["sh", "-c", "sleep 100 & sleep 101 & echo up; wait"], true);
  await eventually(() => expect(output().toString()).toBe("up\n"));
  const processes = processesWithHome(home.path);
  expect(processes.length).toBeGreaterThanOrEqual(3);
  process.kill();
  await eventually(() => expect(processes.filter(isAlive)).toEqual([]));
});
