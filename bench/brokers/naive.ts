/**
 * Reference: a broker as a first version would be written. Every message is decoded with the plain codec, acknowledged by
 * itself, and sent to the page as a frame of its own. No log, no credit, no tick.
 */
import type { AddressInfo } from "node:net";
import { decodeBrowserFrame, encodeOutputFrame } from "@causeway/wire-contract/terminal-frames";
import { WebSocket, WebSocketServer } from "ws";
import { serveCalls } from "../lib/processes.ts";
import { Measurement, type OpenRequest, settledMemory } from "./broker-calls.ts";
import { openMessage } from "./open-message.ts";
import { plainAcknowledge, plainDecode, plainInput } from "./plain-codec.ts";

const places = new Map<number, string>();
const measurement = new Measurement();

function broker(page: WebSocket, n: number): void {
  let inputNumber = 0n;
  const channel = new WebSocket(places.get(n) ?? "", { perMessageDeflate: false });
  channel.on("open", () => channel.send(openMessage(n)));
  channel.on("message", (data: Buffer) => {
    const message = plainDecode(data);
    if (message.messageType !== "output_stream_data") return;
    page.send(encodeOutputFrame(message.payload));
    channel.send(plainAcknowledge(message));
  });
  page.on("message", (data: Buffer, isBinary) => {
    const frame = isBinary ? decodeBrowserFrame(data) : undefined;
    if (frame?.kind === "input") channel.send(plainInput(Buffer.from(frame.bytes), inputNumber++));
  });
  page.on("close", () => channel.terminate());
}

const calls = {
  async open({ places: wanted }: OpenRequest): Promise<string> {
    for (const { n, streamUrl } of wanted) places.set(n, streamUrl);
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
    server.on("connection", (page, request) => broker(page, Number(request.url?.slice(1))));
    await new Promise((resolve) => server.once("listening", resolve));
    return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  },
  start: measurement.start,
  stop: measurement.stop,
  memory: settledMemory,
};
serveCalls(calls);
