/**
 * One terminal of the console: owns the emulator, the connection and its reconnects for as long as its tab, and knows
 * nothing of React. The parts decide (what may be resent, what is a reply, when to dial, what was parsed); this file only
 * joins them, which is why it is longer than most. It must never end a shell unless `end()` is called.
 */
import type { Problem } from "@causeway/wire-contract/problem";
import type { ChannelStateName, Session, SessionEnd } from "@causeway/wire-contract/sessions";
import type { InputStorage, ServerMessage } from "@causeway/wire-contract/terminal-messages";
import { AttachLink, type AttachState } from "./attach-link.ts";
import type { Attached } from "./attach-socket.ts";
import { ConnectingSteps } from "./connecting-steps.ts";
import { isSizeFrozen } from "./frozen-size.ts";
import { InputStream } from "./input-stream.ts";
import { LineWatch, UNANSWERED_SHOWN_MS } from "./line-watch.ts";
import { OutputWriter } from "./output-writer.ts";
import { browserPage } from "./page-signals.ts";
import { meansGone, problemOf, unreachableProblem } from "./problems.ts";
import type { Emitted } from "./reply-filter.ts";
import { ReturnNotice } from "./return-notice.ts";
import { ShellSize } from "./shell-size.ts";
import { type Phase, StatusStore } from "./status-store.ts";
import type { Surface, SurfaceEvents } from "./terminal-surface.ts";
import type { PageSignals, TerminalSessionDeps, TerminalStatus, TerminalTarget } from "./terminal-types.ts";
import { exposeText } from "./text-hook.ts";
import { timeLeftOf } from "./time-left.ts";
import { cleanTitle } from "./title.ts";

/** After so much rest the first key asks whether the line is alive. */
export const REST_BEFORE_PING_MS = 2_000;

const KEY_BYTES = 8;
const STREAM_ID_BYTES = 16;
const NO_HELD_KEYS = { keys: 0, refused: 0, asking: false };

export class SessionCore {
  readonly key: string;
  readonly target: TerminalTarget;
  readonly subscribe: (listener: () => void) => () => void;
  readonly getStatus: () => TerminalStatus;

  readonly #deps: TerminalSessionDeps;
  readonly #page: PageSignals;
  readonly #surface: Surface;
  readonly #writer: OutputWriter;
  readonly #status: StatusStore;
  readonly #watch: LineWatch;
  readonly #size: ShellSize;
  readonly #return: ReturnNotice;
  readonly #unsubscribePage: () => void;
  readonly #unexpose: () => void;
  #session: Session | undefined;
  #link: AttachLink | undefined;
  #input: InputStream;
  #steps: ConnectingSteps;
  #starting: { abort: AbortController; done: Promise<void> } | undefined;
  #hasBegun = false;
  /** The shell was seen open: from then on a channel that breaks is a strip, not a card. */
  #hasOpened = false;
  #answersQueries = false;
  #isFlushQueued = false;
  #isEndWanted = false;
  #isDisposed = false;

