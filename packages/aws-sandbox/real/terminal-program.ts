// A program on a terminal of its own, as a person has it: typed to, read from, resized. It ends with its test, also with one that failed.
import { type IPty, spawn } from "@lydell/node-pty";
import { expect, onTestFinished } from "vitest";
import { SLOW_MS } from "./sandbox-process.ts";

export class TerminalProgram {
  readonly #pty: IPty;
  readonly #ended: Promise<number>;
  #text = "";

  constructor(file: string, argv: string[], env: Record<string, string>, size = { cols: 101, rows: 33 }) {
    this.#pty = spawn(file, argv, { env, ...size });
    this.#pty.onData((text) => {
      this.#text += text;
    });
    let isOver = false;
    this.#ended = new Promise((done) =>
      this.#pty.onExit(({ exitCode }) => {
        isOver = true;
        done(exitCode);
      }),
    );
    onTestFinished(() => {
      if (!isOver) this.#pty.kill("SIGKILL");
    });
  }

  get text(): string {
    return this.#text;
  }

  async shows(text: string | RegExp): Promise<void> {
    await expect.poll(() => this.#text, { timeout: SLOW_MS, interval: 100 }).toMatch(text);
  }

  /** A line and Enter. */
  enter(line: string): void {
    this.#pty.write(`${line}\r`);
  }

  press(keys: string): void {
    this.#pty.write(keys);
  }

  resize(cols: number, rows: number): void {
    this.#pty.resize(cols, rows);
  }

  /** @returns its exit status */
  ended(): Promise<number> {
    return this.#ended;
  }
}
