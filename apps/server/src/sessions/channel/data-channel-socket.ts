/**
 * The thin shell around one websocket to AWS: dials through the agent factory, tells frames, loss and nothing else.
 * Facts: data-channel.md §2.2.
 */
import type { Socket } from "node:net";
import type { Transmit } from "@causeway/ssm-data-channel";
import WebSocket from "ws";
import type { OutboundAgents } from "../../aws/index.ts";
import type { Clock } from "../../platform/clock.ts";
import { randomUint32 } from "./channel-host.ts";
import type {
  DataChannelDialer,
  DataChannelHandlers,
  DataChannelLoss,
  DataChannelSocket,
} from "./data-channel-dialer.ts";
import { MASKED_BATCH_BYTES, MaskedFrames } from "./masked-frames.ts";
import { READ_SHARE_BYTES, ReadTurns } from "./read-turns.ts";
import { checkedStreamUrl } from "./stream-url.ts";
import { type FrameTakers, WholeFrames } from "./whole-frames.ts";

/** Handshake timeout of the reference client's library, in milliseconds. */
export const DIAL_TIMEOUT_MS = 45_000;
/** NATs and VPNs drop flows that are idle for 60 s; the reference client's 5 minutes are too rare. */
export const PING_EVERY_MS = 5_000;
/** Without any frame or pong for so long the socket is dead, in milliseconds. */
export const SILENCE_MAX_MS = 15_000;
/** A data-channel frame is about 1.1 KiB; larger messages are not of this protocol. The socket is then lost, and resumed. */
export const FRAME_BYTES_MAX = 1024 * 1024;

/**
 * @param userAgent sent with the upgrade; nothing else is added to the request
 * @param nextTurn see ReadTurns
 */
export function webSocketDialer(
  agents: OutboundAgents,
  clock: Clock,
  userAgent: string,
  nextTurn: (run: () => void) => void = setImmediate,
): DataChannelDialer {
  const turns = new ReadTurns(nextTurn);
  return {
    dial(streamUrl, handlers) {
      const url = checkedStreamUrl(streamUrl);
      const socket = new WebSocket(url, {
        agent: agents.agentFor(url, "channel"),
        perMessageDeflate: false,
        handshakeTimeout: DIAL_TIMEOUT_MS,
        maxPayload: FRAME_BYTES_MAX,
        followRedirects: false,
        headers: { "user-agent": userAgent },
      });
      return new WebSocketDataChannel(socket, handlers, clock, turns);
    },
  };
}

class WebSocketDataChannel implements DataChannelSocket {
  readonly #socket: WebSocket;
  readonly #handlers: DataChannelHandlers;
  readonly #clock: Clock;
  #stream: Socket | undefined;
  readonly #frames = new MaskedFrames(randomUint32);
  #isWriteDue = false;
  #paused = false;
  readonly #turns: ReadTurns;
  /** Bytes read since this channel last had to wait for its turn. */
  #readBytes = 0;
  #waitsForTurn = false;
  #done = false;
  #heardAtMs = 0;
  #cancelTimer = () => {};

