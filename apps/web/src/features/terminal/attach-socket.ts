/**
 * One connection of one terminal: ticket, attach, then frames both ways, with pings that notice a dead line.
 * Knows the protocol and nothing of terminals; ends exactly once, through `onClosed`.
 */

import { CLOSE_SHARE_ENDED } from "@causeway/wire-contract/sharing";
import {
  decodeServerFrame,
  encodeAckFrame,
  encodeCheckpointAckFrame,
  encodeInputFrame,
  type InputFrame,
} from "@causeway/wire-contract/terminal-frames";
import {
  type BrowserMessage,
  CLOSE_BY_ERROR,
  CLOSE_ENDED,
  type ServerMessage,
} from "@causeway/wire-contract/terminal-messages";

import { parseServerMessage } from "./server-messages.ts";
import type { TerminalClock, WebSocketLike } from "./terminal-types.ts";

export const PING_EVERY_MS = 5_000;
/** A ping without any answer for this long: the line is dead, drop it. */
export const PING_UNANSWERED_MS = 5_000;
/** From dialling to `attached`; a proxy may swallow the upgrade without a word. */
export const ATTACH_TIMEOUT_MS = 10_000;

export type Attached = Extract<ServerMessage, { type: "attached" }>;

export interface AttachRequest {
  ticket: string;
  offset: number | null;
  streamId: string;
  cols: number;
  rows: number;
  visible: boolean;
}

/** Why a connection ended. `code`: what the server named, of the error catalog. */
export type Closed = { by: "server"; code: string; retryable: boolean } | { by: "ended" } | { by: "line" };

export interface AttachSocketEvents {
  onAttached(message: Attached): void;
  onMessage(message: Exclude<ServerMessage, Attached>): void;
  onOutput(bytes: Uint8Array): void;
  /** The next part of the checkpoint that `attached` or `reset` announced. */
  onCheckpoint(bytes: Uint8Array): void;
  /** A ping left. */
  onPing(): void;
  /** A pong came back after so many milliseconds. */
  onLatency(ms: number): void;
  onClosed(reason: Closed): void;
}

const CLOSE_NORMAL = 1000;

export class AttachSocket {
  readonly #socket: WebSocketLike;
  readonly #clock: TerminalClock;
  readonly #events: AttachSocketEvents;
  #state: "dialling" | "attached" | "closed" = "dialling";
  #deadline: number | undefined;
  #pingTimer: number | undefined;
  #ping: { id: number; sentAtMs: number } | undefined;
  #nextPingId = 0;
  #refusal: Closed | undefined;
  #lastReceivedAtMs: number;

  constructor(socket: WebSocketLike, request: AttachRequest, clock: TerminalClock, events: AttachSocketEvents) {
    this.#socket = socket;
    this.#clock = clock;
    this.#events = events;
    this.#lastReceivedAtMs = clock.nowMs();
    this.#deadline = clock.setTimeout(() => this.#end({ by: "line" }), ATTACH_TIMEOUT_MS);
    const { ticket, ...attach } = request;
    socket.onopen = () => {
      this.send({ type: "ticket", ticket });
      this.send({ type: "attach", ...attach });
    };
    socket.onmessage = (event) => this.#receive(event.data);
    socket.onerror = () => this.#end(this.#refusal ?? { by: "line" });
    socket.onclose = (event) => this.#end(this.#refusal ?? closedBy(event));
  }

  get isAttached(): boolean {
    return this.#state === "attached";
  }

  /** When the last frame of any kind came: a gap begins here. */
  get lastReceivedAtMs(): number {
    return this.#lastReceivedAtMs;
  }

  /** When the ping that is still unanswered was sent. */
  get pingSentAtMs(): number | undefined {
    return this.#ping?.sentAtMs;
  }

  send(message: BrowserMessage): void {
    if (this.#state !== "closed") this.#socket.send(JSON.stringify(message));
  }

  sendInput(frame: InputFrame): void {
    if (this.#state === "attached") this.#socket.send(encodeInputFrame(frame));
  }

  sendAck(offset: number): void {
    if (this.#state === "attached") this.#socket.send(encodeAckFrame(offset));
  }

  sendCheckpointAck(id: number, bytes: number): void {
    if (this.#state === "attached") this.#socket.send(encodeCheckpointAckFrame({ id, bytes }));
  }

  /** Asks now whether the line is alive (on focus, `online`, waking, the first key after a rest). */
  ping(): void {
    if (this.#state !== "attached" || this.#ping !== undefined) return;
    this.#ping = { id: this.#nextPingId++, sentAtMs: this.#clock.nowMs() };
    this.send({ type: "ping", id: this.#ping.id });
    this.#schedule(PING_UNANSWERED_MS);
    this.#events.onPing();
  }

  /** Ends this connection from our side, without an event. */
  close(): void {
    this.#release();
    this.#socket.close(CLOSE_NORMAL);
  }

  #receive(data: unknown): void {
    if (this.#state === "closed") return;
    this.#lastReceivedAtMs = this.#clock.nowMs();
    if (typeof data !== "string") {
      const isFrame = data instanceof ArrayBuffer && this.#state === "attached";
      const frame = isFrame ? decodeServerFrame(new Uint8Array(data)) : undefined;
      if (frame?.kind === "output") this.#events.onOutput(frame.bytes);
      else if (frame?.kind === "checkpoint") this.#events.onCheckpoint(frame.bytes);
      return;
    }
    const message = parseServerMessage(data);
    if (message === undefined) return;
    if (message.type === "attached") this.#attached(message);
    else if (message.type === "pong") this.#pong(message.id);
    else {
      if (message.type === "error") this.#refusal = { by: "server", code: message.code, retryable: message.retryable };
      this.#events.onMessage(message);
    }
  }

  #attached(message: Attached): void {
    if (this.#state !== "dialling") return;
    this.#state = "attached";
    this.#clearDeadline();
    this.#events.onAttached(message);
    this.ping(); // the first latency at once
  }

  #pong(id: number): void {
    if (this.#ping?.id !== id) return;
    const latency = this.#clock.nowMs() - this.#ping.sentAtMs;
    this.#ping = undefined;
    this.#schedule(PING_EVERY_MS);
    this.#events.onLatency(latency);
  }

  /** One timer: the next ping is due, or the one that is out should have been answered. */
  #schedule(ms: number): void {
    if (this.#pingTimer !== undefined) this.#clock.clearTimeout(this.#pingTimer);
    this.#pingTimer = this.#clock.setTimeout(() => {
      this.#pingTimer = undefined;
      if (this.#ping === undefined) this.ping();
      else this.#end({ by: "line" });
    }, ms);
  }

  #end(reason: Closed): void {
    if (this.#state === "closed") return;
    this.#release();
    this.#socket.close(CLOSE_NORMAL);
    this.#events.onClosed(reason);
  }

  #release(): void {
    this.#state = "closed";
    this.#clearDeadline();
    if (this.#pingTimer !== undefined) this.#clock.clearTimeout(this.#pingTimer);
    this.#pingTimer = undefined;
    this.#socket.onopen = null;
    this.#socket.onmessage = null;
    this.#socket.onerror = null;
    this.#socket.onclose = null;
  }

  #clearDeadline(): void {
    if (this.#deadline !== undefined) this.#clock.clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }
}

function closedBy(event: { code: number; reason: string }): Closed {
  if (event.code === CLOSE_ENDED || event.code === CLOSE_SHARE_ENDED) return { by: "ended" };
  if (event.code === CLOSE_BY_ERROR && event.reason !== "")
    return { by: "server", code: event.reason, retryable: true };
  return { by: "line" };
}
