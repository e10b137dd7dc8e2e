/**
 * One session on a machine: the agent's end of the data channel, joined to a process.
 * It turns channel events into process calls and output into messages; how the channel is reached and how the task's end is
 * reported are the connection's and the agent's business. Source: data-channel.md §17.2.
 * Above 300 lines: channel, process, output and end share one phase, and each is clear only beside the others.
 */
import {
  AgentChannel,
  type AgentChannelEvent,
  buildExitCode,
  buildFlag,
  type InteractiveShell,
  PAYLOAD_TYPE,
  readFrame,
  TERMINAL_SIDE_MAX,
  type Transmit,
} from "@causeway/ssm-data-channel";
import type { AgentFaults } from "../faults/faults.ts";
import type { SandboxLog } from "../log.ts";
import { AgentCallError } from "./agent-api.ts";
import { AgentOutlet } from "./agent-outlet.ts";
import { ChannelConnection, type ChannelConnectionOptions } from "./channel-connection.ts";
import { CHANNEL_HOST } from "./channel-host.ts";
import { SessionOutput } from "./session-output.ts";
import { errorOutput, sessionProperties } from "./session-plan.ts";
import type { SessionProcess, TunnelEvents } from "./session-process.ts";
import type { StartedProcess } from "./start-process.ts";
import { StartRefusedError } from "./start-refusal.ts";

/** Input that the process does not take. Beyond it input is not acknowledged: the sender keeps it and sends it again. */
export const INPUT_BYTES_MAX = 4 * 1024 * 1024;
/** A killed process that does not go away is not waited for any longer. */
export const KILL_WAIT_MS = 1_500;
/** Attempts before a session that never had a data channel fails (data-channel.md §17.2). */
export const FIRST_ATTEMPTS_MAX = 6;

const ALREADY_TERMINATED = "Session is already terminated";

export interface TaskResult {
  status: "Success" | "Failed";
  output: string;
}

export interface AgentSessionDeps {
  shell: InteractiveShell;
  instanceId: string;
  agentVersion: string;
  /** Unacknowledged messages at which the process is no longer read. */
  unackedMessagesMax: number;
  /** Between two messages of output; 0 for none. */
  pauseBetweenMessagesMs: number;
  connection: ChannelConnectionOptions;
  /**
   * @param clientVersion as its handshake said; undefined without one
   * @throws Error with a text for the person when the process cannot be started
   */
  startProcess(events: TunnelEvents, clientVersion: string | undefined): StartedProcess;
  recordInput(bytes: Uint8Array): void;
  /** Asks KMS. @throws AgentCallError */
  decryptDataKey(wanted: WantedDataKey, signal: AbortSignal): Promise<Uint8Array>;
  /** The task is over: to be reported until the service acknowledges it. Once. */
  finished(result: TaskResult): void;
  /** What goes wrong here on purpose. */
  faults?: AgentFaults | undefined;
  log: SandboxLog;
  nowMs(): number;
}

type WantedDataKey = Extract<AgentChannelEvent, { kind: "data_key_wanted" }>;

