/**
 * A process in a pty, without two faults of the library (seen with 1.1.0):
 * - its write spins in the event loop when the terminal's input queue is full (nobody reads a paste): this writes to the
 *   descriptor itself and waits;
 * - it loses output at the end (one in five runs of `seq 1 5000`): the event loop takes the hang-up of the last process for
 *   the end of the data, and 200 ms after the exit the descriptor is closed unread. This keeps a slave open, so that there is
 *   no hang-up, and reads what is left before the descriptor closes.
 */
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { ReadStream } from "node:tty";
import { type IPty, spawn } from "@lydell/node-pty";
import { cleanExec } from "./clean-exec.ts";
import { environmentOf, type MachineHome } from "./home-directory.ts";
import { KILL_AFTER_MS, signalSession } from "./process-table.ts";
import type { SessionProcess, SessionProcessEvents } from "./session-process.ts";

/** Until the client tells its size. */
const SIZE_DEFAULT = { cols: 80, rows: 24 };
/** While the terminal takes no more input. */
const WRITE_RETRY_MS = 10;
/** More than the kernel keeps for a terminal. What a job left behind writes without end is not waited for. */
const REST_BYTES_MAX = 128 * 1024;
const READ_BYTES = 16 * 1024;

export class PtyProcess implements SessionProcess {
  readonly #pty: IPty & PtyInternals;
  #input: Uint8Array[] = [];
  #inputBytesWaiting = 0;
  #writeTimer: NodeJS.Timeout | undefined;
  #isPaused = false;
  #hasExited = false;

  /** @throws Error when the process cannot be started */
  constructor(command: readonly string[], home: MachineHome, events: SessionProcessEvents) {
    const { file, args } = cleanExec(command, home);
    const pty = spawn(file, args, {
      name: "xterm-256color",
      ...SIZE_DEFAULT,
      cwd: home.path,
      env: environmentOf(home),
      encoding: null,
    });
    if (!hasInternals(pty)) throw new Error("this version of the pty library hides its descriptor");
    this.#pty = pty;
    this.#readRestBeforeClose((bytes) => events.output(bytes, false));
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
    if (this.#isPaused || this.#isClosed()) return;
    this.#isPaused = true;
    this.#pty.pause();
  }

  resumeOutput(): void {
    if (!this.#isPaused || this.#isClosed()) return;
    this.#isPaused = false;
    this.#pty.resume();
  }

  kill(): void {
    signalSession(this.#pty.pid, "SIGHUP");
    setTimeout(() => signalSession(this.#pty.pid, "SIGKILL"), KILL_AFTER_MS).unref();
  }

  /** The library closes the descriptor by destroying its stream, 200 ms after the process ended. */
  #readRestBeforeClose(output: (bytes: Uint8Array) => void): void {
    const { fd, ptsName, _socket: stream } = this.#pty;
    const slave = openSync(ptsName, constants.O_RDWR | constants.O_NOCTTY);
    const destroy = stream.destroy.bind(stream);
    let isRead = false;
    stream.destroy = (error) => {
      if (!isRead && !stream.destroyed) {
        isRead = true;
        stream.read(); // what a paused stream holds goes out as `data`
        for (const bytes of readAvailable(fd)) output(bytes);
        closeSync(slave);
      }
      return destroy(error);
    };
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

/** Without waiting: the descriptor does not block. */
function readAvailable(fd: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let byteCount = 0; byteCount < REST_BYTES_MAX; ) {
    const chunk = Buffer.alloc(READ_BYTES);
    let count = 0;
    try {
      count = readSync(fd, chunk);
    } catch {
      // nothing there any more
    }
    if (count === 0) break;
    chunks.push(chunk.subarray(0, count));
    byteCount += count;
  }
  return chunks;
}

/** Not in the library's types; present in 1.1.0, which the workspace pins. */
interface PtyInternals {
  readonly fd: number;
  readonly ptsName: string;
  readonly _socket: ReadStream;
}

function hasInternals(pty: IPty): pty is IPty & PtyInternals {
  const candidate: Partial<PtyInternals> = pty as Partial<PtyInternals>;
  return (
    typeof candidate.fd === "number" && typeof candidate.ptsName === "string" && candidate._socket instanceof ReadStream
  );
}
