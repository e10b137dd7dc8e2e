// The command as it is started: its one line on stdout, its errors, its end.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), "..");

// Built once, as it is given out: a dozen starts that each translate the sources cost a slow machine minutes.
let built = "";
beforeAll(async () => {
  built = await mkdtemp(join(PACKAGE, "node_modules/.cli-test-")); // where the terminal library is found
  await build({ root: PACKAGE, logLevel: "warn", build: { outDir: built, sourcemap: false } });
}, 120_000);
afterAll(() => rm(built, { recursive: true }));

let folder = "";
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sandbox-cli-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

function run(...argv: string[]) {
  const child = spawn(process.execPath, [join(built, "main.js"), ...argv], {
    env: { PATH: process.env.PATH, AWS_SECRET_ACCESS_KEY: "canary", TMPDIR: folder },
  });
  children.push(child);
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output.stderr += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const ready = () => expect.poll(() => output.stdout, { timeout: 25_000 }).toContain("\n");
  return { child, output, ended, ready };
}

test("--json prints exactly one line when ready, and SIGTERM ends everything within two seconds", async () => {
  const peopleFile = join(folder, "people.json");
  const { child, output, ended, ready } = run("--json", "--no-isolation", "--port", "0", "--people-file", peopleFile);
  await ready();
  const line = JSON.parse(output.stdout);
  expect(line).toEqual({
    endpointUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    peopleFile,
    pid: child.pid,
    missingIsolation: expect.arrayContaining([expect.stringContaining("same file system")]),
  });
  const file = JSON.parse(await readFile(peopleFile, "utf8"));
  expect(file.endpointUrl).toBe(line.endpointUrl);

  const signalledAt = performance.now();
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(performance.now() - signalledAt).toBeLessThan(2_000);
  expect(output.stdout.split("\n")).toHaveLength(2);
  expect(existsSync(peopleFile)).toBe(false);

  const everything = output.stdout + output.stderr;
  expect(everything).toContain("isolation_missing");
  for (const secret of [
    file.adminToken,
    ...file.people.map((person: { secretAccessKey: string }) => person.secretAccessKey),
  ])
    expect(everything).not.toContain(secret);
});

test("without --json it says in words where it is, who is in the file, and what isolation is missing", async () => {
  const { child, output, ended, ready } = run("--port", "0", "--no-isolation", "--tls", "--tls-port", "0");
  await ready();
  expect(output.stdout).toMatch(/^Sandbox ready: http:\/\/127\.0\.0\.1:\d+ /);
  expect(output.stdout).toContain("dana (SRE-Operator)");
  expect(output.stdout).toContain("same file system");
  expect(output.stdout).toMatch(/^With TLS: https:\/\/127\.0\.0\.1:\d+$/m);
  const caFile = /^Its authority, .*: (.+)$/m.exec(output.stdout)?.[1] ?? "";
  expect(await readFile(caFile, "utf8")).toMatch(/^-----BEGIN CERTIFICATE-----/);
  child.kill("SIGINT");
  expect(await ended).toBe(0);
  expect(existsSync(caFile)).toBe(false);
});

test("faults and short-lived keys are options; faults that are on are told at the start", async () => {
  const plan = join(folder, "faults.json");
  await writeFile(plan, JSON.stringify({ seed: 7, links: [{ toClient: { loss: 0.05 } }] }));
  const peopleFile = join(folder, "people.json");
  const start = [
    "--port",
    "0",
    "--faults",
    plan,
    "--throttle",
    "--credential-lifetime",
    "60",
    "--people-file",
    peopleFile,
  ];
  const { child, output, ended, ready } = run(...start);
  await ready();
  expect(output.stdout).toContain("These faults are on (seed 7):\n  - all sessions: to the client: loss 0.05\n");
  expect(output.stdout).toContain("  - StartSession: 5 a second in each account and region, 15 at once");
  expect(JSON.parse(await readFile(peopleFile, "utf8")).people[0]).toMatchObject({
    accessKeyId: expect.stringMatching(/^ASIA/),
    sessionToken: expect.any(String),
    expiresAt: expect.stringMatching(/^\d{4}-/),
  });
  child.kill("SIGINT");
  expect(await ended).toBe(0);
});

test("a busy port, a foreign host and a wrong argument are one line each, with status 1", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => taken.once("listening", resolve));
  const { port } = taken.address() as { port: number };
  const wrongPlan = join(folder, "wrong.json");
  await writeFile(wrongPlan, '{"sed": 1}');
  const runs = [
    { argv: ["--port", String(port)], says: `port ${port} is in use` },
    { argv: ["--host", "0.0.0.0", "--port", "0"], says: "loopback only" },
    { argv: ["--port", "many"], says: "--port wants a number" },
    { argv: ["--proxy-port", "0"], says: "--proxy-port wants a number" },
    { argv: ["--tls-port", "many"], says: "--tls-port wants a number" },
    {
      argv: ["--port", "0", "--tls-port", String(port)],
      says: `port ${port} is in use: end what listens there, or choose another with --tls-port`,
    },
    { argv: ["--aws-name", "evil.example"], says: "--aws-name wants a host name under amazonaws.com" },
    { argv: ["--fleet", "20001"], says: "--fleet wants a number from 0 to 20000" },
    { argv: ["--colour"], says: "colour" },
    { argv: ["--credential-lifetime", "0"], says: "--credential-lifetime wants seconds" },
    { argv: ["--faults", join(folder, "none.json")], says: "--faults wants a file with JSON" },
    { argv: ["--faults", wrongPlan, "--port", "0"], says: '--faults: the plan: "sed" is not known here' },
  ].map(({ argv, says }) => ({ ...run(...argv), says }));
  for (const { ended, output, says } of runs) {
    expect(await ended).toBe(1);
    expect(output.stdout).toBe("");
    expect(output.stderr).toMatch(/^sandbox: [^\n]*\n$/);
    expect(output.stderr).toContain(says);
  }
  taken.close();
});
