// Machines of their own: what a shell sees, reaches and leaves behind, on the real sandbox. Where this computer offers no user
// namespaces the sandbox says so, and only that is tried.
import { spawn, spawnSync } from "node:child_process";
import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SSMClient, StartSessionCommand } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEFAULT_FLEET } from "../src/instances/default-fleet.ts";
import { describeMissingIsolation, whyNotIsolated } from "../src/instances/isolation.ts";
import { spaceCommand } from "../src/instances/space-script.ts";
import { type Sandbox, startSandbox } from "../src/sandbox.ts";
import { TestClient } from "../src/ssm-messages/test-peers.ts";
import { INSTANCE_ID } from "../src/ssm-messages/test-service.ts";
import { send } from "./api-server.ts";

const folder = await mkdtemp(join(tmpdir(), "isolation-"));
const WHY_NOT = await whyNotIsolated(folder, await mkdtemp(join(folder, "root-")));
const BASTION = "i-06e0c95d8f1a4b273";
const fleet = DEFAULT_FLEET.filter(({ id }) => id === INSTANCE_ID || id === BASTION);

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, fleet, stateDir: join(folder, "state") });
  await sandbox.machinesConnected;
});
afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true });
});

async function open(target = INSTANCE_ID, at = sandbox): Promise<TestClient> {
  const credentials = at.people.people.find(({ id }) => id === "dana");
  if (credentials === undefined) throw new Error("nobody is called dana");
  const ssm = new SSMClient({ endpoint: at.endpointUrl, region: "eu-west-1", credentials, maxAttempts: 1 });
  const started = await ssm.send(new StartSessionCommand({ Target: target }));
  const client = new TestClient(String(started.SessionId), target);
  await client.connect(String(started.StreamUrl), String(started.TokenValue));
  await client.shows("$ ");
  return client;
}

/** Runs it and gives back what it printed. */
async function run(client: TestClient, command: string): Promise<string> {
  const from = client.text.length;
  // without what the line editor says to the terminal
  const said = () => client.text.slice(from).split("\u001b[?2004l\r").join("").split("\u001b[?2004h").join("");
  client.type(`${command}; echo over-$((40 + 2))\r`);
  await expect.poll(said, { timeout: 20_000 }).toContain("over-42");
  return said().split("\r\n").slice(1).join("\n").split("over-42")[0] ?? "";
}

test("what is missing is said in words, and nothing where nothing is missing", () => {
  expect(describeMissingIsolation(undefined, 0)).toEqual([]);
  expect(describeMissingIsolation("this is no Linux", 1_000).join(" ")).toMatch(/no Linux.*same file system.*network/);
  expect(describeMissingIsolation("this is no Linux", 0)[0]).toContain("runs as root");
});

test("a trial leaves nothing behind", async () => {
  const place = await mkdtemp(join(folder, "place-"));
  await whyNotIsolated(place, folder);
  expect(await readdir(place)).toEqual([]);
});

test("a sandbox that was told not to has plain shells, and says why", async () => {
  const plain = await startSandbox({ port: 0, fleet, isolation: false });
  try {
    await plain.machinesConnected;
    expect(await plain.whyNotIsolated()).toBe("it was not wanted");
    const client = await open(INSTANCE_ID, plain);
    expect(await run(client, "cd; pwd")).toContain(INSTANCE_ID);
    await expect.poll(() => run(client, "svc status"), { timeout: 20_000 }).toMatch(/checkout: running since/);
  } finally {
    await plain.close();
  }
});

// Whoever runs these tests as another user tries that with all the others.
test.runIf(WHY_NOT === undefined && process.getuid?.() === 0)(
  "an ordinary user's machines are kept apart, too, also in a folder with an unusual name",
  async () => {
    const place = await mkdtemp(join(folder, "of somebody\\else-"));
    const [root, home] = [join(place, "root"), join(place, "home")];
    await chmod(folder, 0o711);
    for (const one of [root, home]) await mkdir(one, { recursive: true });
    for (const one of [place, root, home]) await chown(one, 65_534, 65_534);
    const facts = { root, home, hostName: "one", system: "Any 1", firstProcess: "touch ~/mine; touch /x; ls /" };
    const [file = "", ...args] = spaceCommand(facts);
    const env = { PATH: process.env.PATH, HOME: "/home/ssm-user" };
    const said = spawnSync(file, args, { uid: 65_534, gid: 65_534, cwd: "/", env, encoding: "utf8" });
    expect(said.stdout).toMatch(/^ready \d+\nbin\ndev\netc\nhome\n/);
    expect(said.stderr).toMatch(/^touch: .*\/x.*Read-only file system\n$/);
    expect(await readdir(home)).toEqual(["mine"]);
  },
);

