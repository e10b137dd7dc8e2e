/**
 * Keeps one data channel alive: joins the protocol core (ClientChannel) to sockets, timers and AWS calls, and to what
 * decides when to resume (ResumeLoop), whether the agent answers (AgentWatch) and what is told of it all (ToldCondition).
 * Knows nothing of readers or logs; what it learns goes to its listener.
 * Above 300 lines with its interfaces: socket, timer and resume are one life cycle, and share its one `closed`.
 */
import {
  type ClientChannel,
  type ClientChannelEvent,
  type ClientChannelState,
  PAYLOAD_TYPE,
  type SentRange,
} from "@causeway/ssm-data-channel";
import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { ChannelStateName } from "@causeway/wire-contract/sessions";
import { CatalogError } from "../../platform/catalog-error.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Log } from "../../platform/logger.ts";
import { AgentWatch } from "./agent-watch.ts";
import { ChannelTimer } from "./channel-timer.ts";
import type { DataChannelDialer, DataChannelLoss, DataChannelSocket } from "./data-channel-dialer.ts";
import type { KeeperCalls, KeeperListener } from "./keeper-listener.ts";
import { ResumeLoop } from "./resume-loop.ts";
import { type ChannelCondition, ToldCondition } from "./told-condition.ts";

export interface KeeperOptions {
  channel: ClientChannel;
  dialer: DataChannelDialer;
  calls: KeeperCalls;
  clock: Clock;
  random: () => number;
  listener: KeeperListener;
  log: Log;
}

/**
 * A channel that AWS closed so often in a row right after the open message, and that never said anything, is denied: a token
 * that came too late, or a service that is being deployed, is refused once.
 */
export const REFUSALS_MAX = 3;
/** Close code "policy violation" (RFC 6455 §7.4.1). */
const CLOSE_POLICY = 1008;

export class ChannelKeeper {
  readonly #options: KeeperOptions;
  /** Also while it is being dialled. */
  #socket: DataChannelSocket | undefined;
  #isOpen = false;
  #hasOpened = false;
  #streamUrl = "";
  readonly #resume: ResumeLoop;
  readonly #agent: AgentWatch;
  readonly #condition: ToldCondition;
  #publicationPaused = false;
  /** A data key was asked for, and the channel does not run yet. */
  #isEncrypting = false;
  /** Of the newest socket: whether anything came on it. */
  #isAnswered = false;
  #hasEverBeenAnswered = false;
  #refusals = 0;
  /** Why there is no data key, unless a policy is why. */
  #keyProblem: ErrorCode | undefined;
  #readingPaused = false;
  #closed = false;
  #pumping = false;
  /** Since the listener was told the end of it. */
  #hasReceived = false;
  /** Of the frames that are being received. */
  #receivedAtMs: number | undefined;
  #isWritableDue = false;
  readonly #timer: ChannelTimer;

