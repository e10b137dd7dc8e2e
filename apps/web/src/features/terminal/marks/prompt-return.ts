/**
 * Guesses that a command ended where the shell marks nothing: the cursor stands again behind the very prompt behind which the
 * command was typed, and output rests. Pure: time, keys and lines are told. Wrong guesses cost a notification, nothing else.
 */
import type { CommandEnd } from "./command-marks.ts";

/** Output that pauses so long may be over. */
export const OUTPUT_RESTS_MS = 500;

/** What shells put between a prompt and what is typed: without it a line is no prompt. */
const PROMPT = /[$#%>❯»]\s*$/u;
const PROMPT_CHARS_MAX = 500;
const ENTER = 0x0d;

export class PromptReturn {
  #prompt: string | undefined;
  #startedAtMs: number | undefined;
  #lastOutputAtMs = 0;

  /** A person's keys. @param lineToCursor the cursor's line left of it, before the keys show */
  handleTyped(bytes: Uint8Array, lineToCursor: string, nowMs: number): void {
    if (this.#startedAtMs === undefined && this.#prompt === undefined && isPrompt(lineToCursor))
      this.#prompt = lineToCursor;
    if (this.#prompt === undefined || !bytes.includes(ENTER)) return;
    this.#startedAtMs = nowMs;
    this.#lastOutputAtMs = nowMs;
  }

  handleOutput(nowMs: number): void {
    this.#lastOutputAtMs = nowMs;
  }

  get lastOutputAtMs(): number {
    return this.#lastOutputAtMs;
  }

  /** Is it of use to look when output rests? */
  get isWaiting(): boolean {
    return this.#startedAtMs !== undefined;
  }

  /** Output rests. @returns what ended, if the prompt is back */
  handleRest(lineToCursor: string): CommandEnd | undefined {
    if (this.#startedAtMs === undefined || lineToCursor !== this.#prompt) return undefined;
    const tookMs = this.#lastOutputAtMs - this.#startedAtMs;
    this.restart();
    return { tookMs };
  }

  /** Another session, or a shell that marks its commands by itself. */
  restart(): void {
    this.#prompt = undefined;
    this.#startedAtMs = undefined;
  }
}

function isPrompt(line: string): boolean {
  return line.length <= PROMPT_CHARS_MAX && PROMPT.test(line);
}