describe.runIf(WHY_NOT === undefined)("where there are user namespaces", () => {
  test("a shell has a home, a name, a system and a user of its own, and job control", async () => {
    const client = await open();
    expect(client.text).toContain("ssm-user@checkout-api-04:~$ ");
    const said = await run(client, "pwd; command hostname; id -un; id -u; grep -h ^NAME /etc/os-release");
    expect(said).toBe('/home/ssm-user\ncheckout-api-04\nssm-user\n1000\nNAME="Amazon Linux 2023"\n');
    expect(await run(client, "sleep 100 & jobs")).toMatch(/Running +sleep 100/);
    client.type("cat\r");
    await client.shows("cat\r\n");
    client.type("\u001a");
    await client.shows("Stopped");
    expect(await run(client, "kill %1 %2; echo gone")).toContain("gone");
  });

  test("it reads nothing outside its home: neither the sandbox's files nor other machines'", async () => {
    await writeFile(join(folder, "secret.txt"), "canary");
    const client = await open();
    const said = await run(
      client,
      `cat ${join(folder, "secret.txt")} ${sandbox.peopleFile} /etc/shadow; ls ${folder} /root /tmp /home`,
    );
    expect(said).not.toContain("canary");
    expect(said.match(/No such file or directory/g)?.length).toBeGreaterThanOrEqual(4);
    expect(await run(client, "echo mine > ~/mine.txt; touch /usr/bin/x /etc/x /x 2>&1 | grep -c Read-only")).toBe(
      "3\n",
    );
    expect(await readdir(join(folder, "state/homes", INSTANCE_ID))).toContain("mine.txt");
    expect(await run(await open(BASTION), "ls ~; ls /home; whoami")).not.toContain("mine.txt");
  });

  test("it has no capability, and cannot leave by way of a process or a mount", async () => {
    const client = await open();
    expect(await run(client, "grep CapEff /proc/self/status")).toMatch(/CapEff:\s+0{16}\n/);
    const said = await run(client, "ls /proc/1/root/ 2>&1; umount /usr 2>&1; echo 1 > /proc/sys/vm/overcommit_memory");
    expect(said).toMatch(/Permission denied/);
    expect(said).not.toContain("usr\n");
    expect(said).toMatch(/overcommit_memory: (Read-only file system|Permission denied)/);
  });

  test("it reaches no network, not even this computer's loopback", async () => {
    let connections = 0;
    const listener = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const { port } = listener.address() as { port: number };
    const client = await open();
    expect(await run(client, `(echo > /dev/tcp/127.0.0.1/${port}) 2>&1`)).toMatch(/unreachable|refused/);
    expect(connections).toBe(0);
    listener.close();
  });

  test("it sees the machine's processes and no others, and cannot signal this computer's", async () => {
    const victim = spawn("sleep", ["600"]);
    const [one, other] = [await open(), await open()];
    one.type("sleep 4321 &\r");
    await expect.poll(() => run(other, "ps ax"), { timeout: 20_000 }).toContain("sleep 4321");
    const said = await run(other, `kill -9 ${victim.pid}; pkill -f "sleep 600"; ps ax`);
    expect(said).not.toMatch(/vitest|node/);
    expect(victim.exitCode ?? victim.signalCode).toBe(null);
    expect(await run(await open(BASTION), "ps ax")).not.toContain("sleep 4321");
    victim.kill("SIGKILL");
  });

  test("its service writes a log that grows, fails until somebody restarts it, and stays stopped when somebody stops it", async () => {
    const client = await open();
    await expect
      .poll(() => run(client, "svc status"), { timeout: 20_000 })
      .toMatch(/checkout: running since .*\n.*requests fail/);
    const lines = async () => Number(/\d+/.exec(await run(client, "wc -l < logs/checkout.log"))?.[0]);
    const before = await lines();
    await expect.poll(lines, { timeout: 20_000 }).toBeGreaterThan(before);
    const pid = /pid (\d+)/.exec(await run(client, "svc"))?.[1];
    expect(await run(client, "svc restart")).toBe("checkout: restarting\n");
    await expect.poll(() => run(client, "svc"), { timeout: 20_000 }).toMatch(/pid (?!1\b)\d+/);
    await expect.poll(() => run(client, "svc"), { timeout: 20_000 }).not.toContain(`pid ${pid}\n`);
    expect(await run(client, "svc status")).not.toContain("requests fail");
    await run(client, "svc stop");
    await expect.poll(() => run(client, "svc status"), { timeout: 20_000 }).toContain("checkout: stopped");
    expect(await run(client, "svc fly; echo $?")).toContain('not "fly"');
    await run(client, "svc start");
    await expect.poll(() => run(client, "svc status"), { timeout: 20_000 }).toContain("running since");
  });

  test("a reboot ends all its processes, keeps its files, and begins its uptime anew", async () => {
    const client = await open(BASTION);
    expect(await run(client, "uptime")).toMatch(/up 36[67] days/);
    await run(client, "sleep 5432 & disown; echo kept > kept.txt");
    const host = `127.0.0.1:${new URL(sandbox.endpointUrl).port}`;
    const headers = { host, authorization: `Bearer ${sandbox.people.adminToken}` };
    const path = `/_sandbox/instances/${BASTION}/reboot`;
    expect((await send(Number(host.split(":")[1]), { path, headers })).status).toBe(200);
    await client.ended();
    const again = await open(BASTION);
    expect(await run(again, "cat kept.txt; uptime")).toMatch(/^kept\n.*up 0 days, 00:0/);
    expect(await run(again, "ps ax")).not.toContain("sleep 5432");
  });
});
