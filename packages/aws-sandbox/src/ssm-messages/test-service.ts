/**
 * For tests: a gateway on a real loopback socket with the two calls agents make, and a clock the test moves.
 * A signature counts when it names the instance as its access key: SigV4 itself is tested in http/.
 */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Faults } from "../faults/faults.ts";
import type { SandboxLog } from "../log.ts";
import type { GatewayTimers } from "./gateway-timers.ts";
import { SessionGateway } from "./session-gateway.ts";
import type { AgentIdentity, StartSessionInput } from "./session-types.ts";

export const INSTANCE_ID = "i-0a1f6c83e5d2b7940";
export const REGION = "eu-west-1";
export const ACCOUNT = "111122223333";

/** Real time plus what the test added; timers that became due by an addition run at once. */
export class MovableClock implements GatewayTimers {
  #aheadMs = 0;
  #timers = new Set<{ dueMs: number; run: () => void; timer: NodeJS.Timeout }>();

  nowMs = (): number => Date.now() + this.#aheadMs;

  after(delayMs: number, run: () => void): () => void {
    const entry = { dueMs: this.nowMs() + delayMs, run: () => {}, timer: setTimeout(() => entry.run(), delayMs) };
    entry.timer.unref();
    const forget = () => {
      clearTimeout(entry.timer);
      this.#timers.delete(entry);
    };
    entry.run = () => {
      forget();
      run();
    };
    this.#timers.add(entry);
    return forget;
  }

  advance(ms: number): void {
    this.#aheadMs += ms;
    for (const entry of [...this.#timers]) if (entry.dueMs <= this.nowMs()) entry.run();
  }
}

export class RecordingLog implements SandboxLog {
  readonly lines: string[] = [];
  info(event: string, fields?: object): void {
    this.lines.push(JSON.stringify({ event, ...fields }));
  }
  warn(event: string, fields?: object): void {
    this.info(event, fields);
  }
}

export class TestService {
  readonly clock = new MovableClock();
  readonly log = new RecordingLog();
  readonly faults = new Faults();
  readonly gateway: SessionGateway;
  /** Bodies of UpdateInstanceInformation. */
  readonly heartbeats: string[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  constructor() {
    this.gateway = new SessionGateway({
      nowMs: this.clock.nowMs,
      randomBytes,
      log: this.log,
      verifyAgentRequest: signerOf,
      timers: this.clock,
      faults: this.faults,
    });
    this.#server.on("upgrade", (request, socket, head) => {
      if (!this.gateway.handleUpgrade(request, socket, head)) socket.destroy();
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  url(path: string): string {
    return `${this.endpoint.replace("http", "ws")}${path}`;
  }

  /** A session input of its own; `change` overrides. */
  sessionInput(change: Partial<StartSessionInput> = {}): StartSessionInput {
    return {
      sessionId: `dana-${randomBytes(9).toString("hex").slice(0, 17)}`,
      region: REGION,
      target: INSTANCE_ID,
      owner: { arn: `arn:aws:iam::${ACCOUNT}:user/dana`, userId: "AIDAEXAMPLE", account: ACCOUNT, sessionName: "dana" },
      documentName: "SSM-SessionManagerRunShell",
      document: { schemaVersion: "1.0", sessionType: "Standard_Stream", inputs: {} },
      parameters: {},
      ...change,
    };
  }

  async close(): Promise<void> {
    await this.gateway.close();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.headers["x-amz-target"] === "AmazonSSM.UpdateInstanceInformation") {
      this.heartbeats.push(Buffer.concat(chunks).toString());
      response.end("{}");
      return;
    }
    const [, channel, id = ""] = /^\/v1\/(control|data)-channel\/([^/?]+)$/.exec(request.url ?? "") ?? [];
    const signer = signerOf(request)?.instanceId ?? "";
    const token =
      channel === "control"
        ? this.gateway.createControlChannelToken(signer)
        : this.gateway.createDataChannelToken(decodeURIComponent(id), signer);
    if (token === "terminated" || token === "unknown") {
      response.writeHead(400).end(token === "terminated" ? "Session is already terminated" : "no such session");
      return;
    }
    response
      .writeHead(201)
      .end(`<R><MessageSchemaVersion>1.0</MessageSchemaVersion><TokenValue>${token}</TokenValue></R>`);
  }
}

/** What signRequest wrote, believed. */
export function signerOf(request: IncomingMessage): AgentIdentity | undefined {
  const instanceId = /Credential=(m?i-[0-9a-f]{17})\//.exec(request.headers.authorization ?? "")?.[1];
  return instanceId === undefined ? undefined : { instanceId, accountId: ACCOUNT, region: REGION };
}
