/** For tests: a SessionService over FakeAws, a clock that stands still, and pages that remember what they were sent. */
import { randomBytes, randomUUID } from "node:crypto";
import type { ServerMessage } from "@causeway/wire-contract/terminal-messages";
import { expect } from "vitest";
import type { AuditEntry } from "../../audit/index.ts";
import type { AwsIdentity } from "../../identity/index.ts";
import { CatalogError } from "../../platform/catalog-error.ts";
import { FakeClock } from "../../platform/fake-clock.ts";
import { createMetrics } from "../../platform/metrics.ts";
import type { Attachment } from "../readers/attachment.ts";
import type { ReaderSink } from "../readers/session-reader.ts";
import { SessionService } from "../session-service.ts";
import type { SessionStore } from "../session-store.ts";
import { FakeAws } from "./fake-aws.ts";
import { MemoryDialer } from "./memory-dialer.ts";
import { MemorySessionLogs } from "./memory-session-logs.ts";

export const REGION = "eu-west-1";
export const TARGET = "i-0123456789abcdef0";
export const ORIGIN = { ip: "127.0.0.1", requestId: "req-1" };

export class FakeIdentity implements AwsIdentity {
  readonly loginId: string;
  readonly identityId: string;
  readonly method = "access-keys";
  readonly ownerKey: string;
  readonly account = "111122223333";
  readonly userId: string;
  readonly arn: string;
  readonly name: string;
  readonly role = "IAM user";
  proven = true;
  hasExpired = false;

  constructor(name: string, loginId = `login-${name}`) {
    this.name = name;
    this.loginId = loginId;
    this.identityId = `identity-${loginId}`;
    this.userId = `AIDA${name.toUpperCase()}`;
    this.ownerKey = `${this.account}/${this.userId}`;
    this.arn = `arn:aws:iam::${this.account}:user/${name}`;
  }

  /** The same person, signed in from another browser. */
  again(): FakeIdentity {
    return new FakeIdentity(this.name, `${this.loginId}-again`);
  }

  async credentials() {
    if (this.hasExpired) throw new CatalogError("CREDENTIALS_EXPIRED");
    return { accessKeyId: "AKIAEXAMPLEEXAMPLE12", secretAccessKey: "secret" };
  }
}

const silentLog = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLog,
};

/** A page: what it shows, and what it was told. Acknowledges everything at once unless told otherwise. */
export class FakePage implements ReaderSink {
  readonly streamId: string;
  output = Buffer.alloc(0);
  readonly messages: ServerMessage[] = [];
  /** Everything in order of arrival: text of output, or `type` of messages. */
  readonly order: string[] = [];
  closed: { code: number; reason: string } | undefined;
  acknowledges = true;
  largestFrameBytes = 0;
  frames = 0;
  /** Absolute offset of the next output byte. */
  offset = 0;
  attachment: Attachment | undefined;
  #typed = 0;

  constructor(streamId = randomBytes(16).toString("hex")) {
    this.streamId = streamId;
  }

  sendOutput(bytes: Uint8Array): void {
    this.output = Buffer.concat([this.output, bytes]);
    this.offset += bytes.length;
    this.frames++;
    this.largestFrameBytes = Math.max(this.largestFrameBytes, bytes.length);
    this.order.push(Buffer.from(bytes).toString());
    if (this.acknowledges) queueMicrotask(() => this.attachment?.acknowledge(this.offset));
  }

  /** What was sent of the checkpoint announced last. */
  checkpoint = Buffer.alloc(0);
  #checkpointId = 0;

  sendCheckpoint(bytes: Uint8Array): void {
    this.checkpoint = Buffer.concat([this.checkpoint, bytes]);
    this.order.push(`<checkpoint ${bytes.length}>`);
    if (this.acknowledges) queueMicrotask(() => this.acknowledgeCheckpoint());
  }

