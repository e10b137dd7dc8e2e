/**
 * For tests: Session Manager small enough to read, with the real protocol. Each session is an AgentChannel behind a
 * service that checks tokens, relays frames and keeps what has no receiver. Reached as SessionCalls, and through a
 * dialer in memory or a websocket (fake-gateway.ts).
 */
import { randomBytes, randomUUID } from "node:crypto";
import {
  AgentChannel,
  type AgentChannelOptions,
  buildChannelClosed,
  decodeAgentMessage,
  encodeAgentMessage,
  MESSAGE_TYPE,
} from "@causeway/ssm-data-channel";
import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { SessionPreferences } from "@causeway/wire-contract/sessions";
import type { AwsIdentity } from "../../identity/index.ts";
import { CatalogError } from "../../platform/catalog-error.ts";
import type { Clock } from "../../platform/clock.ts";
import type {
  ActiveSessions,
  DataKey,
  InstanceFacts,
  Registration,
  ResumeAnswer,
  SessionAddress,
  SessionCalls,
  StartedSession,
  StartTarget,
} from "../calls/session-calls.ts";
import { type PreferencesReader, UNKNOWN_PREFERENCES } from "../calls/session-preferences.ts";
import { channelHost } from "../channel/channel-host.ts";

/** The client's end of the service, whatever carries it. */
export interface ClientEnd {
  deliver(frame: Uint8Array): void;
  cut(): void;
}

export class FakeAws implements SessionCalls, PreferencesReader {
  readonly sessions: FakeSession[] = [];
  /** Names of all calls, in order, with who made them: `start dana`. */
  readonly calls: string[] = [];
  streamUrl = "ws://127.0.0.1/v1/data-channel";
  /** What each start asked for. */
  readonly targets: StartTarget[] = [];
  /** Thrown by the next calls of that name, one each. */
  readonly failures: { call: string; error: CatalogError }[] = [];
  /** What Systems Manager says of every instance's agent. */
  registered: Registration = { kind: "unknown" };
  facts: InstanceFacts = { name: "web-1", ec2State: "running" };
  preferences: SessionPreferences = UNKNOWN_PREFERENCES;
  /** What AWS says is wrong with every instance. */
  problem: ErrorCode | undefined;
  agentOptions: Partial<AgentChannelOptions> = {};
  onCall: (call: string) => void = () => {};
  #held: Promise<void> | undefined;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get last(): FakeSession {
    const session = this.sessions.at(-1);
    if (session === undefined) throw new Error("no session was started");
    return session;
  }

  /** The next resume gets its answer only when the function returned is called: that refusal. */
  holdNextResume(): (refusal: CatalogError) => void {
    let refuse: (refusal: CatalogError) => void = () => {};
    this.#held = new Promise((_resolve, reject) => {
      refuse = reject;
    });
    return refuse;
  }

  failNext(call: string, error: CatalogError, times = 1): void {
    for (let n = 0; n < times; n++) this.failures.push({ call, error });
  }

  async start(identity: AwsIdentity, target: StartTarget): Promise<StartedSession> {
    this.#called("start", identity, target.documentName);
    this.targets.push(target);
    const session = new FakeSession(this.#clock, `${identity.name}-${randomBytes(9).toString("hex").slice(1)}`, {
      instanceId: target.instanceId,
      ...this.agentOptions,
    });
    session.ownerArn = identity.arn;
    this.sessions.push(session);
    return { awsSessionId: session.id, streamUrl: this.streamUrl, token: session.issueToken() };
  }

  async resume(identity: AwsIdentity, address: SessionAddress): Promise<ResumeAnswer> {
    this.#called("resume", identity);
    const held = this.#held;
    this.#held = undefined;
    await held;
    const session = this.#find(address);
    if (session.hasEnded) return { kind: "gone" };
    return { kind: "token", token: session.issueToken(), streamUrl: this.streamUrl };
  }

  async terminate(identity: AwsIdentity, address: SessionAddress): Promise<void> {
    this.#called("terminate", identity);
    this.#find(address).close("");
  }

  #keyHeld: Promise<void> | undefined;
  /** The next data key comes when the returned function is called. */
  holdKey(): () => void {
    let release = () => {};
    this.#keyHeld = new Promise((resolve) => {
      release = resolve;
    });
    return () => release();
  }

  async generateDataKey(
    identity: AwsIdentity,
    _region: string,
    keyId: string,
    encryptionContext: Record<string, string>,
  ): Promise<DataKey> {
    this.#called("generateDataKey", identity, keyId);
    await this.#keyHeld;
    const plaintext = randomBytes(64);
    const ciphertextBlob = Buffer.from(JSON.stringify({ key: plaintext.toString("hex"), encryptionContext }));
    return { plaintext, ciphertextBlob };
  }

  async listActive(identity: AwsIdentity, _region: string, awsSessionId?: string): Promise<ActiveSessions> {
    this.#called("listActive", identity);
    const own = this.sessions.filter((each) => !each.hasEnded && each.ownerArn === identity.arn);
    const wanted = own.filter(({ id }) => awsSessionId === undefined || id === awsSessionId);
    const sessions = wanted.map(({ id, instanceId, startedAtMs }) => ({
      awsSessionId: id,
      instanceId,
      documentName: undefined,
      status: "Connected",
      startedAtMs,
    }));
    return { sessions: sessions.reverse(), truncated: false };
  }

  async instanceProblem(identity: AwsIdentity): Promise<ErrorCode | undefined> {
    this.calls.push(`instanceProblem ${identity.name}`);
    return this.problem;
  }

  async registration(): Promise<Registration> {
    return this.registered;
  }

  async describeInstance(): Promise<InstanceFacts> {
    return this.facts;
  }

  /** How many of the next open messages are answered by closing: a policy that lacks OpenDataChannel. */
  deniedOpens = 0;
  preferencesReads = 0;
  async readPreferences(): Promise<SessionPreferences> {
    this.preferencesReads++;
    return this.preferences;
  }

  /** What a websocket does with its first message. @returns undefined: no such token */
  connect(openMessage: string, client: ClientEnd): FakeSession | undefined {
    const { TokenValue } = JSON.parse(openMessage) as { TokenValue: string };
    if (this.deniedOpens > 0) {
      this.deniedOpens--;
      return undefined;
    }
    const session = this.sessions.find((each) => each.takeToken(TokenValue));
    session?.connectClient(client);
    return session;
  }

  #find({ awsSessionId }: SessionAddress): FakeSession {
    const session = this.sessions.find((each) => each.id === awsSessionId);
    if (session === undefined) throw new CatalogError("SESSION_ENDED");
    return session;
  }

  #called(call: string, identity: AwsIdentity, detail?: string): void {
    this.calls.push([call, identity.name, detail].filter(Boolean).join(" "));
    this.onCall(call);
    const index = this.failures.findIndex((failure) => failure.call === call);
    const [failure] = index < 0 ? [] : this.failures.splice(index, 1);
    if (failure !== undefined) throw failure.error;
  }
}

