/**
 * One session in the gateway: its two ends, what waits for an absent one, its status and its end.
 * Frames pass verbatim; this file decides which pass, never what is in them. State table: data-channel.md §17.3.
 * Above 300 lines: the table's rows share one state, and each is clear only beside the others.
 */
import { MESSAGE_TYPE, PAYLOAD_TYPE } from "@causeway/ssm-data-channel";
import type { Cut } from "../faults/fault-plan.ts";
import type { Faults } from "../faults/faults.ts";
import type { SandboxLog } from "../log.ts";
import { readSessionState } from "./agent-reports.ts";
import { type ChannelSocketOwner, CLOSE_DONE, type FrameSink } from "./channel-socket.ts";
import { type RelayVerdict, relayVerdict } from "./frame-fields.ts";
import { FrameQueue } from "./frame-queue.ts";
import type { GatewayTimers } from "./gateway-timers.ts";
import { RelayFaults } from "./relay-faults.ts";
import type { ServiceFrames } from "./service-frames.ts";
import { overdueText, type SessionLimits, sessionLimits, withLimits } from "./session-limits.ts";
import type { GatewaySession, SessionStatus, StartSessionInput } from "./session-types.ts";

/**
 * A task is reported complete on another connection than its last output comes on. So long the data channel is read on,
 * unless the agent says Terminating there or closes it first.
 */
export const COMPLETION_GRACE_MS = 250;
/** After the end the agent keeps its data channel to report its task; then it is closed. */
export const AGENT_LINGER_MS = 5_000;

/** Made by the service or meant for it: from an end they go nowhere. */
const NOT_RELAYED: ReadonlySet<string> = new Set([
  MESSAGE_TYPE.agentSessionState,
  MESSAGE_TYPE.channelClosed,
  MESSAGE_TYPE.startPublication,
  MESSAGE_TYPE.pausePublication,
  MESSAGE_TYPE.interactiveShell,
  MESSAGE_TYPE.agentTaskComplete,
  MESSAGE_TYPE.agentTaskAcknowledge,
]);

export interface RelaySessionDeps {
  nowMs(): number;
  timers: GatewayTimers;
  frames: ServiceFrames;
  log: SandboxLog;
  faults: Faults;
  /** To the agent's control channel, when it has one. */
  sendToAgent(instanceId: string, frame: Uint8Array): void;
  /** Called once. */
  ended(session: RelaySession): void;
}

interface End {
  socket: FrameSink | undefined;
  /** What waits until this end connects. */
  readonly waiting: FrameQueue;
}

type Outcome = { status: "Terminated" | "Failed"; output: string };

export class RelaySession {
  readonly input: StartSessionInput;
  readonly #deps: RelaySessionDeps;
  readonly #limits: SessionLimits;
  readonly #faults: RelayFaults;
  readonly #startedAtMs: number;
  readonly #client: End = { socket: undefined, waiting: new FrameQueue() };
  readonly #agent: End = { socket: undefined, waiting: new FrameQueue() };
  #lastActivityAtMs: number;
  #status: SessionStatus = "Connecting";
  #agentWasConnected = false;
  #endedAtMs: number | undefined;
  /** channel_closed for the client, once the session is over; kept for one that comes late with a valid token. */
  #closing: Uint8Array | undefined;
  /** Reported by the agent, not yet told to the client: see COMPLETION_GRACE_MS. */
  #completion: Outcome | undefined;
  #cancelTimer: () => void = () => {};
  #framesDropped = 0;

