/**
 * The message gateway (AWS: ssmmessages): sessions, their tokens and sockets.
 * It relays data-channel frames between a client and an agent and knows nothing of shells, HTTP APIs or policies.
 * Host and Origin of upgrade requests are checked before they get here.
 */
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { type Cut, type SessionSelector, selects } from "../faults/fault-plan.ts";
import { Faults } from "../faults/faults.ts";
import type { SandboxLog } from "../log.ts";
import { readTaskReport } from "./agent-reports.ts";
import { ChannelSocket, type ChannelSocketOwner, CLOSE_DONE, CLOSE_REFUSED } from "./channel-socket.ts";
import { ChannelTokens, TOKEN_LIFE_MS } from "./channel-tokens.ts";
import { type GatewayTimers, PROCESS_TIMERS } from "./gateway-timers.ts";
import { type InputChunk, InputJournal } from "./input-journal.ts";
import { RelaySession } from "./relay-session.ts";
import { createServiceFrames, type ServiceFrames } from "./service-frames.ts";
import {
  type AgentIdentity,
  type ClientAccess,
  type GatewaySession,
  type StartSessionInput,
  TargetNotConnectedError,
  TooManySessionsError,
} from "./session-types.ts";
import { channelRequestOf, refuseUpgrade } from "./upgrade-request.ts";

export const LIVE_SESSIONS_MAX = 2_000;
/** Sessions that are over and still listed; the one that ended first goes first. */
export const PAST_SESSIONS_MAX = 1_000;
/** Larger messages end the connection. Real ends send about 1 KiB; the real bound is not known (data-channel.md §18.4). */
export const FRAME_BYTES_MAX = 256 * 1024;
/** Connections that have not said their open message yet; further ones are refused with 503. */
export const UNOPENED_CHANNELS_MAX = 256;
/** Ours: what AWS says here is not published. */
export const CHANNEL_DENIED_TEXT = "AccessDeniedException: ssmmessages:OpenDataChannel";
/** How exactly idle and maximum duration are kept. */
export const SWEEP_EVERY_MS = 1_000;

export interface SessionGatewayDeps {
  nowMs(): number;
  randomBytes(length: number): Uint8Array;
  log: SandboxLog;
  /** The SigV4 check of an agent's request; undefined: not signed, or not by a machine. */
  verifyAgentRequest(request: IncomingMessage): AgentIdentity | undefined;
  /** Default: the timers of this process. */
  timers?: GatewayTimers;
  /** Default: none. */
  faults?: Faults;
  /** Machines whose agents start when they are needed. Default: none. */
  sleepers?: Sleepers;
}

export interface Sleepers {
  canWake(instanceId: string): boolean;
  /** @returns whether its agent will connect by itself soon */
  wake(instanceId: string): boolean;
}

