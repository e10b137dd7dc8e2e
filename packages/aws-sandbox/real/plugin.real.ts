// AWS's session-manager-plugin on the emulated machines, over TLS: shells, commands, ports, encryption.
import { connect } from "node:net";
import { UpdateDocumentCommand, UpdateDocumentDefaultVersionCommand } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startConnectProxy } from "./connect-proxy.ts";
import { openWithPlugin } from "./plugin-session.ts";
import { freePort, SandboxProcess } from "./sandbox-process.ts";

const MACHINE = "i-0a1f6c83e5d2b7940";
const PROMPT = "ssm-user@checkout-api-04:~$ ";
const KMS = "kms.eu-west-1.amazonaws.com";

let sandbox: SandboxProcess;
beforeAll(async () => {
  sandbox = await SandboxProcess.start("--aws-name", KMS);
});
afterAll(() => sandbox.stop());

test("a shell has the window's size, follows it, and its exit ends the plugin with status 0", async () => {
  const shell = await openWithPlugin(sandbox, { target: MACHINE });
  await shell.shows(PROMPT);
  shell.enter("stty size");
  await shell.shows(/\b33 101\b/);
  shell.resize(120, 40);
  shell.enter("until [ \"$(stty size)\" = '40 120' ]; do sleep 0.2; done; stty size | tr ' ' x");
  await shell.shows("40x120");
  shell.enter("sleep 1000");
  shell.press("\x03");
  shell.enter("echo after-$((1+1))");
  await shell.shows("after-2");
  shell.enter("exit 3");
  await shell.shows("Exiting session with sessionId: dana-");
  expect(await shell.ended()).toBe(0);
});

test("an interactive command takes its input from the terminal", async () => {
  const session = await openWithPlugin(sandbox, {
    target: MACHINE,
    document: "AWS-StartInteractiveCommand",
    parameters: { command: ["printf 'who? '; read name; echo hello-$name"] },
  });
  await session.shows("who? ");
  session.enter("harbor");
  await session.shows("hello-harbor");
  await session.shows("Exiting session");
  expect(await session.ended()).toBe(0);
});

test("a command without a terminal prints, and says how it ended", async () => {
  const session = await openWithPlugin(sandbox, {
    target: MACHINE,
    document: "AWS-StartNonInteractiveCommand",
    parameters: { command: ["uname -n"] },
  });
  await session.shows("checkout-api-04");
  await session.shows("Exiting session");
  expect(await session.ended()).toBe(0);
});

test("a port of the machine is a port of this computer", async () => {
  const local = await freePort();
  const session = await openWithPlugin(sandbox, {
    target: MACHINE,
    document: "AWS-StartPortForwardingSession",
    parameters: { portNumber: ["80"], localPortNumber: [String(local)] },
  });
  await session.shows("Waiting for connections...");
  const answer = await new Promise<string>((resolve, reject) => {
    let text = "";
    const socket = connect(local, "127.0.0.1", () =>
      socket.write(`GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`),
    );
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
  });
  expect(answer).toMatch(/^HTTP\/1\.1 /);
  session.press("\x03");
  await session.shows("Terminate signal received, exiting.");
  expect(await session.ended()).toBe(0);
});

test("an encrypted shell: the plugin asks KMS by AWS's own name for the key, and both ends use it", async () => {
  const proxy = await startConnectProxy(Number(new URL(sandbox.tlsUrl).port));
  try {
    const inputs = { kmsKeyId: "alias/session-manager" };
    const Content = JSON.stringify({ schemaVersion: "1.0", sessionType: "Standard_Stream", inputs });
    const Name = "SSM-SessionManagerRunShell";
    const amira = sandbox.ssm("amira");
    const { DocumentDescription } = await amira.send(
      new UpdateDocumentCommand({ Name, DocumentVersion: "$LATEST", Content }),
    );
    const DocumentVersion = String(DocumentDescription?.DocumentVersion);
    await amira.send(new UpdateDocumentDefaultVersionCommand({ Name, DocumentVersion }));
    const shell = await openWithPlugin(sandbox, {
      target: MACHINE,
      environment: { HTTPS_PROXY: proxy.url, NO_PROXY: "127.0.0.1,localhost" },
    });
    await shell.shows("This session is encrypted using AWS KMS.");
    await shell.shows(PROMPT);
    shell.enter("echo sealed-$((40+2))");
    await shell.shows("sealed-42");
    expect(proxy.asked).toEqual([`${KMS}:443`]);
    shell.enter("exit");
    expect(await shell.ended()).toBe(0);
  } finally {
    await proxy.close();
  }
});