export class AgentSession {
  readonly #deps: AgentSessionDeps;
  readonly #channel: AgentChannel;
  readonly #connection: ChannelConnection;
  readonly #output: SessionOutput;
  readonly #outlet: AgentOutlet | undefined;
  #process: SessionProcess | undefined;
  #tellsExitCode = false;
  #hasExited = false;
  /** `ending`: by itself. `killing`: with a result that is reported once the process is gone. */
  #phase: { is: "running" } | { is: "ending" } | { is: "killing"; result: TaskResult } | { is: "over" } = {
    is: "running",
  };
  #isClosed = false;
  /** Aborted with it. */
  readonly #closing = new AbortController();
  #isPumping = false;
  #failedAttempts = 0;
  #framesRejected = 0;
  #wasOpen = false;
  #channelTimer: NodeJS.Timeout | undefined;
  #killTimer: NodeJS.Timeout | undefined;
  #silenceTimer: NodeJS.Timeout | undefined;

  constructor(deps: AgentSessionDeps) {
    this.#deps = deps;
    const { sessionId, documentContent } = deps.shell;
    const { inputs, sessionType } = documentContent;
    const properties = sessionProperties(deps.shell);
    this.#channel = new AgentChannel({
      sessionId,
      instanceId: deps.instanceId,
      agentVersion: deps.agentVersion,
      host: CHANNEL_HOST,
      sessionType,
      ...(properties === undefined ? {} : { properties }),
      ...(inputs.kmsKeyId === "" ? {} : { kmsKeyId: inputs.kmsKeyId }),
      unackedMessagesMax: deps.unackedMessagesMax,
    });
    this.#output = new SessionOutput({
      channel: this.#channel,
      pauseBetweenMessagesMs: deps.faults?.pauseBetweenMessagesMs ?? deps.pauseBetweenMessagesMs,
      isText: sessionType !== "Port",
      nowMs: deps.nowMs,
      sent: () => this.#pump(),
      ended: () => {
        this.#channel.finish(deps.nowMs()); // drains its own buffer, says Terminating, then `finished`
        this.#pump();
      },
    });
    this.#connection = new ChannelConnection(deps.connection, {
      opened: (token) => {
        this.#wasOpen = true;
        this.#channel.handleSocketOpen(token, deps.nowMs());
        this.#pump();
      },
      message: (data) => this.#handleMessage(data),
      lost: () => {
        this.#channel.handleSocketLost(deps.nowMs());
        this.#pump();
      },
      failed: (error) => this.#handleConnectFailure(error),
    });
    this.#outlet =
      deps.faults &&
      new AgentOutlet({
        faults: deps.faults,
        send: (transmit) => this.#send(transmit),
        forget: (acknowledgement) => this.#channel.receive(acknowledgement, deps.nowMs()),
        nowMs: deps.nowMs,
      });
  }

  start(): void {
    this.#connection.start();
    const { faults } = this.#deps;
    if (!faults?.silent) return;
    const { afterMs, forMs } = faults.silent;
    this.#silenceTimer = setTimeout(() => {
      faults.count("silent");
      this.#connection.goSilent();
      this.#silenceTimer = setTimeout(() => this.#connection.resume(), forMs);
    }, afterMs);
  }

  /** channel_closed, on whichever channel: the process is killed; no Terminating follows (data-channel.md §4.4). */
  cancel(): void {
    this.#killAndReport({ status: "Success", output: "" });
  }

  /** The machine shuts down: the process ends as if by itself. */
  hangUp(): void {
    if (this.#process) this.#process.kill();
    else this.cancel();
  }

  /** It goes away without a word: its socket stays, and nothing is read from it or written to it. */
  vanish(): void {
    clearTimeout(this.#silenceTimer);
    this.#connection.goSilent();
  }

  networkLost(): void {
    clearTimeout(this.#silenceTimer);
    this.#connection.suspend();
  }
  networkBack(): void {
    this.#connection.resume();
  }

  /** The service acknowledged the end, or nobody is left to do so. */
  close(): void {
    this.#isClosed = true;
    this.#closing.abort();
    this.#phase = { is: "over" };
    clearTimeout(this.#channelTimer);
    clearTimeout(this.#killTimer);
    clearTimeout(this.#silenceTimer);
    this.#output.close();
    this.#outlet?.close();
    this.#connection.close();
    if (!this.#hasExited) this.#process?.kill();
  }

  #handleMessage(data: Uint8Array): void {
    if (this.#isClosed) return;
    const isTooMuch = (this.#process?.inputBytesWaiting ?? 0) > INPUT_BYTES_MAX;
    // Not shown to the channel, so not acknowledged. Acknowledgements and sizes still pass.
    if (isTooMuch && readFrame(data).payloadType === PAYLOAD_TYPE.output) return;
    this.#outlet?.handleReceived(data);
    this.#channel.receive(data, this.#deps.nowMs());
    this.#pump();
  }

  #send(transmit: Transmit): void {
    this.#connection.send(transmit.kind === "text" ? transmit.text : transmit.frame);
  }

  /** Everything the channel wants done. Whoever told it something calls this. */
  #pump(): void {
    if (this.#isPumping || this.#isClosed) return;
    this.#isPumping = true;
    for (;;) {
      const event = this.#channel.pollEvent();
      if (event) this.#handleEvent(event);
      const transmit = this.#channel.pollTransmit();
      if (transmit && this.#outlet) this.#outlet.handleTransmit(transmit);
      else if (transmit) this.#send(transmit);
      if (!event && !transmit) break;
    }
    this.#isPumping = false;
    this.#armTimer();
  }

  #armTimer(): void {
    clearTimeout(this.#channelTimer);
    const timeoutAtMs = this.#channel.pollTimeoutMs();
    if (timeoutAtMs === undefined || this.#isClosed) return;
    this.#channelTimer = setTimeout(
      () => {
        this.#channel.handleTimeout(this.#deps.nowMs());
        this.#pump();
      },
      Math.max(0, timeoutAtMs - this.#deps.nowMs()),
    );
  }

  #handleEvent(event: AgentChannelEvent): void {
    switch (event.kind) {
      case "start":
        this.#startProcess(event.clientVersion);
        break;
      case "input":
        this.#deps.recordInput(event.bytes);
        this.#process?.write(event.bytes);
        break;
      case "size":
        if (event.cols > 0 && event.rows > 0)
          this.#process?.resize(Math.min(event.cols, TERMINAL_SIDE_MAX), Math.min(event.rows, TERMINAL_SIDE_MAX));
        break;
      case "flag":
        this.#process?.flag?.(event.flag);
        break;
      case "publication":
        this.#output.setPaused(event.paused);
        break;
      case "writable":
        this.#output.flushSoon();
        break;
      case "data_key_wanted":
        void this.#fetchDataKey(event);
        break;
      case "cancelled":
        this.cancel();
        break;
      case "finished":
        this.#report({ status: "Success", output: "" });
        break;
      case "failed":
        this.#killAndReport({ status: "Failed", output: event.output });
        break;
      case "frame_rejected":
        this.#framesRejected++;
        // Powers of two: a flood of bad frames must not become a flood of lines. The type is the peer's text: not logged.
        if (Number.isInteger(Math.log2(this.#framesRejected)))
          this.#deps.log.warn("agent_frame_rejected", {
            sessionId: this.#deps.shell.sessionId,
            reason: event.reason,
            bytes: event.length,
            rejected: this.#framesRejected,
          });
    }
  }

  async #fetchDataKey(wanted: WantedDataKey): Promise<void> {
    try {
      const dataKey = await this.#deps.decryptDataKey(wanted, this.#closing.signal);
      if (!this.#isClosed) this.#channel.handleDataKey(dataKey, this.#deps.nowMs());
    } catch (error) {
      if (this.#isClosed) return;
      const text = error instanceof AgentCallError ? error.text : "KMS cannot be reached";
      // As the real agent's (aws-facts.md §7).
      const words = `Encountered error while initiating handshake. Fetching data key failed: Unable to retrieve data key, Error when decrypting data key ${text}`;
      this.#channel.handleDataKeyFailed(words, this.#deps.nowMs());
    }
    this.#pump();
  }

  #startProcess(clientVersion: string | undefined): void {
    if (this.#process || this.#phase.is !== "running") return;
    let started: StartedProcess;
    const events: TunnelEvents = {
      output: (bytes, isStdErr) => this.#output.push(bytes, isStdErr ? PAYLOAD_TYPE.stdErr : PAYLOAD_TYPE.output),
      flag: (flag) => this.#output.push(buildFlag(flag), PAYLOAD_TYPE.flag),
      exited: (exitCode) => this.#handleExit(exitCode),
      failed: (text) => this.#handleFailure(text),
    };
    try {
      started = this.#deps.startProcess(events, clientVersion);
    } catch (error) {
      const text = error instanceof Error ? error.message : "unknown error";
      const output = error instanceof StartRefusedError ? error.output : `Unable to start command: ${text}`;
      this.#report({ status: "Failed", output: errorOutput(output) });
      return;
    }
    this.#process = started.process;
    this.#tellsExitCode = started.tellsExitCode;
    this.#output.attach(started.process);
    if (started.typed !== "") started.process.write(Buffer.from(started.typed, "utf8"));
    this.#channel.handleReady(this.#deps.nowMs());
  }

  #handleExit(exitCode: number): void {
    if (this.#hasExited) return;
    this.#hasExited = true;
    if (this.#phase.is === "killing") this.#report(this.#phase.result);
    if (this.#phase.is !== "running") return;
    this.#phase = { is: "ending" };
    if (this.#tellsExitCode) this.#output.push(buildExitCode(exitCode), PAYLOAD_TYPE.exitCode);
    this.#output.end();
  }

  /** It never became, or stopped being, what was asked for: the session ends as one that could not start. */
  #handleFailure(text: string): void {
    if (this.#hasExited) return;
    this.#hasExited = true;
    if (this.#phase.is === "killing") this.#report(this.#phase.result);
    else this.#report({ status: "Failed", output: text === "" ? "" : errorOutput(text) });
  }

  #killAndReport(result: TaskResult): void {
    if (this.#phase.is === "killing" || this.#phase.is === "over") return;
    this.#phase = { is: "killing", result };
    this.#output.close();
    if (!this.#process || this.#hasExited) {
      this.#report(result);
      return;
    }
    this.#process.kill();
    this.#killTimer = setTimeout(() => this.#report(result), KILL_WAIT_MS);
  }

  #report(result: TaskResult): void {
    if (this.#phase.is === "over") return;
    this.#phase = { is: "over" };
    clearTimeout(this.#killTimer);
    this.#deps.finished(result);
  }

  #handleConnectFailure(error: unknown): boolean {
    const text =
      error instanceof AgentCallError ? error.text : error instanceof Error ? error.message : "unknown error";
    if (text.includes(ALREADY_TERMINATED)) {
      this.cancel();
      return false;
    }
    this.#failedAttempts++;
    if (this.#wasOpen || this.#failedAttempts < FIRST_ATTEMPTS_MAX) return true;
    const { sessionId } = this.#deps.shell;
    this.#report({
      status: "Failed",
      output: errorOutput(`Setting up data channel with id ${sessionId} failed: ${text}`),
    });
    return false;
  }
}
