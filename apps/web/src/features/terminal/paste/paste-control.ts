/**
 * From the clipboard to the shell: asks where it must, hands the text over as fast as the agent takes it, keeps what is
 * typed meanwhile behind it, and leaves off at once when told to. Knows no React and no connection.
 */

import type { TypingTarget } from "../broadcast-target.ts";
import type { StatusStore } from "../status-store.ts";
import { preparePaste } from "../terminal-keys.ts";
import type { TerminalClock } from "../terminal-types.ts";
import type { TypedInput } from "../typed-input.ts";
import { PasteQueue } from "./paste-queue.ts";
import { countLines, LARGE_PASTE_BYTES, PASTE_BYTES_MAX, type PasteRules, reasonsToAsk } from "./paste-rules.ts";
import { stoppedWords } from "./paste-words.ts";

/** Keys kept behind a running paste, in bytes; more is refused, visibly. */
export const BEHIND_PASTE_BYTES_MAX = 4 * 1024;
/** How often a running paste is said anew (DESIGN §14). */
export const PROGRESS_EVERY_MS = 1_000;

const CLOSING_BRACKET = "\x1b[201~";
const CTRL_C = 0x03;

export interface PasteControlOptions {
  status: StatusStore;
  clock: Pick<TerminalClock, "nowMs">;
  input: Pick<TypedInput, "emit" | "endOffset" | "isFlowing">;
  /** Does the shell take a paste as one text right now? */
  isBracketed: () => boolean;
  rules: () => PasteRules;
  /** Other terminals that get the same, right now. */
  others: () => readonly TypingTarget[];
}

export class PasteControl {
  readonly #options: PasteControlOptions;
  readonly #encoder = new TextEncoder();
  #isProduction = false;
  #queue: PasteQueue | undefined;
  #behind: { bytes: Uint8Array; keys: number }[] = [];
  #agentAcknowledged = 0;
  #saidAtMs = Number.NEGATIVE_INFINITY;
  #nextAskId = 1;
  /** Those that the person was asked about with the text. */
  #askedWith: readonly TypingTarget[] = [];

  constructor(options: PasteControlOptions) {
    this.#options = options;
  }

  /** Is the instance one where more is asked about? */
  setProduction(isProduction: boolean): void {
    this.#isProduction = isProduction;
  }

  get isProduction(): boolean {
    return this.#isProduction;
  }

