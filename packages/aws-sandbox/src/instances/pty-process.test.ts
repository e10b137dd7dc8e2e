import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type MachineHome, prepareHome, shellPath } from "./home-directory.ts";
import { isAlive, processesOfSessions } from "./process-table.ts";
import { PtyProcess } from "./pty-process.ts";

const root = mkdtempSync(join(tmpdir(), "pty-process-"));
let home: MachineHome;
const running: Recorder[] = [];

beforeAll(async () => {
  home = await prepareHome(
    root,
    {
      instanceId: "i-0a1f6c83e5d2b7940",
      name: "checkout-api-04",
      region: "eu-west-1",
      platformName: "Amazon Linux",
      platformVersion: "2023",
      privateIp: "10.42.1.58",
      tags: { service: "checkout" },
    },
    1_729_000_000_000,
  );
});
afterEach(() => {
  for (const recorder of running.splice(0)) recorder.process.kill();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

class Recorder {
  readonly process: PtyProcess;
  #output: Buffer[] = [];
  exitCode: number | undefined;
  constructor(command: string[]) {
    this.process = new PtyProcess(command, home, {
      output: (bytes) => this.#output.push(Buffer.from(bytes)),
      exited: (exitCode) => {
        this.exitCode = exitCode;
      },
    });
    running.push(this);
  }
  get text(): string {
    return Buffer.concat(this.#output).toString("utf8");
  }
  get byteCount(): number {
    return this.#output.reduce((sum, chunk) => sum + chunk.length, 0);
  }
  type(text: string): void {
    this.process.write(Buffer.from(text));
  }
}

const sh = (script: string) => new Recorder([shellPath(), "-c", script]);
const eventually = (assertion: () => void) => vi.waitFor(assertion, { timeout: 10_000, interval: 10 });
const exited = (recorder: Recorder) => eventually(() => expect(recorder.exitCode).toBeDefined());

test("a process sees nothing of the sandbox's environment", async () => {
  process.env.AWS_SECRET_ACCESS_KEY = "canary";
  process.env.CAUSEWAY_DATA_DIR = "canary";
  const recorder = sh("env");
  await exited(recorder);
  delete process.env.AWS_SECRET_ACCESS_KEY;
  delete process.env.CAUSEWAY_DATA_DIR;
  const names = recorder.text
    .trim()
    .split("\r\n")
    .map((line) => line.split("=")[0]);
  expect(names.sort()).toEqual(
    [
      "HISTFILE",
      "HOME",
      "HOSTNAME",
      "LANG",
      "LOGNAME",
      "PATH",
      "PWD",
      "SHELL",
      "SHLVL",
      "TERM",
      "TMPDIR",
      "USER",
      "_",
    ].sort(),
  );
});

test("a process inherits no descriptor, least of all another session's terminal", async () => {
  sh("sleep 60");
  sh("sleep 60");
  const recorder = sh("ls -l /proc/$$/fd; true");
  await exited(recorder);
  expect(recorder.text.match(/ -> /g)).toHaveLength(3);
  expect(recorder.text).not.toContain("ptmx");
});

test("a large paste that nobody reads does not hold up the sandbox, and arrives when somebody does", async () => {
  const recorder = sh("stty raw -echo; echo ready; read -r -n 1 _; exec head -c 299999 | wc -c");
  await eventually(() => expect(recorder.text).toContain("ready"));
  const before = performance.now();
  recorder.process.write(new Uint8Array(300_000).fill(0x61));
  expect(performance.now() - before).toBeLessThan(1_000);
  await exited(recorder);
  expect(recorder.text).toContain("299999");
});

test("output that waits unread when the process ends is not lost", async () => {
  const recorder = sh("stty -opost; head -c 3000 /dev/zero | tr '\\0' 'x'");
  recorder.process.pauseOutput();
  await exited(recorder);
  expect(recorder.byteCount).toBe(3000);
});

test("output printed just before the end is never lost", async () => {
  const recorders = Array.from({ length: 40 }, () => sh("seq 1 5000"));
  for (const recorder of recorders) await exited(recorder);
  expect(recorders.filter(({ text }) => !text.endsWith("\r\n4999\r\n5000\r\n"))).toEqual([]);
});

test("an exit code and a signal are told apart as shells do it", async () => {
  const failing = sh("exit 7");
  const killed = sh("kill -9 $$");
  await exited(failing);
  await exited(killed);
  expect([failing.exitCode, killed.exitCode]).toEqual([7, 137]);
});

test("kill ends jobs in process groups of their own, also those that ignore SIGHUP", async () => {
  const recorder = new Recorder([shellPath(), "--norc", "-i"]);
  recorder.type("trap '' HUP; sleep 600 & nohup sleep 601 & echo started $((1+1))\r");
  await eventually(() => expect(recorder.text).toContain("started 2"));
  const processes = processesOfSessions(new Set([recorder.process.pid]));
  expect(processes.length).toBeGreaterThanOrEqual(3);
  recorder.process.kill();
  await exited(recorder);
  await eventually(() => expect(processes.filter(isAlive)).toEqual([]));
});

test("a size set on the process is what programs in it see", async () => {
  const recorder = sh("read -r _; stty size");
  recorder.process.resize(132, 43);
  recorder.type("\r");
  await exited(recorder);
  expect(recorder.text).toContain("43 132");
});
