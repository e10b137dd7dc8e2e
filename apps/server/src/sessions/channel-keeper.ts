/**
 * Keeps one data channel alive: joins the protocol core (ClientChannel) to sockets, timers and AWS calls, and resumes
 * after every loss for as long as AWS gives a token. Knows nothing of readers or logs; what it learns goes to its listener.
 * Above 300 lines with its interfaces: socket, timer and resume are one life cycle, and share its one `closed`.
 */
import type { ClientChannel, ClientChannelEvent, SentRange } from "@causeway/ssm-data-channel";
import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { ChannelStateName } from "@causeway/wire-contract/sessions";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/logger.ts";
import type { DataChannelDialer, DataChannelLoss, DataChannelSocket } from "./data-channel-dialer.ts";
import { RESUME_STABLE_MS, resumeWaitMs } from "./resume-waits.ts";
import type { DataKey, ResumeAnswer } from "./session-calls.ts";

type FailedEvent = Extract<ClientChannelEvent, { kind: "failed" }>;

/** The owner of the keeper. `stored` callbacks may run at once or later, in order. */
export interface KeeperListener {
  /** Append the message; its acknowledgement leaves when `stored` is called. */
  onReceived(sequenceNumber: number, output: Uint8Array | undefined, stored: () => void): void;
  /** One of our messages is stored and goes out. */
  onSentStored(sequenceNumber: number): void;
  onInputAcknowledged(sequenceNumber: number, roundTripMs: number | undefined): void;
  onState(state: ChannelStateName): void;
  /** The channel may take input that it refused before. */
  onWritable(): void;
  onNotice(code: ErrorCode, text?: string): void;
  /** `channel_closed`: all output was delivered before. */
  onClosed(output: string): void;
  onFailed(code: FailedEvent["code"], detail: string): void;
  /** AWS has no such session any more. */
  onGone(): void;
}

export interface KeeperCalls {
  resume(): Promise<ResumeAnswer>;
  generateDataKey(keyId: string, encryptionContext: Record<string, string>): Promise<DataKey>;
}

export interface KeeperOptions {
  channel: ClientChannel;
  dialer: DataChannelDialer;
  calls: KeeperCalls;
  clock: Clock;
  random: () => number;
  listener: KeeperListener;
  log: Log;
}

