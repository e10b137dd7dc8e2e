/**
 * A port session with many connections: the client opens streams in one flow of bytes, and each gets a connection of its own to the
 * destination. Source: data-channel.md §12.3.
 */
import type { Socket } from "node:net";
import { FLAG } from "@causeway/ssm-data-channel";
import type { SessionProcess, TunnelEvents } from "../instances/session-process.ts";
import { buildSmuxFrame, SMUX_COMMAND, SMUX_DATA_BYTES_MAX, SmuxReader } from "./smux.ts";

/** Connections of one session at a time. A stream beyond it is refused like one whose destination does not answer. */
export const STREAMS_MAX = 256;
/** Clients that keep the multiplexer alive expect to hear something this often … */
export const KEEP_ALIVE_EVERY_MS = 10_000;
/** … and are gone when nothing came for so many of these turns. */
export const KEEP_ALIVE_TURNS = 3;

export interface MuxTunnelOptions {
  /** A connection to the destination, which nobody has read from. @throws Error when there is none */
  dial(): Promise<Socket>;
  /** The client's multiplexer sends something every 10 s, and wants the same. */
  keepAlive: boolean;
  events: TunnelEvents;
}

interface Stream {
  socket: Socket | undefined;
  /** Came before there was a connection. */
  early: Uint8Array[];
}

export class MuxTunnel implements SessionProcess {
  readonly #options: MuxTunnelOptions;
  readonly #reader = new SmuxReader();
  readonly #streams = new Map<number, Stream>();
  /** Also those whose stream is closed and that still take what was sent to them. */
  readonly #sockets = new Set<Socket>();
  #dialling = 0;
  #earlyBytes = 0;
  #isPaused = false;
  #isOver = false;
  #keepAliveTimer: NodeJS.Timeout | undefined;
  #silentTurns = 0;

  constructor(options: MuxTunnelOptions) {
    this.#options = options;
    if (options.keepAlive) this.#keepAliveTimer = setInterval(() => this.#keepAlive(), KEEP_ALIVE_EVERY_MS);
  }

  get inputBytesWaiting(): number {
    let bytes = this.#earlyBytes;
    for (const socket of this.#sockets) bytes += socket.writableLength;
    return bytes;
  }

  write(bytes: Uint8Array): void {
    if (this.#isOver) return;
    this.#silentTurns = 0;
    for (const { command, streamId, data } of this.#reader.read(bytes)) {
      if (command === SMUX_COMMAND.open) this.#open(streamId);
      else if (command === SMUX_COMMAND.data) this.#pass(streamId, data);
      else if (command === SMUX_COMMAND.close) this.#closeStream(streamId);
    }
    if (this.#reader.hasFailed) this.#end(() => this.#options.events.failed(""));
  }

  resize(): void {} // there is no terminal

  pauseOutput(): void {
    this.#isPaused = true;
    for (const socket of this.#sockets) socket.pause();
  }

  resumeOutput(): void {
    this.#isPaused = false;
    for (const socket of this.#sockets) socket.resume();
  }

  kill(): void {
    this.#end(() => this.#options.events.exited(0));
  }

  #open(streamId: number): void {
    if (this.#streams.has(streamId)) return;
    if (this.#dialling + this.#sockets.size >= STREAMS_MAX) {
      this.#refuse(streamId);
      return;
    }
    const stream: Stream = { socket: undefined, early: [] };
    this.#streams.set(streamId, stream);
    this.#dialling++;
    this.#options.dial().then(
      (socket) => this.#connect(streamId, stream, socket),
      () => {
        this.#takeEarly(stream);
        if (this.#isOver || this.#streams.get(streamId) !== stream) return;
        this.#streams.delete(streamId);
        this.#refuse(streamId);
      },
    );
  }

  #connect(streamId: number, stream: Stream, socket: Socket): void {
    const early = this.#takeEarly(stream);
    if (this.#isOver) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.on("error", () => {}); // `close` follows
    socket.once("close", () => {
      this.#sockets.delete(socket);
      if (this.#streams.get(streamId) === stream) this.#closeStream(streamId);
    });
    for (const data of early) socket.write(data);
    if (this.#streams.get(streamId) !== stream) {
      // Closed by the client meanwhile: what it sent still arrives.
      socket.end(() => socket.destroy());
      return;
    }
    stream.socket = socket;
    socket.on("data", (data: Uint8Array) => {
      if (this.#streams.get(streamId) === stream) this.#say(streamId, data);
    });
    socket.once("end", () => {
      if (this.#streams.get(streamId) === stream) this.#closeStream(streamId);
    });
    if (this.#isPaused) socket.pause();
    else socket.resume();
  }

  #pass(streamId: number, data: Uint8Array): void {
    const stream = this.#streams.get(streamId);
    if (!stream || data.length === 0) return; // of a stream that was closed from here: the client did not know yet
    if (stream.socket) stream.socket.write(data);
    else {
      stream.early.push(data);
      this.#earlyBytes += data.length;
    }
  }

  /** Either end closed it: as the real agent's, the connection ends in both directions, after what was sent to it. */
  #closeStream(streamId: number): void {
    const stream = this.#streams.get(streamId);
    if (!stream) return;
    this.#streams.delete(streamId);
    this.#options.events.output(buildSmuxFrame(SMUX_COMMAND.close, streamId), false);
    stream.socket?.end(() => stream.socket?.destroy());
  }

  /** The dial is over, well or not. */
  #takeEarly(stream: Stream): Uint8Array[] {
    const { early } = stream;
    stream.early = [];
    this.#dialling--;
    for (const { length } of early) this.#earlyBytes -= length;
    return early;
  }

  #refuse(streamId: number): void {
    this.#options.events.flag(FLAG.connectToPortError);
    this.#options.events.output(buildSmuxFrame(SMUX_COMMAND.close, streamId), false);
  }

  #say(streamId: number, data: Uint8Array): void {
    for (let at = 0; at < data.length; at += SMUX_DATA_BYTES_MAX) {
      const piece = data.subarray(at, at + SMUX_DATA_BYTES_MAX);
      this.#options.events.output(buildSmuxFrame(SMUX_COMMAND.data, streamId, piece), false);
    }
  }

  #keepAlive(): void {
    if (++this.#silentTurns > KEEP_ALIVE_TURNS) this.#end(() => this.#options.events.failed(""));
    else this.#options.events.output(buildSmuxFrame(SMUX_COMMAND.nothing, 0), false);
  }

  #end(tell: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#keepAliveTimer);
    this.#streams.clear();
    for (const socket of this.#sockets) socket.destroy();
    setImmediate(tell);
  }
}
