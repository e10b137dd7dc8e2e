/**
 * One end of a channel as the gateway holds it: the open message first, then frames, with a bound on what waits to be sent.
 * It knows websockets and the open message, nothing of sessions.
 */
import { readOpenMessage } from "@causeway/ssm-data-channel";
import type { RawData, WebSocket } from "ws";
import type { GatewayTimers } from "./gateway-timers.ts";

/** Who connects must say so within this time. */
export const OPEN_MESSAGE_WITHIN_MS = 10_000;
/** The open message is about 300 bytes; tokens have at most 300 characters (aws-facts.md §1). */
export const OPEN_MESSAGE_BYTES_MAX = 4_096;
/** Bytes that wait for a slow receiver before its sender is no longer read; reading goes on below the second one. */
export const WAITING_BYTES_MAX = 256 * 1024;
export const WAITING_BYTES_RESUME = 64 * 1024;
/** For the peer's answer to a close frame, counted anew while bytes still wait for a slow peer, so many times. */
export const CLOSE_WITHIN_MS = 1_000;
export const CLOSE_WAITS_MAX = 30;

export const CLOSE_DONE = 1000;
export const CLOSE_REFUSED = 1008;

export interface ChannelSocketOwner {
  /** Called for every binary or text message after the open message. */
  frame(frame: Uint8Array): void;
  /** The connection is gone, by whomever. Called once. */
  lost(): void;
  /** What waited has been sent: its sender may be read again. */
  drained(): void;
}

/** What a session does with a connection. */
export interface FrameSink {
  send(frame: Uint8Array): void;
  readonly isFull: boolean;
  pauseReading(): void;
  resumeReading(): void;
  close(code: number, reason: string): void;
  cut(): void;
  /** Neither read nor written any more, and not closed: as if the network between had died. Cut after `forMs`. */
  goSilent(forMs: number): void;
}

export class ChannelSocket implements FrameSink {
  readonly #ws: WebSocket;
  readonly #timers: GatewayTimers;
  #owner: ChannelSocketOwner | undefined;
  #isFull = false;
  #isLost = false;
  #isSilent = false;
  #cancelTimer: () => void;

  /** @param authenticate gets the token of the open message and gives the one who owns this connection, or undefined to refuse it */
  constructor(
    ws: WebSocket,
    timers: GatewayTimers,
    authenticate: (token: string, socket: ChannelSocket) => ChannelSocketOwner | undefined,
  ) {
    this.#ws = ws;
    this.#timers = timers;
    this.#cancelTimer = timers.after(OPEN_MESSAGE_WITHIN_MS, () => this.close(CLOSE_REFUSED, "no open message"));
    ws.on("message", (data, isBinary) => {
      if (this.#isSilent) return; // what was read together with the last frame
      if (this.#owner) this.#owner.frame(bytesOf(data));
      else this.#open(bytesOf(data), isBinary, authenticate);
    });
    ws.on("error", () => ws.terminate()); // protocol errors and oversized frames; `close` follows
    ws.on("close", () => this.#handleClose());
  }

  /** Sends in order. Frames for a connection that is gone are dropped: their sender sends them again. */
  send(frame: Uint8Array): void {
    if (this.#isLost || this.#isSilent) return;
    this.#ws.send(frame, { binary: true }, () => this.#handleSent());
    if (this.#ws.bufferedAmount > WAITING_BYTES_MAX) this.#isFull = true;
  }

  /** True while more than WAITING_BYTES_MAX waits to be sent; `drained` follows. */
  get isFull(): boolean {
    return this.#isFull && !this.#isLost && !this.#isSilent;
  }

  pauseReading(): void {
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.pause();
  }
  resumeReading(): void {
    if (!this.#isSilent) this.#ws.resume();
  }

  /** Sends what waits, then the close frame; the connection is cut when the peer does not answer. */
  close(code: number, reason: string): void {
    if (this.#isLost || this.#isSilent) return;
    this.resumeReading(); // the answer to the close frame must be read
    this.#ws.close(code, reason);
    this.#cutAfterWaiting(CLOSE_WAITS_MAX);
  }

  /** Cuts the connection without a word. */
  cut(): void {
    this.#ws.terminate();
  }

  goSilent(forMs: number): void {
    if (this.#isLost || this.#isSilent) return;
    this.#isSilent = true;
    this.pauseReading(); // pings go unanswered, too
    this.#cancelTimer();
    this.#cancelTimer = this.#timers.after(forMs, () => this.#ws.terminate());
    this.#owner?.drained(); // its sender must not wait for what will never be sent
  }

  #open(
    data: Buffer,
    isBinary: boolean,
    authenticate: (token: string, socket: ChannelSocket) => ChannelSocketOwner | undefined,
  ): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return; // refused already; more may follow before the close is through
    const token = isBinary ? undefined : tokenOf(data);
    this.#owner = token === undefined ? undefined : authenticate(token, this);
    if (this.#owner) this.#cancelTimer();
    else if (this.#ws.readyState === this.#ws.OPEN) this.close(CLOSE_REFUSED, "invalid token");
  }

  #cutAfterWaiting(waitsLeft: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#timers.after(CLOSE_WITHIN_MS, () => {
      if (waitsLeft > 0 && this.#ws.bufferedAmount > 0) this.#cutAfterWaiting(waitsLeft - 1);
      else this.#ws.terminate();
    });
  }

  #handleSent(): void {
    if (!this.#isFull || this.#ws.bufferedAmount > WAITING_BYTES_RESUME) return;
    this.#isFull = false;
    this.#owner?.drained();
  }

  #handleClose(): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#cancelTimer();
    this.#owner?.lost();
  }
}

/** Other clients leave out all but the token (data-channel.md §2.3). */
function tokenOf(data: Buffer): string | undefined {
  if (data.length > OPEN_MESSAGE_BYTES_MAX) return undefined;
  return readOpenMessage(data)?.tokenValue || undefined;
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
