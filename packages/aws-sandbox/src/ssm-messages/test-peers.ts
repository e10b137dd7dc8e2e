/** For tests: the two ends of a data channel on real sockets, and an agent's control channel. */
import { randomUUID } from "node:crypto";
import {
  AgentChannel,
  type AgentChannelEvent,
  buildAgentControlOpenMessage,
  buildAgentTaskComplete,
  ClientChannel,
  type ClientChannelEvent,
  decodeAgentMessage,
  encodeAgentMessage,
  type Transmit,
} from "@causeway/ssm-data-channel";
import { expect, vi } from "vitest";
import { WebSocket } from "ws";
import { CHANNEL_HOST } from "../instances/channel-host.ts";
import type { ClientAccess } from "./session-types.ts";
import { INSTANCE_ID, type TestService } from "./test-service.ts";

export const eventually = (assertion: () => void): Promise<void> =>
  vi.waitFor(assertion, { timeout: 10_000, interval: 10 });

const signature = (instanceId: string) => ({ authorization: `AWS4-HMAC-SHA256 Credential=${instanceId}/test` });

/** A websocket that remembers what came. */
export class RawPeer {
  readonly ws: WebSocket;
  readonly received: Buffer[] = [];
  closeCode: number | undefined;
  refusedWith: number | undefined;
  onMessage: (data: Buffer) => void = () => {};

  /** @param ca whom a wss address is trusted by */
  constructor(url: string, headers: Record<string, string> = {}, ca?: string) {
    this.ws = new WebSocket(url, { headers, perMessageDeflate: false, ca });
    this.ws.on("message", (data: Buffer) => {
      this.received.push(data);
      this.onMessage(data);
    });
    this.ws.on("close", (code) => {
      this.closeCode = code;
    });
    this.ws.on("unexpected-response", (_request, response) => {
      this.refusedWith = response.statusCode;
      response.destroy();
    });
    this.ws.on("error", () => {});
  }

  async opened(): Promise<this> {
    await eventually(() => expect(this.ws.readyState).toBe(WebSocket.OPEN));
    return this;
  }

  say(transmit: Transmit): void {
    if (this.ws.readyState !== WebSocket.OPEN) return;
    this.ws.send(transmit.kind === "text" ? transmit.text : transmit.frame);
  }

  get types(): string[] {
    return this.received.map((frame) => {
      const decoded = decodeAgentMessage(frame);
      return decoded.ok ? decoded.message.messageType : decoded.reason;
    });
  }
}

interface Channel {
  handleSocketOpen(token: string, nowMs: number): void;
  handleSocketLost(nowMs: number): void;
  receive(data: Uint8Array, nowMs: number): void;
  handleTimeout(nowMs: number): void;
  pollTransmit(): Transmit | undefined;
  pollTimeoutMs(): number | undefined;
}

/** Joins a sans-I/O channel to a socket. */
class ChannelPeer<Event, C extends Channel & { pollEvent(): Event | undefined }> {
  readonly channel: C;
  readonly events: Event[] = [];
  peer: RawPeer | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(channel: C) {
    this.channel = channel;
  }

  async connect(url: string, token: string, headers: Record<string, string> = {}, ca?: string): Promise<void> {
    const peer = new RawPeer(url, headers, ca);
    this.peer = peer;
    peer.onMessage = (data) => this.act(() => this.channel.receive(data, Date.now()));
    peer.ws.on("close", () => {
      if (this.peer === peer) this.act(() => this.channel.handleSocketLost(Date.now()));
    });
    await peer.opened();
    this.act(() => this.channel.handleSocketOpen(token, Date.now()));
  }

  act(change: () => void): void {
    change();
    for (let event = this.channel.pollEvent(); event; event = this.channel.pollEvent()) {
      this.events.push(event);
      this.handle(event);
    }
    for (let transmit = this.channel.pollTransmit(); transmit; transmit = this.channel.pollTransmit())
      this.peer?.say(transmit);
    clearTimeout(this.#timer);
    const atMs = this.channel.pollTimeoutMs();
    if (atMs === undefined || this.peer?.ws.readyState !== WebSocket.OPEN) return;
    this.#timer = setTimeout(
      () => this.act(() => this.channel.handleTimeout(Date.now())),
      Math.max(0, atMs - Date.now()),
    );
  }

  handle(_event: Event): void {}

  /** The connection dies without a word. */
  drop(): void {
    this.peer?.ws.terminate();
  }
}

