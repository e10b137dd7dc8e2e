/**
 * Keeps one channel of an agent connected: token by POST, websocket, and again after a loss, for as long as the owner
 * wants it. Source: data-channel.md §13.1 to §13.3.
 */
import { AgentSocket } from "./agent-socket.ts";
import type { BackOff } from "./back-off.ts";

/** A connection that held so long was a good one: waits begin anew. */
export const STABLE_AFTER_MS = 1_000;

export interface ChannelConnectionOptions {
  createToken(signal: AbortSignal): Promise<string>;
  /** Signed anew for every attempt: signatures age. */
  request(): { url: string; headers: Record<string, string> };
  backOff: BackOff;
  nowMs(): number;
}

export interface ChannelConnectionOwner {
  /** The owner sends the open message with this token. */
  opened(token: string): void;
  message(data: Uint8Array): void;
  /** Only after `opened`. A new attempt follows by itself. */
  lost(): void;
  /** An attempt failed; return false to give up. */
  failed(error: unknown): boolean;
}

export class ChannelConnection {
  readonly #options: ChannelConnectionOptions;
  readonly #owner: ChannelConnectionOwner;
  #socket: AgentSocket | undefined;
  #attempt: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #state: "idle" | "wanted" | "suspended" | "closed" = "idle";

  constructor(options: ChannelConnectionOptions, owner: ChannelConnectionOwner) {
    this.#options = options;
    this.#owner = owner;
  }

  start(): void {
    if (this.#state !== "idle") return;
    this.#state = "wanted";
    void this.#connect();
  }

  send(data: string | Uint8Array): void {
    this.#socket?.send(data);
  }

  /** Resolves when the peer has read what was sent before; never when the connection is lost. */
  async flushed(): Promise<void> {
    await this.#socket?.flushed();
  }

  /** The network is gone: cut, and no attempts. */
  suspend(): void {
    if (this.#state !== "wanted") return;
    this.#state = "suspended";
    this.#stopTrying();
    this.#socket?.cut();
  }

  /** Gone without closing: no attempts, and the socket stays as it is until `resume` or `close`. */
  goSilent(): void {
    if (this.#state !== "wanted") return;
    this.#state = "suspended";
    this.#stopTrying();
    this.#socket?.goSilent();
  }

  resume(): void {
    if (this.#state !== "suspended") return;
    this.#state = "wanted";
    this.#options.backOff.reset();
    if (this.#socket)
      this.#socket.cut(); // silent until now, or on its way down: a new attempt follows
    else void this.#connect();
  }

  close(): void {
    this.#state = "closed";
    this.#stopTrying();
    this.#socket?.close();
  }

  cut(): void {
    this.close();
    this.#socket?.cut();
  }

  async #connect(): Promise<void> {
    const attempt = new AbortController();
    this.#attempt = attempt;
    let token: string;
    try {
      token = await this.#options.createToken(attempt.signal);
    } catch (error) {
      if (!attempt.signal.aborted) this.#handleFailure(error);
      return;
    }
    if (attempt.signal.aborted) return;
    this.#open(token);
  }

  #open(token: string): void {
    let openedAtMs: number | undefined;
    const socket = new AgentSocket(this.#options.request(), {
      opened: () => {
        openedAtMs = this.#options.nowMs();
        this.#owner.opened(token);
      },
      message: (data) => {
        if (this.#state !== "closed") this.#owner.message(data);
      },
      lost: () => {
        this.#socket = undefined;
        if (openedAtMs === undefined) {
          this.#handleFailure(new Error("the websocket did not open"));
          return;
        }
        if (this.#options.nowMs() - openedAtMs >= STABLE_AFTER_MS) this.#options.backOff.reset();
        if (this.#state === "closed") return;
        this.#owner.lost();
        this.#tryAgain();
      },
    });
    this.#socket = socket;
  }

  #handleFailure(error: unknown): void {
    if (this.#state === "closed") return;
    if (this.#owner.failed(error)) this.#tryAgain();
    else this.#state = "closed";
  }

  #tryAgain(): void {
    if (this.#state !== "wanted") return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#connect(), this.#options.backOff.next());
  }

  #stopTrying(): void {
    clearTimeout(this.#timer);
    this.#attempt?.abort();
  }
}
