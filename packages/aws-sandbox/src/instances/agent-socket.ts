/**
 * A channel's websocket as the agent holds it: signed headers on the way in, pings as the real agent sends them.
 * What is said on it is the owner's business, the open message included.
 */
import { WebSocket } from "ws";

/** Source: data-channel.md §2.2. */
export const PING_EVERY_MS = 54_000;
export const PONG_WITHIN_MS = 60_000;
const FRAME_BYTES_MAX = 256 * 1024;
const HANDSHAKE_WITHIN_MS = 15_000;

export interface AgentSocketOwner {
  opened(): void;
  /** Text is given as its UTF-8 bytes: both ends handle it alike (data-channel.md §2.2). */
  message(data: Uint8Array): void;
  /** Once, also when it never opened. */
  lost(): void;
}

export class AgentSocket {
  readonly #ws: WebSocket;
  #pingTimer: NodeJS.Timeout | undefined;
  #pongTimer: NodeJS.Timeout | undefined;
  #isSilent = false;

  constructor(request: { url: string; headers: Record<string, string> }, owner: AgentSocketOwner) {
    this.#ws = new WebSocket(request.url, {
      headers: request.headers,
      perMessageDeflate: false,
      maxPayload: FRAME_BYTES_MAX,
      handshakeTimeout: HANDSHAKE_WITHIN_MS,
    });
    this.#ws.on("open", () => {
      this.#pingTimer = setInterval(() => this.#ping(), PING_EVERY_MS);
      owner.opened();
    });
    this.#ws.on("message", (data: Buffer) => {
      if (!this.#isSilent) owner.message(data);
    });
    this.#ws.on("pong", () => clearTimeout(this.#pongTimer));
    this.#ws.on("error", () => {}); // `close` follows, and says all there is to act on
    this.#ws.on("close", () => {
      clearInterval(this.#pingTimer);
      clearTimeout(this.#pongTimer);
      owner.lost();
    });
  }

  get isOpen(): boolean {
    return this.#ws.readyState === WebSocket.OPEN;
  }

  send(data: string | Uint8Array): void {
    if (this.isOpen && !this.#isSilent) this.#ws.send(data, { binary: typeof data !== "string" });
  }

  /** Resolves when the peer has read what was sent before; never when the connection is lost. */
  async flushed(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#ws.once("pong", () => resolve());
      if (this.isOpen) this.#ws.ping("keepalive");
    });
  }

  /** What was sent before still goes out. */
  close(): void {
    if (this.#isSilent)
      this.cut(); // it would not hear the answer
    else this.#ws.close();
  }

  /** Neither reads nor writes any more, and does not close: as if the machine had lost its power. Only `cut` ends it. */
  goSilent(): void {
    if (!this.isOpen) {
      this.cut();
      return;
    }
    this.#isSilent = true;
    this.#ws.pause();
    clearInterval(this.#pingTimer);
    clearTimeout(this.#pongTimer);
  }

  cut(): void {
    this.#ws.terminate();
  }

  #ping(): void {
    this.#ws.ping("keepalive");
    clearTimeout(this.#pongTimer);
    this.#pongTimer = setTimeout(() => this.#ws.terminate(), PONG_WITHIN_MS);
  }
}
