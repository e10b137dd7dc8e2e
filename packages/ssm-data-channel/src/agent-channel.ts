// The instance's end of a data channel (data-channel.md §4 to §10, §13.3, §17.2): used by the sandbox, and by the tests
// that join both ends. Sans I/O. Where the real agent stumbles over its own or a peer's mistake this one does not (§16.2).
// Above 300 lines because it is the one place where all inputs of the contract meet.

import type { AgentChannelEvent, AgentChannelOptions } from "./agent-channel-events.ts";
import { AgentHandshake } from "./agent-handshake.ts";
import { ChannelError } from "./channel-error.ts";
import { ChannelFrames } from "./channel-frames.ts";
import type { Transmit } from "./channel-host.ts";
import { type AgentStateName, type AgentTrigger, nextAgentState } from "./channel-lifecycle.ts";
import { isSealedByAgent } from "./encryption.ts";
import { Fifo } from "./fifo.ts";
import { type Frame, readFrame } from "./frame-reader.ts";
import { type Arrival, IncomingStream } from "./incoming-stream.ts";
import { MESSAGE_TYPE } from "./message-type.ts";
import { buildAgentOpenMessage } from "./open-message.ts";
import { OutgoingStream } from "./outgoing-stream.ts";
import {
  buildAgentSessionState,
  FLAG,
  PAYLOAD_TYPE,
  readAcknowledge,
  readFlag,
  readSize,
  TERMINAL_SIDE_MAX,
} from "./payloads.ts";
import { splitOutput } from "./split-input.ts";
import { SteadyClock } from "./steady-clock.ts";
import { utf8Encode } from "./utf8.ts";

/** Unacknowledged output at which the process is no longer read: what a Ctrl-C must outrun stays below 128 KiB. */
export const AGENT_WINDOW_MESSAGES = 128;
/** Messages kept for resending; one beyond it is sent once and forgotten, as the real agent does (§6.2). */
export const AGENT_BUFFER_MESSAGES_MAX = 100_000;
/** For each of the client's two answers (§7.4). */
export const AGENT_HANDSHAKE_TIMEOUT_MS = 15_000;
/** How long an ended session waits for its last output to be acknowledged (§7.4). */
export const AGENT_DRAIN_MS = 2_000;

type Ending = { kind: "finished" } | { kind: "failed"; output: string };

/**
 * Calling order: after any `handle*`, `receive` or verb, poll `pollTransmit` and `pollEvent` until undefined, then arm
 * one timer for `pollTimeoutMs` and call `handleTimeout` when it fires. `nowMs` is one clock for all calls.
 */
export class AgentChannel {
  readonly #options: AgentChannelOptions;
  readonly #windowMessages: number;
  readonly #frames: ChannelFrames;
  readonly #outgoing: OutgoingStream;
  readonly #incoming: IncomingStream;
  readonly #handshake: AgentHandshake;
  readonly #clock = new SteadyClock();
  readonly #events = new Fifo<AgentChannelEvent>();
  /** Before everything else: the open message and the state Connected. */
  readonly #first = new Fifo<Transmit>();
  /** After everything else: the state Terminating. */
  readonly #last = new Fifo<Transmit>();
  #state: AgentStateName = "idle";
  #isConnected = false;
  /** The process was told to stop writing. */
  #isBlocked = false;
  #isPauseTold = false;
  #handshakeStartedAtMs = 0;
  /** Of the handshake's present step, or of draining. */
  #deadlineMs: number | undefined;
  #ending: Ending | undefined;