  constructor(input: StartSessionInput, deps: RelaySessionDeps) {
    this.input = input;
    this.#deps = deps;
    this.#limits = sessionLimits(input.document);
    this.#startedAtMs = deps.nowMs();
    this.#lastActivityAtMs = this.#startedAtMs;
    const place = { sessionId: input.sessionId, instanceId: input.target };
    this.#faults = new RelayFaults(deps.faults, place, {
      nowMs: deps.nowMs,
      timers: deps.timers,
      forward: (direction, frame) =>
        direction === "toAgent"
          ? this.#relay(frame, this.#client, this.#agent)
          : this.#relay(frame, this.#agent, this.#client),
      cut: (cut) => this.disturb(cut),
    });
  }

  get isOver(): boolean {
    return this.#endedAtMs !== undefined;
  }
  get endedAtMs(): number | undefined {
    return this.#endedAtMs;
  }
  get isAgentConnected(): boolean {
    return this.#agent.socket !== undefined;
  }

  describe(): GatewaySession {
    const { sessionId, region, target, owner, documentName, reason } = this.input;
    return {
      sessionId,
      region,
      target,
      owner,
      documentName,
      ...(reason === undefined ? {} : { reason }),
      status: this.#status,
      startDate: this.#startedAtMs,
      ...(this.#endedAtMs === undefined ? {} : { endDate: this.#endedAtMs }),
    };
  }

  /** ResumeSession counts as activity (data-channel.md §17.3). */
  touch(): void {
    this.#lastActivityAtMs = this.#deps.nowMs();
  }

  /** The client's socket said the right token. A second client replaces the first: the one that resumed is the live one. */
  attachClient(socket: FrameSink): ChannelSocketOwner {
    const previous = this.#client.socket;
    this.#client.socket = socket;
    previous?.close(CLOSE_DONE, "replaced");
    if (this.#closing) {
      this.#flush(this.#client);
      socket.send(this.#closing);
      socket.close(CLOSE_DONE, "session over");
      return { frame() {}, drained() {}, lost() {} };
    }
    if (this.#agent.socket) socket.send(this.#deps.frames.startPublication());
    else if (this.#agentWasConnected) socket.send(this.#deps.frames.pausePublication());
    if (this.#agentWasConnected) this.#status = "Connected";
    this.#flush(this.#client);
    this.#agent.socket?.resumeReading();
    return {
      frame: (frame) => {
        if (this.#client.socket === socket) this.#handleClientFrame(frame);
      },
      drained: () => this.#agent.socket?.resumeReading(),
      lost: () => this.#handleClientLost(socket),
    };
  }

  /** The agent's socket said the right token: for the first time, or again after it was lost. */
  attachAgent(socket: FrameSink): ChannelSocketOwner {
    const previous = this.#agent.socket;
    this.#agent.socket = socket;
    previous?.close(CLOSE_DONE, "replaced");
    if (this.#agentWasConnected) this.#client.socket?.send(this.#deps.frames.startPublication());
    this.#flush(this.#agent);
    this.#client.socket?.resumeReading();
    return {
      frame: (frame) => {
        if (this.#agent.socket === socket) this.#handleAgentFrame(frame);
      },
      drained: () => this.#client.socket?.resumeReading(),
      lost: () => this.#handleAgentLost(socket),
    };
  }

  /** Idle, maximum duration: call every second or so. */
  checkLimits(): void {
    if (this.isOver) return;
    const faults = this.#faults.plan;
    const text = overdueText(withLimits(this.#limits, faults.limits()), {
      startedAtMs: this.#startedAtMs,
      lastActivityAtMs: this.#lastActivityAtMs,
      nowMs: this.#deps.nowMs(),
    });
    if (text === undefined) return;
    if (faults.limits()) faults.countLimit();
    this.terminate(text);
  }

  /** The service ends the session: the agent is told to kill the process, the client why. */
  terminate(output: string): void {
    if (this.isOver) return;
    const closed = this.#deps.frames.channelClosed(this.input, "");
    if (this.#agent.socket) this.#agent.socket.send(closed);
    else this.#deps.sendToAgent(this.input.target, closed);
    this.#end({ status: "Terminated", output });
  }

  /** For a token that is given out now. @returns undefined: as long as usual */
  tokenLifeMs(end: "client" | "agent"): number | undefined {
    return this.#faults.plan.tokenLifeMs(end);
  }

  /** What AWS does about once an hour; the session goes on, and the client resumes it (aws-facts.md §1). */
  recycleClient(): void {
    this.disturb({ end: "client", how: "bye", forMs: 0 });
  }

  /** The session itself goes on. @returns how many sockets were met */
  disturb({ end, how, forMs }: Cut): number {
    const ends = end === "both" ? [this.#client, this.#agent] : [end === "client" ? this.#client : this.#agent];
    const sockets = ends.flatMap(({ socket }) => socket ?? []);
    for (const socket of sockets) {
      if (how === "abrupt") socket.cut();
      else if (how === "half_open") socket.goSilent(forMs);
      else socket.close(CLOSE_DONE, "Bye");
    }
    return sockets.length;
  }

  /** agent_task_complete, from the control channel. Idempotent: failures are reported twice, and repeated until acknowledged. */
  completeTask(outcome: Outcome): void {
    if (this.isOver) this.#closeAgent();
    if (this.isOver || this.#completion) return;
    this.#completion = outcome;
    this.#finishSoon();
  }

  /** Forgets what an absent client did not fetch, once no token for it can be valid any more. */
  dropWaiting(): void {
    this.#client.waiting.clear();
    this.#agent.waiting.clear();
  }

  /** The gateway closes. */
  cut(): void {
    this.#cancelTimer();
    this.#faults.close();
    this.#client.socket?.cut();
    this.#agent.socket?.cut();
  }

  #handleClientFrame(frame: Uint8Array): void {
    const verdict = relayVerdict(frame);
    if (this.isOver || !this.#mayPass(verdict, frame, "client")) return;
    if (verdict.messageType === MESSAGE_TYPE.inputStreamData && isActivity(verdict.payloadType)) this.touch();
    this.#faults.carry("toAgent", frame);
  }

  #handleAgentFrame(frame: Uint8Array): void {
    if (this.isOver) return;
    const verdict = relayVerdict(frame);
    if (verdict.ok && verdict.messageType === MESSAGE_TYPE.agentSessionState)
      this.#handleSessionState(readSessionState(frame));
    else if (this.#mayPass(verdict, frame, "agent")) this.#faults.carry("toClient", frame);
  }

  #relay(frame: Uint8Array, from: End, to: End): void {
    if (to.socket === undefined) {
      to.waiting.push(frame);
      return;
    }
    to.socket.send(frame);
    if (to.socket.isFull) from.socket?.pauseReading();
  }

  #mayPass(verdict: RelayVerdict, frame: Uint8Array, from: "client" | "agent"): verdict is RelayVerdict & { ok: true } {
    if (verdict.ok && !NOT_RELAYED.has(verdict.messageType)) return true;
    this.#framesDropped++;
    // Powers of two: a flood of bad frames must not become a flood of lines.
    if (Number.isInteger(Math.log2(this.#framesDropped)))
      this.#deps.log.warn("gateway_frame_dropped", {
        sessionId: this.input.sessionId,
        from,
        reason: verdict.ok ? "type" : verdict.reason,
        bytes: frame.length,
        dropped: this.#framesDropped,
      });
    return false;
  }

  #handleSessionState(state: string | undefined): void {
    if (state === "Connected" && !this.#agentWasConnected) {
      this.#agentWasConnected = true;
      this.#status = "Connected";
      this.#client.socket?.send(this.#deps.frames.startPublication());
      this.#deps.log.info("gateway_agent_connected", { sessionId: this.input.sessionId });
    }
    // Sent after the agent's buffer drained, in order with the output: nothing can follow it.
    if (state === "Terminating") this.#end(this.#completion ?? { status: "Terminated", output: "" });
  }

  #handleClientLost(socket: FrameSink): void {
    if (this.#client.socket !== socket) return;
    this.#client.socket = undefined;
    if (!this.isOver && this.#status === "Connected") this.#status = "Disconnected";
    this.#agent.socket?.resumeReading(); // it may have been paused for this end; from here on frames are queued or dropped
  }

  #handleAgentLost(socket: FrameSink): void {
    if (this.#agent.socket !== socket) return;
    this.#agent.socket = undefined;
    this.#client.socket?.resumeReading();
    if (this.isOver) return;
    if (this.#completion) this.#end(this.#completion);
    else this.#client.socket?.send(this.#deps.frames.pausePublication());
  }

  #finishSoon(): void {
    if (this.#agent.socket === undefined) {
      if (this.#completion) this.#end(this.#completion);
      return;
    }
    this.#cancelTimer = this.#deps.timers.after(COMPLETION_GRACE_MS, () => {
      if (this.isOver || !this.#completion) return;
      // A client that does not read keeps the agent's last output behind it.
      if (this.#client.socket?.isFull) this.#finishSoon();
      else this.#end(this.#completion);
    });
  }

  #end(outcome: Outcome): void {
    this.#faults.release("toClient");
    this.#faults.close();
    this.#status = outcome.status;
    this.#endedAtMs = this.#deps.nowMs();
    this.#cancelTimer();
    this.#closing = this.#deps.frames.channelClosed(this.input, outcome.output);
    this.#client.socket?.send(this.#closing);
    this.#client.socket?.close(CLOSE_DONE, "session over");
    this.#agent.waiting.clear();
    if (this.#completion) this.#closeAgent();
    else this.#cancelTimer = this.#deps.timers.after(AGENT_LINGER_MS, () => this.#closeAgent());
    this.#deps.log.info("gateway_session_over", { sessionId: this.input.sessionId, status: outcome.status });
    this.#deps.ended(this);
  }

  #closeAgent(): void {
    this.#cancelTimer();
    this.#agent.socket?.close(CLOSE_DONE, "session over");
  }

  #flush(end: End): void {
    for (const frame of end.waiting.takeAll()) end.socket?.send(frame);
  }
}

/** What the person did: keys and sizes (aws-facts.md §1). */
const isActivity = (payloadType: number): boolean =>
  payloadType === PAYLOAD_TYPE.output || payloadType === PAYLOAD_TYPE.size;
