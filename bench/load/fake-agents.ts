/**
 * Agents without shells, behind a data channel each: they flood, or print at the real agent's pace, or echo keys. They
 * keep a window of unacknowledged messages and lose nothing, so nothing is ever sent again. Session `n` is opened with the
 * token `n`. A process of its own.
 */
import { randomBytes, randomUUID } from "node:crypto";
import type { AddressInfo, Socket } from "node:net";
import { AcknowledgeWriter, encodeAgentMessage, MESSAGE_TYPE, readFrame, UuidSource } from "@causeway/ssm-data-channel";
import { type WebSocket, WebSocketServer } from "ws";
import { nativeSha256 } from "../lib/native-sha256.ts";
import { serveCalls } from "../lib/processes.ts";
import { FloodFrames, MESSAGE_BYTES } from "./agent-frames.ts";

/** Messages an agent has under way: what the benchmark's relays are measured with (performance.md §2). */
const UNACKNOWLEDGED_MAX = 10_000;
/** Messages of a flood that are handed to the kernel at once. */
const BATCH_MESSAGES = 32;
const CTRL_C = 0x03;
const PROMPT = "\r\n$ ";
const ACKNOWLEDGE_INITIAL = 0x61;

export type Printing =
  | { kind: "nothing" }
  | { kind: "flood" }
  /** Messages of 1 KiB a second, on a schedule that does not wait for anybody but its window. */
  | { kind: "paced"; perSecond: number };

class FakeAgent {
  /** Messages that the schedule asked for since `print`; delivered ones are counted by the pages. */
  due = 0;
  #sequenceNumber = 0;
  #acknowledged = 0;
  readonly #socket: WebSocket;
  readonly #stream: Socket;
  readonly #acknowledges: boolean;
  readonly #frames = new FloodFrames();
  readonly #writer = new AcknowledgeWriter("input_stream_data", new UuidSource((length) => randomBytes(length)));
  #printing: Printing = { kind: "nothing" };
  #startedAtMs = 0;
  #printed = 0;
  #waitsForDrain = false;

  /** @param acknowledges false: the relay sends no acknowledgements, only TCP holds the agent back */
  constructor(socket: WebSocket, stream: Socket, acknowledges: boolean) {
    this.#socket = socket;
    this.#stream = stream;
    this.#acknowledges = acknowledges;
    stream.setNoDelay(true);
    stream.on("drain", () => {
      this.#waitsForDrain = false;
      this.#flood();
    });
    socket.on("message", (data: Buffer) => this.#receive(data));
    socket.on("close", () => {
      this.#printing = { kind: "nothing" };
    });
    this.#send(MESSAGE_TYPE.startPublication, Buffer.from("{}"));
    this.#output(Buffer.from("$ "));
  }

  print(printing: Printing): void {
    this.#printing = printing;
    this.#startedAtMs = performance.now();
    this.#printed = 0;
    this.due = 0;
    if (printing.kind === "flood") this.#flood();
  }

  /** The schedule of a paced agent. */
  tick(nowMs: number): void {
    if (this.#printing.kind !== "paced") return;
    this.due = Math.floor(((nowMs - this.#startedAtMs) / 1_000) * this.#printing.perSecond);
    while (this.#printed < this.due && this.#hasRoom && !this.#waitsForDrain) this.#write(1);
  }

  printBytes(bytes: number): void {
    for (let sent = 0; sent < bytes; sent += MESSAGE_BYTES) this.#write(1);
  }

  get #hasRoom(): boolean {
    return !this.#acknowledges || this.#sequenceNumber - this.#acknowledged < UNACKNOWLEDGED_MAX;
  }

  #flood(): void {
    while (this.#printing.kind === "flood" && this.#hasRoom && !this.#waitsForDrain) this.#write(BATCH_MESSAGES);
  }

  #write(count: number): void {
    this.#waitsForDrain = !this.#stream.write(this.#frames.batch(this.#sequenceNumber, count));
    this.#sequenceNumber += count;
    this.#printed += count;
  }

  #receive(data: Buffer): void {
    if (data[4] === ACKNOWLEDGE_INITIAL) {
      this.#acknowledged++;
      if (this.#acknowledged % BATCH_MESSAGES === 0) this.#flood();
      return;
    }
    const frame = readFrame(data, nativeSha256);
    if (frame.rejection !== undefined || frame.messageType !== MESSAGE_TYPE.inputStreamData) return;
    this.#socket.send(this.#writer.write(frame.bytes, frame.sequenceNumber, Date.now()));
    if (frame.payloadType !== 1) return;
    if (frame.payload.includes(CTRL_C)) {
      this.#printing = { kind: "nothing" };
      this.#output(Buffer.from(PROMPT));
    } else this.#output(frame.payload);
  }

  #output(payload: Uint8Array): void {
    this.#send(MESSAGE_TYPE.outputStreamData, payload, this.#sequenceNumber++);
  }

  #send(messageType: string, payload: Uint8Array, sequenceNumber = 0): void {
    const message = { messageType, sequenceNumber, createdDate: Date.now(), messageId: randomUUID(), payloadType: 1 };
    this.#socket.send(encodeAgentMessage({ ...message, payload }, { sha256: nativeSha256 }));
  }
}

const agents = new Map<number, FakeAgent>();

async function listen({ acknowledged }: { acknowledged: boolean }): Promise<string> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false, maxPayload: 1024 * 1024 });
  server.on("connection", (socket, request) => {
    socket.once("message", (data) => {
      const { TokenValue } = JSON.parse(String(data)) as { TokenValue: string };
      agents.set(Number(TokenValue), new FakeAgent(socket, request.socket, acknowledged));
    });
    socket.on("error", () => socket.terminate());
  });
  await new Promise((resolve) => server.once("listening", resolve));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/data-channel/bench?role=publish_subscribe`;
}

setInterval(() => {
  const nowMs = performance.now();
  for (const agent of agents.values()) agent.tick(nowMs);
}, 1);

const calls = {
  listen,
  print: ({ sessions, printing }: { sessions: readonly number[]; printing: Printing }) => {
    for (const n of sessions) agents.get(n)?.print(printing);
  },
  /** @param sessions of these only */
  printBytes: ({ bytes, sessions }: { bytes: number; sessions?: readonly number[] }) => {
    for (const n of sessions ?? agents.keys()) agents.get(n)?.printBytes(bytes);
  },
  /** Messages the schedule asked for so far, by session. */
  due: () => [...agents].map(([n, { due }]) => [n, due] as const),
  connected: () => agents.size,
};
export type FakeAgentCalls = typeof calls;
serveCalls(calls);
