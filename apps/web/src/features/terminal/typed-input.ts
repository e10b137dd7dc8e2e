/**
 * What a person types, and what the terminal answers, on its way into the connection: who may answer, what is held, what is
 * refused, and what the pane says of it. `InputStream` numbers and keeps the bytes; the connection is the session's.
 */
import type { InputStorage } from "@causeway/wire-contract/terminal-messages";
import type { AttachSocket } from "./attach-socket.ts";
import { InputStream } from "./input-stream.ts";
import type { Emitted } from "./reply-filter.ts";
import type { StatusStore } from "./status-store.ts";
import type { PageSignals, TerminalSessionDeps } from "./terminal-types.ts";

/** After so much rest the first key asks whether the line is alive. */
export const REST_BEFORE_PING_MS = 2_000;

const STREAM_ID_BYTES = 16;
export const NO_HELD_KEYS = { keys: 0, refused: 0, asking: false };

export interface TypedInputOptions {
  deps: Pick<TerminalSessionDeps, "clock" | "randomHex">;
  page: PageSignals;
  status: StatusStore;
  /** The live connection, once attached. */
  socket: () => AttachSocket | undefined;
  /** Something left, or waits to: the line is to be watched. */
  onFlushed: () => void;
}

export class TypedInput {
  readonly #options: TypedInputOptions;
  #stream: InputStream;
  #answersQueries = false;
  #isFlushQueued = false;
  #isStopped = false;

  constructor(options: TypedInputOptions) {
    this.#options = options;
    this.#stream = this.#newStream();
  }

  get streamId(): string {
    return this.#stream.streamId;
  }

  /** What is emitted now leaves now. */
  get isFlowing(): boolean {
    return this.#stream.isFlowing && this.#options.socket() !== undefined;
  }

  /** Offset behind everything that was emitted, in the stream of this page. */
  get endOffset(): number {
    return this.#stream.endOffset;
  }

  /** When the oldest key was typed that the server should have stored by now; undefined: none waits for it. */
  get waitingSinceMs(): number | undefined {
    const isHeld = this.#stream.held.asking || this.#isRefused;
    return isHeld ? undefined : this.#stream.oldestUnstoredAtMs;
  }

  /** Another session: nothing of what was typed before is for it. */
  restart(): void {
    this.#stream = this.#newStream();
  }

  /** @param keys that a person would count */
  emit(origin: Emitted, bytes: Uint8Array, keys: number): void {
    const { status, page, deps, socket } = this.#options;
    const { kind } = status.phase;
    if (origin === "stale" || kind === "ended" || kind === "failed") return;
    if (origin === "reply") {
      const mayAnswer = this.#answersQueries && page.isVisible() && socket() !== undefined;
      if (mayAnswer) this.#stream.push("reply", bytes, 0, deps.clock.nowMs());
    } else this.#typed(bytes, keys);
    this.#queueFlush();
  }

  /** A new connection says what it has stored. `flush` sends what may be sent, once the page has told the rest. */
  handleAttached(inputStored: number, storage: InputStorage): void {
    this.#stream.handleAttached(inputStored, this.#options.deps.clock.nowMs());
    this.#storage(storage);
  }

  /** The connection is gone; `publishHeld` says what is held. */
  handleGap(): void {
    this.#stream.handleGap();
    this.#answersQueries = false;
  }

  handleEnded(): void {
    this.#answersQueries = false;
  }

  handleControl(answersQueries: boolean): void {
    this.#answersQueries = answersQueries;
  }

  handleStored(stored: number): void {
    this.#stream.handleStored(stored);
    this.flush();
  }

  handleStorage(state: InputStorage, inputStored: number): void {
    // Until then nothing was taken: what is held is sent or asked about as after a gap.
    if (this.#isRefused && state !== "refused")
      this.#stream.handleAttached(inputStored, this.#options.deps.clock.nowMs());
    this.#storage(state);
    this.flush();
  }

  /** The person's answer about the keys of a gap. */
  sendHeld(): void {
    this.#stream.release();
    this.flush();
  }

  dropHeld(): void {
    this.#stream.drop();
    this.flush();
  }

  flush(): void {
    const socket = this.#options.socket();
    if (socket)
      for (let frame = this.#stream.pollFrame(); frame; frame = this.#stream.pollFrame()) socket.sendInput(frame);
    this.publishHeld();
    this.#options.onFlushed();
  }

  publishHeld(): void {
    this.#options.status.set({ heldKeys: this.#stream.held });
  }

  /** Nothing is sent from here on. */
  stop(): void {
    this.#isStopped = true;
  }

  get #isRefused(): boolean {
    return this.#options.status.getStatus().inputStorage === "refused";
  }

  #newStream(): InputStream {
    return new InputStream(this.#options.deps.randomHex(STREAM_ID_BYTES));
  }

  #typed(bytes: Uint8Array, keys: number): void {
    const { status, deps } = this.#options;
    const nowMs = deps.clock.nowMs();
    const socket = this.#options.socket();
    const { kind } = status.phase;
    // The strip of a refusal counts what is held and what is not.
    const isFlowing = socket !== undefined && !this.#stream.held.asking && !this.#isRefused;
    if (socket && nowMs - socket.lastReceivedAtMs >= REST_BEFORE_PING_MS) socket.ping();
    const result = this.#stream.push("human", bytes, keys, nowMs);
    if (result === "taken") return;
    if (isFlowing) status.notice("INPUT_REFUSED", undefined);
    else if (kind === "starting" || kind === "connecting") status.notice("INPUT_NOT_HELD", undefined);
  }

  #storage(state: InputStorage): void {
    if (state === "refused") this.#stream.handleRefused();
    const { status } = this.#options;
    // Its end may stand in output that this page skips; if not, it is read and said after this.
    if (state === "stored") status.clearNotices("LOG_NOT_DURABLE");
    status.set({ inputStorage: state === "stored" ? undefined : state });
  }

  /** Once per task: what one task emitted leaves together, and a lone key leaves at its end. */
  #queueFlush(): void {
    if (this.#isFlushQueued) return;
    this.#isFlushQueued = true;
    queueMicrotask(() => {
      this.#isFlushQueued = false;
      if (!this.#isStopped) this.flush();
    });
  }
}
