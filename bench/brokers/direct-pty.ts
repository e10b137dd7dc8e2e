/** Reference: a terminal without a broker. One PTY per websocket, bytes as they come, no flow control, as tutorials do it. */
import type { AddressInfo } from "node:net";
import { decodeBrowserFrame, encodeOutputFrame } from "@causeway/wire-contract/terminal-frames";
import { spawn } from "@lydell/node-pty";
import { WebSocketServer } from "ws";
import { serveCalls } from "../lib/processes.ts";

async function open({ command }: { command: readonly string[] }): Promise<string> {
  const [file = "/bin/sh", ...args] = command;
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  server.on("connection", (page) => {
    const pty = spawn(file, args, { name: "xterm-256color", cols: 140, rows: 40, encoding: null });
    // Without an encoding the library gives bytes, whatever its types say.
    pty.onData((data: unknown) => page.send(encodeOutputFrame(data as Uint8Array)));
    page.on("message", (data: Buffer, isBinary) => {
      const frame = isBinary ? decodeBrowserFrame(data) : undefined;
      if (frame?.kind === "input") pty.write(Buffer.from(frame.bytes).toString());
    });
    page.on("close", () => pty.kill("SIGKILL"));
  });
  await new Promise((resolve) => server.once("listening", resolve));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const calls = { open };
export type DirectPtyCalls = typeof calls;
serveCalls(calls);
