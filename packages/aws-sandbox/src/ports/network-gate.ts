/**
 * A process in a machine's network namespace that hands its sockets out: connections to what listens there, and listeners of ours.
 * Nothing else can enter another network, and sockets keep the one they were made in. It runs this program and nothing of the
 * machine's, sees no file of the machine, and goes when it was not asked for a while.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { Server, Socket } from "node:net";
import { cleanExec } from "../instances/clean-exec.ts";

/** It costs some 45 MB while it is there, and 0.1 s of processor time to start. */
export const GATE_IDLE_MS = 10_000;
/** For one connection or listener, the process's own start included. */
export const GATE_ANSWER_MAX_MS = 15_000;
/** Asked and not answered. Beyond it a connection is refused. */
export const GATE_WAITING_MAX = 512;

/** Addresses come as they are: no name is looked up there. A socket is not read before it is handed out. */
const PROGRAM = `
const net = require("node:net");
process.on("disconnect", () => process.exit());
process.on("message", ({ id, what, host, port }) => {
  const socket = what === "listen" ? net.createServer({ pauseOnConnect: true }) : net.connect({ host, port });
  if (what === "connect") socket.pause();
  socket.once("error", ({ code }) => process.send({ id, error: code }));
  if (what === "listen") socket.listen({ host, port }, () => process.send({ id }, socket, () => socket.close()));
  else socket.once("connect", () => process.send({ id }, socket));
});
`;

/** It ended, or never began. */
const CLOSED = "the machine's network cannot be entered";

interface Waiting {
  resolve(handle: Socket | Server): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

export class NetworkGate {
  readonly #enter: (command: readonly string[]) => string[];
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #lastId = 0;
  #isClosed = false;

  /** @param enter what to run so that a command runs in the machine's network */
  constructor(enter: (command: readonly string[]) => string[]) {
    this.#enter = enter;
  }

  /** @throws Error with the system's code as its message, such as ECONNREFUSED */
  async connect(host: string, port: number): Promise<Socket> {
    const handle = await this.#ask("connect", host, port);
    if (handle instanceof Socket) return handle;
    handle.close();
    throw new Error("no connection came");
  }

  /** @throws Error with the system's code as its message */
  async listen(host: string, port: number): Promise<Server> {
    const handle = await this.#ask("listen", host, port);
    if (handle instanceof Server) return handle;
    handle.destroy();
    throw new Error("no listener came");
  }

  /** Sockets that were handed out stay. */
  close(): void {
    this.#isClosed = true;
    this.#leave("the machine is gone");
  }

  #ask(what: "connect" | "listen", host: string, port: number): Promise<Socket | Server> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(new Error("the machine is gone"));
      if (this.#waiting.size >= GATE_WAITING_MAX) return reject(new Error("too many connections are being made"));
      clearTimeout(this.#idleTimer);
      const id = ++this.#lastId;
      const timer = setTimeout(() => this.#answer(id, { error: "timed out" }), GATE_ANSWER_MAX_MS);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#child ??= this.#start();
      this.#child.send({ id, what, host, port }, (error) => {
        if (error) this.#answer(id, { error: CLOSED });
      });
    });
  }

  #start(): ChildProcess {
    const { file, args } = cleanExec(this.#enter([process.execPath, "-e", PROGRAM]), { path: "/", hostName: "" });
    // Its channel is descriptor 0: all others are closed before it begins. A group of its own: Ctrl-C is for the sandbox alone.
    const child = spawn(file, args, {
      cwd: "/",
      env: { PATH: process.env.PATH },
      stdio: ["ipc", "ignore", "ignore"],
      detached: true,
    });
    child.on("message", (message: { id: number; error?: string }, handle) =>
      this.#answer(message.id, { ...message, handle: handle as Socket | Server | undefined }),
    );
    const leave = () => {
      if (this.#child === child) this.#leave(CLOSED);
    };
    child.on("error", leave);
    child.once("exit", leave);
    return child;
  }

  #answer(id: number, { error, handle }: { error?: string; handle?: Socket | Server | undefined }): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) {
      if (handle instanceof Socket)
        handle.destroy(); // came after its time
      else handle?.close();
      return;
    }
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    if (handle) waiting.resolve(handle);
    else waiting.reject(new Error(error ?? "nothing came"));
    if (this.#waiting.size > 0) return;
    // Connections come in bursts; a listener is made once, when a machine begins, and then often nothing for long.
    const idleMs = handle instanceof Server ? 0 : GATE_IDLE_MS;
    this.#idleTimer = setTimeout(() => this.#leave("it was not asked"), idleMs);
  }

  #leave(why: string): void {
    clearTimeout(this.#idleTimer);
    const child = this.#child;
    this.#child = undefined;
    if (child?.connected) child.disconnect();
    child?.kill("SIGKILL");
    for (const id of [...this.#waiting.keys()]) this.#answer(id, { error: why });
    clearTimeout(this.#idleTimer);
  }
}
