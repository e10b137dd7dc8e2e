/**
 * Where a machine's processes live: its first process, and with it, where this computer offers user namespaces, namespaces of its own.
 * Nothing runs until the first shell; everything ends with `stop`, and by itself when the sandbox is gone.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { environmentOf, type MachineHome, shellPath } from "./home-directory.ts";
import { firstProcess } from "./service-scripts.ts";
import { AS_USER, enterCommand, enterNetworkCommand, HOME_INSIDE, spaceCommand } from "./space-script.ts";

/** A machine slower than this has no first process, and its sessions say so. */
export const SPACE_READY_MAX_MS = 15_000;
const ERROR_CHARS_MAX = 2_000;

/** How machines are kept apart: `root` is an empty folder to mount on, undefined where there are no user namespaces. */
export interface Separation {
  root: string | undefined;
}

export class MachineSpace {
  readonly #home: MachineHome;
  readonly #system: string;
  readonly #separation: Separation;
  #child: ChildProcess | undefined;
  #ready: Promise<MachineHome> | undefined;

  /** @param system e.g. Amazon Linux 2023 */
  constructor(home: MachineHome, system: string, separation: Separation) {
    this.#home = home;
    this.#system = system;
    this.#separation = separation;
  }

  /**
   * Starts it once; again when it has ended meanwhile.
   * @returns the home as the machine's processes see it
   * @throws Error with a text for the person
   */
  open(): Promise<MachineHome> {
    this.#ready ??= this.#start().catch((error: unknown) => {
      this.stop();
      throw error;
    });
    return this.#ready;
  }

  stop(): void {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
    this.#ready = undefined;
  }

  async #start(): Promise<MachineHome> {
    const { root } = this.#separation;
    const home = this.#home;
    // Its scripts are bash's.
    if (root === undefined && !shellPath().endsWith("bash")) return home;
    const inside: MachineHome = root === undefined ? home : { ...home, pathInside: HOME_INSIDE };
    const [file = "", ...args] =
      root === undefined
        ? [shellPath(), "-c", `printf 'ready %s\\n' $$\n${firstProcess([])}`, "machine"]
        : spaceCommand({
            root,
            home: home.path,
            hostName: home.hostName,
            system: this.#system,
            firstProcess: firstProcess(AS_USER),
          });
    // Of a group of its own: Ctrl-C at the sandbox is for the sandbox alone.
    const child = spawn(file, args, {
      cwd: "/",
      env: environmentOf(inside),
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    this.#child = child;
    child.stdin.on("error", () => {}); // it ended first
    child.once("close", () => {
      if (this.#child !== child) return;
      this.#child = undefined;
      this.#ready = undefined;
    });
    const pid = await readyPid(child);
    if (root === undefined) return inside;
    return {
      ...inside,
      enter: (command, isElevated) => enterCommand(pid, command, isElevated),
      enterNetwork: (command) => enterNetworkCommand(pid, command),
    };
  }
}

/** @throws Error with what it said instead */
function readyPid(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = "";
    const fail = (why: string) => reject(new Error(`the machine does not start: ${why}`));
    const timer = setTimeout(() => fail(`not ready after ${SPACE_READY_MAX_MS} ms`), SPACE_READY_MAX_MS);
    child.stderr?.on("data", (chunk) => {
      said = `${said}${chunk}`.slice(0, ERROR_CHARS_MAX);
    });
    child.once("error", (error) => fail(error.message));
    child.once("close", (code) => {
      clearTimeout(timer);
      fail(said.trim() || `its first process ended with status ${code}`);
    });
    if (child.stdout === null) return;
    createInterface(child.stdout).once("line", (line) => {
      clearTimeout(timer);
      const pid = Number(/^ready (\d+)$/.exec(line)?.[1]);
      if (Number.isInteger(pid)) resolve(pid);
      else fail("its first process is somebody else's");
    });
  });
}
