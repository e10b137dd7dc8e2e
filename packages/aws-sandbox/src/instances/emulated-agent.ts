/**
 * The agent of one machine: heartbeat, control channel, and the sessions it is told to start. It speaks to the sandbox only
 * as a real agent does (data-channel.md §13), signed with the machine's credentials.
 * Above 300 lines: what it is told, what it runs and what it reports hang on one another by its network and its version.
 */
import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import {
  buildAgentControlOpenMessage,
  decodeAgentMessage,
  encodeAgentMessage,
  type InteractiveShell,
  MESSAGE_TYPE,
  readAgentTaskAcknowledge,
  readChannelClosed,
  readInteractiveShell,
} from "@causeway/ssm-data-channel";
import type { AgentFaults } from "../faults/faults.ts";
import type { SandboxLog } from "../log.ts";
import { type AgentApi, AgentCallError } from "./agent-api.ts";
import { AgentSession, type TaskResult } from "./agent-session.ts";
import { isAtLeast, SESSIONS_SINCE, SHELL_PROFILE_SINCE } from "./agent-version.ts";
import { BackOff } from "./back-off.ts";
import { ChannelConnection } from "./channel-connection.ts";
import type { FleetInstance } from "./fleet.ts";
import type { MachineHome } from "./home-directory.ts";
import { SESSIONS_MAX, SessionIntake } from "./session-intake.ts";
import { errorOutput, planSession, type SessionPlan } from "./session-plan.ts";
import type { TunnelEvents } from "./session-process.ts";
import { SilentProcess } from "./silent-process.ts";
import { type StartedProcess, startPlannedProcess, startTunnel } from "./start-process.ts";
import { refusalAtOnce, StartRefusedError, startFailure, startFailureText } from "./start-refusal.ts";
import { TaskReports } from "./task-reports.ts";

/** Source: data-channel.md §13.7. */
export const HEARTBEAT_EVERY_MS = 5 * 60_000;
export const HEARTBEAT_AGAIN_MS = 5_000;
/** Source: data-channel.md §16.2 #11 and §6.5. */
export const AGENT_PROFILES = {
  windowed: { unackedMessagesMax: 128, pauseBetweenMessagesMs: 0 },
  "real-agent": { unackedMessagesMax: 100_000, pauseBetweenMessagesMs: 1 },
} as const;

export interface EmulatedAgentOptions {
  instance: FleetInstance;
  /** What its processes run in; made when the first session comes. @throws Error with a text for the person */
  openHome(): Promise<MachineHome>;
  /**
   * Where a port session leads.
   * @param host as its document has it; "": the machine itself
   * @returns what makes a connection to a port there
   * @throws StartRefusedError when it may not lead there
   */
  reach(host: string): (port: number) => Promise<Socket>;
  api: AgentApi;
  profile: keyof typeof AGENT_PROFILES;
  /** Whether the machine's role allows this: asked about services that are not emulated. */
  mayUse(action: string): boolean;
  recordInput(sessionId: string, bytes: Uint8Array): void;
  /** What goes wrong on purpose in a session that begins now. */
  faultsOf(sessionId: string): AgentFaults | undefined;
  log: SandboxLog;
  nowMs(): number;
  /** 0 <= n < 1, for the waits between attempts */
  random(): number;
}

export class EmulatedAgent {
  readonly #options: EmulatedAgentOptions;
  readonly #control: ChannelConnection;
  readonly #reports: TaskReports;
  readonly #sessions = new Map<string, AgentSession>();
  readonly #intake = new SessionIntake();
  readonly #stopping = new AbortController();
  #version: string;
  #heartbeatTimer: NodeJS.Timeout | undefined;
  #hasNetwork = true;
  #onReady: () => void = () => {};
  #onQuiet: () => void = () => {};

