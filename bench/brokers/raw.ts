/**
 * Reference: a relay that forwards frames without looking into them, and acknowledges nothing. What any broker costs at the
 * least. A page that is slow slows the agent through TCP.
 */
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import { serveCalls } from "../lib/processes.ts";
import { Measurement, type OpenRequest } from "./broker-calls.ts";
import { openMessage } from "./open-message.ts";

const BUFFERED_BYTES_MAX = 1024 * 1024;

const places = new Map<number, string>();
const measurement = new Measurement();

function relay(page: WebSocket, n: number): void {
  const channel = new WebSocket(places.get(n) ?? "", { perMessageDeflate: false });
  channel.on("open", () => channel.send(openMessage(n)));
  channel.on("message", (data: Buffer) => {
    page.send(data, (error) => {
      if (!error && channel.isPaused && page.bufferedAmount < BUFFERED_BYTES_MAX) channel.resume();
    });
    if (page.bufferedAmount > BUFFERED_BYTES_MAX) channel.pause();
  });
  page.on("message", (data: Buffer) => channel.send(data));
  page.on("close", () => channel.terminate());
}

const calls = {
  async open({ places: wanted }: OpenRequest): Promise<string> {
    for (const { n, streamUrl } of wanted) places.set(n, streamUrl);
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
    server.on("connection", (page, request) => relay(page, Number(request.url?.slice(1))));
    await new Promise((resolve) => server.once("listening", resolve));
    return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  },
  start: measurement.start,
  stop: measurement.stop,
};
serveCalls(calls);
