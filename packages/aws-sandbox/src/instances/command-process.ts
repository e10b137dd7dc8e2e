/**
 * A command without a terminal (NonInteractiveCommands). Its input is not passed on: only Ctrl-C and Ctrl-\ in it mean
 * something. Source: data-channel.md §9.1, §11.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { cleanExec } from "./clean-exec.ts";
import { environmentOf, homeInside, type MachineHome } from "./home-directory.ts";
import { KILL_AFTER_MS, signalAll, signalSession } from "./process-table.ts";
import type { SeparateOutput } from "./session-plan.ts";
import type { SessionProcess, SessionProcessEvents } from "./session-process.ts";

/** Output that is not separate is sent after the command ended; beyond this the rest is left out, and that is said. */
export const GATHERED_BYTES_MAX = 8 * 1024 * 1024;

const CTRL_C = 0x03;
const CTRL_BACKSLASH = 0x1c;
const LINE_FEED = 0x0a;

export class CommandProcess implements SessionProcess {
  readonly inputBytesWaiting: number = 0;
  /** Undefined when there is no such command. */
  readonly #child: ChildProcess | undefined;
  readonly #events: SessionProcessEvents;

  /** A command that does not exist ends at once, with the real agent's words as its error output. */
  constructor(
    words: readonly string[],
    separate: SeparateOutput | undefined,
    home: MachineHome,
    events: SessionProcessEvents,
  ) {
    const [name = "", ...rest] = words;
    const environment = environmentOf(home);
    const path = findExecutable(name, environment.PATH ?? "", home);
    this.#events = events;
    if (path === undefined) {
      setImmediate(() => this.#fail(`exec: "${name}": executable file not found in $PATH`));
      return;
    }
    const { file, args } = cleanExec([path, ...rest], home);
    // A session of its own: ending it ends what it started.
    const child = spawn(file, args, {
      cwd: home.path,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#child = child;
    child.on("error", () => events.exited(126)); // e.g. no process could be made
    if (separate) this.#passOn(child, separate);
    else this.#gather(child);
  }

  write(bytes: Uint8Array): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    for (const byte of bytes) {
      if (byte === CTRL_C) signalAll([-pid], "SIGINT");
      else if (byte === CTRL_BACKSLASH) signalAll([-pid], "SIGQUIT");
    }
  }

  resize(): void {} // there is no terminal

  pauseOutput(): void {
    this.#child?.stdout?.pause();
    this.#child?.stderr?.pause();
  }
  resumeOutput(): void {
    this.#child?.stdout?.resume();
    this.#child?.stderr?.resume();
  }

  kill(): void {
    const pid = this.#child?.pid;
    this.resumeOutput();
    if (pid === undefined) return;
    signalSession(pid, "SIGHUP");
    setTimeout(() => signalSession(pid, "SIGKILL"), KILL_AFTER_MS).unref();
  }

  /** Seen with the real agent: the text comes on stderr (type 11) although output is not separate, and the session ends as usual. */
  #fail(text: string): void {
    this.#events.output(Buffer.from(text), true);
    this.#events.exited(1);
  }

  #passOn(child: ChildProcess, { stdOutPrefix, stdErrPrefix }: SeparateOutput): void {
    const forward = (isStdErr: boolean, prefix: string) => {
      let isFirst = true;
      return (chunk: Buffer) => {
        if (prefix !== "" && isFirst) this.#events.output(Buffer.from(prefix), isStdErr);
        isFirst = false;
        this.#events.output(chunk, isStdErr);
        if (prefix !== "" && chunk.at(-1) === LINE_FEED) this.#events.output(Buffer.from(prefix), isStdErr);
      };
    };
    child.stdout?.on("data", forward(false, stdOutPrefix));
    child.stderr?.on("data", forward(true, stdErrPrefix));
    child.on("close", (code, signal) => this.#events.exited(exitCode(code, signal)));
  }

  #gather(child: ChildProcess): void {
    const chunks: Buffer[] = [];
    let byteCount = 0;
    let isCut = false;
    const keep = (chunk: Buffer) => {
      const fits = chunk.subarray(0, GATHERED_BYTES_MAX - byteCount);
      isCut ||= fits.length < chunk.length;
      byteCount += fits.length;
      if (fits.length > 0) chunks.push(fits);
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    child.on("close", (code, signal) => {
      for (const chunk of chunks) this.#events.output(chunk, false);
      if (isCut) this.#events.output(Buffer.from("\n(the rest of the output was not kept)\n"), false);
      this.#events.exited(exitCode(code, signal));
    });
  }
}

const SIGNAL_NUMBERS: Partial<Record<NodeJS.Signals, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGTERM: 15,
};
const exitCode = (code: number | null, signal: NodeJS.Signals | null): number =>
  code ?? 128 + ((signal && SIGNAL_NUMBERS[signal]) ?? 0);

/** @returns its path as the machine's processes see it */
function findExecutable(name: string, searchPath: string, home: MachineHome): string | undefined {
  if (name === "") return undefined;
  const inside = homeInside(home);
  const candidates = name.includes("/")
    ? [isAbsolute(name) ? name : join(inside, name)]
    : searchPath.split(":").map((folder) => join(folder, name));
  // what is below its home is elsewhere for this process
  const seenHere = (path: string) =>
    path.startsWith(`${inside}/`) ? join(home.path, path.slice(inside.length)) : path;
  return candidates.find((path) => isExecutable(seenHere(path)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
