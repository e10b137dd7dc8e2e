/**
 * Keeps a session attached: asks for a ticket, opens a connection, and dials again after a loss until told to stop.
 * It never gives a session up by count or time; only the server can say that it is over (DESIGN §8).
 */
import type { Problem } from "@causeway/wire-contract/problem";
import { type Attached, AttachSocket, type AttachSocketEvents, type Closed } from "./attach-socket.ts";
import { meansGone, problemFromCode, problemOf } from "./problems.ts";
import { randomFromHex, reconnectDelayMs } from "./reconnect-schedule.ts";
import type { TerminalSessionDeps } from "./terminal-types.ts";

/**
 * One small request, asked again afterwards: a line that died without a word must not hold it for as long as a request may
 * take. Giving it up also makes the browser forget the connection it was on, so that the next try has a new one.
 */
export const TICKET_TIMEOUT_MS = 5_000;

/** What to attach with, asked anew at each attempt. */
export interface AttachState {
  offset: number | null;
  streamId: string;
  cols: number;
  rows: number;
  visible: boolean;
}

export interface AttachLinkEvents extends Omit<AttachSocketEvents, "onClosed"> {
  attachState(): AttachState;
  /** The connection is lost (or could not be made). `nextTryAtMs` undefined: an attempt is under way. */
  onLost(loss: { lostAtMs: number; attempt: number; nextTryAtMs?: number; problem?: Problem }): void;
  /** It cannot be attached, and trying again by itself is no use. */
  onFailed(problem: Problem): void;
  /** The session is over for good; if the server told how, an `ended` message came before. */
  onGone(): void;
}

export class AttachLink {
  readonly #sessionId: string;
  readonly #deps: TerminalSessionDeps;
  readonly #events: AttachLinkEvents;
  #socket: AttachSocket | undefined;
  #timer: number | undefined;
  /** A ticket is being fetched. */
  #fetching: { abort: AbortController; deadline: number } | undefined;
  #attempt = 0;
  #lostAtMs: number;
  #problem: Problem | undefined;
  /** Counts dials: what an older one still answers is ignored. */
  #dial = 0;
  #isStopped = false;

  constructor(sessionId: string, deps: TerminalSessionDeps, events: AttachLinkEvents) {
    this.#sessionId = sessionId;
    this.#deps = deps;
    this.#events = events;
    this.#lostAtMs = deps.clock.nowMs();
  }

  /** The live connection, once attached. */
  get socket(): AttachSocket | undefined {
    return this.#socket?.isAttached ? this.#socket : undefined;
  }

  /** Dials at once: at first, on "Try now", when the network or the page comes back. Does nothing while attached or dialling. */
  dialNow(): void {
    if (this.#isStopped || this.#socket !== undefined) return;
    if (this.#fetching !== undefined) return;
    this.#clearTimer();
    this.#open();
  }

  /** Drops the connection, whatever its state, and dials anew. */
  redial(): void {
    if (this.#isStopped || this.#socket === undefined) {
      this.dialNow();
      return;
    }
    const lostAtMs = this.#socket.lastReceivedAtMs;
    this.#socket.close();
    this.#lose({ by: "line" }, lostAtMs);
    this.dialNow();
  }

  stop(): void {
    this.#isStopped = true;
    this.#dial++;
    this.#clearTimer();
    this.#endFetch();
    this.#socket?.close();
    this.#socket = undefined;
  }

  #open(): void {
    const dial = ++this.#dial;
    if (this.#attempt > 0) this.#reportLoss(undefined);
    const abort = new AbortController();
    const deadline = this.#deps.clock.setTimeout(() => this.#ticketLate(), TICKET_TIMEOUT_MS);
    this.#fetching = { abort, deadline };
    this.#deps.api.attachTicket(this.#sessionId, abort.signal).then(
      ({ ticket }) => {
        if (dial !== this.#dial || this.#isStopped) return;
        this.#endFetch();
        this.#connect(ticket);
      },
      (error: unknown) => {
        if (dial !== this.#dial || this.#isStopped) return;
        this.#endFetch();
        this.#refused(problemOf(error));
      },
    );
  }

  #ticketLate(): void {
    this.#dial++; // what this one still answers is ignored
    this.#endFetch();
    this.#refused(undefined);
  }

  #endFetch(): void {
    if (this.#fetching === undefined) return;
    const { abort, deadline } = this.#fetching;
    this.#fetching = undefined;
    this.#deps.clock.clearTimeout(deadline);
    abort.abort();
  }

  #connect(ticket: string): void {
    let socket: AttachSocket;
    try {
      const raw = this.#deps.openSocket(this.#sessionId);
      socket = new AttachSocket(raw, { ticket, ...this.#events.attachState() }, this.#deps.clock, {
        onAttached: (message) => this.#attached(message),
        onMessage: (message) => this.#events.onMessage(message),
        onOutput: (bytes) => this.#events.onOutput(bytes),
        onCheckpoint: (bytes) => this.#events.onCheckpoint(bytes),
        onPing: () => this.#events.onPing(),
        onLatency: (ms) => this.#events.onLatency(ms),
        onClosed: (reason) => this.#closed(reason),
      });
    } catch {
      this.#lose({ by: "line" }, this.#lostAtMs); // the browser refuses to open sockets (offline, limits)
      return;
    }
    this.#socket = socket;
  }

  #attached(message: Attached): void {
    this.#attempt = 0;
    this.#problem = undefined;
    this.#events.onAttached(message);
  }

  #closed(reason: Closed): void {
    const socket = this.#socket;
    const lostAtMs = socket && this.#attempt === 0 ? socket.lastReceivedAtMs : this.#lostAtMs;
    if (reason.by === "server") this.#problem = problemFromCode(reason.code);
    if (reason.by === "ended" || (reason.by === "server" && meansGone(reason.code))) this.#gone();
    else if (reason.by === "server" && !reason.retryable) this.#fail(problemFromCode(reason.code));
    else this.#lose(reason, lostAtMs);
  }

  /** No ticket. Without a usable login the page asks to sign in, and this goes on trying. */
  #refused(problem: Problem | undefined): void {
    this.#problem = problem;
    const isSignedOut = problem?.status === 401;
    if (problem && meansGone(problem.code)) this.#gone();
    else if (problem && !problem.retryable && !isSignedOut) this.#fail(problem);
    else this.#lose({ by: "line" }, this.#lostAtMs);
  }

  #lose(reason: Closed, lostAtMs: number): void {
    this.#socket = undefined;
    this.#lostAtMs = lostAtMs;
    if (reason.by === "line" && this.#attempt === 0) this.#problem = undefined;
    const waitMs = reconnectDelayMs(this.#attempt, randomFromHex(this.#deps.randomHex(4)));
    this.#attempt++;
    this.#timer = this.#deps.clock.setTimeout(() => {
      this.#timer = undefined;
      this.#open();
    }, waitMs);
    this.#reportLoss(this.#deps.clock.nowMs() + waitMs);
  }

  #reportLoss(nextTryAtMs: number | undefined): void {
    this.#events.onLost({
      lostAtMs: this.#lostAtMs,
      attempt: this.#attempt,
      ...(nextTryAtMs === undefined ? {} : { nextTryAtMs }),
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
    });
  }

  #fail(problem: Problem): void {
    this.stop();
    this.#events.onFailed(problem);
  }

  #gone(): void {
    this.stop();
    this.#events.onGone();
  }

  #clearTimer(): void {
    if (this.#timer !== undefined) this.#deps.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
