// The client's end of a data channel (data-channel.md §2.3, §4 to §9, §17.1). Sans I/O: no socket, clock or randomness.
// Owns the order of things between the two streams, the handshake and the size. Above 300 lines because the whole
// contract of the role meets here, a third of it doc comments; what each thing means stands in the files it imports.
import { ChannelError } from "./channel-error.ts";
import { ChannelFrames } from "./channel-frames.ts";
import type { Transmit } from "./channel-host.ts";
import { type ChannelTrigger, type ClientChannelStateName, nextChannelState } from "./channel-lifecycle.ts";
import type {
  ClientChannelEvent,
  ClientChannelFailure,
  ClientChannelOptions,
  SentRange,
} from "./client-channel-events.ts";
import { type ChannelProgress, type ClientChannelState, isOutput } from "./client-channel-state.ts";
import { ClientHandshake, type HandshakeStep } from "./client-handshake.ts";
import { DATA_KEY_BYTES } from "./encryption.ts";
import { Fifo } from "./fifo.ts";
import { type Frame, readFrame } from "./frame-reader.ts";
import { type Arrival, IncomingStream } from "./incoming-stream.ts";
import { MESSAGE_TYPE } from "./message-type.ts";
import { buildClientOpenMessage } from "./open-message.ts";
import { OutgoingStream } from "./outgoing-stream.ts";
import { buildFlag, buildSize, PAYLOAD_TYPE, readAcknowledge, readChannelClosed, readFlag } from "./payloads.ts";
import { SendRate } from "./send-rate.ts";
import type { Digest } from "./sha256.ts";
import { CHUNK_BYTES_MIN, splitInput } from "./split-input.ts";
import { SteadyClock } from "./steady-clock.ts";
import { TerminalSizeSender } from "./terminal-size.ts";
import { utf8Encode } from "./utf8.ts";

/** From the agent's request to its HandshakeComplete. The agent itself waits 15 s for each answer (§7.4). */
export const CLIENT_HANDSHAKE_TIMEOUT_MS = 30_000;
/** A terminal's usual size, where nobody said one. */
const SIZE_UNKNOWN = { cols: 80, rows: 24 };
/** As many as the reference client keeps; but where that throws the oldest away, this one refuses the newest. */
export const UNACKNOWLEDGED_INPUT_MESSAGES_MAX = 10_000;
export const UNACKNOWLEDGED_INPUT_BYTES_MAX = 1_024 * 1_024;

/**
 * Calling order: after any `handle*`, `receive` or verb, poll `pollTransmit` and `pollEvent` until undefined, then arm
 * one timer for `pollTimeoutMs` and call `handleTimeout` when it fires. `nowMs` is one clock for all calls.
 * Nothing the peer sends throws; it becomes an event. Silence alone never ends a session.
 */
export class ClientChannel {
  readonly #options: ClientChannelOptions;
  readonly #digest: Digest | undefined;
  readonly #frames: ChannelFrames;
  readonly #outgoing: OutgoingStream;
  readonly #incoming: IncomingStream;
  readonly #handshake: ClientHandshake;
  readonly #size: TerminalSizeSender;
  readonly #clock = new SteadyClock();
  readonly #events = new Fifo<ClientChannelEvent>();
  /** Goes before everything else: the open message; and the refusal that a failed channel still owes the agent. */
  readonly #first = new Fifo<Transmit>();
  #state: ClientChannelStateName;
  #progress: ChannelProgress;
  #handshakeDeadlineMs: number | undefined;
  /** The agent had messages that it has no more. */
  #hasMissed = false;

