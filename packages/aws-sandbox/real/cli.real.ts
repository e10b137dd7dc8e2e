// The AWS CLI, every call of the README's table, and a shell as a person opens it.
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { awsCli, plugin } from "./binaries.ts";
import { REGION, SandboxProcess } from "./sandbox-process.ts";
import { TerminalProgram } from "./terminal-program.ts";

const TABLE = resolve(import.meta.dirname, "../../../scripts/cli-table.mjs");

const MACHINE = "i-0a1f6c83e5d2b7940";

let sandbox: SandboxProcess;
beforeAll(async () => {
  sandbox = await SandboxProcess.start();
});
afterAll(() => sandbox.stop());

test("every call of the README's table prints what the table says", async () => {
  const env = { ...process.env, AWS_CLI: awsCli() };
  const { stdout } = await promisify(execFile)(process.execPath, [TABLE, "--check"], { env });
  expect(stdout).toMatch(/^\d+ commands print what the table says\n$/);
});

test("start-session over TLS is a shell with a prompt, and ends with the plugin's own words", async () => {
  await sandbox.connected(MACHINE);
  const env = sandbox.environment("dana");
  env.PATH = `${resolve(plugin(), "..")}:${env.PATH}`;
  const argv = ["--endpoint-url", sandbox.tlsUrl, "--region", REGION, "ssm", "start-session"];
  const shell = new TerminalProgram(awsCli(), [...argv, "--target", MACHINE], env);
  await shell.shows("ssm-user@checkout-api-04:~$ ");
  shell.enter("echo cli-$((40+2))");
  await shell.shows("cli-42");
  shell.enter("exit");
  await shell.shows("Exiting session with sessionId: dana-");
  expect(await shell.ended()).toBe(0);
});