  /** Text of the clipboard, as it came. */
  paste(text: string): void {
    const { status, isBracketed, rules } = this.#options;
    if (text === "") return;
    const bytes = this.#encoder.encode(text).length;
    if (bytes > PASTE_BYTES_MAX) status.notice("PASTE_TOO_LARGE", undefined);
    else if (this.#queue !== undefined) status.notice("PASTE_RUNNING", undefined);
    else {
      const others = this.#options.others();
      const context = {
        isBracketed: isBracketed() && others.every((other) => other.isBracketedPaste()),
        isProduction: this.#isProduction || others.some((other) => other.isProduction),
        rules: rules(),
      };
      const reasons = reasonsToAsk(text, bytes, context);
      this.#askedWith = others;
      if (reasons.length === 0) this.#beginAll(text);
      else {
        const pasteAsk = { id: this.#nextAskId++, text, lines: countLines(text), bytes, reasons };
        status.set({ pasteAsk: others.length === 0 ? pasteAsk : { ...pasteAsk, panes: others.length + 1 } });
      }
    }
  }

  /** @param text what the person chose to paste; undefined: nothing */
  answer(text: string | undefined): void {
    const { status } = this.#options;
    if (status.getStatus().pasteAsk === undefined) return;
    status.set({ pasteAsk: undefined });
    if (text !== undefined && text !== "") this.#beginAll(text);
  }

  /**
   * Keys of a person. Behind a running paste they wait; Ctrl-C ends the paste and passes.
   * @returns false: nothing is in their way, and they are the caller's to send
   */
  takeTyped(bytes: Uint8Array, keys: number): boolean {
    if (this.#queue === undefined) return false;
    if (bytes.length === 1 && bytes[0] === CTRL_C) {
      this.stop();
      return false;
    }
    const waiting = this.#behind.reduce((sum, part) => sum + part.bytes.length, 0);
    const isTaken = this.#options.input.isFlowing && waiting + bytes.length <= BEHIND_PASTE_BYTES_MAX;
    if (isTaken) this.#behind.push({ bytes, keys });
    else this.#options.status.notice("PASTE_RUNNING", undefined);
    return true;
  }

  /** The connection is gone: the paste waits for the next one, but no key is sent late. */
  handleGap(): void {
    if (this.#behind.length === 0) return;
    this.#behind = [];
    this.#options.status.notice("PASTE_RUNNING", undefined);
  }

  /** Cumulative, in the offsets of the page's input stream. */
  handleAgentAcknowledged(offset: number): void {
    this.#agentAcknowledged = Math.max(this.#agentAcknowledged, offset);
    this.pump();
  }

  /** A new connection: its word on how far the agent is counts. */
  handleAttached(agentAcknowledged: number | undefined, stored: number): void {
    this.#agentAcknowledged = agentAcknowledged ?? Math.min(this.#agentAcknowledged, stored);
  }

  /** Hands over what the agent has room for. */
  pump(): void {
    const { input } = this.#options;
    const queue = this.#queue;
    if (queue === undefined) return;
    while (input.isFlowing) {
      const piece = queue.poll(input.endOffset - this.#agentAcknowledged);
      if (piece === undefined) break;
      input.emit("human", piece, countCharacters(piece));
    }
    if (queue.isOver) this.#over();
    else this.#say(queue);
  }

  /**
   * What has not left does not leave, and neither does what was typed behind it.
   * @param drop takes back what left and was not stored; default: nothing
   */
  stop(drop: () => void = () => undefined): void {
    const { input, status } = this.#options;
    const queue = this.#queue;
    const keys = this.#behind.reduce((sum, part) => sum + part.keys, 0);
    if (queue !== undefined) this.cancel();
    drop();
    if (queue === undefined) return;
    const arrived = queue.arrived(input.endOffset);
    const closing = queue.stop();
    if (closing.length > 0) input.emit("human", closing, 0);
    status.notice("PASTE_STOPPED", stoppedWords(arrived, queue.totalBytes, keys));
  }

  /** The shell is gone, or its connection was given up: nothing is left to paste into. */
  cancel(): void {
    this.#queue = undefined;
    this.#behind = [];
    this.#options.status.set({ paste: undefined, pasteAsk: undefined });
  }

  /** Another session: offsets begin anew. */
  restart(): void {
    this.cancel();
    this.#agentAcknowledged = 0;
  }

  /** Into whoever was asked about, and still gets what is typed here. */
  #beginAll(text: string): void {
    const now = this.#options.others();
    const others = this.#askedWith.filter((other) => now.includes(other));
    this.#askedWith = [];
    this.begin(text);
    for (const other of others) other.takePaste(text);
  }

  /** Without a question: it was asked already. Not while another paste runs. */
  begin(text: string): void {
    const { input, isBracketed, status } = this.#options;
    if (this.#queue !== undefined) {
      status.notice("PASTE_RUNNING", undefined);
      return;
    }
    const bracketed = isBracketed();
    const bytes = this.#encoder.encode(preparePaste(text, bracketed));
    // without a connection the rules of held keys hold: little is kept, more is refused
    if (!input.isFlowing) {
      input.emit("human", bytes, countCharacters(bytes));
      return;
    }
    this.#saidAtMs = Number.NEGATIVE_INFINITY;
    this.#queue = new PasteQueue(bytes, this.#encoder.encode(bracketed ? CLOSING_BRACKET : ""), input.endOffset);
    this.pump();
  }

  #over(): void {
    const behind = this.#behind;
    this.#queue = undefined;
    this.#behind = [];
    this.#options.status.set({ paste: undefined });
    for (const { bytes, keys } of behind) this.#options.input.emit("human", bytes, keys);
  }

  #say(queue: PasteQueue): void {
    const nowMs = this.#options.clock.nowMs();
    if (queue.totalBytes <= LARGE_PASTE_BYTES || nowMs - this.#saidAtMs < PROGRESS_EVERY_MS) return;
    this.#saidAtMs = nowMs;
    const arrivedBytes = queue.arrived(this.#agentAcknowledged);
    this.#options.status.set({ paste: { arrivedBytes, totalBytes: queue.totalBytes } });
  }
}

/** UTF-8 characters begin with any byte but a continuation. */
function countCharacters(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if ((byte & 0xc0) !== 0x80) count++;
  return count;
}