  /** @throws ChannelError CHANNEL_VALUE_OUT_OF_RANGE for an encrypted session on a host without AES-GCM */
  constructor(options: AgentChannelOptions) {
    if (options.kmsKeyId && options.host.aesGcm === undefined)
      throw new ChannelError("CHANNEL_VALUE_OUT_OF_RANGE", "an encrypted session needs the host's AES-GCM");
    this.#options = options;
    this.#windowMessages = options.unackedMessagesMax ?? AGENT_WINDOW_MESSAGES;
    this.#frames = new ChannelFrames(options.host, "agent", options.epochOffsetMs ?? 0);
    this.#outgoing = new OutgoingStream({
      encode: (message, nowMs) => this.#frames.streamData(message, nowMs),
      storeFirst: false,
      unacknowledgedMessagesMax: AGENT_BUFFER_MESSAGES_MAX,
    });
    this.#incoming = new IncomingStream({
      acknowledge: (frame, nowMs) => this.#frames.acknowledge(frame, nowMs),
      storeFirst: false,
    });
    this.#handshake = new AgentHandshake(options, options.host);
  }

  // ---- the socket

  /** A socket is open. The first one begins the session; a later one brings back what was not acknowledged. */
  handleSocketOpen(token: string, nowMs: number): void {
    const now = this.#clock.enter(nowMs);
    if (this.#state === "ended") return;
    if (this.#isConnected) this.#disconnect();
    this.#isConnected = true;
    const open = buildAgentOpenMessage({
      requestId: this.#frames.freshId(),
      tokenValue: token,
      clientInstanceId: this.#options.instanceId,
    });
    this.#first.push({ kind: "text", text: open });
    this.#incoming.handleNewSocket(now);
    this.#outgoing.handleLinkUp(now);
    if (this.#state === "idle") this.#begin(now);
    this.#notePublication();
    this.#noteWritable();
  }

  handleSocketLost(nowMs: number): void {
    this.#clock.enter(nowMs);
    if (this.#isConnected) this.#disconnect();
  }

  /** One websocket message. Text is handled like binary, as both real ends do. */
  receive(data: Uint8Array | string, nowMs: number): void {
    const now = this.#clock.enter(nowMs);
    if (!this.#isConnected || this.#state === "ended") return;
    const frame = readFrame(typeof data === "string" ? utf8Encode(data) : data, this.#options.host.sha256);
    if (frame.rejection !== undefined) this.#reject(frame.rejection, frame.messageType, frame.bytes.length);
    else this.#handleFrame(frame, now);
    this.#notePublication();
    this.#endWhenDrained(now);
    this.#noteWritable();
  }

  handleTimeout(nowMs: number): void {
    const now = this.#clock.enter(nowMs);
    this.#outgoing.handleTimeout(now);
    if (this.#deadlineMs === undefined || now < this.#deadlineMs) return;
    if (this.#state === "draining") this.#end(now);
    else if (this.#state === "awaiting_challenge") this.#fail("Timed out waiting for encryption challenge.", now);
    else if (this.#state === "awaiting_response") this.#fail(HANDSHAKE_TIMED_OUT, now);
  }

  // ---- answers to events

  /** The data key that `data_key_wanted` asked for; ignored when none is wanted. */
  handleDataKey(plaintext: Uint8Array, nowMs: number): void {
    const now = this.#clock.enter(nowMs);
    if (this.#state !== "awaiting_data_key") return;
    const challenge = this.#handshake.handleDataKey(plaintext);
    if (challenge === undefined) {
      this.#fail(`The data key has ${plaintext.length} bytes.`, now);
      return;
    }
    this.#move("challenge_sent");
    this.#deadlineMs = now + AGENT_HANDSHAKE_TIMEOUT_MS;
    this.#outgoing.add(PAYLOAD_TYPE.encChallengeRequest, challenge, now);
  }

  /** @param reason for the person at the other end: no secrets */
  handleDataKeyFailed(reason: string, nowMs: number): void {
    const now = this.#clock.enter(nowMs);
    if (this.#state === "awaiting_data_key") this.#fail(reason, now);
  }

  /** The pty exists: from now on input is processed and acknowledged. */
  handleReady(nowMs: number): void {
    this.#clock.enter(nowMs);
    this.#move("process_ready");
  }

  // ---- what the process does

  get canSend(): boolean {
    const hasProcess = this.#state === "starting" || this.#state === "running";
    return hasProcess && !this.#outgoing.isPaused && this.#outgoing.size < this.#windowMessages;
  }

  get unackedMessages(): number {
    return this.#outgoing.size;
  }

  /**
   * Sends what the process wrote, in messages of at most 1024 bytes. One call may go beyond the window; stop calling
   * when `canSend` is false, until `writable`. What a process writes after its session ended is dropped.
   * @throws ChannelError CHANNEL_NOT_RUNNING before `start`
   */
  sendOutput(bytes: Uint8Array, nowMs: number, payloadType: number = PAYLOAD_TYPE.output): void {
    const now = this.#clock.enter(nowMs);
    if (this.#state === "draining" || this.#state === "ended") return;
    if (this.#state !== "starting" && this.#state !== "running")
      throw new ChannelError("CHANNEL_NOT_RUNNING", `the channel is ${this.#state}`);
    const cipher = isSealedByAgent(payloadType) ? this.#handshake.cipher : undefined;
    for (const chunk of splitOutput(bytes)) this.#outgoing.add(payloadType, cipher?.seal(chunk) ?? chunk.slice(), now);
    this.#noteWritable();
  }

  /** The process ended by itself: its last output gets 2 s to be acknowledged, then `finished`. */
  finish(nowMs: number): void {
    const now = this.#clock.enter(nowMs);
    if (this.#move("process_ended")) this.#drain({ kind: "finished" }, now);
  }

  // ---- what the caller must do

  pollTransmit(): Transmit | undefined {
    if (!this.#isConnected) return undefined;
    const first = this.#first.shift();
    if (first !== undefined) return first;
    const frame = this.#incoming.pollAcknowledgement() ?? this.#outgoing.pollTransmit();
    return frame ? { kind: "binary", frame } : this.#last.shift();
  }

  pollEvent(): AgentChannelEvent | undefined {
    return this.#events.shift();
  }

  /** When to call `handleTimeout`, on the clock of `nowMs`. */
  pollTimeoutMs(): number | undefined {
    const times = [this.#outgoing.timeoutMs, this.#deadlineMs].filter((at) => at !== undefined);
    return times.length === 0 ? undefined : this.#clock.leave(Math.min(...times));
  }

  // ---- frames

  #handleFrame(frame: Frame, now: number): void {
    switch (frame.messageType) {
      case MESSAGE_TYPE.inputStreamData:
        this.#handleInput(frame, now);
        return;
      case MESSAGE_TYPE.acknowledge: {
        const acknowledge = readAcknowledge(frame.payload);
        if (acknowledge === undefined) this.#reject("acknowledge", frame.messageType, frame.bytes.length);
        else this.#outgoing.handleAcknowledge(acknowledge.sequenceNumber, now);
        this.#unpause(now);
        return;
      }
      case MESSAGE_TYPE.channelClosed:
        this.#cancel();
        return;
      case MESSAGE_TYPE.startPublication:
        this.#outgoing.handlePeerReady(now);
        return;
      case MESSAGE_TYPE.pausePublication:
        this.#outgoing.pause();
        return;
      case MESSAGE_TYPE.outputStreamData:
        return; // for the client: a relay that passes it on does no harm
      default:
        this.#reject("unexpected-type", frame.messageType, frame.bytes.length);
    }
  }

  #handleInput(frame: Frame, now: number): void {
    this.#unpause(now);
    if (frame.sequenceNumber > Number.MAX_SAFE_INTEGER) {
      this.#reject("sequence-number", frame.messageType, frame.bytes.length);
      return;
    }
    // There is no pty yet: as if it had not come. The client sends it again (§6.1, §16.2 7).
    if (this.#state === "starting" && frame.sequenceNumber === this.#incoming.nextSequenceNumber) return;
    this.#incoming.receive(frame, now, this.#outgoing.retransmitTimeoutMs);
    for (let next = this.#incoming.pollArrival(); next !== undefined; next = this.#incoming.pollArrival()) {
      if (next.kind === "deliver") this.#deliver(next, now);
      else if (next.kind === "hole") this.#skip("hole", 0);
    }
  }

  /** Every message delivered here is acknowledged, also one that cannot be processed: it would block the rest for ever. */
  #deliver({ payloadType, payload }: Arrival & { kind: "deliver" }, now: number): void {
    if (this.#state === "running") this.#process(payloadType, payload);
    else if (this.#state === "awaiting_response" && payloadType === PAYLOAD_TYPE.handshakeResponse)
      this.#handleResponse(payload, now);
    else if (this.#state === "awaiting_challenge" && payloadType === PAYLOAD_TYPE.encChallengeResponse) {
      if (this.#handshake.isChallengeMet(payload)) this.#completeHandshake(now);
      else this.#fail("Encryption challenge does not match.", now);
    } else this.#skip("out-of-place", payload.length); // §7.4: acknowledged and thrown away
  }

  #process(payloadType: number, payload: Uint8Array): void {
    if (payloadType === PAYLOAD_TYPE.output) {
      const { cipher } = this.#handshake;
      const bytes = cipher ? cipher.open(payload) : payload;
      if (bytes) this.#events.push({ kind: "input", bytes });
      else this.#skip("decryption", payload.length);
    } else if (payloadType === PAYLOAD_TYPE.size) {
      const size = readSize(payload);
      if (size && isTerminalSide(size.cols) && isTerminalSide(size.rows)) this.#events.push({ kind: "size", ...size });
      else this.#skip("size", payload.length);
    } else if (payloadType === PAYLOAD_TYPE.flag) {
      const flag = readFlag(payload);
      if (flag === undefined) this.#skip("flag", payload.length);
      else this.#events.push({ kind: "flag", flag });
      if (flag === FLAG.terminateSession) this.#cancel();
    } else this.#skip("payload-type", payload.length);
  }

  // ---- handshake

  #begin(now: number): void {
    this.#pushState("Connected", this.#first, now);
    if (!this.#handshake.isNeeded) {
      this.#move("begun");
      this.#events.push({ kind: "start", clientVersion: undefined });
      return;
    }
    this.#move("begun_with_handshake");
    this.#handshakeStartedAtMs = now;
    this.#deadlineMs = now + AGENT_HANDSHAKE_TIMEOUT_MS;
    this.#outgoing.add(PAYLOAD_TYPE.handshakeRequest, this.#handshake.request(), now);
  }

  #handleResponse(payload: Uint8Array, now: number): void {
    const verdict = this.#handshake.handleResponse(payload);
    if (verdict.kind === "failed") this.#fail(verdict.text, now);
    else if (verdict.kind === "agreed") this.#completeHandshake(now);
    else {
      this.#move("key_needed");
      this.#deadlineMs = undefined;
      this.#events.push(verdict);
    }
  }

  #completeHandshake(now: number): void {
    this.#move("handshake_completed");
    this.#deadlineMs = undefined;
    const complete = this.#handshake.complete(now - this.#handshakeStartedAtMs);
    this.#outgoing.add(PAYLOAD_TYPE.handshakeComplete, complete, now);
    this.#events.push({ kind: "start", clientVersion: this.#handshake.clientVersion });
  }

  // ---- endings

  #fail(text: string, now: number): void {
    if (this.#move("failed")) this.#drain({ kind: "failed", output: `${START_FAILURE_HEADING}${text}` }, now);
  }

  #drain(ending: Ending, now: number): void {
    this.#ending = ending;
    this.#deadlineMs = now + AGENT_DRAIN_MS;
    this.#endWhenDrained(now);
  }

  #endWhenDrained(now: number): void {
    if (this.#state === "draining" && this.#outgoing.size === 0) this.#end(now);
  }

  #end(now: number): void {
    const ending = this.#ending;
    if (ending === undefined || !this.#move("drained")) return;
    if (ending.kind === "finished" && this.#options.sessionType !== "Port" && this.#isConnected)
      this.#pushState("Terminating", this.#last, now);
    this.#events.push(ending);
  }

  #cancel(): void {
    if (this.#move("cancelled")) this.#events.push({ kind: "cancelled" });
  }

  // ---- small change

  #move(trigger: AgentTrigger): boolean {
    const next = nextAgentState(this.#state, trigger);
    if (next === undefined) return false;
    this.#state = next;
    if (next === "ended") {
      this.#deadlineMs = undefined;
      this.#outgoing.handleLinkDown();
    }
    return true;
  }

  #disconnect(): void {
    this.#isConnected = false;
    this.#outgoing.handleLinkDown();
    this.#first.clear();
  }

  #unpause(now: number): void {
    if (this.#outgoing.isPaused) this.#outgoing.handlePeerReady(now);
  }

  #notePublication(): void {
    const paused = this.#outgoing.isPaused;
    if (paused === this.#isPauseTold || this.#state === "ended") return;
    this.#isPauseTold = paused;
    this.#events.push({ kind: "publication", paused });
  }

  #noteWritable(): void {
    const { canSend } = this;
    if (canSend && this.#isBlocked) this.#events.push({ kind: "writable" });
    this.#isBlocked = !canSend && (this.#state === "starting" || this.#state === "running");
  }

  #pushState(sessionState: "Connected" | "Terminating", queue: Fifo<Transmit>, now: number): void {
    const payload = buildAgentSessionState({ sessionState, sessionId: this.#options.sessionId });
    queue.push({ kind: "binary", frame: this.#frames.agentSessionState(payload, now) });
  }

  #skip(reason: string, length: number): void {
    this.#reject(reason, MESSAGE_TYPE.inputStreamData, length);
  }

  #reject(reason: string, messageType: string, length: number): void {
    this.#events.push({ kind: "frame_rejected", reason, messageType, length });
  }
}

/** The real agent's texts (§7.4, §10.2). */
const HANDSHAKE_TIMED_OUT =
  "Handshake timed out. Please ensure that you have the latest version of the session manager plugin.";
const START_FAILURE_HEADING = "\n----------ERROR-------\n";

function isTerminalSide(value: number): boolean {
  return value >= 1 && value <= TERMINAL_SIDE_MAX;
}
