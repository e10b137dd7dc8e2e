/** Reference: a websocket that sends so many bytes to everybody who comes, in frames as large as the product's, and nothing else. */
import type { AddressInfo } from "node:net";
import { encodeOutputFrame, OUTPUT_FRAME_BYTES_MAX } from "@causeway/wire-contract/terminal-frames";
import { WebSocketServer } from "ws";
import { serveCalls } from "../lib/processes.ts";

async function open({ bytes }: { bytes: number }): Promise<string> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  server.on("connection", (page) => {
    for (let sent = 0; sent < bytes; sent += OUTPUT_FRAME_BYTES_MAX)
      page.send(encodeOutputFrame(new Uint8Array(Math.min(OUTPUT_FRAME_BYTES_MAX, bytes - sent))));
  });
  await new Promise((resolve) => server.once("listening", resolve));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const calls = { open };
export type PlainBytesCalls = typeof calls;
serveCalls(calls);
