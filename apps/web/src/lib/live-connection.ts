/**
 * The page's one websocket for what changes outside of its terminals: dials with a fresh ticket, notices a dead line, dials
 * again for as long as the page is open. Knows the order of a connection, not what its messages mean.
 */
import { type PageMessage, ServerEvent } from "@causeway/wire-contract/events";
import { Value } from "typebox/value";
import { ApiProblem } from "./api-client.ts";

/** Waits before dialling again, ±20 %; the last one repeats (DESIGN §8). In milliseconds. */
export const REDIAL_AFTER_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000] as const;
export const PING_EVERY_MS = 20_000;
/** A ping without any answer for this long, or no `ready`: the line is dead. In milliseconds. */
export const UNANSWERED_MS = 10_000;

export interface LiveSocket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  send(text: string): void;
  close(): void;
}

export interface LiveConnectionDeps {
  /** @throws ApiProblem, ApiUnreachable */
  ticket(): Promise<string>;
  openSocket(): LiveSocket;
  clock: { setTimeout(run: () => void, ms: number): number; clearTimeout(id: number): void };
  /** 0 to 1. */
  random(): number;
  /** Everything but `ready`, `pong` and `error`. */
  onEvent(event: Exclude<ServerEvent, { type: "ready" | "pong" | "error" }>): void;
  /** The server is about to close it, and says why: a code of the error catalog. */
  onRefused(code: string): void;
  /** The connection stands: say again what is wanted. */
  onReady(): void;
  /** It does not, for this reason; undefined: the network. */
  onLost(error: unknown): void;
}

export class LiveConnection {
  readonly #deps: LiveConnectionDeps;
  #socket: LiveSocket | undefined;
  #ready = false;
  #attempts = 0;
  #timer: number | undefined;
  #pings = 0;
  #dialling = false;
  /** The ticket that is being fetched may be of before. */
  #again = false;
  #closed = false;

  constructor(deps: LiveConnectionDeps) {
    this.#deps = deps;
  }

  get isReady(): boolean {
    return this.#ready;
  }

  /** Now, whatever the wait: the network is back, the page is seen again, somebody signed in. Nothing while it stands. */
  dial(): void {
    if (this.#closed || this.#ready || this.#dialling || this.#socket !== undefined) return;
    this.#clearTimer();
    void this.#dial();
  }

  /** A new one instead of the one that stands, or that is being made: who is signed in has changed. */
  redial(): void {
    if (this.#closed) return;
    this.#drop();
    if (this.#dialling) this.#again = true;
    else this.dial();
  }

  /** @returns false: the connection does not stand, and nothing was sent */
  send(message: PageMessage): boolean {
    if (!this.#ready) return false;
    this.#socket?.send(JSON.stringify(message));
    return true;
  }

  close(): void {
    this.#closed = true;
    this.#clearTimer();
    this.#drop();
  }

  async #dial(): Promise<void> {
    this.#dialling = true;
    try {
      const ticket = await this.#deps.ticket();
      if (!this.#closed && !this.#again) this.#open(ticket);
    } catch (error) {
      // without a login there is nothing to dial with; signing in dials again
      const signedOut = error instanceof ApiProblem && error.problem.status === 401;
      this.#lost(error, !signedOut);
    } finally {
      this.#dialling = false;
    }
    if (!this.#again) return;
    this.#again = false;
    this.dial();
  }

  #open(ticket: string): void {
    const socket = this.#deps.openSocket();
    this.#socket = socket;
    const lost = (): void => {
      if (this.#socket === socket) this.#lost(undefined, true);
    };
    socket.onopen = () => socket.send(JSON.stringify({ type: "ticket", ticket } satisfies PageMessage));
    socket.onmessage = ({ data }) => {
      if (this.#socket === socket) this.#receive(data);
    };
    socket.onclose = lost;
    this.#timer = this.#deps.clock.setTimeout(lost, UNANSWERED_MS);
  }

  #receive(data: unknown): void {
    const event = readEvent(data);
    if (this.#ready) this.#awaitPing();
    if (event === undefined || event.type === "pong") return;
    if (event.type === "error")
      this.#deps.onRefused(event.code); // a close follows
    else if (event.type === "ready") {
      this.#ready = true;
      this.#attempts = 0;
      this.#awaitPing();
      this.#deps.onReady();
    } else this.#deps.onEvent(event);
  }

  /** Whatever came shows that the line lives: the next question is due a while from now. */
  #awaitPing(): void {
    this.#clearTimer();
    this.#timer = this.#deps.clock.setTimeout(() => {
      this.send({ type: "ping", id: this.#pings++ });
      this.#timer = this.#deps.clock.setTimeout(() => this.#lost(undefined, true), UNANSWERED_MS);
    }, PING_EVERY_MS);
  }

  #lost(error: unknown, again: boolean): void {
    this.#clearTimer();
    this.#drop();
    if (this.#closed) return;
    if (again) {
      const waitMs = REDIAL_AFTER_MS[Math.min(this.#attempts++, REDIAL_AFTER_MS.length - 1)] ?? 0;
      this.#timer = this.#deps.clock.setTimeout(() => this.dial(), waitMs * (0.8 + 0.4 * this.#deps.random()));
    }
    this.#deps.onLost(error);
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#ready = false;
    if (socket === undefined) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #clearTimer(): void {
    if (this.#timer !== undefined) this.#deps.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** @returns undefined for what an older page does not know */
function readEvent(data: unknown): ServerEvent | undefined {
  try {
    const value: unknown = JSON.parse(String(data));
    return Value.Check(ServerEvent, value) ? value : undefined;
  } catch {
    return undefined;
  }
}