  constructor(socket: WebSocket, handlers: DataChannelHandlers, clock: Clock, turns: ReadTurns) {
    this.#turns = turns;
    this.#socket = socket;
    this.#handlers = handlers;
    this.#clock = clock;
    socket.on("upgrade", (response) => {
      this.#stream = response.socket;
    });
    socket.on("open", () => {
      this.#heard();
      this.#readWholeFrames();
      this.#armTimer();
      handlers.onOpen();
    });
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      if (this.#done) return;
      this.#heard();
      handlers.onFrame(isBinary ? data : data.toString("utf8"), true);
    });
    socket.on("pong", () => this.#heard());
    socket.on("ping", () => this.#heard());
    socket.on("unexpected-response", (request, response) => {
      request.destroy();
      this.#lose({
        reason: `the upgrade was answered with ${response.statusCode}`,
        httpStatus: response.statusCode ?? 0,
      });
    });
    socket.on("error", (error: NodeJS.ErrnoException) => this.#lose({ reason: error.code ?? "the connection failed" }));
    socket.on("close", (code) => this.#lose({ reason: `closed with ${code}`, closeCode: code }));
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount + this.#frames.length;
  }

  send(transmit: Transmit): void {
    if (this.#done || this.#socket.readyState !== WebSocket.OPEN) return; // unsent messages are resent by the channel
    if (transmit.kind === "binary") this.#collect(transmit.frame);
    else {
      this.#write();
      this.#socket.send(transmit.text);
    }
  }

  pause(): void {
    this.#paused = true;
    this.#applyPause();
  }

  resume(): void {
    this.#paused = false;
    this.#heard();
    this.#applyPause();
  }

  close(): void {
    this.#finish();
  }

  /**
   * Stands before the library's own listener, which gets what is not a whole binary frame. A library that has another
   * number of listeners is not the one this was written for: it reads everything then.
   */
  #readWholeFrames(): void {
    const stream = this.#stream;
    const [read, ...others] = stream?.listeners("data") ?? [];
    if (stream === undefined || read === undefined || others.length > 0) return;
    const isOpen = () => this.#socket.readyState === WebSocket.OPEN && !this.#done;
    const frames = new WholeFrames(FRAME_BYTES_MAX);
    const takers: FrameTakers = {
      frame: (payload, isLast) => {
        if (isOpen()) this.#handlers.onFrame(payload, isLast);
      },
      library: (bytes) => {
        if (isOpen()) read.call(stream, bytes);
      },
    };
    stream.off("data", read as (chunk: Buffer) => void);
    stream.on("data", (chunk: Buffer) => {
      if (!isOpen()) return; // after a close or an error the library does not listen either
      this.#heard();
      this.#countRead(chunk.length);
      frames.take(chunk, takers);
    });
  }

  #countRead(bytes: number): void {
    this.#readBytes += bytes;
    if (this.#readBytes < READ_SHARE_BYTES || this.#waitsForTurn) return;
    this.#waitsForTurn = true;
    this.#applyPause();
    this.#turns.wait(this.#takeTurn);
  }

  #takeTurn = (): void => {
    this.#readBytes = 0;
    this.#waitsForTurn = false;
    this.#heard(); // nobody listened while it waited
    this.#applyPause();
  };

  #applyPause(): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (this.#isDeaf) this.#socket.pause();
    else this.#socket.resume();
  }

  /** All messages of one turn (acknowledgements above all) leave in one write: 3 times cheaper (performance.md §2). */
  #collect(frame: Uint8Array): void {
    this.#frames.add(frame);
    if (this.#frames.length >= MASKED_BATCH_BYTES) this.#write();
    else if (!this.#isWriteDue) {
      this.#isWriteDue = true;
      process.nextTick(this.#write);
    }
  }

  /** Past the library, which uses the same stream without compression: whole frames, so its pings fall between them. */
  #write = (): void => {
    this.#isWriteDue = false;
    if (this.#frames.length === 0) return;
    const bytes = this.#frames.take();
    if (!this.#done && this.#socket.readyState === WebSocket.OPEN) this.#stream?.write(bytes);
  };

  #heard(): void {
    this.#heardAtMs = this.#clock.nowMs();
  }

  /** Nothing is read: silence says nothing of the peer. */
  get #isDeaf(): boolean {
    return this.#paused || this.#waitsForTurn;
  }

  /** Looks at every ping, and once more when the silence of a socket that was pinged becomes too long. */
  #armTimer(pingAtMs = this.#clock.nowMs() + PING_EVERY_MS): void {
    const deadAtMs = this.#isDeaf ? Number.POSITIVE_INFINITY : this.#heardAtMs + SILENCE_MAX_MS;
    this.#cancelTimer = this.#clock.setTimer(Math.min(pingAtMs, deadAtMs), () => {
      const nowMs = this.#clock.nowMs();
      if (!this.#isDeaf && nowMs - this.#heardAtMs >= SILENCE_MAX_MS) {
        this.#lose({ reason: "nothing was heard for 15 seconds" });
        return;
      }
      if (nowMs < pingAtMs) {
        this.#armTimer(pingAtMs); // something was heard, or reading is paused, since the timer was set
        return;
      }
      this.#socket.ping();
      this.#armTimer();
    });
  }

  #lose(loss: DataChannelLoss): void {
    if (this.#done) return;
    this.#finish();
    this.#handlers.onLost(loss);
  }

  #finish(): void {
    this.#done = true;
    this.#turns.cancel(this.#takeTurn);
    this.#cancelTimer();
    this.#socket.terminate();
  }
}
