/**
 * Measures the built sandbox's limits and prints them: how soon it is ready, how long a large fleet takes page by page, and how much
 * memory so many simultaneous shells need, all its processes together.
 * Usage: pnpm --filter @causeway/aws-sandbox run limits [shells, default 500]
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeInstanceInformationCommand, SSMClient, StartSessionCommand } from "@aws-sdk/client-ssm";
import { ClientChannel } from "@causeway/ssm-data-channel";
import { WebSocket } from "ws";
import { CHANNEL_HOST } from "../src/instances/channel-host.ts";

const MAIN = join(import.meta.dirname, "../dist/main.js");
const FLEET = 20_000;
/** Shells that are being opened at one time. */
const OPENING_MAX = 10;
/** That the shells are spread over. */
const MACHINES = 100;
const SHELL_MAX_MS = 120_000;

interface Started {
  child: ChildProcess;
  readyMs: number;
  missing: readonly string[];
  options: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
}

async function start(...args: string[]): Promise<Started> {
  const beganAt = performance.now();
  const child = spawn(process.execPath, [MAIN, "--json", "--port", "0", ...args], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [line] = await new Promise<[string]>((resolve, reject) => {
    if (child.stdout) createInterface(child.stdout).once("line", (text) => resolve([text]));
    child.once("exit", (code) => reject(new Error(`the sandbox ended with status ${code}: is it built?`)));
  });
  const readyMs = performance.now() - beganAt;
  const { endpointUrl, peopleFile, missingIsolation } = JSON.parse(line);
  const { people } = JSON.parse(readFileSync(peopleFile, "utf8"));
  const credentials = people.find(({ id }: { id: string }) => id === "dana");
  return {
    child,
    readyMs,
    missing: missingIsolation,
    options: { endpoint: endpointUrl, region: "eu-west-1", credentials },
  };
}

async function stop({ child }: Started): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

/** @returns online machines, and milliseconds for both lists from the first page to the last */
async function page({ options }: Started): Promise<{ online: string[]; ec2Ms: number; ssmMs: number }> {
  const ec2 = new EC2Client(options);
  const ssm = new SSMClient(options);
  const ec2At = performance.now();
  let NextToken: string | undefined;
  do ({ NextToken } = await ec2.send(new DescribeInstancesCommand({ MaxResults: 1_000, NextToken })));
  while (NextToken);
  const ssmAt = performance.now();
  const online: string[] = [];
  do {
    const list = await ssm.send(new DescribeInstanceInformationCommand({ MaxResults: 50, NextToken }));
    for (const { InstanceId = "", PingStatus, AgentVersion = "" } of list.InstanceInformationList ?? [])
      if (PingStatus === "Online" && AgentVersion.startsWith("3.")) online.push(InstanceId);
    NextToken = list.NextToken;
  } while (NextToken);
  return { online, ec2Ms: ssmAt - ec2At, ssmMs: performance.now() - ssmAt };
}

/** Resolves when its prompt is there. Its socket stays open as long as this process. */
async function openShell(ssm: SSMClient, target: string): Promise<void> {
  const {
    SessionId = "",
    StreamUrl = "",
    TokenValue = "",
  } = await ssm.send(new StartSessionCommand({ Target: target }));
  const channel = new ClientChannel({
    sessionId: SessionId,
    targetId: target,
    clientId: randomUUID(),
    clientVersion: "1.2.650.0",
    host: CHANNEL_HOST,
  });
  const socket = new WebSocket(StreamUrl, { perMessageDeflate: false });
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no prompt on ${target}`)), SHELL_MAX_MS);
    let text = "";
    const pump = () => {
      for (let event = channel.pollEvent(); event; event = channel.pollEvent())
        if (event.kind === "received" && event.output) text += Buffer.from(event.output).toString();
      for (let transmit = channel.pollTransmit(); transmit; transmit = channel.pollTransmit())
        socket.send(transmit.kind === "text" ? transmit.text : transmit.frame);
      if (!text.includes("$ ")) return;
      clearTimeout(late);
      resolve();
    };
    socket.on("open", () => {
      channel.handleSocketOpen(TokenValue, Date.now());
      pump();
    });
    socket.on("message", (data: Buffer) => {
      channel.receive(data, Date.now());
      pump();
    });
    socket.on("error", reject);
  });
}

/** Memory that would be free without it: shared pages count in parts. Of the sandbox and all that descends from it, in MiB. */
function memoryMiB(root: number): { nodeMiB: number; restMiB: number; processes: number } {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((one) => /^\d+$/.test(one))) {
    const stat = readOr(`/proc/${name}/stat`);
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const isOurs = (pid: number): boolean => pid === root || (pid > 1 && isOurs(parents.get(pid) ?? 0));
  const ours = [...parents.keys()].filter(isOurs);
  const pssKiB = (pid: number) => Number(/^Pss:\s+(\d+)/m.exec(readOr(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
  const rest = ours.filter((pid) => pid !== root).reduce((sum, pid) => sum + pssKiB(pid), 0);
  return { nodeMiB: pssKiB(root) / 1_024, restMiB: rest / 1_024, processes: ours.length };
}

function readOr(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // ended meanwhile
  }
}

const print = (text: string) => process.stdout.write(`${text}\n`);
const round = (value: number) => Math.round(value);

const shells = Number(process.argv[2] ?? 500);
const small = await start();
print(`ready with 40 machines: ${round(small.readyMs)} ms; ${small.missing[0] ?? "machines are kept apart"}`);
await stop(small);
const large = await start("--fleet", String(FLEET));
print(`ready with ${FLEET} machines: ${round(large.readyMs)} ms`);
const { online, ec2Ms, ssmMs } = await page(large);
print(`one region of it: EC2 in pages of 1,000 ${round(ec2Ms)} ms, Systems Manager in pages of 50 ${round(ssmMs)} ms`);
const targets = Array.from({ length: shells }, (_, number) => online[number % Math.min(online.length, MACHINES)] ?? "");
const ssm = new SSMClient(large.options);
const beganAt = performance.now();
const open = async () => {
  for (let target = targets.pop(); target !== undefined; target = targets.pop()) await openShell(ssm, target);
};
await Promise.all(Array.from({ length: OPENING_MAX }, open));
const openMs = performance.now() - beganAt;
const { nodeMiB, restMiB, processes } = memoryMiB(large.child.pid ?? 0);
print(`${shells} shells on ${Math.min(MACHINES, shells)} machines: open after ${round(openMs)} ms`);
print(`memory: sandbox ${round(nodeMiB)} MiB, its ${processes - 1} processes ${round(restMiB)} MiB`);
await stop(large);
process.exit(0); // the shells' sockets