export class SessionGateway {
  /** Given to every Machine, which writes what its shells receive. */
  readonly journal: InputJournal = new InputJournal();
  readonly #deps: SessionGatewayDeps;
  readonly #timers: GatewayTimers;
  readonly #frames: ServiceFrames;
  readonly #tokens: ChannelTokens;
  readonly #faults: Faults;
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: FRAME_BYTES_MAX,
  });
  readonly #controls = new Map<string, ChannelSocket>();
  readonly #live = new Map<string, RelaySession>();
  /** In the order of their ends. */
  readonly #past = new Map<string, RelaySession>();
  /** interactive_shell of sessions whose agent has not asked for a data channel yet: told again when it reconnects. */
  readonly #unheard = new Map<string, Uint8Array>();
  #cancelSweep: () => void;
  #unopenedChannels = 0;
  #isClosed = false;

  constructor(deps: SessionGatewayDeps) {
    this.#deps = deps;
    this.#timers = deps.timers ?? PROCESS_TIMERS;
    this.#tokens = new ChannelTokens(deps);
    this.#faults = deps.faults ?? new Faults();
    const sha256 = (data: Uint8Array): Uint8Array => createHash("sha256").update(data).digest();
    this.#frames = createServiceFrames({ nowMs: deps.nowMs, randomBytes: deps.randomBytes, sha256 });
    this.#cancelSweep = this.#timers.after(SWEEP_EVERY_MS, () => this.#sweep());
  }

  /** Whether the machine's agent holds a control channel, or would if it were needed. */
  isConnected(instanceId: string): boolean {
    return this.#controls.has(instanceId) || this.#deps.sleepers?.canWake(instanceId) === true;
  }

  /**
   * Tells the agent and gives the client what it needs to connect.
   * @param mayOpenChannel false: whoever brings the token is refused after the open message, as one whose policy denies it
   * @throws TargetNotConnectedError, TooManySessionsError
   */
  startSession(input: StartSessionInput, mayOpenChannel = true): ClientAccess {
    const control = this.#controls.get(input.target);
    if (this.#live.size >= LIVE_SESSIONS_MAX) throw new TooManySessionsError(LIVE_SESSIONS_MAX);
    // one that was asleep hears of the session when it connects, as every agent does of what it has missed
    if (!control && !this.#deps.sleepers?.wake(input.target)) throw new TargetNotConnectedError(input.target);
    const session = new RelaySession(input, {
      nowMs: this.#deps.nowMs,
      timers: this.#timers,
      frames: this.#frames,
      log: this.#deps.log,
      faults: this.#faults,
      sendToAgent: (instanceId, frame) => this.#controls.get(instanceId)?.send(frame),
      ended: (over) => this.#handleEnded(over),
    });
    this.#live.set(input.sessionId, session);
    const start = this.#frames.interactiveShell(input);
    this.#unheard.set(input.sessionId, start);
    control?.send(start);
    return this.#clientAccess(session, mayOpenChannel);
  }

  /** @returns undefined when the session is over or unknown */
  resumeSession(sessionId: string, mayOpenChannel = true): ClientAccess | undefined {
    const session = this.#live.get(sessionId);
    if (!session) return undefined;
    session.touch();
    return this.#clientAccess(session, mayOpenChannel);
  }

  /** @returns whether there is, or was, such a session; one that is over stays as it is */
  terminateSession(sessionId: string): boolean {
    this.#live.get(sessionId)?.terminate("");
    return this.#find(sessionId) !== undefined;
  }

  /**
   * Closes the client's websocket as AWS does about once an hour: code 1000, "Bye". The session goes on.
   * @returns false when no such session runs
   */
  recycleDataChannel(sessionId: string): boolean {
    this.#live.get(sessionId)?.recycleClient();
    return this.#live.has(sessionId);
  }

  /**
   * Cuts data channels now; the sessions go on.
   * @returns how many sockets were met
   */
  cutDataChannels(selector: SessionSelector, cut: Cut): number {
    let sockets = 0;
    for (const session of this.#live.values()) {
      const { sessionId, target } = session.input;
      if (selects(selector, { sessionId, instanceId: target })) sockets += session.disturb(cut);
    }
    return sockets;
  }

  getSession(sessionId: string): GatewaySession | undefined {
    return this.#find(sessionId)?.describe();
  }

  /** Running and past ones, newest start first. */
  listSessions(): readonly GatewaySession[] {
    const all = [...this.#past.values(), ...this.#live.values()].map((session) => session.describe());
    return all.sort((a, b) => b.startDate - a.startDate);
  }

  /** For the answer to the agent's POST /v1/control-channel/{id}; who asks must have been verified. */
  createControlChannelToken(instanceId: string): string {
    return this.#tokens.issue(controlSubject(instanceId));
  }

  /** For the answer to the agent's POST /v1/data-channel/{id}; who asks must have been verified to be `instanceId`. */
  createDataChannelToken(sessionId: string, instanceId: string): string | "terminated" | "unknown" {
    const session = this.#find(sessionId);
    if (session?.input.target !== instanceId) return "unknown";
    if (session.isOver) return "terminated";
    this.#unheard.delete(sessionId);
    return this.#tokens.issue(agentSubject(sessionId), session.tokenLifeMs("agent"));
  }

  /** The machine is not known any more: its agent hears nothing from now on. */
  disconnect(instanceId: string): void {
    this.#controls.get(instanceId)?.close(CLOSE_REFUSED, "not registered");
  }

  /** @returns false: not a path of the gateway, the socket was not touched */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const wanted = channelRequestOf(request.url);
    if (!wanted) return false;
    // A client signs nothing; a signature that is there must be right.
    const isSigned = request.headers.authorization !== undefined;
    const identity = isSigned ? this.#deps.verifyAgentRequest(request) : undefined;
    const isAgentOf = (instanceId: string): boolean => identity?.instanceId === instanceId;
    if (this.#isClosed || this.#unopenedChannels >= UNOPENED_CHANNELS_MAX) refuseUpgrade(socket, 503);
    else if (isSigned && !identity) refuseUpgrade(socket, 403);
    else if (wanted.channel === "control") {
      if (!isAgentOf(wanted.instanceId)) refuseUpgrade(socket, 403);
      else this.#server.handleUpgrade(request, socket, head, (ws) => this.#openControl(ws, wanted.instanceId));
    } else {
      const session = this.#find(wanted.sessionId);
      if (!session) refuseUpgrade(socket, 404);
      else if (identity && !isAgentOf(session.input.target)) refuseUpgrade(socket, 403);
      else this.#server.handleUpgrade(request, socket, head, (ws) => this.#openData(ws, session, identity));
    }
    return true;
  }

  /** What the machine's shell received, at most the last 64 KiB. */
  inputJournal(sessionId: string): readonly InputChunk[] {
    return this.journal.read(sessionId);
  }

  /** Cuts every connection and forgets nothing else. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelSweep();
    for (const session of [...this.#live.values(), ...this.#past.values()]) session.cut();
    for (const control of this.#controls.values()) control.cut();
    for (const ws of this.#server.clients) ws.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #openControl(ws: WebSocket, instanceId: string): void {
    this.#countUntilOpened(ws);
    new ChannelSocket(ws, this.#timers, (token, socket): ChannelSocketOwner | undefined => {
      if (!this.#tokens.redeem(controlSubject(instanceId), token)) return undefined;
      const previous = this.#controls.get(instanceId);
      this.#controls.set(instanceId, socket); // the newest is the live one: an agent reopens only what it lost
      previous?.close(CLOSE_DONE, "replaced");
      this.#deps.log.info("gateway_control_channel_open", { instanceId });
      for (const [sessionId, start] of this.#unheard)
        if (this.#live.get(sessionId)?.input.target === instanceId) socket.send(start);
      return {
        frame: (frame) => this.#handleControlFrame(instanceId, socket, frame),
        drained() {},
        lost: () => {
          if (this.#controls.get(instanceId) !== socket) return;
          this.#controls.delete(instanceId);
          this.#deps.log.info("gateway_control_channel_lost", { instanceId });
        },
      };
    });
  }

  #openData(ws: WebSocket, session: RelaySession, identity: AgentIdentity | undefined): void {
    const { sessionId } = session.input;
    this.#countUntilOpened(ws);
    new ChannelSocket(ws, this.#timers, (token, socket): ChannelSocketOwner | undefined => {
      if (identity) {
        if (session.isOver || !this.#tokens.redeem(agentSubject(sessionId), token)) return undefined;
        return session.attachAgent(socket);
      }
      if (this.#tokens.redeem(clientSubject(sessionId), token)) return session.attachClient(socket);
      if (this.#tokens.redeem(deniedSubject(sessionId), token)) socket.close(CLOSE_REFUSED, CHANNEL_DENIED_TEXT);
      return undefined;
    });
  }

  #countUntilOpened(ws: WebSocket): void {
    this.#unopenedChannels++;
    let isCounted = true;
    const release = () => {
      if (isCounted) this.#unopenedChannels--;
      isCounted = false;
    };
    ws.once("message", release);
    ws.once("close", release);
  }

  #handleControlFrame(instanceId: string, socket: ChannelSocket, frame: Uint8Array): void {
    const report = readTaskReport(frame);
    if (!report) return;
    socket.send(this.#frames.taskAcknowledge(report.taskId, report.messageId));
    const session = this.#find(report.taskId);
    if (session?.input.target === instanceId) session.completeTask(report);
  }

  #handleEnded(session: RelaySession): void {
    const { sessionId } = session.input;
    this.#live.delete(sessionId);
    this.#unheard.delete(sessionId);
    this.#tokens.revoke(agentSubject(sessionId));
    this.#past.set(sessionId, session);
    if (this.#past.size <= PAST_SESSIONS_MAX) return;
    const oldest = this.#past.keys().next().value;
    if (oldest !== undefined) this.#past.delete(oldest);
  }

  #sweep(): void {
    if (this.#isClosed) return;
    const nowMs = this.#deps.nowMs();
    for (const session of [...this.#live.values()]) session.checkLimits();
    for (const session of this.#past.values())
      if (nowMs - (session.endedAtMs ?? nowMs) > TOKEN_LIFE_MS) session.dropWaiting();
    this.#tokens.sweep();
    this.#cancelSweep = this.#timers.after(SWEEP_EVERY_MS, () => this.#sweep());
  }

  #clientAccess(session: RelaySession, mayOpenChannel: boolean): ClientAccess {
    const { sessionId } = session.input;
    return {
      token: this.#tokens.issue(
        mayOpenChannel ? clientSubject(sessionId) : deniedSubject(sessionId),
        session.tokenLifeMs("client"),
      ),
      streamPath: `/v1/data-channel/${encodeURIComponent(sessionId)}?role=publish_subscribe`,
    };
  }

  #find(sessionId: string): RelaySession | undefined {
    return this.#live.get(sessionId) ?? this.#past.get(sessionId);
  }
}

const controlSubject = (instanceId: string): string => `control:${instanceId}`;
const agentSubject = (sessionId: string): string => `agent:${sessionId}`;
const clientSubject = (sessionId: string): string => `client:${sessionId}`;
/** Tokens of a caller whose policy lacks ssmmessages:OpenDataChannel. */
const deniedSubject = (sessionId: string): string => `denied:${sessionId}`;
