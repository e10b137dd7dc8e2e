/**
 * One terminal of the console: owns the emulator, the connection and its reconnects for as long as its tab, and knows
 * nothing of React. The parts decide (what may be resent, what is a reply, when to dial, what was parsed, what is opening);
 * this file only joins them, which is why it is longer than most. It must never end a shell unless `end()` is called.
 */
import { DEFAULT_SETTINGS } from "@causeway/wire-contract/preferences";
import type { Problem } from "@causeway/wire-contract/problem";
import type { ChannelStateName, Session, SessionEnd } from "@causeway/wire-contract/sessions";
import type { BrowserMessage, ServerMessage } from "@causeway/wire-contract/terminal-messages";
import { AttachLink, type AttachState } from "./attach-link.ts";
import type { Attached, AttachSocket } from "./attach-socket.ts";
import { asTypedThere, isForOthers, type TypingTarget } from "./broadcast-target.ts";
import type { GridView } from "./grid-view.ts";
import { measured } from "./latency-line.ts";
import { LineWatch, silentSinceMs, UNANSWERED_SHOWN_MS } from "./line-watch.ts";
import { saysTarget } from "./links/link-finder.ts";
import type { LinkTarget } from "./links/terminal-links.ts";
import { CommandControl } from "./marks/command-control.ts";
import { type HeldModifier, keyText, modifiedBytes, type OnScreenKey, withHeld } from "./on-screen-keys.ts";
import { Opening } from "./opening.ts";
import { browserPage } from "./page-signals.ts";
import { PasteControl } from "./paste/paste-control.ts";
import { meansGone, problemOf } from "./problems.ts";
import { ProgramSignals } from "./program-signals.ts";
import type { Emitted } from "./reply-filter.ts";
import { ReturnNotice } from "./return-notice.ts";
import { Saying } from "./saying.ts";
import { SessionScreen } from "./session-screen.ts";
import { StartAgain } from "./start-again.ts";
import { type Phase, StatusStore } from "./status-store.ts";
import type { Surface, SurfaceEvents } from "./surface.ts";
import type { TerminalTools } from "./surface-tools.ts";
import type { PageSignals, TerminalSessionDeps, TerminalStatus, TerminalTarget } from "./terminal-types.ts";
import { exposeText } from "./text-hook.ts";
import { timeLeftOf } from "./time-left.ts";
import { cleanTitle } from "./title.ts";
import { NO_HELD_KEYS, TypedInput } from "./typed-input.ts";

const KEY_BYTES = 8;

export class SessionCore implements TypingTarget {
  readonly key: string;
  readonly target: TerminalTarget;
  readonly subscribe: (listener: () => void) => () => void;
  readonly getStatus: () => TerminalStatus;

