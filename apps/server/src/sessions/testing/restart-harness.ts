/**
 * For tests: servers that are killed and started again over one data directory, one AWS and one clock. A kill is what
 * `kill -9` leaves: the files as they are at that moment, and nobody who does anything any more.
 */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import type { SessionEnd } from "@causeway/wire-contract/sessions";
import { CLOSE_BY_ERROR, type ServerMessage } from "@causeway/wire-contract/terminal-messages";
import { FakeClock } from "../../platform/fake-clock.ts";
import { createLog } from "../../platform/logger.ts";
import { createMetrics } from "../../platform/metrics.ts";
import type { SessionCalls } from "../calls/session-calls.ts";
import type { DataChannelDialer, DataChannelSocket } from "../channel/data-channel-dialer.ts";
import type { LeftRow } from "../left-sessions.ts";
import { type FileSessionLogs, openSessionLogs } from "../log/file-session-logs.ts";
import type { Attachment } from "../readers/attachment.ts";
import type { ReaderSink } from "../readers/session-reader.ts";
import { SessionService } from "../session-service.ts";
import type { SessionFacts, SessionStore } from "../session-store.ts";
import { FakeAws } from "./fake-aws.ts";
import { MemoryDialer } from "./memory-dialer.ts";
import { FakeIdentity, ORIGIN, REGION, TARGET } from "./session-harness.ts";

const KEY = createHash("sha256").update("a key for tests").digest();

/** One process. */
interface Life {
  service: SessionService;
  logs: FileSessionLogs;
  dataDir: string;
  kill(): void;
}

export class RestartHarness {
  readonly clock = new FakeClock();
  readonly aws = new FakeAws(this.clock);
  readonly dana = new FakeIdentity("dana");
  readonly rows = new Map<string, LeftRow>();
  /** What the machine that Causeway runs on calls this start of itself. */
  bootId = "boot 1";
  sessionId = "";
  /** Where the next server keeps its files. */
  newFolder = () => {
    const folder = mkdtempSync(`${tmpdir()}/causeway-restart-`);
    this.#folders.push(folder);
    return folder;
  };
  #life: Life | undefined;
  #folders: string[] = [];
  #allLogs: FileSessionLogs[] = [];

  get service(): SessionService {
    return this.#now.service;
  }
  get dataDir(): string {
    return this.#now.dataDir;
  }
  get #now(): Life {
    if (this.#life === undefined) throw new Error("no server runs");
    return this.#life;
  }

  /** Starts a server, on the files that the last one left. */
  async boot(change: (dataDir: string) => void = () => {}): Promise<void> {
    const dataDir = this.newFolder();
    if (this.#life !== undefined) cpSync(this.#life.dataDir, dataDir, { recursive: true, preserveTimestamps: true });
    change(dataDir);
    const { aws, clock, rows } = this;
    const { logs, found } = await openSessionLogs({
      dataDir,
      masterKey: KEY,
      bootId: this.bootId,
      clock,
      randomBytes,
      listener: {
        onDurable: (id, isDurable) => this.#life?.service.handleDurable(id, isDurable),
        onDamage: () => {},
        onDeleted: () => {},
      },
      settings: { freeBytesMin: 0 },
    });
    this.#allLogs.push(logs);
    const store = {
      recordStart: async (facts: SessionFacts) => void rows.set(facts.id, { facts, end: undefined }),
      recordEnd: async (id: string, end: SessionEnd) => {
        const row = rows.get(id);
        if (row !== undefined) row.end ??= end;
      },
      left: async () => [...rows.values()].map((row) => ({ ...row })),
    } as unknown as SessionStore;
    const line = new KillableDialer(new MemoryDialer(aws));
    let isAlive = true;
    const service = new SessionService({
      calls: new Proxy(aws as SessionCalls, {
        get: (target, name: keyof SessionCalls) =>
          isAlive ? (target[name] as () => unknown).bind(target) : () => new Promise(() => {}),
      }),
      preferences: aws,
      dialer: line,
      store,
      logs,
      audit: { write: async () => {} },
      metrics: createMetrics(),
      clock,
      log: createLog("silent", () => {}),
      random: () => 0.5,
      randomId: () => randomBytes(16).toString("base64url"),
      randomUuid: randomUUID,
      settings: { sessionDocument: "SSM-SessionManagerRunShell", sessionsPerPersonMax: 50 },
    });
    const kill = () => {
      isAlive = false;
      line.kill();
    };
    this.#life = { service, logs, dataDir, kill };
    await service.reopen(found, async () => this.dana);
  }

  async start(): Promise<void> {
    const request = { region: REGION, target: TARGET, cols: 80, rows: 24 };
    let isStarted = false;
    const starting = this.service.start(this.dana, request, ORIGIN).finally(() => {
      isStarted = true;
    });
    await this.until(() => isStarted);
    this.sessionId = (await starting).id;
    this.aws.last.echoes = false;
  }

  /** From here on the server does nothing; `boot` starts the next one on its files as they are now. */
  kill(): void {
    this.#now.kill();
  }

  /** Lets time and everything that waits for a disk go on until it holds. */
  async until(holds: () => boolean): Promise<void> {
    const giveUpAtMs = Date.now() + 10_000;
    while (!holds()) {
      if (Date.now() > giveUpAtMs) throw new Error("waited 10 s in vain");
      await this.turn();
    }
  }

  async turn(milliseconds = 4): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.clock.advance(milliseconds);
  }

