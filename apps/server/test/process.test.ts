/** The server as a process: how it starts, refuses to start, and ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
/** Two cores are shared with everything else: a start takes seconds when the compiler is cold. */
const WAIT = { timeout: 25_000, interval: 50 };

interface Running {
  child: ChildProcess;
  out(): string;
  err(): string;
  exit: Promise<number | string>;
  url(): string;
}

let directory: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "causeway-process-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(directory, { recursive: true, force: true });
});

function start(env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, ["--import", "tsx", MAIN], {
    env: {
      PATH: process.env.PATH,
      HOME: directory,
      CAUSEWAY_LISTEN: "127.0.0.1:0",
      CAUSEWAY_DATA_DIR: join(directory, "data"),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let [out, err] = ["", ""];
  child.stdout?.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    err += chunk;
  });
  const exit = once(child, "close").then(([code, signal]) => code ?? signal);
  return { child, exit, out: () => out, err: () => err, url: () => /"publicUrl":"([^"]+)"/.exec(out)?.[1] ?? "" };
}

async function ready(running: Running): Promise<Running> {
  await expect.poll(() => running.err(), WAIT).toContain("Causeway is ready");
  return running;
}

test("it starts, answers, keeps its files private, and ends in order on SIGTERM", { timeout: 60_000 }, async () => {
  const server = await ready(start());
  expect((await fetch(`${server.url()}/readyz`)).status).toBe(200);
  expect(server.err()).toContain(`Causeway is ready: ${server.url()}`);
  const data = join(directory, "data");
  expect(statSync(data).mode & 0o777).toBe(0o700);
  for (const file of readdirSync(data)) {
    const entry = statSync(join(data, file));
    expect([file, entry.mode & 0o777]).toEqual([file, entry.isDirectory() ? 0o700 : 0o600]);
  }
  for (const line of server.out().trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("level");
  server.child.kill("SIGTERM");
  expect(await server.exit).toBe(0);
  expect(server.out()).toContain('"clean":true');
});

test("a second server on the same data is refused, and a killed one leaves no lock", { timeout: 90_000 }, async () => {
  const first = await ready(start());
  const second = start();
  expect(await second.exit).toBe(1);
  expect(second.err().trim()).toBe(
    `causeway: Another Causeway server uses ${join(directory, "data")}. Stop it, or set CAUSEWAY_DATA_DIR to another directory.`,
  );
  first.child.kill("SIGKILL");
  await first.exit;
  await ready(start());
});

test("a busy port and a wrong configuration are plain lines", { timeout: 60_000 }, async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  const busy = start({ CAUSEWAY_LISTEN: `127.0.0.1:${port}` });
  const wrong = start({ CAUSEWAY_LISTN: "x", CAUSEWAY_REGIONS: "?" });
  expect([await busy.exit, await wrong.exit]).toEqual([1, 1]);
  expect(busy.err()).toContain(`causeway: 127.0.0.1:${port} is in use by another program.`);
  expect(wrong.err().trim().split("\n")).toEqual([
    "causeway: CAUSEWAY_LISTN is not a setting. Did you mean CAUSEWAY_LISTEN?",
    "causeway: CAUSEWAY_REGIONS must be a comma list of region ids such as eu-west-1.",
  ]);
  other.close();
});

test("a certificate that is none is one plain line, and people who cannot sign in yet are said", {
  timeout: 60_000,
}, async () => {
  const pem = join(directory, "bad.pem");
  writeFileSync(pem, "no certificate", { mode: 0o600 });
  const files = { CAUSEWAY_TLS_CERT_FILE: pem, CAUSEWAY_TLS_KEY_FILE: pem };
  const wrong = start({ ...files, CAUSEWAY_PUBLIC_URL: "https://localhost" });
  expect(await wrong.exit).toBe(1);
  expect(wrong.err().trim()).toBe(`causeway: ${pem} and ${pem} are not a PEM certificate and its private key.`);
  const people = join(directory, "people.json");
  const early = await ready(start({ CAUSEWAY_READY_MADE_PEOPLE_FILE: people }));
  expect(early.err()).toContain(`Ready-made people cannot sign in yet: ${people} does not exist.`);
});

test("without a terminal the one-time link is in a private file, never in the output", {
  timeout: 60_000,
}, async () => {
  const people = join(directory, "people.json");
  writeFileSync(people, JSON.stringify({ version: 1, people: [] }), { mode: 0o600 });
  const server = await ready(start({ CAUSEWAY_READY_MADE_PEOPLE_FILE: people }));
  const file = join(directory, "data", "launch-url");
  await expect.poll(() => existsSync(file), WAIT).toBe(true);
  const link = readFileSync(file, "utf8").trim();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const [origin, secret = ""] = link.split("/#");
  expect(origin).toBe(server.url());
  expect(server.out() + server.err()).not.toContain(secret);
  const launch = () =>
    fetch(`${origin}/api/v1/sign-in/launch`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: origin ?? "" },
      body: JSON.stringify({ secret }),
    });
  expect([(await launch()).status, (await launch()).status]).toEqual([200, 403]);
  expect(readFileSync(file, "utf8").trim()).not.toBe(link);
  server.child.kill("SIGINT");
  expect(await server.exit).toBe(0);
  expect(existsSync(file)).toBe(false);
});