  readonly #deps: TerminalSessionDeps;
  readonly #page: PageSignals;
  readonly #surface: Surface;
  readonly #status: StatusStore;
  readonly #screen: SessionScreen;
  readonly #input: TypedInput;
  readonly #paste: PasteControl;
  readonly #programs: ProgramSignals;
  readonly #saying: Saying;
  /** What the shell marks of its commands, and what a person does with them. */
  readonly commands: CommandControl;
  readonly #opening: Opening;
  readonly #startAgain: StartAgain;
  readonly #watch: LineWatch;
  readonly #return: ReturnNotice;
  readonly #unsubscribePage: () => void;
  readonly #unexpose: () => void;
  #session: Session | undefined;
  #link: AttachLink | undefined;
  #hasBegun = false;
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
    this.#opening = new Opening(deps, existing !== undefined);
    this.#startAgain = new StartAgain(deps.clock, () => this.#startAnew());
    this.#surface = createSurface({
      isParsingLive: () => this.#screen.writer.isParsingLive,
      onEmit: (origin, bytes, keys) => this.#emit(origin, bytes, keys),
      onBell: () => this.#programs.bell(),
      onProgress: (progress) => this.#programs.progress(progress),
      onProgramCopy: (text) => this.#programs.copies(text),
      onLink: (link, isPlain) => this.#programs.link(link, isPlain),
      settings: deps.settings ?? (() => DEFAULT_SETTINGS),
      onPaste: (text) => this.pasteText(text),
      onKeyDown: (event) => this.#keyDown(event),
      tabMovesFocus: () => this.#status.getStatus().tabMovesFocus,
      clock: deps.clock,
      onFontSize: (step) => deps.changeFontSize?.(step),
      onCommandEnded: (end) => this.commands.handleMarkedEnd(end),
      onTitle: (title) => this.#status.set({ title: cleanTitle(title) }),
      onLayout: () => this.#handleLayout(),
    });
    // a session that exists is followed at its own size before anybody looks; a new one needs the size of its pane
    const { cols, rows } = existing ?? this.#surface;
    this.#status = new StatusStore(
      existing ? this.#opening.connectingPhase : this.#opening.startingPhase,
      {
        heldKeys: NO_HELD_KEYS,
        unread: false,
        tabMovesFocus: false,
        cols,
        rows,
        ...(existing && { session: existing }),
      },
      () => deps.clock.nowMs(),
    );
    this.#screen = new SessionScreen({
      surface: this.#surface,
      size: { cols, rows },
      clock: deps.clock,
      page: this.#page,
      status: this.#status,
      acknowledgements: {
        acknowledge: (offset) => this.#socket?.sendAck(offset),
        acknowledgeCheckpoint: (id, bytes) => this.#socket?.sendCheckpointAck(id, bytes),
      },
      sendSize: (size) => {
        this.#socket?.send({ type: "resize", ...size });
        return this.#socket !== undefined;
      },
      onFits: () => this.#begin(),
    });
    this.#input = new TypedInput({
      deps,
      page: this.#page,
      status: this.#status,
      socket: () => this.#socket,
      onFlushed: () => {
        this.#paste.pump();
        this.#watch.check();
      },
    });
    this.#paste = new PasteControl({
      status: this.#status,
      clock: deps.clock,
      input: this.#input,
      isBracketed: () => this.#surface.isBracketedPaste(),
      others: () => deps.alsoTypesInto?.() ?? [],
      rules: () => {
        const { pasteGuard, pasteGuardProduction } = (deps.settings ?? (() => DEFAULT_SETTINGS))();
        return { guard: pasteGuard, guardProduction: pasteGuardProduction };
      },
    });
    const writeClipboard = async (text: string) => (deps.clipboard ?? navigator.clipboard).writeText(text);
    this.#saying = new Saying(this.#status, deps.clock);
    this.commands = new CommandControl({
      commands: () => this.#surface.commands,
      clock: deps.clock,
      say: (words) => this.#saying.say(words),
      writeClipboard,
      onClipboardRefused: () => this.#status.notice("CLIPBOARD_NOT_WRITTEN", undefined),
      onEnded: (end) => deps.onCommandEnded?.(end),
    });
    this.#programs = new ProgramSignals({
      status: this.#status,
      clock: deps.clock,
      isSeen: () => this.#screen.isSeen,
      writeClipboard,
      openLink: deps.openLink ?? ((uri) => void window.open(uri, "_blank", "noopener,noreferrer")),
    });
    this.#return = new ReturnNotice(deps.clock, this.#status, (words, tone) => this.#surface.markReturn(words, tone));
    this.subscribe = this.#status.subscribe;
    this.getStatus = this.#status.getStatus;
    this.subscribe(() => this.#surface.setAway(isAway(this.#status.phase)));
    this.#watch = new LineWatch(
      deps.clock,
      () => silentSinceMs(this.#socket, this.#input.waitingSinceMs),
      (since) => this.#setUnanswered(since),
    );
    this.#unsubscribePage = this.#page.subscribe((signal) => this.#pageSignal(signal));
    this.#unexpose = exposeText(
      this.key,
      () => this.#surface.lines(),
      () => this.#surface.grid(),
    );
    if (existing) this.#begin();
  }

  get sessionId(): string | undefined {
    return this.#session?.id;
  }

  /** The live connection, once attached. */
  get #socket(): AttachSocket | undefined {
    return this.#link?.socket;
  }

  /** Shows the terminal in `host`. @returns detach: the terminal leaves the page and lives on */
  attach(host: HTMLElement): () => void {
    if (this.#isDisposed) return () => undefined;
    return this.#surface.attach(host);
  }

  focus(): void {
    this.#surface.focus();
  }

  applyLook(): void {
    this.#surface.applyLook();
  }

  /** As if a person had pressed one key: for those that the browser keeps for itself. */
  sendKey(text: string): void {
    this.#emit("human", new TextEncoder().encode(text), 1);
  }

  /** A key on the screen, with the modifiers that are held for it. */
  pressKey(key: OnScreenKey): void {
    const encoded = new TextEncoder().encode(keyText(key, this.#surface.isApplicationCursor()));
    this.#emit("human", encoded, 1);
  }

  /** Holds Ctrl or Alt for the next key, or lets go of it. */
  toggleModifier(modifier: HeldModifier): void {
    this.#status.set({ held: withHeld(this.getStatus().held ?? "", modifier) || undefined });
  }

  /** What can be done with the text; absent where there is only a model of a terminal. */
  get tools(): TerminalTools | undefined {
    return this.#surface.tools;
  }

  /** What of the grid is where; absent where there is only a model of a terminal. */
  get view(): GridView | undefined {
    return this.#surface.view;
  }

  /** Text is looked for: the bar opens, or takes the keyboard again. */
  openSearch(): void {
    this.#status.set({ search: (this.#status.getStatus().search ?? 0) + 1 });
  }

  closeSearch(): void {
    this.#status.set({ search: undefined });
    this.#surface.focus();
  }

  openLink(link: LinkTarget): void {
    this.#programs.link(link, saysTarget(link.text, link.uri));
  }

  answerLink(open: boolean): void {
    this.#programs.answerLink(open);
  }

  /** May programs of this session write the clipboard? */
  allowCopies(allowed: boolean): void {
    this.#programs.allowCopies(allowed);
  }

  /** What the system's clipboard holds, as if it had been pasted. */
  pasteFromClipboard(): void {
    const clipboard = this.#deps.clipboard ?? navigator.clipboard;
    Promise.resolve()
      .then(() => clipboard.readText())
      .then(
        (text) => this.pasteText(text),
        () => this.#status.notice("CLIPBOARD_NOT_READ", undefined),
      );
  }

  /** As if it had been pasted: the same questions, the same pace. */
  pasteText(text: string): void {
    if (this.#mayType("human")) this.#paste.paste(text);
  }

  /** The person's answer to `pasteAsk`. @param text as she left it; undefined: nothing is pasted */
  answerPaste(text: string | undefined): void {
    this.#paste.answer(text);
  }

  /** Drops what has not left of a running paste. */
  stopPaste(): void {
    this.#paste.stop();
  }

  /** Is the instance one where more is asked about? */
  setProduction(isProduction: boolean): void {
    this.#paste.setProduction(isProduction);
  }

  /** Of one character, in CSS px; undefined until it was drawn once. */
  cellSize(): { width: number; height: number } | undefined {
    return this.#surface.cellSize();
  }

  /** What is typed now reaches the shell, and nothing waits to be asked about. */
  takesTyping(): boolean {
    const { kind, channel = "open", inputStorage, heldKeys } = this.getStatus();
    return kind === "open" && channel === "open" && inputStorage !== "refused" && !heldKeys.asking;
  }

  /** It has an area on the page. */
  isShown(): boolean {
    return this.#surface.isShown;
  }

  /** Typed into another terminal, by a person who broadcasts. */
  takeTyped(bytes: Uint8Array, keys: number): void {
    this.#typed(asTypedThere(bytes, this.#surface.isApplicationCursor()), keys);
  }

  /** Pasted into another terminal, where it was asked about. */
  takePaste(text: string): void {
    this.#paste.begin(text);
  }

  isBracketedPaste(): boolean {
    return this.#surface.isBracketedPaste();
  }

  get isProduction(): boolean {
    return this.#paste.isProduction;
  }

  /** A command runs, as far as its shell says. */
  isCommandRunning(): boolean {
    return this.#status.phase.kind === "open" && this.commands.isRunning;
  }

  /** Lines between what is shown and the end. */
  scrolledUpBy(): number {
    return this.#surface.scrolledUpBy();
  }

  /** A reloaded page reads on where it was, once the earlier output is there again. */
  readOnAt(linesUp: number): void {
    this.#screen.writer.whenCaughtUp(() => this.#surface.scrollUpTo(linesUp));
  }

  /** A full-screen program has the terminal. */
  isFullScreen(): boolean {
    return this.#surface.isAlternateScreen();
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
    this.#startAgain.reset();
    this.#startAnew();
  }

  #startAnew(): void {
    const { kind } = this.#status.phase;
    if (this.#isDisposed || (kind !== "ended" && kind !== "failed")) return;
    this.#link?.stop();
    this.#link = undefined;
    this.#session = undefined;
    this.#isEndWanted = false;
    this.#input.restart();
    this.#paste.restart();
    this.#programs.restart();
    this.commands.restart();
    this.#screen.writer.restart();
    this.#status.clearNotices();
    this.#status.set({ session: undefined, channel: undefined, channelReason: undefined, title: undefined });
    this.#status.set({ time: undefined, heldKeys: NO_HELD_KEYS });
    this.#status.set({ latencyMs: undefined, latencyAtMs: undefined, agentLatencyMs: undefined });
    this.#start();
  }

  /** Ends the shell in AWS, also when it is only just being started. @throws what the API throws, unless it is gone already */
  async end(): Promise<void> {
    this.#isEndWanted = true;
    await this.#opening.settled;
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
    this.#input.sendHeld();
  }

  dropHeldKeys(): void {
    this.#paste.stop(() => this.#input.dropHeld()); // the middle of a paste may be among them
  }

  /** The Tab key leaves the terminal, or goes to the shell again. */
  toggleTabKey(): void {
    this.#status.set({ tabMovesFocus: !this.#status.getStatus().tabMovesFocus });
  }

  /** Keys may go to the shell although the server cannot store them, or may not any more. */
  typeWithoutNet(confirmed: boolean): void {
    this.#socket?.send({ type: "type-without-net", confirmed });
  }

  /** About sharing. @returns false: there is no connection, and nobody was told */
  say(message: Extract<BrowserMessage, { type: "keyboard" | "pointer" | "scroll" }>): boolean {
    this.#socket?.send(message);
    return this.#socket !== undefined;
  }

  dismissNotice(id: number): void {
    this.#status.dismiss(id);
  }

  /** Lets go of everything in the page. Never ends the shell: the server holds it. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    if (!this.#isEndWanted) this.#opening.abort();
    this.#startAgain.stop();
    this.#link?.stop();
    this.#watch.stop();
    this.#input.stop();
    this.#return.stop();
    this.#programs.stop();
    this.commands.stop();
    this.#saying.stop();
    this.#unsubscribePage();
    this.#unexpose();
    this.#screen.dispose();
    this.#status.dispose();
    this.#deps.onDisposed?.();
  }

  // --- starting and attaching

  #begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    if (this.#session) this.#connect();
    else this.#start();
  }

  #start(): void {
    this.#opening.start(this.target, this.#screen.wantedSize, {
      begins: (phase) => this.#status.setPhase(phase),
      started: (session) => this.#started(session),
      failed: (problem) => {
        if (!this.#isDisposed) this.#fail(problem, this.#startAgain.handleFailed(problem));
      },
    });
  }

  #started(session: Session): void {
    this.#session = session;
    this.#startAgain.reset();
    if (this.#isDisposed) return;
    this.#status.set({ session });
    this.#connect();
  }

  #connect(): void {
    if (this.#session === undefined) return;
    this.#link?.stop();
    this.#status.setPhase(this.#opening.connectingPhase);
    this.#link = new AttachLink(this.#session.id, this.#deps, {
      attachState: () => this.#attachState(),
      onAttached: (message) => this.#attached(message),
      onMessage: (message) => this.#message(message),
      onOutput: (bytes) => this.#output(bytes),
      onCheckpoint: (bytes) => this.#screen.writer.checkpointPart(bytes),
      onPing: () => this.#watch.check(),
      onLatency: (ms) => {
        this.#status.set(measured(this.getStatus(), ms, this.#deps.clock.nowMs()));
        this.#watch.check();
      },
      onLost: (loss) => this.#lost(loss),
      onFailed: (problem) => this.#fail(problem),
      onGone: () => this.#ended({ by: "unknown", at: this.#deps.clock.nowMs(), code: "SESSION_NOT_FOUND" }),
    });
    this.#link.dialNow();
  }

  #attachState(): AttachState {
    const size = this.#screen.tellSizeWithAttach();
    const visible = this.#page.isVisible();
    return { offset: this.#screen.writer.attachOffset(), streamId: this.#input.streamId, ...size, visible };
  }

  #attached(message: Attached): void {
    const nowMs = this.#deps.clock.nowMs();
    const { phase } = this.#status;
    const gapMs = phase.kind === "reconnecting" ? nowMs - phase.lostAtMs : undefined;
    const { offset, headOffset, cols, rows, checkpoint } = message;
    const continuity = this.#screen.writer.handleAttached(offset, headOffset, cols, rows, checkpoint);
    this.#input.handleAttached(message.inputStored, message.inputStorage ?? "stored");
    this.#paste.handleAttached(message.agentAcknowledged, message.inputStored);
    this.#opening.handleAttached(message.channel);
    this.#channel(message.channel, message.reason);
    if (gapMs !== undefined && (continuity !== "whole" || gapMs >= UNANSWERED_SHOWN_MS))
      this.#screen.writer.whenParsed(() => this.#return.show(gapMs, continuity));
    this.#input.flush();
    this.#screen.handleLayout();
  }

  #lost(loss: { lostAtMs: number; attempt: number; nextTryAtMs?: number; problem?: Problem }): void {
    this.#screen.writer.handleGap();
    this.#input.handleGap();
    this.#paste.handleGap();
    this.#deps.shared?.handleGap();
    if (this.#deps.shared?.guest) this.#dropTyped(); // who may type after the gap, nobody knows
    this.#watch.stop();
    this.#return.stop();
    if (this.#status.phase.kind === "ended") {
      this.#link?.stop();
      return;
    }
    this.#status.setPhase({ kind: "reconnecting", ...loss });
    this.#input.publishHeld();
  }

  #fail(problem: Problem, nextTryAtMs?: number): void {
    this.#watch.stop();
    this.#status.setPhase({ kind: "failed", problem, ...(nextTryAtMs === undefined ? {} : { nextTryAtMs }) });
  }

  /** The first word counts: what follows only says that there is nothing more to come. */
  #ended(end: SessionEnd): void {
    if (this.#status.phase.kind === "ended") return;
    this.#input.handleEnded();
    this.#paste.cancel();
    this.#watch.stop();
    this.#return.stop();
    const known = this.#session?.ended ?? end;
    this.#status.set({ channel: "ended", channelReason: undefined, heldKeys: NO_HELD_KEYS });
    if (known.code !== undefined) this.#status.clearNotices(known.code); // a warning of what now is the reason
    this.#status.setPhase({ kind: "ended", end: known });
  }

  // --- from the server

  #message(message: Exclude<ServerMessage, Attached>): void {
    const nowMs = this.#deps.clock.nowMs();
    this.#deps.shared?.handleMessage(message);
    if (message.type === "size") this.#screen.writer.size(message.cols, message.rows);
    else if (message.type === "reset") {
      const { offset, headOffset, cols, rows, checkpoint } = message;
      this.#screen.writer.handleReset(offset, headOffset, cols, rows, checkpoint);
    } else if (message.type === "input-ack") {
      const { stored, agentAcknowledged, agentRoundTripMs: agentLatencyMs } = message;
      if (agentLatencyMs !== undefined) this.#status.set({ agentLatencyMs, agentLatencyAtMs: nowMs });
      this.#paste.handleAgentAcknowledged(agentAcknowledged);
      this.#input.handleStored(stored);
    } else if (message.type === "input-storage") this.#input.handleStorage(message.state, message.inputStored);
    else if (message.type === "channel") this.#channel(message.channel, message.reason);
    else if (message.type === "time-left") this.#status.set({ time: timeLeftOf(message, nowMs) });
    else if (message.type === "control") {
      this.#input.handleControl(message.answersQueries);
      this.#screen.writer.answerFrom(message.fromOffset);
    } else if (message.type === "notice") {
      if (message.code === "LOG_NOT_DURABLE") this.#status.clearNotices(message.code); // its newest word holds
      this.#status.notice(message.code, message.text);
    } else if (message.type === "ended") this.#ended(message.end);
    this.#watch.check();
  }

  #output(bytes: Uint8Array): void {
    this.#screen.output(bytes);
    this.commands.handleOutput();
    this.#watch.check();
  }

  #channel(channel: ChannelStateName, channelReason: string | undefined): void {
    this.#status.set({ channel, channelReason });
    this.#opening.handleChannel(channel, this.#status);
  }

  // --- from the person and the page

  #handleLayout(): void {
    this.#screen.handleLayout();
    if (this.#screen.isSeen) this.#programs.handleShown();
  }

  #emit(origin: Emitted, emitted: Uint8Array, keys: number): void {
    if (!this.#mayType(origin)) return;
    const { held = "" } = this.getStatus();
    const modified = origin === "human" ? modifiedBytes(emitted, held) : undefined;
    if (modified) this.#status.set({ held: undefined });
    const bytes = modified ?? emitted;
    if (origin !== "human") {
      this.#input.emit(origin, bytes, keys);
      return;
    }
    if (isForOthers(bytes)) for (const other of this.#deps.alsoTypesInto?.() ?? []) other.takeTyped(bytes, keys);
    this.#typed(bytes, keys);
  }

  #typed(bytes: Uint8Array, keys: number): void {
    this.commands.handleTyped(bytes);
    if (!this.#paste.takeTyped(bytes, keys)) this.#input.emit("human", bytes, keys);
  }

  #mayType(origin: Emitted): boolean {
    const guest = this.#deps.shared?.guest;
    if (guest === undefined || guest.mayType()) return true;
    if (origin === "human") guest.onKeyDropped();
    return false;
  }

  /** Nothing of what was typed and is not stored leaves later. */
  #dropTyped(): void {
    this.#paste.cancel();
    this.#input.restart();
    this.#paste.restart();
  }

  #keyDown(event: KeyboardEvent): boolean {
    if (this.#status.phase.kind !== "ended" || event.isComposing) return false;
    const isPlainEnter = event.key === "Enter" && !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey;
    if (isPlainEnter && !event.repeat) this.restart();
    return isPlainEnter;
  }

  #pageSignal(signal: "visible" | "hidden" | "online" | "focus"): void {
    const socket = this.#socket;
    if (signal === "visible" || signal === "hidden")
      socket?.send({ type: "visibility", visible: signal === "visible" });
    if (signal === "hidden") return;
    this.#screen.handleShown();
    if (this.#screen.isSeen) this.#programs.handleShown();
    if (socket) socket.ping();
    else if (this.#status.phase.kind !== "ended") this.#link?.dialNow();
    this.#watch.check();
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
