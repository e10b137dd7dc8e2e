/**
 * One page's websocket for what changes outside of its terminals: ticket, then messages both ways (architecture §5). It
 * carries; what a page is told is decided in PageReader.
 */

import { ERROR_CATALOG, type ErrorCode } from "@causeway/wire-contract/error-catalog";
import { PageMessage, type ServerEvent } from "@causeway/wire-contract/events";
import { CLOSE_BY_ERROR } from "@causeway/wire-contract/terminal-messages";
import { Compile } from "typebox/compile";
import type { WebSocket } from "ws";
import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/logger.ts";
import { pingUntilSilent } from "../platform/socket-pings.ts";

/** From the upgrade to a valid ticket, in milliseconds. */
export const TICKET_WITHIN_MS = 10_000;
/** A page with more than this unread, in bytes, is sent no further rows until it has caught up. */
export const UNREAD_BYTES_MAX = 1024 * 1024;
/** Longest message of a page, in bytes: 64 sources of about 100. */
export const PAGE_MESSAGE_BYTES_MAX = 16 * 1024;
/** After our close frame the page may take so long to answer it, in milliseconds. */
const CLOSE_GRACE_MS = 2_000;

const check = Compile(PageMessage);

export interface EventsReader {
  /** A message of an open page. Never throws. */
  handle(message: Exclude<PageMessage, { type: "ticket" | "ping" }>): void;
  close(): void;
}

export interface EventsSocketDeps {
  clock: Clock;
  log: Log;
  redeemTicket(ticket: string): boolean;
  /** The page is let in. @returns undefined: it is one too many */
  open(socket: EventsSocket): EventsReader | undefined;
}

export class EventsSocket {
  readonly #socket: WebSocket;
  readonly #deps: EventsSocketDeps;
  #phase: "ticket" | "open" | "closed" = "ticket";
  #reader: EventsReader | undefined;
  #heardAtMs: number;
  #cancelTimer: () => void;
  #cancelClose: () => void = () => undefined;

  constructor(socket: WebSocket, deps: EventsSocketDeps) {
    this.#socket = socket;
    this.#deps = deps;
    const nowMs = deps.clock.nowMs();
    this.#heardAtMs = nowMs;
    this.#cancelTimer = deps.clock.setTimer(nowMs + TICKET_WITHIN_MS, () => this.#fail("EVENTS_TICKET_INVALID"));
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      this.#heardAtMs = deps.clock.nowMs();
      this.#handle(isBinary ? undefined : readPageMessage(data));
    });
    socket.on("pong", () => {
      this.#heardAtMs = deps.clock.nowMs();
    });
    socket.on("error", (error) => deps.log.debug({ err: error }, "events websocket failed"));
    socket.on("close", () => {
      this.#cancelClose();
      this.#end();
    });
  }

  send(event: ServerEvent): void {
    if (this.#phase === "closed" || this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(JSON.stringify(event));
  }

  get isKeepingUp(): boolean {
    return this.#socket.bufferedAmount < UNREAD_BYTES_MAX;
  }

  #handle(message: PageMessage | undefined): void {
    if (this.#phase === "closed") return;
    if (message === undefined || (message.type === "ticket") !== (this.#phase === "ticket"))
      this.#fail("EVENTS_PROTOCOL_ERROR");
    else if (message.type === "ticket") this.#open(message.ticket);
    else if (message.type === "ping") this.send({ type: "pong", id: message.id });
    else this.#reader?.handle(message);
  }

  #open(ticket: string): void {
    if (!this.#deps.redeemTicket(ticket)) {
      this.#fail("EVENTS_TICKET_INVALID");
      return;
    }
    const reader = this.#deps.open(this);
    if (reader === undefined) {
      this.#fail("EVENTS_LIMIT_REACHED");
      return;
    }
    this.#reader = reader;
    this.#phase = "open";
    this.send({ type: "ready" });
    this.#cancelTimer();
    this.#cancelTimer = pingUntilSilent(this.#socket, this.#deps.clock, () => this.#heardAtMs);
  }

  #fail(code: ErrorCode): void {
    this.send({ type: "error", code, retryable: ERROR_CATALOG[code].retryable });
    this.#end();
    this.#socket.close(CLOSE_BY_ERROR, code);
    const { clock } = this.#deps;
    this.#cancelClose = clock.setTimer(clock.nowMs() + CLOSE_GRACE_MS, () => this.#socket.terminate());
  }

  #end(): void {
    this.#phase = "closed";
    this.#cancelTimer();
    this.#reader?.close();
    this.#reader = undefined;
  }
}

/** @returns undefined for anything that is not exactly one of the contract's messages. Never throws. */
function readPageMessage(data: Uint8Array): PageMessage | undefined {
  if (data.length > PAGE_MESSAGE_BYTES_MAX) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8"));
    return check.Check(value) ? value : undefined;
  } catch {
    return undefined; // not JSON
  }
}
