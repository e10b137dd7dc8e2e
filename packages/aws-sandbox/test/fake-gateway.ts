// A message gateway without sockets: remembers what it was asked, and is told which machines are connected.
import type { ChannelTokens } from "../src/http/agent-channels.ts";
import type { SessionStore } from "../src/ssm/session-store.ts";
import {
  type ClientAccess,
  type GatewaySession,
  type StartSessionInput,
  TargetNotConnectedError,
  TooManySessionsError,
} from "../src/ssm-messages/session-types.ts";

export class FakeGateway implements SessionStore, ChannelTokens {
  readonly connected = new Set<string>();
  readonly sessions = new Map<string, GatewaySession>();
  readonly started: StartSessionInput[] = [];
  /** Of each token that was given out: whether its bearer may open the channel. */
  readonly mayOpen: boolean[] = [];
  full = false;
  nowMs = Date.now();

  isConnected(instanceId: string): boolean {
    return this.connected.has(instanceId);
  }

  startSession(input: StartSessionInput, mayOpenChannel = true): ClientAccess {
    if (!this.connected.has(input.target)) throw new TargetNotConnectedError(input.target);
    if (this.full) throw new TooManySessionsError(1);
    this.started.push(input);
    this.add(input);
    this.mayOpen.push(mayOpenChannel);
    return this.#access(input.sessionId);
  }

  /** A session that is there without anybody having started it. */
  add(input: Omit<StartSessionInput, "document" | "parameters">, more: Partial<GatewaySession> = {}): void {
    const { sessionId, region, target, owner, documentName, reason } = input;
    this.nowMs += 1000;
    this.sessions.set(sessionId, {
      sessionId,
      region,
      target,
      owner,
      documentName,
      status: "Connected",
      startDate: this.nowMs,
      ...(reason === undefined ? {} : { reason }),
      ...more,
    });
  }

  resumeSession(sessionId: string, mayOpenChannel = true): ClientAccess | undefined {
    this.mayOpen.push(mayOpenChannel);
    return this.sessions.get(sessionId)?.status === "Connected" ? this.#access(sessionId) : undefined;
  }

  terminateSession(sessionId: string): boolean {
    const session = this.sessions.get(sessionId);
    if (session) this.sessions.set(sessionId, { ...session, status: "Terminated", endDate: this.nowMs });
    return session !== undefined;
  }

  getSession(sessionId: string): GatewaySession | undefined {
    return this.sessions.get(sessionId);
  }

  listSessions(): readonly GatewaySession[] {
    return [...this.sessions.values()];
  }

  createControlChannelToken(instanceId: string): string {
    return `control token of ${instanceId}`;
  }

  createDataChannelToken(sessionId: string): string | "terminated" | "unknown" {
    const session = this.sessions.get(sessionId);
    if (session === undefined) return "unknown";
    return session.status === "Terminated" ? "terminated" : `data token of ${sessionId}`;
  }

  #access(sessionId: string): ClientAccess {
    return { token: `token of ${sessionId}`, streamPath: `/v1/data-channel/${sessionId}?role=publish_subscribe` };
  }
}