  /**
   * @param existing a session that the server already holds (after a reload): it is attached at once; undefined: a new
   *   one is started at the first `attach`, when the size is known
   * @param createSurface makes the emulator; it is disposed of with the session
   */
  constructor(
    target: TerminalTarget,
    existing: Session | undefined,
    deps: TerminalSessionDeps,
    createSurface: (events: SurfaceEvents) => Surface,
  ) {
    this.target = target;
    this.key = existing?.id ?? `new-${deps.randomHex(KEY_BYTES)}`;
    this.#deps = deps;
    this.#page = deps.page ?? browserPage;
    this.#session = existing;
    this.#input = new InputStream(deps.randomHex(STREAM_ID_BYTES));
    this.#steps = new ConnectingSteps(deps.clock.nowMs());
    if (existing) this.#steps.finish("session", deps.clock.nowMs(), false);
    this.#surface = createSurface({
      isParsingLive: () => this.#writer.isParsingLive,
      onEmit: (origin, bytes, keys) => this.#emit(origin, bytes, keys),
      onKeyDown: (event) => this.#keyDown(event),
      tabMovesFocus: () => this.#status.getStatus().tabMovesFocus,
      onTitle: (title) => this.#status.set({ title: cleanTitle(title) }),
      onLayout: () => this.#layout(),
    });
    this.#writer = new OutputWriter(
      {
        write: (bytes, parsed) => this.#surface.write(bytes, parsed),
        resize: (cols, rows) => this.#applySize(cols, rows),
        reset: () => this.#surface.reset(),
        restored: () => this.#surface.restored(),
      },
      {
        acknowledge: (offset) => this.#link?.socket?.sendAck(offset),
        acknowledgeCheckpoint: (id, bytes) => this.#link?.socket?.sendCheckpointAck(id, bytes),
      },
    );
    this.#status = new StatusStore(
      { kind: existing ? "connecting" : "starting", steps: this.#steps.snapshot() },
      {
        heldKeys: NO_HELD_KEYS,
        unread: false,
        tabMovesFocus: false,
        cols: existing?.cols ?? this.#surface.cols,
        rows: existing?.rows ?? this.#surface.rows,
        ...(existing ? { session: existing } : {}),
      },
      () => deps.clock.nowMs(),
    );
    this.#return = new ReturnNotice(deps.clock, this.#status, (words, tone) => this.#surface.markReturn(words, tone));
    this.subscribe = this.#status.subscribe;
    this.getStatus = this.#status.getStatus;
    this.subscribe(() => this.#surface.setAway(isAway(this.#status.phase)));
    this.#watch = new LineWatch(
      deps.clock,
      () => this.#silentSinceMs(),
      (since) => this.#setUnanswered(since),
    );
    this.#unsubscribePage = this.#page.subscribe((signal) => this.#pageSignal(signal));
    this.#unexpose = exposeText(
      this.key,
      () => this.#surface.lines(),
      () => this.#surface.grid(),
    );
    // a session that exists is followed at its own size before anybody looks; a new one needs the size of its pane
    const { cols, rows } = existing ?? this.#surface;
    this.#size = new ShellSize({ cols, rows }, deps.clock, (size) => this.#sendSize(size));
    if (existing) this.#begin();
  }

  get sessionId(): string | undefined {
    return this.#session?.id;
  }

  /** Shows the terminal in `host`. @returns detach: the terminal leaves the page and lives on */
  attach(host: HTMLElement): () => void {
    if (this.#isDisposed) return () => undefined;
    return this.#surface.attach(host);
  }

  focus(): void {
    this.#surface.focus();
  }

  setTheme(): void {
    this.#surface.setTheme();
  }

  /** "Try now": dials at once, or drops a connection that does not answer. */
  retryNow(): void {
    const { phase } = this.#status;
    if (phase.kind === "failed") {
      if (this.#session === undefined) this.restart();
      else this.#connect();
    } else if (phase.kind === "open" && phase.unansweredSinceMs !== undefined) this.#link?.redial();
    else this.#link?.dialNow();
  }

  /** After an end or a failure: a new AWS session in the same pane. Does nothing while a session may still be alive. */
  restart(): void {
    const { kind } = this.#status.phase;
    if (this.#isDisposed || (kind !== "ended" && kind !== "failed")) return;
    this.#link?.stop();
    this.#link = undefined;
    this.#session = undefined;
    this.#hasOpened = false;
    this.#isEndWanted = false;
    this.#input = new InputStream(this.#deps.randomHex(STREAM_ID_BYTES));
    this.#writer.restart();
    this.#status.clearNotices();
    this.#status.set({
      session: undefined,
      channel: undefined,
      channelReason: undefined,
      title: undefined,
      time: undefined,
      heldKeys: NO_HELD_KEYS,
    });
    this.#status.set({ latencyMs: undefined, latencyAtMs: undefined, agentLatencyMs: undefined });
    this.#start();
  }

  /** Ends the shell in AWS, also when it is only just being started. @throws what the API throws, unless it is gone already */
  async end(): Promise<void> {
    this.#isEndWanted = true;
    await this.#starting?.done;
    if (this.#session === undefined || this.#status.phase.kind === "ended") return;
    try {
      await this.#deps.api.endSession(this.#session.id);
    } catch (error) {
      if (!meansGone(problemOf(error)?.code ?? "")) throw error;
    }
  }

  /** "Sign in again": the session goes on by itself once the person has. */
  signIn(): void {
    this.#deps.onSignInWanted?.();
  }

  sendHeldKeys(): void {
    this.#input.release();
    this.#flush();
  }

  dropHeldKeys(): void {
    this.#input.drop();
    this.#flush();
  }

  /** The Tab key leaves the terminal, or goes to the shell again. */
  toggleTabKey(): void {
    this.#status.set({ tabMovesFocus: !this.#status.getStatus().tabMovesFocus });
  }

  /** Keys may go to the shell although the server cannot store them, or may not any more. */
  typeWithoutNet(confirmed: boolean): void {
    this.#link?.socket?.send({ type: "type-without-net", confirmed });
  }

  dismissNotice(id: number): void {
    this.#status.dismiss(id);
  }

  /** Lets go of everything in the page. Never ends the shell: the server holds it. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    if (!this.#isEndWanted) this.#starting?.abort.abort();
    this.#link?.stop();
    this.#watch.stop();
    this.#size.stop();
    this.#return.stop();
    this.#unsubscribePage();
    this.#unexpose();
    this.#writer.dispose();
    this.#surface.dispose();
    this.#status.dispose();
  }

  // --- starting and attaching

  #begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    if (this.#session) this.#connect();
    else this.#start();
  }

  #start(): void {
    const { clock, api } = this.#deps;
    const { identityId, region, instanceId: target } = this.target;
    const identity = identityId === undefined ? {} : { identityId };
    const size = this.#size.wanted;
    const abort = new AbortController();
    this.#steps = new ConnectingSteps(clock.nowMs());
    this.#status.setPhase({ kind: "starting", steps: this.#steps.snapshot() });
    const done = api.startSession({ ...identity, region, target, ...size }, abort.signal).then(
      (session) => this.#started(session),
      (error: unknown) => {
        if (!this.#isDisposed) this.#fail(problemOf(error) ?? unreachableProblem());
      },
    );
    this.#starting = { abort, done };
  }

  #started(session: Session): void {
    this.#session = session;
    this.#starting = undefined;
    if (this.#isDisposed) return;
    this.#steps.finish("session", this.#deps.clock.nowMs());
    this.#steps.handleChannel(session.channel, this.#deps.clock.nowMs());
    this.#status.set({ session });
    this.#connect();
  }

  #connect(): void {
    if (this.#session === undefined) return;
    this.#link?.stop();
    this.#status.setPhase({ kind: "connecting", steps: this.#steps.snapshot() });
    this.#link = new AttachLink(this.#session.id, this.#deps, {
      attachState: () => this.#attachState(),
      onAttached: (message) => this.#attached(message),
      onMessage: (message) => this.#message(message),
      onOutput: (bytes) => this.#output(bytes),
      onCheckpoint: (bytes) => this.#writer.checkpointPart(bytes),
      onPing: () => this.#watch.check(),
      onLatency: (ms) => {
        this.#status.set({ latencyMs: ms, latencyAtMs: this.#deps.clock.nowMs() });
        this.#watch.check();
      },
      onLost: (loss) => this.#lost(loss),
      onFailed: (problem) => this.#fail(problem),
      onGone: () => this.#ended({ by: "unknown", at: this.#deps.clock.nowMs(), code: "SESSION_NOT_FOUND" }),
    });
    this.#link.dialNow();
  }

  #attachState(): AttachState {
    const size = this.#size.tellWithAttach();
    const visible = this.#page.isVisible();
    return { offset: this.#writer.attachOffset(), streamId: this.#input.streamId, ...size, visible };
  }

  #attached(message: Attached): void {
    const nowMs = this.#deps.clock.nowMs();
    const { phase } = this.#status;
    const gapMs = phase.kind === "reconnecting" ? nowMs - phase.lostAtMs : undefined;
    const { offset, headOffset, cols, rows, checkpoint } = message;
    const continuity = this.#writer.handleAttached(offset, headOffset, cols, rows, checkpoint);
    this.#input.handleAttached(message.inputStored, nowMs);
    this.#inputStorage(message.inputStorage ?? "stored");
    this.#hasOpened ||= message.channel === "paused" || message.channel === "lost";
    this.#channel(message.channel, message.reason);
    if (gapMs !== undefined && (continuity !== "whole" || gapMs >= UNANSWERED_SHOWN_MS))
      this.#writer.whenParsed(() => this.#return.show(gapMs, continuity));
    this.#flush();
    this.#layout();
  }

  #lost(loss: { lostAtMs: number; attempt: number; nextTryAtMs?: number; problem?: Problem }): void {
    this.#writer.handleGap();
    this.#input.handleGap();
    this.#answersQueries = false;
    this.#watch.stop();
    this.#return.stop();
    if (this.#status.phase.kind === "ended") {
      this.#link?.stop();
      return;
    }
    this.#status.setPhase({ kind: "reconnecting", ...loss });
    this.#publishHeld();
  }

  #fail(problem: Problem): void {
    this.#starting = undefined;
    this.#watch.stop();
    this.#status.setPhase({ kind: "failed", problem });
  }

  /** The first word counts: what follows only says that there is nothing more to come. */
  #ended(end: SessionEnd): void {
    if (this.#status.phase.kind === "ended") return;
    this.#answersQueries = false;
    this.#watch.stop();
    this.#return.stop();
    const known = this.#session?.ended ?? end;
    this.#status.set({ channel: "ended", channelReason: undefined, heldKeys: NO_HELD_KEYS });
    if (known.code !== undefined) this.#status.clearNotices(known.code); // a warning of what now is the reason
    this.#status.setPhase({ kind: "ended", end: known });
  }

  // --- from the server

  #message(message: Exclude<ServerMessage, Attached>): void {
    if (message.type === "size") this.#writer.size(message.cols, message.rows);
    else if (message.type === "reset") {
      const { offset, headOffset, cols, rows, checkpoint } = message;
      this.#writer.handleReset(offset, headOffset, cols, rows, checkpoint);
    } else if (message.type === "input-ack") this.#stored(message.stored, message.agentRoundTripMs);
    else if (message.type === "input-storage") {
      // Until then nothing was taken: what is held is sent or asked about as after a gap.
      const wasRefused = this.#status.getStatus().inputStorage === "refused";
      if (wasRefused && message.state !== "refused")
        this.#input.handleAttached(message.inputStored, this.#deps.clock.nowMs());
      this.#inputStorage(message.state);
      this.#flush();
    } else if (message.type === "channel") this.#channel(message.channel, message.reason);
    else if (message.type === "time-left") this.#status.set({ time: timeLeftOf(message, this.#deps.clock.nowMs()) });
    else if (message.type === "control") {
      this.#answersQueries = message.answersQueries;
      this.#writer.answerFrom(message.fromOffset);
    } else if (message.type === "notice") this.#status.notice(message.code, message.text);
    else if (message.type === "ended") this.#ended(message.end);
    this.#watch.check();
  }

  #output(bytes: Uint8Array): void {
    const isNews = this.#writer.output(bytes);
    if (isNews && !this.#isSeen()) this.#status.set({ unread: true });
    this.#watch.check();
  }

  #stored(stored: number, agentRoundTripMs: number | undefined): void {
    this.#input.handleStored(stored);
    if (agentRoundTripMs !== undefined)
      this.#status.set({ agentLatencyMs: agentRoundTripMs, agentLatencyAtMs: this.#deps.clock.nowMs() });
    this.#flush();
  }

  #inputStorage(state: InputStorage): void {
    if (state === "refused") this.#input.handleRefused();
    if (state === "stored") this.#status.set({ inputStorage: undefined });
    else this.#status.set({ inputStorage: state });
  }

  #channel(channel: ChannelStateName, channelReason: string | undefined): void {
    this.#status.set({ channel, channelReason });
    if (this.#status.phase.kind === "ended") return;
    this.#steps.handleChannel(channel, this.#deps.clock.nowMs());
    this.#hasOpened ||= channel === "open";
    const phase: Phase = this.#hasOpened ? { kind: "open" } : { kind: "connecting", steps: this.#steps.snapshot() };
    if (phase.kind !== "open" || this.#status.phase.kind !== "open") this.#status.setPhase(phase);
  }

  // --- from the person and the emulator

  #emit(origin: Emitted, bytes: Uint8Array, keys: number): void {
    const { kind } = this.#status.phase;
    if (origin === "stale" || kind === "ended" || kind === "failed") return;
    if (origin === "reply") {
      const mayAnswer = this.#answersQueries && this.#page.isVisible() && this.#link?.socket !== undefined;
      if (mayAnswer) this.#input.push("reply", bytes, 0, this.#deps.clock.nowMs());
    } else this.#typed(bytes, keys);
    this.#queueFlush();
  }

  #typed(bytes: Uint8Array, keys: number): void {
    const nowMs = this.#deps.clock.nowMs();
    const { socket } = this.#link ?? {};
    const { kind } = this.#status.phase;
    const isRefused = this.#status.getStatus().inputStorage === "refused"; // its strip counts what is held and what is not
    const isFlowing = socket !== undefined && !this.#input.held.asking && !isRefused;
    if (socket && nowMs - socket.lastReceivedAtMs >= REST_BEFORE_PING_MS) socket.ping();
    const result = this.#input.push("human", bytes, keys, nowMs);
    if (result === "taken") return;
    if (isFlowing) this.#status.notice("INPUT_REFUSED", undefined);
    else if (kind === "starting" || kind === "connecting") this.#status.notice("INPUT_NOT_HELD", undefined);
  }

  /** Once per task: what one task emitted leaves together, and a lone key leaves at its end. */
  #queueFlush(): void {
    if (this.#isFlushQueued) return;
    this.#isFlushQueued = true;
    queueMicrotask(() => {
      this.#isFlushQueued = false;
      if (!this.#isDisposed) this.#flush();
    });
  }

  #flush(): void {
    const socket = this.#link?.socket;
    if (socket)
      for (let frame = this.#input.pollFrame(); frame; frame = this.#input.pollFrame()) socket.sendInput(frame);
    this.#publishHeld();
    this.#watch.check();
  }

  #publishHeld(): void {
    this.#status.set({ heldKeys: this.#input.held });
  }

  #keyDown(event: KeyboardEvent): boolean {
    if (this.#status.phase.kind !== "ended" || event.isComposing) return false;
    const isPlainEnter = event.key === "Enter" && !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey;
    if (isPlainEnter && !event.repeat) this.restart();
    return isPlainEnter;
  }

  // --- size, page, line

  #layout(): void {
    if (this.#isSeen()) this.#status.set({ unread: false });
    if (this.#hasBegun && this.#isSizeFrozen()) return;
    const fit = this.#surface.fitSize();
    if (fit === undefined) return;
    this.#size.want(fit);
    this.#begin();
  }

  #isSizeFrozen(): boolean {
    return isSizeFrozen(this.getStatus(), this.#deps.clock.nowMs());
  }

  #sendSize(size: { cols: number; rows: number }): boolean {
    const socket = this.#link?.socket;
    if (!socket || !this.#surface.isShown || this.#isSizeFrozen()) return false;
    socket.send({ type: "resize", ...size });
    return true;
  }

  #applySize(cols: number, rows: number): void {
    this.#surface.resize(cols, rows);
    this.#status.set({ cols, rows });
  }

  #pageSignal(signal: "visible" | "hidden" | "online" | "focus"): void {
    const socket = this.#link?.socket;
    if (signal === "visible" || signal === "hidden")
      socket?.send({ type: "visibility", visible: signal === "visible" });
    if (signal === "hidden") return;
    if (this.#isSeen()) this.#status.set({ unread: false });
    if (socket) socket.ping();
    else if (this.#status.phase.kind !== "ended") this.#link?.dialNow();
    this.#watch.check();
  }

  #isSeen(): boolean {
    return this.#surface.isShown && this.#page.isVisible();
  }

  #silentSinceMs(): number | undefined {
    const socket = this.#link?.socket;
    if (socket === undefined) return undefined;
    const isHeld = this.#input.held.asking || this.#status.getStatus().inputStorage === "refused";
    const out = [socket.pingSentAtMs, isHeld ? undefined : this.#input.oldestUnstoredAtMs];
    const oldest = Math.min(...out.filter((at) => at !== undefined));
    return Number.isFinite(oldest) ? Math.max(oldest, socket.lastReceivedAtMs) : undefined;
  }

  #setUnanswered(unansweredSinceMs: number | undefined): void {
    const { phase } = this.#status;
    if (phase.kind !== "open" || phase.unansweredSinceMs === unansweredSinceMs) return;
    this.#status.setPhase({ kind: "open", ...(unansweredSinceMs === undefined ? {} : { unansweredSinceMs }) });
  }
}

/** What is typed does not reach the shell, and may never. */
function isAway({ kind }: Phase): boolean {
  return kind === "reconnecting" || kind === "ended" || kind === "failed";
}
