/**
 * A process in a pty. The library's own write is not used: it spins in the event loop when the terminal's input queue is
 * full (nobody reads a paste), so this writes to the descriptor itself and waits.
 */
import { writeSync } from "node:fs";
import { type IPty, spawn } from "@lydell/node-pty";
import { cleanExec } from "./clean-exec.ts";
import { environmentOf, type MachineHome } from "./home-directory.ts";
import { isAlive, KILL_AFTER_MS, signalSession } from "./process-table.ts";
import type { SessionProcess, SessionProcessEvents } from "./session-process.ts";

/** Until the client tells its size. */
const SIZE_DEFAULT = { cols: 80, rows: 24 };
/** While the terminal takes no more input. */
const WRITE_RETRY_MS = 10;
/** A paused terminal is looked at this often: 200 ms after its process ended the library throws unread output away. */
const PAUSED_CHECK_MS = 20;

export class PtyProcess implements SessionProcess {
  readonly #pty: IPty & PtyInternals;
  #input: Uint8Array[] = [];
  #inputBytesWaiting = 0;
  #writeTimer: NodeJS.Timeout | undefined;
  #pausedTimer: NodeJS.Timeout | undefined;
  #hasExited = false;

  /** @throws Error when the process cannot be started */
  constructor(command: readonly string[], home: MachineHome, events: SessionProcessEvents) {
    const { file, args } = cleanExec(command);
    const pty = spawn(file, args, {
      name: "xterm-256color",
      ...SIZE_DEFAULT,
      cwd: home.path,
      env: environmentOf(home),
      encoding: null,
    });
    if (!hasInternals(pty)) throw new Error("this version of the pty library hides its descriptor");
    this.#pty = pty;
    // Without an encoding the library gives bytes, whatever its types say.
    pty.onData((data: unknown) => {
      if (data instanceof Uint8Array) events.output(data, false);
    });
    pty.onExit(({ exitCode, signal }) => {
      this.#handleExit();
      events.exited(signal ? 128 + signal : exitCode);
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }
  get inputBytesWaiting(): number {
    return this.#inputBytesWaiting;
  }

  write(bytes: Uint8Array): void {
    if (this.#hasExited) return;
    this.#input.push(bytes);
    this.#inputBytesWaiting += bytes.length;
    if (!this.#writeTimer) this.#writeWaiting();
  }

  resize(cols: number, rows: number): void {
    if (this.#isClosed()) return;
    this.#pty.resize(cols, rows);
  }

  pauseOutput(): void {
    if (this.#pausedTimer || this.#hasExited) return;
    this.#pty.pause();
    this.#pausedTimer = setInterval(() => {
      if (!isAlive(this.#pty.pid)) this.resumeOutput(); // what is left is at most the kernel's buffer
    }, PAUSED_CHECK_MS);
  }

  resumeOutput(): void {
    if (!this.#pausedTimer) return;
    clearInterval(this.#pausedTimer);
    this.#pausedTimer = undefined;
    this.#pty.resume();
  }

  kill(): void {
    this.resumeOutput(); // the exit is seen by reading
    signalSession(this.#pty.pid, "SIGHUP");
    setTimeout(() => signalSession(this.#pty.pid, "SIGKILL"), KILL_AFTER_MS).unref();
  }

  #writeWaiting(): void {
    this.#writeTimer = undefined;
    while (!this.#isClosed()) {
      const first = this.#input[0];
      if (!first) return;
      const count = writeSome(this.#pty.fd, first);
      if (count === undefined) {
        this.#writeTimer = setTimeout(() => this.#writeWaiting(), WRITE_RETRY_MS);
        return;
      }
      this.#inputBytesWaiting -= count;
      if (count === first.length) this.#input.shift();
      else this.#input[0] = first.subarray(count);
    }
    this.#input = [];
    this.#inputBytesWaiting = 0;
  }

  #isClosed(): boolean {
    return this.#hasExited || this.#pty._socket.destroyed;
  }

  #handleExit(): void {
    this.#hasExited = true;
    clearTimeout(this.#writeTimer);
    clearInterval(this.#pausedTimer);
    this.#pausedTimer = undefined;
    this.#input = [];
    this.#inputBytesWaiting = 0;
  }
}

/** @returns how many bytes the terminal took, or undefined when it takes none now */
function writeSome(fd: number, bytes: Uint8Array): number | undefined {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    // Anything but "try again" means that the other side is gone: the exit event follows, the bytes have no reader.
    return code === "EAGAIN" ? undefined : bytes.length;
  }
}

/** Not in the library's types; present in 1.1.0. */
interface PtyInternals {
  readonly fd: number;
  readonly _socket: { readonly destroyed: boolean };
}

function hasInternals(pty: IPty): pty is IPty & PtyInternals {
  const candidate: Partial<PtyInternals> = pty as Partial<PtyInternals>;
  return typeof candidate.fd === "number" && typeof candidate._socket?.destroyed === "boolean";
}
