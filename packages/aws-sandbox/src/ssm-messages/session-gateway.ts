/**
 * The message gateway (AWS: ssmmessages): sessions, their tokens and sockets.
 * It relays data-channel frames between a client and an agent and knows nothing of shells, HTTP APIs or policies.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { SandboxLog } from "../log.ts";
import { type InputChunk, InputJournal } from "./input-journal.ts";
import type { AgentIdentity, ClientAccess, GatewaySession, StartSessionInput } from "./session-types.ts";

export interface SessionGatewayDeps {
  nowMs(): number;
  randomBytes(length: number): Uint8Array;
  log: SandboxLog;
  /** The SigV4 check of an agent's request; undefined: not signed, or not by a machine. */
  verifyAgentRequest(request: IncomingMessage): AgentIdentity | undefined;
}

export class SessionGateway {
  /** Given to every Machine, which writes what its shells receive. */
  readonly journal: InputJournal = new InputJournal();
  readonly #deps: SessionGatewayDeps;

  constructor(deps: SessionGatewayDeps) {
    this.#deps = deps;
  }

  isConnected(_instanceId: string): boolean {
    return false;
  }
  startSession(_input: StartSessionInput): ClientAccess {
    throw new Error(`not here yet at ${this.#deps.nowMs()}`);
  }
  resumeSession(_sessionId: string): ClientAccess | undefined {
    return undefined;
  }
  terminateSession(_sessionId: string): boolean {
    return false;
  }
  getSession(_sessionId: string): GatewaySession | undefined {
    return undefined;
  }
  listSessions(): readonly GatewaySession[] {
    return [];
  }
  createControlChannelToken(_instanceId: string): string {
    return "";
  }
  createDataChannelToken(_sessionId: string, _instanceId: string): string | "terminated" | "unknown" {
    return "unknown";
  }
  handleUpgrade(_request: IncomingMessage, _socket: Duplex, _head: Buffer): boolean {
    return false;
  }
  inputJournal(sessionId: string): readonly InputChunk[] {
    return this.journal.read(sessionId);
  }
  async close(): Promise<void> {}
}