  constructor(options: EmulatedAgentOptions) {
    this.#options = options;
    const { api, instance, nowMs, random } = options;
    this.#version = instance.agentVersion;
    this.#control = new ChannelConnection(
      {
        createToken: (signal) => api.createControlChannel(signal),
        request: () => api.controlChannelRequest(),
        backOff: new BackOff(random),
        nowMs,
      },
      {
        opened: (token) => {
          this.#control.send(
            buildAgentControlOpenMessage({
              requestId: randomUUID(),
              tokenValue: token,
              agentVersion: this.#version,
              platformType: "linux",
            }),
          );
          this.#reports.sendAll();
          // There is no answer to the open message; the one to a ping comes after the service has read it.
          void this.#control.flushed().then(() => this.#onReady());
        },
        message: (data) => this.#handleControlMessage(data),
        lost: () => {},
        failed: (error) => {
          if (error instanceof AgentCallError) this.#onReady();
          return true; // for ever, as the real agent
        },
      },
    );
    this.#reports = new TaskReports(
      instance.id,
      (payload) => this.#control.send(this.#frame(MESSAGE_TYPE.agentTaskComplete, payload)),
      (sessionId) => this.#closeSession(sessionId),
    );
  }

  /**
   * Resolves once the control channel was opened or refused, or when the agent is stopped before. An agent from before sessions only
   * reports.
   */
  async start(): Promise<void> {
    const opened = new Promise<void>((resolve) => {
      this.#onReady = resolve;
    });
    await this.#beat();
    if (this.#stopping.signal.aborted || !this.#knowsSessions()) return;
    this.#control.start();
    if (this.#hasNetwork) this.#control.resume(); // put down by an upgrade
    await opened;
  }

  /**
   * Another version of the agent takes over: the control channel is opened anew, sessions go on. Resolves as `start` does.
   * @param version e.g. 3.3.2299.0
   */
  async upgrade(version: string): Promise<void> {
    this.#version = version;
    if (!this.#hasNetwork) return; // it reports once it is found
    this.#control.suspend();
    await this.start();
  }

  /**
   * Shells are hung up and their ends reported; after `graceMs` the connections are cut anyway.
   * @param graceMs milliseconds; 0 when the service is gone, too
   */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#heartbeatTimer);
    if (this.#sessions.size > 0 && graceMs > 0 && this.#hasNetwork) {
      const quiet = new Promise<void>((resolve) => {
        this.#onQuiet = resolve;
      });
      for (const session of this.#sessions.values()) session.hangUp();
      let graceTimer: NodeJS.Timeout | undefined;
      const grace = new Promise<void>((resolve) => {
        graceTimer = setTimeout(resolve, graceMs);
      });
      await Promise.race([quiet, grace]);
      clearTimeout(graceTimer);
    }
    this.#reports.close();
    for (const sessionId of [...this.#sessions.keys()]) this.#closeSession(sessionId);
    this.#control.cut();
    this.#onReady();
  }

  loseNetwork(): void {
    this.#hasNetwork = false;
    clearTimeout(this.#heartbeatTimer);
    this.#control.suspend();
    for (const session of this.#sessions.values()) session.networkLost();
  }

  /** The machine loses its power, as seen from outside: nothing is closed, nothing is answered, nothing is sent. */
  vanish(): void {
    this.#hasNetwork = false;
    clearTimeout(this.#heartbeatTimer);
    this.#control.goSilent();
    for (const session of this.#sessions.values()) session.vanish();
  }

  restoreNetwork(): void {
    if (this.#hasNetwork) return;
    this.#hasNetwork = true;
    void this.#beat();
    this.#control.resume();
    for (const session of this.#sessions.values()) session.networkBack();
  }

  async #beat(): Promise<void> {
    let waitMs = HEARTBEAT_EVERY_MS;
    try {
      await this.#options.api.updateInstanceInformation(this.#version, this.#stopping.signal);
    } catch {
      waitMs = HEARTBEAT_AGAIN_MS; // no network, or the sandbox is starting: what counts is the next one
    }
    if (this.#stopping.signal.aborted || !this.#hasNetwork) return;
    clearTimeout(this.#heartbeatTimer);
    this.#heartbeatTimer = setTimeout(() => void this.#beat(), waitMs);
  }

  #handleControlMessage(data: Uint8Array): void {
    const decoded = decodeAgentMessage(data);
    if (!decoded.ok) {
      this.#options.log.warn("agent_control_frame_rejected", { reason: decoded.reason, bytes: data.length });
      return;
    }
    const { messageType, payload } = decoded.message;
    if (messageType === MESSAGE_TYPE.interactiveShell) this.#startSession(readInteractiveShell(payload));
    else if (messageType === MESSAGE_TYPE.channelClosed)
      this.#sessions.get(readChannelClosed(payload)?.sessionId ?? "")?.cancel();
    else if (messageType === MESSAGE_TYPE.agentTaskAcknowledge)
      this.#reports.handleAcknowledge(readAgentTaskAcknowledge(payload)?.taskId ?? "");
  }

  #startSession(shell: InteractiveShell | undefined): void {
    if (!shell?.sessionId || this.#stopping.signal.aborted) return;
    const { sessionId } = shell;
    const taken = this.#intake.take(sessionId, this.#sessions.size);
    if (taken === "repeated") return;
    const plan: SessionPlan =
      taken === "new"
        ? planSession(shell, this.#version)
        : { kind: "refused", output: errorOutput(`There are already ${SESSIONS_MAX} sessions on this machine`) };
    if (plan.kind === "refused") {
      this.#reports.report(sessionId, { status: "Failed", output: plan.output });
      return;
    }
    const { api, instance, profile, log, nowMs, random } = this.#options;
    const faults = this.#options.faultsOf(sessionId);
    const refusal = refusalAtOnce(shell.documentContent.sessionType, instance, faults?.fails);
    if (refusal !== undefined) {
      if (faults?.fails !== undefined) faults.count("failed");
      this.#reports.report(sessionId, { status: "Failed", output: refusal });
      return;
    }
    let home: MachineHome | Error | undefined;
    const session = new AgentSession({
      shell,
      instanceId: instance.id,
      agentVersion: this.#version,
      ...AGENT_PROFILES[faults?.profile ?? profile],
      faults,
      connection: {
        createToken: (signal) => api.createDataChannel(sessionId, signal),
        request: () => api.dataChannelRequest(sessionId),
        backOff: new BackOff(random),
        nowMs,
      },
      startProcess: (events, client) => this.#startProcess(shell, plan, faults, home, events, client),
      decryptDataKey: (wanted, signal) => api.decryptDataKey(wanted, signal),
      recordInput: (bytes) => this.#options.recordInput(sessionId, bytes),
      finished: (result) => this.#handleFinished(sessionId, result),
      log,
      nowMs,
    });
    this.#sessions.set(sessionId, session);
    void this.#options
      .openHome()
      .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
      .then((opened) => {
        home = opened;
        if (this.#sessions.get(sessionId) === session) session.start();
      });
  }

  /** @throws StartRefusedError */
  #startProcess(
    shell: InteractiveShell,
    plan: Exclude<SessionPlan, { kind: "refused" }>,
    faults: AgentFaults | undefined,
    home: MachineHome | Error | undefined,
    events: TunnelEvents,
    clientVersion: string | undefined,
  ): StartedProcess {
    const { instance, mayUse } = this.#options;
    const failure = startFailure({ shell, instance, mayUse, planned: faults?.fails });
    if (failure !== undefined && failure === faults?.fails) faults.count("failed");
    if (failure === "blank") return { process: new SilentProcess(events), typed: "", tellsExitCode: false };
    if (failure !== undefined) throw new StartRefusedError(startFailureText(failure, shell.runAsUser || "nobody"));
    if (!home || home instanceof Error) throw home ?? new Error("the machine has not started");
    if (plan.kind === "port") {
      const versions = { agent: this.#version, client: clientVersion };
      return startTunnel(plan.port, versions, this.#options.reach(plan.port.host), events);
    }
    const { runAsEnabled } = shell.documentContent.inputs;
    const started = startPlannedProcess(plan, runAsEnabled ? { ...home, user: shell.runAsUser } : home, events);
    return isAtLeast(this.#version, SHELL_PROFILE_SINCE) ? started : { ...started, typed: "" };
  }

  #knowsSessions(): boolean {
    return isAtLeast(this.#version, SESSIONS_SINCE);
  }

  #handleFinished(sessionId: string, result: TaskResult): void {
    this.#options.log.info("agent_session_over", { sessionId, status: result.status });
    this.#reports.report(sessionId, result);
  }

  #closeSession(sessionId: string): void {
    this.#sessions.get(sessionId)?.close();
    this.#sessions.delete(sessionId);
    if (this.#sessions.size === 0) this.#onQuiet();
  }

  #frame(messageType: string, payload: Uint8Array): Uint8Array {
    return encodeAgentMessage({
      messageType,
      createdDate: this.#options.nowMs(),
      sequenceNumber: 0,
      messageId: randomUUID(),
      payload,
    });
  }
}