  acknowledgeCheckpoint(bytes = this.checkpoint.length): void {
    this.attachment?.acknowledgeCheckpoint(this.#checkpointId, bytes);
  }

  sendMessage(message: ServerMessage): void {
    this.messages.push(message);
    this.order.push(`<${message.type}>`);
    if (message.type !== "attached" && message.type !== "reset") return;
    this.offset = message.offset;
    this.checkpoint = Buffer.alloc(0);
    this.#checkpointId = message.checkpoint?.id ?? this.#checkpointId;
  }

  close(code: number, reason: string): void {
    this.closed = { code, reason };
  }

  get text(): string {
    return this.output.toString();
  }
  get typedBytes(): number {
    return this.#typed;
  }

  type(text: string | Uint8Array, origin: "human" | "reply" = "human") {
    const bytes = Buffer.from(text as string);
    const refusal = this.attachment?.input(this.#typed, origin, bytes);
    if (refusal === undefined) this.#typed += bytes.length;
    return refusal;
  }

  last<T extends ServerMessage["type"]>(type: T): Extract<ServerMessage, { type: T }> | undefined {
    return this.messages.findLast((message) => message.type === type) as
      | Extract<ServerMessage, { type: T }>
      | undefined;
  }
}

export class SessionHarness {
  readonly clock = new FakeClock();
  readonly aws = new FakeAws(this.clock);
  readonly dialer = new MemoryDialer(this.aws);
  readonly logs = new MemorySessionLogs();
  readonly audit: AuditEntry[] = [];
  readonly rows = new Map<string, string>();
  /** AWS's ids of sessions that the store knows from an earlier process. */
  readonly startedEarlier: string[] = [];
  /** Whose `startedEarlier` are. */
  startedEarlierBy = "";
  readonly dana = new FakeIdentity("dana");
  readonly service: SessionService;
  sessionId = "";

  constructor(sessionsPerPersonMax = 50) {
    const rows = this.rows;
    const store = {
      recordStart: async (session: { id: string }) => void rows.set(session.id, "open"),
      recordEnd: async (id: string, end: { by: string }) => void rows.set(id, `ended by ${end.by}`),
      startedHere: async () => new Map(this.startedEarlier.map((awsId) => [awsId, this.startedEarlierBy])),
    } as unknown as SessionStore;
    this.service = new SessionService({
      calls: this.aws,
      preferences: this.aws,
      dialer: this.dialer,
      store,
      logs: this.logs,
      audit: { write: async (entry) => void this.audit.push(entry) },
      metrics: createMetrics(),
      clock: this.clock,
      log: silentLog,
      random: () => 0.5,
      randomId: () => randomBytes(16).toString("base64url"),
      randomUuid: randomUUID,
      settings: { sessionDocument: "SSM-SessionManagerRunShell", sessionsPerPersonMax },
    });
  }

  /** Starts a session whose shell has shown its prompt. */
  async start(identity: AwsIdentity = this.dana): Promise<string> {
    const session = await this.service.start(identity, { region: REGION, target: TARGET, cols: 80, rows: 24 }, ORIGIN);
    this.sessionId = session.id;
    this.aws.last.print("$ ");
    await this.settle();
    return session.id;
  }

  attach(
    page: FakePage,
    options: { offset?: number | null; cols?: number; rows?: number; visible?: boolean } = {},
  ): FakePage {
    const { offset = null, cols = 80, rows = 24, visible = true } = options;
    const request = { offset, streamId: page.streamId, size: { cols, rows }, visible, sink: page };
    page.attachment = this.service.attach(this.sessionId, this.dana, request, ORIGIN);
    return page;
  }

  /** Lets everything that was set in motion arrive; time moves by a few ticks only. */
  async settle(): Promise<void> {
    for (let n = 0; n < 10; n++) {
      await new Promise((resolve) => setImmediate(resolve));
      this.clock.advance(4);
    }
  }

  /** Moves time in small steps, so that what happens in between is carried out. */
  async pass(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 50) {
      this.clock.advance(50);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await this.settle();
  }

  expectEnded(by: string, code?: string): void {
    expect(this.service.get(this.sessionId)).toMatchObject({
      channel: "ended",
      ended: { by, ...(code === undefined ? {} : { code }) },
    });
    expect(this.rows.get(this.sessionId)).toBe(`ended by ${by}`);
  }
}