export class TestClient extends ChannelPeer<ClientChannelEvent, ClientChannel> {
  readonly sessionId: string;

  constructor(sessionId: string, targetId: string = INSTANCE_ID) {
    super(
      new ClientChannel({
        sessionId,
        targetId,
        clientId: randomUUID(),
        clientVersion: "1.2.650.0",
        host: CHANNEL_HOST,
      }),
    );
    this.sessionId = sessionId;
  }

  static async open(service: TestService, sessionId: string, access: ClientAccess): Promise<TestClient> {
    const client = new TestClient(sessionId);
    await client.connect(service.url(access.streamPath), access.token);
    return client;
  }

  type(text: string): void {
    this.act(() => this.channel.sendInput(Buffer.from(text), Date.now()));
  }
  resize(cols: number, rows: number): void {
    this.act(() => this.channel.resize(cols, rows, Date.now()));
  }

  get bytes(): Buffer {
    return Buffer.concat(this.events.map((event) => (event.kind === "received" && event.output) || new Uint8Array(0)));
  }
  get text(): string {
    return this.bytes.toString("utf8");
  }
  /** Undefined until channel_closed came. */
  get closedWith(): string | undefined {
    const closed = this.events.find((event) => event.kind === "closed");
    return closed?.kind === "closed" ? closed.output : undefined;
  }
  async shows(text: string): Promise<void> {
    await eventually(() => expect(this.text).toContain(text));
  }
  async ended(): Promise<string> {
    await eventually(() => expect(this.closedWith).toBeDefined());
    return this.closedWith ?? "";
  }
}

/** An agent whose process is the test. */
export class TestAgent extends ChannelPeer<AgentChannelEvent, AgentChannel> {
  input = "";

  constructor(sessionId: string) {
    super(
      new AgentChannel({
        sessionId,
        instanceId: INSTANCE_ID,
        agentVersion: "3.3.987.0",
        host: CHANNEL_HOST,
        sessionType: "Standard_Stream",
      }),
    );
  }

  static async open(service: TestService, sessionId: string): Promise<TestAgent> {
    const agent = new TestAgent(sessionId);
    await agent.reopen(service, sessionId);
    return agent;
  }

  async reopen(service: TestService, sessionId: string): Promise<void> {
    const token = service.gateway.createDataChannelToken(sessionId, INSTANCE_ID);
    const path = `/v1/data-channel/${sessionId}?role=publish_subscribe`;
    await this.connect(service.url(path), token, signature(INSTANCE_ID));
  }

  override handle(event: AgentChannelEvent): void {
    if (event.kind === "start") this.channel.handleReady(Date.now());
    if (event.kind === "input") this.input += Buffer.from(event.bytes).toString("utf8");
  }

  print(text: string): void {
    this.act(() => this.channel.sendOutput(Buffer.from(text), Date.now()));
  }
  exit(): void {
    this.act(() => this.channel.finish(Date.now()));
  }
}

export class TestControl {
  readonly peer: RawPeer;

  constructor(service: TestService, instanceId: string = INSTANCE_ID) {
    this.peer = new RawPeer(
      service.url(`/v1/control-channel/${instanceId}?role=subscribe&stream=input`),
      signature(instanceId),
    );
  }

  static async open(service: TestService, instanceId: string = INSTANCE_ID): Promise<TestControl> {
    const control = new TestControl(service, instanceId);
    await control.peer.opened();
    control.open(service.gateway.createControlChannelToken(instanceId));
    await eventually(() => expect(service.gateway.isConnected(instanceId)).toBe(true));
    return control;
  }

  open(tokenValue: string): void {
    this.peer.ws.send(
      buildAgentControlOpenMessage({
        requestId: randomUUID(),
        tokenValue,
        agentVersion: "3.3.987.0",
        platformType: "linux",
      }),
    );
  }

  completeTask(taskId: string, finalTaskStatus: string, output: string, retryNumber = 1): void {
    const payload = buildAgentTaskComplete({ taskId, finalTaskStatus, instanceId: INSTANCE_ID, output, retryNumber });
    this.peer.ws.send(frameOf("agent_task_complete", payload));
  }
}

export const frameOf = (messageType: string, payload: Uint8Array, payloadType = 0, sequenceNumber = 0): Uint8Array =>
  encodeAgentMessage({
    messageType,
    createdDate: Date.now(),
    sequenceNumber,
    messageId: randomUUID(),
    payloadType,
    payload,
  });
