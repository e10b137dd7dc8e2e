/**
 * A port session with one connection at a time: an SSH client's, or a forwarded port of a client or an agent that knows no
 * multiplexing. Source: data-channel.md §12.2.
 */
import type { Socket } from "node:net";
import { FLAG } from "@causeway/ssm-data-channel";
import type { SessionProcess, TunnelEvents } from "../instances/session-process.ts";

export interface SingleTunnelOptions {
  /** A connection to the destination, which nobody has read from. @throws Error when there is none */
  dial(): Promise<Socket>;
  /** The destination is dialled anew with the next bytes after a connection ended; else its end is the session's. */
  redials: boolean;
  events: TunnelEvents;
}

export class SingleTunnel implements SessionProcess {
  readonly #options: SingleTunnelOptions;
  #socket: Socket | undefined;
  #isDialling = false;
  /** Came before there was a connection. */
  #early: Uint8Array[] = [];
  #earlyBytes = 0;
  /** The client's end closed before there was a connection. */
  #endsAtOnce = false;
  #isPaused = false;
  #isOver = false;

  constructor(options: SingleTunnelOptions) {
    this.#options = options;
    this.#dial();
  }

  get inputBytesWaiting(): number {
    return this.#earlyBytes + (this.#socket?.writableLength ?? 0);
  }

  write(bytes: Uint8Array): void {
    if (this.#isOver) return;
    if (this.#socket) {
      this.#socket.write(new Uint8Array(bytes));
      return;
    }
    this.#early.push(new Uint8Array(bytes));
    this.#earlyBytes += bytes.length;
    if (!this.#isDialling) this.#dial();
  }

  /** Disconnect: the client's own connection ended; the next bytes belong to another one. */
  flag(flag: number): void {
    if (flag !== FLAG.disconnectToPort || this.#isOver) return;
    if (this.#isDialling) this.#endsAtOnce = true;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.end(() => socket.destroy());
  }

  resize(): void {} // there is no terminal

  pauseOutput(): void {
    this.#isPaused = true;
    this.#socket?.pause();
  }

  resumeOutput(): void {
    this.#isPaused = false;
    this.#socket?.resume();
  }

  kill(): void {
    this.#end(() => this.#options.events.exited(0));
  }

  #dial(): void {
    this.#isDialling = true;
    this.#options.dial().then(
      (socket) => this.#connect(socket),
      (error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        this.#end(() => this.#options.events.failed(`Unable to connect to specified port: ${why}`));
      },
    );
  }

  #connect(socket: Socket): void {
    this.#isDialling = false;
    if (this.#isOver) {
      socket.destroy();
      return;
    }
    let broken = false;
    socket.on("error", () => {
      broken = true;
    });
    for (const bytes of this.#early) socket.write(bytes);
    this.#early = [];
    this.#earlyBytes = 0;
    if (this.#endsAtOnce) {
      this.#endsAtOnce = false;
      socket.end(() => socket.destroy());
      return;
    }
    this.#socket = socket;
    socket.on("data", (data: Uint8Array) => {
      if (this.#socket === socket) this.#options.events.output(data, false);
    });
    const isDone = () => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      socket.end(() => socket.destroy());
      if (this.#options.redials) return;
      // The real agent's task fails without a word when the connection was broken off.
      this.#end(() => (broken ? this.#options.events.failed("") : this.#options.events.exited(0)));
    };
    socket.once("end", isDone);
    socket.once("close", isDone);
    if (this.#isPaused) socket.pause();
    else socket.resume();
  }

  #end(tell: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#socket?.destroy();
    this.#socket = undefined;
    setImmediate(tell);
  }
}