/** One shell that echoes what is typed, unless told otherwise. */
export class FakeSession {
  readonly id: string;
  readonly instanceId: string;
  readonly startedAtMs: number;
  ownerArn = "";
  /** What reached the process. */
  input = Buffer.alloc(0);
  readonly sizes: string[] = [];
  echoes = true;
  hasEnded = false;
  /** The agent's machine is stuck: nothing that is sent to it arrives. */
  isDeaf = false;
  /** Lets a test lose frames on the way to the client. */
  losesFrame: (frame: Uint8Array) => boolean = () => false;
  readonly #clock: Clock;
  readonly #agent: AgentChannel;
  #tokens = new Set<string>();
  #client: ClientEnd | undefined;
  #waiting: Uint8Array[] = [];
  #cancelTimer = () => {};
  #pumping = false;
  #pendingOutput: Buffer[] = [];

  constructor(clock: Clock, id: string, options: Partial<AgentChannelOptions> & { instanceId: string }) {
    this.id = id;
    this.#clock = clock;
    this.instanceId = options.instanceId;
    this.startedAtMs = clock.nowMs();
    this.#agent = new AgentChannel({
      sessionId: id,
      agentVersion: "3.3.2299.0",
      sessionType: "Standard_Stream",
      host: channelHost,
      ...options,
    });
    this.#agent.handleSocketOpen("agent-token", clock.nowMs());
    this.#pump();
  }

  get hasClient(): boolean {
    return this.#client !== undefined;
  }
  get unsentBytes(): number {
    return this.#pendingOutput.reduce((sum, piece) => sum + piece.length, 0);
  }

  issueToken(): string {
    const token = randomUUID();
    this.#tokens.add(token);
    return token;
  }
  takeToken(token: string): boolean {
    return this.#tokens.delete(token);
  }

  connectClient(client: ClientEnd): void {
    this.#client = client;
    this.#toClient(this.#serviceFrame(MESSAGE_TYPE.startPublication, Buffer.from("{}")));
    for (const frame of this.#waiting.splice(0)) this.#toClient(frame);
    this.#pump();
  }

  clientGone(client: ClientEnd): void {
    if (this.#client === client) this.#client = undefined;
  }

  /** From the client's websocket. */
  receive(data: Uint8Array): void {
    if (this.hasEnded || this.isDeaf) return;
    this.#agent.receive(data, this.#clock.nowMs());
    this.#pump();
  }

  /** The process prints; the agent's window may hold some of it back. */
  print(output: string | Uint8Array): void {
    this.#pendingOutput.push(Buffer.from(output as string));
    this.#pump();
  }

  /** The service cuts the client's socket, as AWS does every hour. */
  cutClient(): void {
    const client = this.#client;
    this.#client = undefined;
    client?.cut();
  }

  pausePublication(): void {
    this.#toClient(this.#serviceFrame(MESSAGE_TYPE.pausePublication, Buffer.from("{}")));
  }
  startPublication(): void {
    this.#toClient(this.#serviceFrame(MESSAGE_TYPE.startPublication, Buffer.from("{}")));
  }

  /** The process exits: what it printed is delivered, then the channel closes. */
  exit(): void {
    this.#agent.finish(this.#clock.nowMs());
    this.#pump();
  }

  /** `channel_closed` by the service. */
  close(output: string): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.#cancelTimer();
    const payload = buildChannelClosed({
      messageId: randomUUID(),
      destinationId: this.instanceId,
      sessionId: this.id,
      createdDateMs: this.#clock.nowMs(),
      output,
    });
    this.#toClient(this.#serviceFrame(MESSAGE_TYPE.channelClosed, payload));
    this.cutClient();
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    for (let more = true; more && !this.hasEnded; ) {
      more = this.#print();
      for (let out = this.#agent.pollTransmit(); out !== undefined; out = this.#agent.pollTransmit()) {
        more = true;
        if (out.kind === "binary") this.#relay(out.frame);
      }
      for (let event = this.#agent.pollEvent(); event !== undefined; event = this.#agent.pollEvent()) {
        more = true;
        if (event.kind === "start") this.#agent.handleReady(this.#clock.nowMs());
        else if (event.kind === "input") {
          this.input = Buffer.concat([this.input, event.bytes]);
          if (this.echoes) this.#pendingOutput.push(Buffer.from(event.bytes));
        } else if (event.kind === "size") this.sizes.push(`${event.cols}x${event.rows}`);
        else if (event.kind === "data_key_wanted") {
          const { key } = JSON.parse(Buffer.from(event.ciphertextBlob).toString()) as { key: string };
          this.#agent.handleDataKey(Buffer.from(key, "hex"), this.#clock.nowMs());
        } else if (event.kind === "finished") this.close("");
        else if (event.kind === "failed") this.close(event.output);
      }
    }
    this.#pumping = false;
    this.#armTimer();
  }

  #print(): boolean {
    let printed = false;
    while (this.#agent.canSend && this.#pendingOutput.length > 0) {
      const piece = this.#pendingOutput[0] as Buffer;
      this.#agent.sendOutput(piece.subarray(0, 1024), this.#clock.nowMs());
      if (piece.length > 1024) this.#pendingOutput[0] = piece.subarray(1024);
      else this.#pendingOutput.shift();
      printed = true;
    }
    return printed;
  }

  #relay(frame: Uint8Array): void {
    const decoded = decodeAgentMessage(frame);
    if (decoded.ok && decoded.message.messageType === MESSAGE_TYPE.agentSessionState) return;
    this.#toClient(frame);
  }

  #toClient(frame: Uint8Array): void {
    if (this.losesFrame(frame)) return;
    if (this.#client === undefined) this.#waiting.push(frame.slice());
    else this.#client.deliver(frame.slice());
  }

  #serviceFrame(messageType: string, payload: Uint8Array): Uint8Array {
    const createdDate = this.#clock.nowMs();
    return encodeAgentMessage({ messageType, createdDate, sequenceNumber: 0, messageId: randomUUID(), payload });
  }

  #armTimer(): void {
    this.#cancelTimer();
    const atMs = this.hasEnded ? undefined : this.#agent.pollTimeoutMs();
    if (atMs === undefined) return;
    this.#cancelTimer = this.#clock.setTimer(Math.max(Math.ceil(atMs), this.#clock.nowMs() + 1), () => {
      this.#agent.handleTimeout(this.#clock.nowMs());
      this.#pump();
    });
  }
}
