// A real amazon-ssm-agent as a machine: registered by an activation, opened by the plugin and by the console, restarted, and gone.
// One machine for all tests: they follow one another.
import {
  CreateActivationCommand,
  DeregisterManagedInstanceCommand,
  DescribeInstanceInformationCommand,
  GetConnectionStatusCommand,
} from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConsoleProcess } from "./console-process.ts";
import { openWithPlugin } from "./plugin-session.ts";
import { REGION, SandboxProcess, SLOW_MS } from "./sandbox-process.ts";
import { HOST_NAME, ThrowawayMachine } from "./throwaway-machine.ts";

let sandbox: SandboxProcess;
let machine: ThrowawayMachine;
let id = "";
beforeAll(async () => {
  sandbox = await SandboxProcess.start();
  machine = await ThrowawayMachine.make(sandbox);
  const activation = await sandbox.ssm("amira").send(
    new CreateActivationCommand({
      IamRole: "SandboxNodeRole",
      DefaultInstanceName: "rack-7",
      Tags: [{ Key: "tier", Value: "app" }],
    }),
  );
  id = await machine.register({
    id: String(activation.ActivationId),
    code: String(activation.ActivationCode),
  });
  machine.startAgent();
});
afterAll(async () => {
  await machine.discard();
  await sandbox.stop();
});

const listed = async () => {
  const Filters = [{ Key: "InstanceIds", Values: [id] }];
  const answer = await sandbox.ssm("dana").send(new DescribeInstanceInformationCommand({ Filters }));
  return answer.InstanceInformationList?.[0];
};
/** A size comes when the terminal is there, and a little later than the shell: waits for it on the machine, and says `33x101`. */
const untilSize = (rows: number, cols: number): string =>
  `until [ "$(stty size)" = "${rows} ${cols}" ]; do sleep 0.2; done; stty size | tr " " x`;

/** An agent reports every five minutes, whatever became of the service meanwhile. */
const REPORTED_WITHIN_MS = 5 * 60_000 + SLOW_MS;

/** Its control channel is there, and it has reported. */
async function online(): Promise<void> {
  await expect
    .poll(async () => (await listed())?.PingStatus, { timeout: REPORTED_WITHIN_MS, interval: 500 })
    .toBe("Online");
  const status = async () => (await sandbox.ssm("dana").send(new GetConnectionStatusCommand({ Target: id }))).Status;
  await expect.poll(status, { timeout: SLOW_MS, interval: 500 }).toBe("connected");
}

test("it is online, and in the list with what it says of itself", async () => {
  await online();
  expect(await listed()).toMatchObject({
    ComputerName: HOST_NAME,
    Name: "rack-7",
    PlatformType: "Linux",
    ResourceType: "ManagedInstance",
    AgentVersion: expect.stringMatching(/^3\./),
  });
});

test("the plugin opens a shell on it, whose size follows the window", async () => {
  const shell = await openWithPlugin(sandbox, { target: id, person: "kofi" });
  await shell.shows(/\$ $/);
  shell.enter("hostname; id -un");
  await shell.shows(HOST_NAME);
  await shell.shows(/\nssm-user\r/);
  shell.enter(untilSize(33, 101));
  await shell.shows("33x101");
  shell.resize(120, 40);
  shell.enter(untilSize(40, 120));
  await shell.shows("40x120");
  shell.enter("exit");
  await shell.shows("Exiting session");
  expect(await shell.ended()).toBe(0);
});

test("the console lists it and opens a shell on it, with TLS to AWS all the way", async () => {
  const console = await ConsoleProcess.start(sandbox, "dana");
  try {
    const found = async () => JSON.stringify(await console.call("GET", `/instances?region=${REGION}`));
    await expect.poll(found, { timeout: SLOW_MS, interval: 500 }).toContain(id);
    const pane = await console.openShell(id);
    await pane.shows(/\$ $/);
    pane.enter("hostname");
    await pane.shows(HOST_NAME);
    pane.enter(untilSize(30, 90));
    await pane.shows("30x90");
    pane.resize(100, 35);
    pane.enter(untilSize(35, 100));
    await pane.shows("35x100");
    pane.enter("exit");
    await pane.ended();
  } finally {
    await console.stop();
  }
});

test("a command on it, and a port of it", async () => {
  const command = await openWithPlugin(sandbox, {
    target: id,
    document: "AWS-StartNonInteractiveCommand",
    parameters: { command: ["uname -n"] },
  });
  await command.shows(HOST_NAME);
  await command.shows("Exiting session");
  const tunnel = await openWithPlugin(sandbox, {
    target: id,
    document: "AWS-StartPortForwardingSession",
    // the network is this computer's: the machine's port is the sandbox's own
    parameters: { portNumber: [new URL(sandbox.endpointUrl).port], localPortNumber: ["0"] },
  });
  await tunnel.shows(/Port (\d+) opened/);
  const local = /Port (\d+) opened/.exec(tunnel.text)?.[1];
  // it answers, and refuses this address: the bytes went through the agent
  expect((await fetch(`http://127.0.0.1:${local}/`)).status).toBe(403);
  tunnel.press("\x03");
  await tunnel.ended();
});

test("killed and started again it is the same machine", async () => {
  await machine.killAgent();
  const status = async () => (await sandbox.ssm("dana").send(new GetConnectionStatusCommand({ Target: id }))).Status;
  await expect.poll(status, { timeout: SLOW_MS, interval: 500 }).toBe("notconnected");
  machine.startAgent();
  await online();
});

test("a restart of the sandbox is a gap: the agent comes back by itself, and opens shells", async () => {
  await sandbox.restart();
  await sandbox.connected(id); // it is online with its next report, which may take five minutes
  const shell = await openWithPlugin(sandbox, { target: id });
  await shell.shows(/\$ $/);
  shell.enter("echo back-$((40+2))");
  await shell.shows("back-42");
  shell.enter("exit");
  expect(await shell.ended()).toBe(0);
});

test("its own log has no call that the sandbox does not know", async () => {
  const log = await machine.log();
  expect(log).toContain("Starting Core Agent");
  expect(log).not.toMatch(/UnknownOperation|InvalidSignature|UnrecognizedClient|AccessDenied/);
});

test("deregistered it is gone from the list", async () => {
  await sandbox.ssm("amira").send(new DeregisterManagedInstanceCommand({ InstanceId: id }));
  expect(await listed()).toBeUndefined();
});