  async dispose(): Promise<void> {
    this.kill();
    for (const logs of this.#allLogs) await logs.close();
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }
}

/** A page as the wire contract wants it: it keeps what was not stored, and asks for output from where it is. */
export class LastingPage implements ReaderSink {
  readonly streamId = randomBytes(16).toString("hex");
  output = Buffer.alloc(0);
  readonly messages: ServerMessage[] = [];
  readonly #harness: RestartHarness;
  #attachment: Attachment | undefined;
  #typed = "";

  constructor(harness: RestartHarness) {
    this.#harness = harness;
  }

  get text(): string {
    return this.output.toString();
  }
  /** How much of what was typed the server says is stored. */
  get stored(): number {
    return this.last("input-ack")?.stored ?? this.last("attached")?.inputStored ?? 0;
  }
  get attachment(): Attachment | undefined {
    return this.#attachment;
  }
  get typed(): string {
    return this.#typed;
  }

  attach(): void {
    const { dana, service, sessionId } = this.#harness;
    const size = { cols: 80, rows: 24 };
    const request = { offset: this.output.length, streamId: this.streamId, size, visible: true, sink: this };
    this.#attachment = service.attach(sessionId, dana, request, ORIGIN);
    const attached = this.last("attached");
    if (attached === undefined) throw new Error("not attached");
    if (attached.inputStored > this.#typed.length) throw new Error("the server has keys that nobody typed");
    this.#send(attached.inputStored);
  }

  detach(): void {
    this.#attachment?.detach();
    this.#attachment = undefined;
  }

  /** Sends again what the server does not have. */
  resend(): void {
    this.#send(this.stored);
  }

  type(text: string): void {
    const from = this.#typed.length;
    this.#typed += text;
    this.#send(from);
  }

  last<T extends ServerMessage["type"]>(type: T): Extract<ServerMessage, { type: T }> | undefined {
    return this.messages.findLast((message) => message.type === type) as
      | Extract<ServerMessage, { type: T }>
      | undefined;
  }

  sendOutput(bytes: Uint8Array): void {
    if (this.#attachment === undefined && this.last("attached") === undefined) return;
    this.output = Buffer.concat([this.output, bytes]);
    const at = this.output.length;
    const attachment = this.#attachment;
    queueMicrotask(() => (attachment ?? this.#attachment)?.acknowledge(at));
  }

  sendCheckpoint(): void {
    throw new Error("these sessions are too short for checkpoints");
  }

  sendMessage(message: ServerMessage): void {
    this.messages.push(message);
  }

  close(code: number, reason: string): void {
    if (code === CLOSE_BY_ERROR) throw new Error(`the page was cut: ${reason}`);
  }

  #send(from: number): void {
    const bytes = Buffer.from(this.#typed.slice(from));
    const refusal = bytes.length > 0 ? this.#attachment?.input(from, "human", bytes) : undefined;
    if (refusal !== undefined) throw new Error(refusal);
  }
}

/** Connections that end with their process, without a word to it. */
class KillableDialer implements DataChannelDialer {
  readonly #dialer: DataChannelDialer;
  #sockets = new Set<DataChannelSocket>();
  #isAlive = true;

  constructor(dialer: DataChannelDialer) {
    this.#dialer = dialer;
  }

  kill(): void {
    this.#isAlive = false;
    for (const socket of this.#sockets) socket.close();
  }

  dial(...[streamUrl, handlers]: Parameters<DataChannelDialer["dial"]>): DataChannelSocket {
    const inner = this.#dialer.dial(streamUrl, {
      onOpen: () => this.#isAlive && handlers.onOpen(),
      onFrame: (data, isLast) => this.#isAlive && handlers.onFrame(data, isLast),
      onLost: (loss) => this.#isAlive && handlers.onLost(loss),
    });
    this.#sockets.add(inner);
    return {
      get bufferedBytes() {
        return inner.bufferedBytes;
      },
      send: (transmit) => void (this.#isAlive && inner.send(transmit)),
      pause: () => inner.pause(),
      resume: () => inner.resume(),
      close: () => {
        this.#sockets.delete(inner);
        inner.close();
      },
    };
  }
}