  constructor(options: KeeperOptions) {
    const { calls, channel, clock, listener, log, random } = options;
    this.#options = options;
    this.#timer = new ChannelTimer(clock, () => {
      channel.handleTimeout(clock.nowMs());
      this.pump();
    });
    this.#resume = new ResumeLoop({
      clock,
      random,
      log,
      checkCredentials: () => calls.checkCredentials(),
      resume: (signal, withinMs) => calls.resume(signal, withinMs),
      onToken: ({ streamUrl, token }) =>
        this.#dial(
          streamUrl ?? this.#streamUrl,
          token,
          () => {},
          (loss) => {
            log.info({ reason: loss.reason }, "data channel not reached again");
            this.#resume.handleDialFailed();
          },
        ),
      onGone: () => listener.onGone(),
      onProblem: () => this.#showCondition(),
    });
    this.#agent = new AgentWatch({
      clock,
      unacknowledged: () => channel.unacknowledged,
      instanceProblem: () => calls.instanceProblem(),
      onChange: () => this.#showCondition(),
    });
    this.#condition = new ToldCondition(clock, (condition) => {
      if (condition.channel === "paused") this.#agent.handleAway(true);
      listener.onCondition(condition);
    });
  }

  /** What readers were told last. */
  get condition(): ChannelCondition {
    return this.#condition.told;
  }
  get waitsForCredentials(): boolean {
    return this.#resume.waitsForCredentials;
  }

  /**
   * Opens the first socket; from then on the keeper is on its own.
   * @throws CatalogError CHANNEL_OPEN_FAILED, STREAM_URL_REFUSED, AWS_HOST_NOT_ALLOWED
   */
  open(streamUrl: string, token: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const refuse = (loss: DataChannelLoss) => {
        this.close();
        reject(new CatalogError("CHANNEL_OPEN_FAILED", { detail: loss.reason }));
      };
      this.#dial(streamUrl, token, resolve, refuse);
    });
  }

  /**
   * Goes on with a session that an earlier process left: as after a lost socket. It may have been a shell then, so that
   * no refusal ends it.
   * @param streamUrl the last one known, should AWS not name one
   */
  reopen(streamUrl: string): void {
    this.#streamUrl = streamUrl;
    this.#hasOpened = true;
    this.#hasEverBeenAnswered = true;
    this.#resume.handleLost();
    this.#showCondition();
    this.pump();
  }

  /** Where the data channel was dialled last; it opens nothing without a token. */
  get streamUrl(): string {
    return this.#streamUrl;
  }
  /**
   * undefined: closed. While an event is being handled it is ahead of those that follow: it knows their messages of ours,
   * and none of the agent's that are not stored. Applied on top of it, they change nothing.
   */
  get channelState(): ClientChannelState | undefined {
    return this.#closed ? undefined : this.#options.channel.exportState();
  }

  /** The agent does not acknowledge what was sent: it is sent again and again. */
  get isResending(): boolean {
    return this.#socket !== undefined && this.#options.channel.unacknowledged.messages > 0;
  }

  canSend(bytes: number): boolean {
    return !this.#closed && this.#options.channel.canSend(bytes);
  }

  /** Only after `canSend` said so; `pump` makes it leave. @returns the numbers of the messages the bytes became. */
  sendInput(bytes: Uint8Array): SentRange {
    return this.#options.channel.sendInput(bytes, this.#options.clock.nowMs());
  }

  resize(cols: number, rows: number): void {
    if (this.#closed) return;
    this.#options.channel.resize(cols, rows, this.#options.clock.nowMs());
    this.pump();
  }

  /** The driver is behind: what the agent sends stays in the network until `resumeReading`. */
  pauseReading(): void {
    this.#readingPaused = true;
    this.#socket?.pause();
    this.#agent.handleReading(false);
  }
  resumeReading(): void {
    this.#readingPaused = false;
    this.#socket?.resume();
    this.#agent.handleReading(true);
  }

  /** Other credentials are there: a keeper that was refused for lack of them, or of a permission, tries at once. */
  handleCredentialsRenewed(): void {
    this.#resume.handleCredentialsRenewed();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer.close();
    this.#resume.close();
    this.#agent.close();
    this.#condition.close();
    this.#socket?.close();
    this.#socket = undefined;
  }

  /** Carries out what the channel wants; every input to the channel ends here. Safe to call from within itself. */
  pump(): void {
    if (this.#pumping) return; // the loop below is running and will see it
    this.#pumping = true;
    const { channel, listener } = this.#options;
    for (let more = true; more && !this.#closed; ) {
      more = false;
      for (let out = channel.pollTransmit(); out !== undefined; out = channel.pollTransmit()) {
        this.#socket?.send(out);
        more = true;
      }
      for (let event = channel.pollEvent(); event !== undefined && !this.#closed; event = channel.pollEvent()) {
        this.#handle(event);
        more = true;
      }
      if (!more && this.#isWritableDue && !this.#closed) {
        // Only now: what is typed must be stored in the order in which it is taken.
        this.#isWritableDue = false;
        listener.onWritable();
        more = true;
      }
    }
    this.#pumping = false;
    if (this.#hasReceived) {
      this.#hasReceived = false;
      listener.onReadEnd();
    }
    if (!this.#closed) this.#timer.arm(channel.pollTimeoutMs());
  }

  #handle(event: ClientChannelEvent): void {
    const { listener, log } = this.#options;
    switch (event.kind) {
      case "running":
        listener.onStateChanged(() => {});
        this.#isEncrypting = false;
        this.#isWritableDue = true;
        this.#showCondition();
        return;
      case "data_key_wanted":
        this.#isEncrypting = true;
        this.#showCondition();
        void this.#fetchDataKey(event.kmsKeyId, event.encryptionContext);
        return;
      case "received":
        if (event.output === undefined) listener.onStateChanged(() => this.#received(event));
        else this.#received(event);
        return;
      case "early":
        listener.onEarly(event.sequenceNumber, event.frame, () => this.#stored(event.sequenceNumber));
        return;
      case "sent":
        if (isHandshakeAnswer(event.payloadType)) listener.onStateChanged(() => this.#sent(event));
        else this.#sent(event);
        return;
      case "input_acknowledged":
        this.#agent.handleAcknowledged();
        listener.onInputAcknowledged(event.sequenceNumber, event.roundTripMs);
        this.#isWritableDue = true;
        return;
      case "publication":
        this.#publicationPaused = event.paused;
        if (!event.paused) this.#agent.handleAway(false);
        this.#showCondition();
        return;
      case "hole":
        listener.onHole(event.toSequenceNumber);
        listener.onNotice("OUTPUT_NOT_KEPT", "AWS kept no more output: some of it is missing here.");
        return;
      case "frame_rejected":
        log.warn({ reason: event.reason, length: event.length }, "data channel frame rejected");
        return;
      case "closed":
        listener.onClosed(event.output);
        return;
      case "failed":
        listener.onFailed(event.code, event.detail, event.code === "DATA_KEY_REFUSED" ? this.#keyProblem : undefined);
        return;
      default:
        event satisfies never;
    }
  }

  #received({ output, sequenceNumber }: Extract<ClientChannelEvent, { kind: "received" }>): void {
    this.#hasReceived = true;
    this.#options.listener.onReceived(sequenceNumber, output, () => this.#stored(sequenceNumber));
  }

  #sent(event: Extract<ClientChannelEvent, { kind: "sent" }>): void {
    const { sequenceNumber } = event;
    this.#options.listener.onSent(
      event,
      () => this.#sentStored(sequenceNumber),
      () => this.#takeBack(sequenceNumber),
    );
  }

  #stored(sequenceNumber: number): void {
    if (this.#closed) return;
    this.#options.channel.handleReceivedStored(sequenceNumber, this.#options.clock.nowMs());
    this.pump();
  }

  #sentStored(sequenceNumber: number): void {
    if (this.#closed) return;
    this.#options.channel.handleSentStored(sequenceNumber, this.#options.clock.nowMs());
    this.#options.listener.onSentStored(sequenceNumber);
    this.#agent.handleSent();
    this.pump();
  }

  #takeBack(sequenceNumber: number): void {
    if (this.#closed) return;
    this.#options.channel.takeBackFrom(sequenceNumber, this.#options.clock.nowMs());
    this.pump();
  }

  async #fetchDataKey(keyId: string, encryptionContext: Record<string, string>): Promise<void> {
    const { calls, channel, clock, log } = this.#options;
    try {
      const key = await calls.generateDataKey(keyId, encryptionContext);
      if (!this.#closed) channel.handleDataKey(key, clock.nowMs());
    } catch (error) {
      log.warn({ err: error }, "no data key for an encrypted session");
      const detail = error instanceof CatalogError ? (error.aws?.message ?? error.message) : "KMS gave no data key";
      if (error instanceof CatalogError && error.code !== "AWS_ACCESS_DENIED") this.#keyProblem = error.code;
      if (!this.#closed) channel.handleDataKeyFailed(detail, clock.nowMs());
    }
    this.pump();
  }

  #dial(streamUrl: string, token: string, opened: () => void, lost: (loss: DataChannelLoss) => void): void {
    const { channel, clock, dialer } = this.#options;
    const socket = dialer.dial(streamUrl, {
      onOpen: () => {
        if (this.#closed) return;
        this.#isOpen = true;
        this.#hasOpened = true;
        this.#isAnswered = false;
        if (this.#readingPaused) socket.pause();
        channel.handleSocketOpen(token, clock.nowMs());
        this.#resume.handleOpen();
        this.#agent.handleLink(true);
        this.pump();
        this.#showCondition();
        opened();
      },
      onFrame: (data, isLast) => {
        if (this.#closed) return;
        this.#isAnswered = true;
        this.#receivedAtMs ??= clock.nowMs(); // of a flood's frames, which come many at once, asked for once
        channel.receive(data, this.#receivedAtMs);
        if (!isLast) return;
        this.#receivedAtMs = undefined;
        this.pump();
      },
      onLost: (loss) => {
        if (this.#closed) return;
        this.#socket = undefined;
        if (this.#isOpen) this.#handleLost(loss);
        else lost(loss);
      },
    });
    this.#streamUrl = streamUrl;
    this.#socket = socket;
  }

  #handleLost(loss: DataChannelLoss): void {
    const { channel, clock, listener, log } = this.#options;
    log.info({ reason: loss.reason }, "data channel lost");
    this.#isOpen = false;
    this.#hasEverBeenAnswered ||= this.#isAnswered;
    this.#refusals = loss.closeCode === CLOSE_POLICY && !this.#isAnswered ? this.#refusals + 1 : 0;
    if (this.#refusals >= REFUSALS_MAX && !this.#hasEverBeenAnswered) {
      listener.onFailed("CHANNEL_DENIED", loss.reason);
      return;
    }
    channel.handleSocketLost(clock.nowMs());
    this.#agent.handleLink(false);
    this.pump();
    this.#resume.handleLost();
    this.#showCondition();
  }

  #showCondition(): void {
    if (this.#closed) return;
    const denied = this.#refusals >= REFUSALS_MAX ? ("DATA_CHANNEL_DENIED" as const) : undefined;
    const reason = this.#isOpen ? this.#agent.problem : (this.#resume.problem ?? denied);
    this.#condition.set({ channel: this.#channelState(), reason });
  }

  #channelState(): ChannelStateName {
    if (!this.#isOpen) return this.#hasOpened ? "lost" : "connecting";
    if (this.#publicationPaused) return "paused";
    if (this.#options.channel.state === "running") return "open";
    return this.#isEncrypting ? "encrypting" : "handshaking";
  }
}

/** They change what a journal of numbers and payloads does not hold: the handshake, its data key among it. */
function isHandshakeAnswer(payloadType: number): boolean {
  return payloadType === PAYLOAD_TYPE.handshakeResponse || payloadType === PAYLOAD_TYPE.encChallengeResponse;
}