export class ChannelKeeper {
  readonly #options: KeeperOptions;
  #socket: DataChannelSocket | undefined;
  #streamUrl = "";
  #state: ChannelStateName = "connecting";
  #publicationPaused = false;
  #readingPaused = false;
  #closed = false;
  #pumping = false;
  #timerAtMs = Number.POSITIVE_INFINITY;
  #cancelTimer = () => {};
  #cancelRetry = () => {};
  #failures = 0;
  #openedAtMs = 0;
  /** Set while AWS refuses the person's credentials: nothing is tried until she signs in again. */
  #waitsForCredentials = false;
  #resuming = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  get state(): ChannelStateName {
    return this.#state;
  }
  get waitsForCredentials(): boolean {
    return this.#waitsForCredentials;
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
  }
  resumeReading(): void {
    this.#readingPaused = false;
    this.#socket?.resume();
  }

  /** The person signed in again: a keeper that stopped for lack of credentials goes on. */
  retryNow(): void {
    if (!this.#waitsForCredentials) return;
    this.#waitsForCredentials = false;
    this.#failures = 0;
    this.#scheduleResume();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelTimer();
    this.#cancelRetry();
    this.#socket?.close();
    this.#socket = undefined;
  }

  /** Carries out what the channel wants; every input to the channel ends here. Safe to call from within itself. */
  pump(): void {
    if (this.#pumping) return; // the loop below is running and will see it
    this.#pumping = true;
    const { channel } = this.#options;
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
    }
    this.#pumping = false;
    this.#armTimer();
  }

  #handle(event: ClientChannelEvent): void {
    const { channel, clock, listener, log } = this.#options;
    switch (event.kind) {
      case "running":
        this.#showState();
        listener.onWritable();
        return;
      case "data_key_wanted":
        void this.#fetchDataKey(event.kmsKeyId, event.encryptionContext);
        return;
      case "received":
        listener.onReceived(event.sequenceNumber, event.output, () => this.#stored(event.sequenceNumber));
        return;
      case "early":
        // The memory log keeps nothing over a restart, so the channel's own buffer is as good a place as any.
        channel.handleReceivedStored(event.sequenceNumber, clock.nowMs());
        return;
      case "sent":
        channel.handleSentStored(event.sequenceNumber, clock.nowMs());
        listener.onSentStored(event.sequenceNumber);
        return;
      case "input_acknowledged":
        listener.onInputAcknowledged(event.sequenceNumber, event.roundTripMs);
        listener.onWritable();
        return;
      case "publication":
        this.#publicationPaused = event.paused;
        this.#showState();
        return;
      case "hole":
        listener.onNotice("OUTPUT_NOT_KEPT", "AWS kept no more output: some of it is missing here.");
        return;
      case "frame_rejected":
        log.warn({ reason: event.reason, length: event.length }, "data channel frame rejected");
        return;
      case "closed":
        listener.onClosed(event.output);
        return;
      case "failed":
        listener.onFailed(event.code, event.detail);
        return;
      default:
        event satisfies never;
    }
  }

  #stored(sequenceNumber: number): void {
    if (this.#closed) return;
    this.#options.channel.handleReceivedStored(sequenceNumber, this.#options.clock.nowMs());
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
      if (!this.#closed) channel.handleDataKeyFailed(detail, clock.nowMs());
    }
    this.pump();
  }

  #dial(streamUrl: string, token: string, opened: () => void, lost: (loss: DataChannelLoss) => void): void {
    const { channel, clock, dialer } = this.#options;
    let isOpen = false;
    const socket = dialer.dial(streamUrl, {
      onOpen: () => {
        if (this.#closed) return;
        isOpen = true;
        this.#openedAtMs = clock.nowMs();
        if (this.#readingPaused) socket.pause();
        channel.handleSocketOpen(token, clock.nowMs());
        this.pump();
        this.#showState();
        opened();
      },
      onFrame: (data) => {
        if (this.#closed) return;
        channel.receive(data, clock.nowMs());
        this.pump();
      },
      onLost: (loss) => {
        if (this.#closed) return;
        this.#socket = undefined;
        if (isOpen) this.#handleLost(loss);
        else lost(loss);
      },
    });
    this.#streamUrl = streamUrl;
    this.#socket = socket;
  }

  #handleLost(loss: DataChannelLoss): void {
    const { channel, clock, log } = this.#options;
    log.info({ reason: loss.reason }, "data channel lost");
    if (clock.nowMs() - this.#openedAtMs >= RESUME_STABLE_MS) this.#failures = 0;
    channel.handleSocketLost(clock.nowMs());
    this.#setState("lost");
    this.pump();
    this.#scheduleResume();
  }

  #scheduleResume(): void {
    const { clock, random } = this.#options;
    if (this.#closed || this.#resuming) return;
    const waitMs = resumeWaitMs(this.#failures++, random());
    this.#cancelRetry();
    this.#cancelRetry = clock.setTimer(clock.nowMs() + waitMs, () => void this.#resume());
  }

  async #resume(): Promise<void> {
    const { calls, listener, log } = this.#options;
    this.#resuming = true;
    let again = true;
    try {
      const answer = await calls.resume();
      if (this.#closed) return;
      again = false;
      if (answer.kind === "gone") listener.onGone();
      else
        this.#dial(
          answer.streamUrl ?? this.#streamUrl,
          answer.token,
          () => {},
          (loss) => {
            log.info({ reason: loss.reason }, "data channel not reached again");
            this.#scheduleResume();
          },
        );
    } catch (error) {
      if (this.#closed) return;
      log.warn({ err: error }, "session not resumed");
      again = !this.#stopForCredentials(error);
    } finally {
      this.#resuming = false;
      if (again) this.#scheduleResume();
    }
  }

  /** Trying again with the same refused credentials helps nobody: said once, then the person's next sign-in goes on. */
  #stopForCredentials(error: unknown): boolean {
    const code = error instanceof CatalogError ? error.code : undefined;
    if (code !== "CREDENTIALS_EXPIRED" && code !== "SIGN_IN_REQUIRED" && code !== "ACCESS_KEYS_REFUSED") return false;
    this.#waitsForCredentials = true;
    this.#options.listener.onNotice("CREDENTIALS_EXPIRED");
    return true;
  }

  #showState(): void {
    const { state } = this.#options.channel;
    if (this.#closed || this.#socket === undefined) return;
    if (this.#publicationPaused) this.#setState("paused");
    else if (state === "running" || state === "resuming") this.#setState("open");
    else this.#setState("handshaking");
  }

  #setState(state: ChannelStateName): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.listener.onState(state);
  }

  /**
   * An armed timer that is too early stays: `handleTimeout` before its time does nothing, re-arming per frame costs.
   * In whole milliseconds and never at once: the fractions of epoch milliseconds are too coarse to be met exactly, and a
   * timer that is early by a rounding error must not spin.
   */
  #armTimer(): void {
    const { channel, clock } = this.#options;
    const wantedMs = this.#closed ? undefined : channel.pollTimeoutMs();
    if (wantedMs === undefined) return;
    const atMs = Math.max(Math.ceil(wantedMs), clock.nowMs() + 1);
    if (atMs >= this.#timerAtMs) return;
    this.#cancelTimer();
    this.#timerAtMs = atMs;
    this.#cancelTimer = clock.setTimer(atMs, () => {
      this.#timerAtMs = Number.POSITIVE_INFINITY;
      if (this.#closed) return;
      channel.handleTimeout(clock.nowMs());
      this.pump();
    });
  }
}
