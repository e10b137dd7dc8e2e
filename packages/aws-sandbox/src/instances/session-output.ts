/**
 * Output of a session's process on its way into the channel: whole characters, together when they come together, and the
 * process is not read while the channel takes no more.
 */
import { OutputQueue } from "./output-queue.ts";
import type { SessionProcess } from "./session-process.ts";

/** The beginning of a character waits so long for its rest (data-channel.md §16.2 #10). */
export const TAIL_WAIT_MS = 20;
/** Output after so long a silence is an echo, and leaves at once; of what comes sooner the reads of a turn wait for each other. */
export const ECHO_AFTER_MS = 4;
/** After the process ended, output nobody acknowledges is given up when nothing moved for so long (data-channel.md §7.4). */
export const DRAIN_STALL_MS = 2_000;

export interface SessionOutputDeps {
  channel: { readonly canSend: boolean; sendOutput(bytes: Uint8Array, nowMs: number, payloadType?: number): void };
  /** The real agent's pause after each message (data-channel.md §6.5); 0 for none. */
  pauseBetweenMessagesMs: number;
  /** Default: true. false: bytes of a tunnel, no characters. */
  isText?: boolean;
  nowMs(): number;
  /** The channel has something to transmit. */
  sent(): void;
  /** After `end`: all was handed to the channel, or given up. Once. */
  ended(): void;
}

export class SessionOutput {
  readonly #deps: SessionOutputDeps;
  readonly #queue: OutputQueue;
  #process: SessionProcess | undefined;
  #state: "open" | "ending" | "ended" = "open";
  #isPaused = false;
  #isFlushScheduled = false;
  #progressAtMs = 0;
  #flushedAtMs = Number.NEGATIVE_INFINITY;
  #tailTimer: NodeJS.Timeout | undefined;
  #paceTimer: NodeJS.Timeout | undefined;
  #stallTimer: NodeJS.Timeout | undefined;

  constructor(deps: SessionOutputDeps) {
    this.#deps = deps;
    this.#queue = new OutputQueue(deps.isText);
  }

  /** Whose reading is paused while output waits. */
  attach(process: SessionProcess): void {
    this.#process = process;
  }

  push(bytes: Uint8Array, payloadType: number): void {
    if (this.#state !== "open") return;
    this.#queue.push(bytes, payloadType);
    if (!this.#isFlushScheduled && this.#deps.nowMs() - this.#flushedAtMs >= ECHO_AFTER_MS) this.#flush(false);
    else this.flushSoon();
  }

  /** pause_publication, start_publication. */
  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.flushSoon();
  }

  /** What comes in the same turn of the event loop goes out together. */
  flushSoon(): void {
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    setImmediate(() => {
      this.#isFlushScheduled = false;
      this.#flush(this.#state === "ending");
    });
  }

  /** The process ended: what is left goes out, unfinished characters too. */
  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ending";
    this.#progressAtMs = this.#deps.nowMs();
    this.#watchStall();
    this.#flush(true);
  }

  /** Nothing goes out any more. */
  close(): void {
    this.#state = "ended";
    this.#queue.clear();
    for (const timer of [this.#tailTimer, this.#paceTimer, this.#stallTimer]) clearTimeout(timer);
  }

  #flush(withTail: boolean): void {
    if (this.#state === "ended") return;
    const nowMs = this.#deps.nowMs();
    this.#flushedAtMs = nowMs;
    while (!this.#paceTimer && !this.#isPaused && this.#deps.channel.canSend) {
      const piece = this.#queue.take(withTail);
      if (!piece) break;
      this.#progressAtMs = nowMs;
      this.#deps.channel.sendOutput(piece.bytes, nowMs, piece.payloadType);
      this.#pace();
    }
    this.#deps.sent();
    this.#holdBack();
    if (this.#state === "ending" && this.#queue.byteCount === 0) this.#finish();
  }

  #pace(): void {
    if (this.#deps.pauseBetweenMessagesMs === 0) return;
    this.#paceTimer = setTimeout(() => {
      this.#paceTimer = undefined;
      this.#flush(this.#state === "ending");
    }, this.#deps.pauseBetweenMessagesMs);
  }

  /** Output that cannot go now stops the reading of the process; the beginning of a character waits a moment. */
  #holdBack(): void {
    clearTimeout(this.#tailTimer);
    if (this.#state !== "open") return;
    const isTail = this.#queue.holdsOnlyTail;
    if (isTail) this.#tailTimer = setTimeout(() => this.#flush(true), TAIL_WAIT_MS);
    if (this.#isPaused || (this.#queue.byteCount > 0 && !isTail)) this.#process?.pauseOutput();
    else this.#process?.resumeOutput();
  }

  #watchStall(): void {
    const stalledForMs = this.#deps.nowMs() - this.#progressAtMs;
    if (stalledForMs >= DRAIN_STALL_MS) this.#finish();
    else this.#stallTimer = setTimeout(() => this.#watchStall(), DRAIN_STALL_MS - stalledForMs);
  }

  #finish(): void {
    if (this.#state !== "ending") return;
    this.close();
    this.#deps.ended();
  }
}