  constructor(options: ClientChannelOptions) {
    const { host, resumeFrom } = options;
    const storeFirst = options.storeFirst ?? false;
    this.#options = options;
    this.#digest = host.sha256Hex ?? host.sha256;
    this.#frames = new ChannelFrames(host, "client", options.epochOffsetMs ?? 0);
    this.#outgoing = new OutgoingStream({
      encode: (message, nowMs) => this.#frames.streamData(message, nowMs),
      storeFirst,
      unacknowledgedMessagesMax: Number.POSITIVE_INFINITY, // refused at the bound by `canSend`, before it comes here
      rate: new SendRate(),
      ...(resumeFrom && {
        resumeFrom: {
          nextSequenceNumber: resumeFrom.nextOutgoingNumber,
          unacknowledged: resumeFrom.unacknowledged,
        },
      }),
    });
    this.#incoming = new IncomingStream({
      acknowledge: (frame, nowMs) => this.#frames.acknowledge(frame, nowMs),
      storeFirst,
      ...(options.spill && { spill: { to: options.spill, read: (bytes) => readFrame(bytes, this.#digest) } }),
      ...(resumeFrom && {
        resumeFrom: {
          nextSequenceNumber: resumeFrom.nextIncomingNumber,
          early: resumeFrom.early
            .map(({ frame }) => readFrame(frame, this.#digest))
            .filter((frame) => frame.rejection === undefined),
        },
      }),
    });
    this.#handshake = new ClientHandshake(options, resumeFrom);
    this.#size = new TerminalSizeSender(resumeFrom?.size);
    this.#state = resumeFrom ? "resuming" : "idle";
    this.#progress = resumeFrom?.progress ?? "before_first";
    if (resumeFrom) this.#askForDataKey();
  }

  get state(): ClientChannelStateName {
    return this.#state;
  }

  // ---- the socket

  /** A socket is open: the open message goes first. Numbers and buffers are those from before. */
  handleSocketOpen(token: string, nowMs: number): void {
    const now = this.#clock.enter(nowMs);
    if (this.#state === "closed") return;
    if (this.#isOpen) this.#disconnect();
    if (!this.#move(this.#state === "resuming" ? RESUMED[this.#progress] : "socket_opened")) return;
    const open = buildClientOpenMessage({
      requestId: this.#frames.freshId(),
      tokenValue: token,
      clientId: this.#options.clientId,
      clientVersion: this.#options.clientVersion,
    });
    this.#first.push({ kind: "text", text: open });
    if (this.#progress === "in_handshake") this.#handshakeDeadlineMs = now + CLIENT_HANDSHAKE_TIMEOUT_MS;
    this.#incoming.handleNewSocket(now);
    this.#outgoing.handleLinkUp(now);
    this.#handleArrivals(now); // a restart may have brought early frames whose turn it is
    this.#sendSize(now);
  }

  handleSocketLost(nowMs: number): void {
    this.#clock.enter(nowMs);
    this.#disconnect();
  }

  /** One websocket message. Text is handled like binary, as both real ends do. */
  receive(data: Uint8Array | string, nowMs: number): void {
    const now = this.#clock.enter(nowMs);
    if (!this.#isOpen) return;
    const frame = readFrame(typeof data === "string" ? utf8Encode(data) : data, this.#digest);
    if (frame.rejection !== undefined) this.#reject(frame, frame.rejection);
    else this.#handleFrame(frame, now);
  }

  handleTimeout(nowMs: number): void {
    const now = this.#clock.enter(nowMs);
    if (!this.#isOpen) return;
    if (this.#handshakeDeadlineMs !== undefined && now >= this.#handshakeDeadlineMs) {
      const seconds = CLIENT_HANDSHAKE_TIMEOUT_MS / 1_000;
      this.#fail("HANDSHAKE_TIMEOUT", `the handshake did not end within ${seconds} s`);
      return;
    }
    this.#outgoing.handleTimeout(now);
    this.#incoming.handOutMore(now);
    this.#handleArrivals(now);
    this.#sendSize(now);
  }

  // ---- answers to events

  /** The data key that `data_key_wanted` asked for; ignored when none is wanted (any more). */
  handleDataKey(key: { plaintext: Uint8Array; ciphertextBlob: Uint8Array }, nowMs: number): void {
    const now = this.#clock.enter(nowMs);
    if (!this.#wantsDataKey) return;
    const { length } = key.plaintext;
    if (length === DATA_KEY_BYTES)
      this.#take(this.#handshake.respondWithDataKey(key.plaintext, key.ciphertextBlob), now);
    else this.#refuseDataKey(`the data key has ${length} bytes instead of ${DATA_KEY_BYTES}`, now);
  }

  /** @param reason for the agent's log and the person: no secrets */
  handleDataKeyFailed(reason: string, nowMs: number): void {
    const now = this.#clock.enter(nowMs);
    if (this.#wantsDataKey) this.#refuseDataKey(reason, now);
  }

  /** storeFirst: that message of the agent's is stored; its acknowledgement may go. */
  handleReceivedStored(sequenceNumber: number, nowMs: number): void {
    this.#clock.enter(nowMs);
    this.#incoming.handleStored(sequenceNumber);
  }

  /** storeFirst: that message of ours is stored; it may go, in its turn. */
  handleSentStored(sequenceNumber: number, nowMs: number): void {
    this.#outgoing.handleStored(sequenceNumber, this.#clock.enter(nowMs));
  }

  /**
   * storeFirst: that message of ours could not be stored and is not to go; what came after it neither. Their numbers
   * are used anew; sizes among them are sent again by themselves, input is the caller's to send again.
   * Nothing happens when it is stored. Not for handshake answers: the agent would wait for them.
   */
  takeBackFrom(sequenceNumber: number, nowMs: number): void {
    const now = this.#clock.enter(nowMs);
    const taken = this.#outgoing.takeBackFrom(sequenceNumber);
    if (taken.length === 0) return;
    this.#events.keepOnly((event) => event.kind !== "sent" || event.sequenceNumber < sequenceNumber);
    if (taken.some(({ payloadType }) => payloadType === PAYLOAD_TYPE.size)) this.#size.takeBack();
    this.#sendSize(now);
  }

  // ---- what the application wants

  /**
   * Sends keystrokes, also while the socket of a running session is lost: they go out when it is back.
   * @throws ChannelError CHANNEL_NOT_RUNNING before the agent is ready and after the end;
   *   CHANNEL_SEND_BUFFER_FULL when not all of it fits: nothing was taken, stop reading from the browser
   */
  sendInput(bytes: Uint8Array, nowMs: number): SentRange {
    const now = this.#clock.enter(nowMs);
    const chunks = splitInput(bytes);
    this.#requireRoom(chunks.length, bytes.length);
    const first = this.#outgoing.nextSequenceNumber;
    for (const chunk of chunks) this.#send(PAYLOAD_TYPE.output, this.#handshake.sealInput(chunk), now);
    return { first, last: this.#outgoing.nextSequenceNumber - 1 };
  }

  /**
   * Legal at any time: remembered until running, sent when changed, at most every 100 ms.
   * @throws ChannelError CHANNEL_VALUE_OUT_OF_RANGE unless both are integers of 1..65535
   */
  resize(cols: number, rows: number, nowMs: number): void {
    const now = this.#clock.enter(nowMs);
    buildSize({ cols, rows });
    this.#size.want({ cols, rows });
    this.#sendSize(now);
  }

  /**
   * @param flag one of FLAG
   * @throws ChannelError CHANNEL_NOT_RUNNING, CHANNEL_SEND_BUFFER_FULL, CHANNEL_VALUE_OUT_OF_RANGE
   */
  sendFlag(flag: number, nowMs: number): void {
    const now = this.#clock.enter(nowMs);
    const payload = buildFlag(flag);
    this.#requireRoom(1, payload.length);
    this.#send(PAYLOAD_TYPE.flag, payload, now);
  }

  /** Whether so many bytes of input fit now. Never true for more than UNACKNOWLEDGED_INPUT_BYTES_MAX. */
  canSend(bytes: number): boolean {
    return this.#acceptsInput && this.#hasRoom(Math.ceil(bytes / CHUNK_BYTES_MIN), bytes);
  }

  get unacknowledged(): { messages: number; bytes: number; oldestSentAtMs: number | undefined } {
    const sentAtMs = this.#outgoing.oldestSentAtMs;
    return {
      messages: this.#outgoing.size,
      bytes: this.#outgoing.bytes,
      oldestSentAtMs: sentAtMs === undefined ? undefined : this.#clock.leave(sentAtMs),
    };
  }

  // ---- what the caller must do

  pollTransmit(): Transmit | undefined {
    const first = this.#first.shift();
    if (first !== undefined || !this.#isOpen) return first;
    const frame = this.#incoming.pollAcknowledgement() ?? this.#outgoing.pollTransmit();
    return frame && { kind: "binary", frame };
  }

  pollEvent(): ClientChannelEvent | undefined {
    return this.#events.shift();
  }

  /** When to call `handleTimeout`, on the clock of `nowMs`. */
  pollTimeoutMs(): number | undefined {
    if (!this.#isOpen) return undefined;
    const sizeMs = this.#sendsSizes && this.#hasRoom(1, 0) ? this.#size.timeoutMs : undefined;
    const moreMs = this.#incoming.hasFollowers ? this.#clock.lastMs : undefined;
    const atMs = earlier(earlier(this.#outgoing.timeoutMs, this.#handshakeDeadlineMs), earlier(sizeMs, moreMs));
    return atMs === undefined ? undefined : this.#clock.leave(atMs);
  }

  /** What the next process needs. Poll events until undefined before. */
  exportState(): ClientChannelState {
    const incoming = this.#incoming.exportState();
    return {
      progress: this.#progress,
      ...this.#handshake.exportState(),
      nextOutgoingNumber: this.#outgoing.nextSequenceNumber,
      unacknowledged: this.#outgoing.exportUnacknowledged(),
      nextIncomingNumber: incoming.nextSequenceNumber,
      early: incoming.early,
      size: this.#size.sent,
    };
  }

  // ---- frames

  #handleFrame(frame: Frame, now: number): void {
    switch (frame.messageType) {
      case MESSAGE_TYPE.outputStreamData:
        if (frame.sequenceNumber > Number.MAX_SAFE_INTEGER) this.#reject(frame, "sequence-number");
        else {
          this.#incoming.receive(frame, now, this.#outgoing.retransmitTimeoutMs);
          this.#handleArrivals(now);
        }
        return;
      case MESSAGE_TYPE.acknowledge:
        this.#handleAcknowledge(frame, now);
        return;
      case MESSAGE_TYPE.channelClosed:
        this.#incoming.handleEnd(now);
        this.#handleArrivals(now);
        if (!this.#move("closed_by_service")) return; // something handed out just now was a failure
        this.#events.push({ kind: "closed", output: readChannelClosed(frame.payload)?.output ?? "" });
        return;
      case MESSAGE_TYPE.startPublication:
        this.#outgoing.handlePeerReady(now);
        this.#events.push({ kind: "publication", paused: false });
        return;
      case MESSAGE_TYPE.pausePublication:
        this.#events.push({ kind: "publication", paused: true });
        return;
      case MESSAGE_TYPE.inputStreamData:
      case MESSAGE_TYPE.agentSessionState:
        return; // for the agent, or for the service: a relay that passes it on does no harm
      default:
        this.#reject(frame, "unexpected-type");
    }
  }

  #handleAcknowledge(frame: Frame, now: number): void {
    const acknowledge = readAcknowledge(frame.payload);
    if (acknowledge === undefined) {
      this.#reject(frame, "acknowledge");
      return;
    }
    const { sequenceNumber } = acknowledge;
    const acknowledged = this.#outgoing.handleAcknowledge(sequenceNumber, now);
    if (acknowledged) this.#events.push({ kind: "input_acknowledged", sequenceNumber, ...acknowledged });
    this.#sendSize(now); // there is room again
  }

  #handleArrivals(now: number): void {
    for (let next = this.#incoming.pollArrival(); next !== undefined; next = this.#incoming.pollArrival()) {
      if (this.#state === "closed") continue; // failed: what came behind the failure is not handed out
      if (next.kind === "deliver") this.#deliver(next, now);
      else {
        if (next.kind === "hole") this.#hasMissed = true;
        this.#events.push(next);
      }
    }
  }

  #deliver({ sequenceNumber, payloadType, payload }: Arrival & { kind: "deliver" }, now: number): void {
    if (isOutput(payloadType)) {
      const output = this.#handshake.openOutput(payloadType, payload);
      if ("kind" in output) this.#take(output, now);
      else {
        this.#events.push({ kind: "received", sequenceNumber, payloadType, output });
        if (this.#progress === "before_first") this.#start("first_output", "", now);
        // A host's crash forgot that the agent ended the handshake, and it will not say so again.
        else if (this.#progress === "in_handshake" && this.#hasMissed && this.#handshake.hasResponded)
          this.#start("handshake_completed", "", now);
      }
      return;
    }
    const received = { kind: "received", sequenceNumber, payloadType, output: undefined } as const;
    if (payloadType === PAYLOAD_TYPE.flag) {
      const flag = readFlag(payload);
      this.#events.push(flag === undefined ? received : { ...received, flag });
    } else {
      this.#events.push(received);
      // A running session has no use for these and does not end for them: the agent would be asking for a second time.
      if (this.#progress !== "running") this.#take(this.#handshake.handle(payloadType, payload), now);
    }
  }

  // ---- handshake

  #take(step: HandshakeStep, now: number): void {
    switch (step.kind) {
      case "requested":
        this.#move("handshake_requested");
        this.#progress = "in_handshake";
        this.#handshakeDeadlineMs = now + CLIENT_HANDSHAKE_TIMEOUT_MS;
        if (this.#handshake.wantedDataKey === undefined) this.#take(this.#handshake.respond(), now);
        else this.#askForDataKey();
        return;
      case "answer":
        this.#send(step.payloadType, step.payload, now);
        return;
      case "completed":
        this.#start("handshake_completed", step.customerMessage, now);
        return;
      case "failed":
        this.#fail(step.code, step.detail);
        return;
      case "repeated":
        return;
    }
  }

  #start(trigger: "first_output" | "handshake_completed", customerMessage: string, now: number): void {
    this.#move(trigger);
    this.#progress = "running";
    this.#handshakeDeadlineMs = undefined;
    const { sessionType, agentVersion, isEncrypted: encrypted } = this.#handshake;
    this.#events.push({ kind: "running", sessionType, agentVersion, customerMessage, encrypted });
    this.#sendSize(now);
    this.#walkPast(now);
  }

  /** Only now: before the shell runs the agent may be sent its answers and nothing else (§7.4, §16.2). */
  #walkPast(now: number): void {
    const below = this.#sendsSizes ? (this.#options.walkPastBelow ?? 0) : 0;
    const payload = buildSize(this.#size.sent ?? SIZE_UNKNOWN);
    while (this.#outgoing.nextSequenceNumber < below) this.#send(PAYLOAD_TYPE.size, payload, now);
  }

  get #wantsDataKey(): boolean {
    return this.#state !== "closed" && this.#handshake.wantedDataKey !== undefined;
  }

  #askForDataKey(): void {
    const wanted = this.#handshake.wantedDataKey;
    if (wanted !== undefined) this.#events.push({ kind: "data_key_wanted", ...wanted });
  }

  /** The agent is told, so that it ends the session at once; nothing is kept or stored of a channel that is over. */
  #refuseDataKey(reason: string, now: number): void {
    const step = this.#handshake.refuse(reason);
    if (step.kind === "answer" && this.#isOpen) {
      const message = { ...step, sequenceNumber: this.#outgoing.nextSequenceNumber };
      this.#first.push({ kind: "binary", frame: this.#frames.streamData(message, now) });
    }
    this.#fail("DATA_KEY_REFUSED", reason);
  }

  // ---- sending

  #send(payloadType: number, payload: Uint8Array, now: number): void {
    const sequenceNumber = this.#outgoing.add(payloadType, payload, now);
    if (this.#options.storeFirst) this.#events.push({ kind: "sent", sequenceNumber, payloadType, payload });
  }

  #sendSize(now: number): void {
    if (!this.#sendsSizes || !this.#hasRoom(1, 0)) return;
    const size = this.#size.take(now);
    if (size !== undefined) this.#send(PAYLOAD_TYPE.size, buildSize(size), now);
  }

  get #sendsSizes(): boolean {
    return this.#state === "running" && this.#handshake.sessionType !== "Port";
  }

  get #acceptsInput(): boolean {
    return this.#state === "running" || (this.#state === "resuming" && this.#progress === "running");
  }

  #hasRoom(messages: number, bytes: number): boolean {
    return (
      this.#outgoing.size + messages <= UNACKNOWLEDGED_INPUT_MESSAGES_MAX &&
      this.#outgoing.bytes + bytes <= UNACKNOWLEDGED_INPUT_BYTES_MAX
    );
  }

  #requireRoom(messages: number, bytes: number): void {
    if (!this.#acceptsInput) throw new ChannelError("CHANNEL_NOT_RUNNING", `the channel is ${this.#state}`);
    if (!this.#hasRoom(messages, bytes))
      throw new ChannelError("CHANNEL_SEND_BUFFER_FULL", `${this.#outgoing.size} messages are unacknowledged`);
  }

  // ---- moves

  get #isOpen(): boolean {
    return this.#state === "awaiting_first" || this.#state === "handshaking" || this.#state === "running";
  }

  /** @returns false: not a legal move, nothing happened */
  #move(trigger: ChannelTrigger): boolean {
    const next = nextChannelState(this.#state, trigger);
    if (next === undefined) return false;
    this.#state = next;
    if (next === "closed") this.#outgoing.handleLinkDown();
    return true;
  }

  #disconnect(): void {
    if (!this.#move("socket_lost")) return;
    this.#outgoing.handleLinkDown();
    this.#first.clear();
  }

  #fail(code: ClientChannelFailure, detail: string): void {
    if (this.#move("failed")) this.#events.push({ kind: "failed", code, detail });
  }

  #reject({ messageType, bytes }: Frame, reason: string): void {
    this.#events.push({ kind: "frame_rejected", reason, messageType, length: bytes.length });
  }
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

const RESUMED = {
  before_first: "resumed_before_first",
  in_handshake: "resumed_in_handshake",
  running: "resumed_running",
} as const satisfies Record<ChannelProgress, ChannelTrigger>;
