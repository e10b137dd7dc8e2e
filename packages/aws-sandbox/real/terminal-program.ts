// A program on a terminal of its own, as a person has it: typed to, read from, resized.
import { type IPty, spawn } from "@lydell/node-pty";
import { expect } from "vitest";
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
    this.#ended = new Promise((done) => this.#pty.onExit(({ exitCode }) => done(exitCode)));
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

  kill(): void {
    this.#pty.kill("SIGKILL");
  }
}
