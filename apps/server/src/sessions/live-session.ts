/**
 * One shell: its log, its readers, its keeper. The domain object: it knows nothing of HTTP, websockets or AWS calls;
 * whoever attaches hands in a sink, and the same object would serve another replica. Above 300 lines because keeper, log,
 * readers and input meet here; what each of them decides stands in the files it imports.
 */
import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { ChannelStateName, SessionEnd, SessionPreferences } from "@causeway/wire-contract/sessions";
import { CLOSE_BY_ERROR } from "@causeway/wire-contract/terminal-messages";
import { CatalogError } from "../platform/catalog-error.ts";
import type { ChannelKeeper } from "./channel/channel-keeper.ts";
import type { ChannelMessage, KeeperListener } from "./channel/keeper-listener.ts";
import type { ChannelCondition } from "./channel/told-condition.ts";
import type { IdleState } from "./idle-clock.ts";
import { SessionInput } from "./input/session-input.ts";
import type { LiveSessionOptions } from "./live-session-options.ts";
import { encodeMemo } from "./log/keeper-memo.ts";
import type { TerminalSize } from "./log/session-log.ts";
import type { DurableLog } from "./log/session-logs.ts";
import type { Attachment, AttachRequest, ReaderPerson } from "./readers/attachment.ts";
import type { OutputFlush } from "./readers/output-tick.ts";
import { ReaderSet } from "./readers/reader-set.ts";
import { SessionLead } from "./readers/session-lead.ts";
import { SessionReader } from "./readers/session-reader.ts";
import {
  type EndRequest,
  endOfChannelClosed,
  endOfChannelFailure,
  endOfGone,
  holdsCommit,
  type Limits,
  withLogTarget,
} from "./session-end.ts";
import { SessionTime } from "./session-time.ts";

/** A page that has seen more than the log of a restarted server holds waits so long for the agent's resend, in milliseconds. */
export const AHEAD_HELD_MS = 10_000;
/** While somebody types, her last moment is stored so often, in milliseconds: a restart forgets no more of it. */
export const HUMAN_STORED_EVERY_MS = 15_000;

export class LiveSession implements KeeperListener {
  readonly log: DurableLog;
  readonly #options: LiveSessionOptions;
  readonly #keeper: ChannelKeeper;
  readonly #readers = new ReaderSet();
  readonly #input: SessionInput;
  readonly #lead: SessionLead;
  readonly #flush: OutputFlush;
  readonly #time: SessionTime;
  #isSuspended = false;
  /** Output up to here was offered to the readers. */
  #sentUntil: number;
  /** End of the log after the last read of the channel. */
  #readUntil: number;
  #humanStoredAtMs = Number.NEGATIVE_INFINITY;
  #end: SessionEnd | undefined;
  #endRequest: EndRequest | undefined;
  #committedAtMs: number | undefined;
  /** At most one per call that ends the session, of which the service makes one. */
  #onceEnded: (() => void)[] = [];

  constructor(options: LiveSessionOptions) {
    this.#options = options;
    this.log = options.log;
    this.#sentUntil = options.log.headOffset;
    this.#readUntil = options.log.headOffset;
    this.log.checkpoints.onSaved = () => this.#readers.pump(); // who is far behind moves there
    this.#input = new SessionInput({
      clock: options.clock,
      log: options.log,
      readers: this.#readers,
      keeper: () => this.#keeper,
      onTyped: (reader, person, bytes) => this.#handleTyped(reader, person, bytes),
      onNotStored: () => this.handleDurable(this.log.isDurable),
      onNoNumbers: () => this.onNotice("LOG_NOT_DURABLE", NO_NUMBERS_TEXT),
    });
    this.#flush = options.tick.flushOf(() => this.#sendOutput());
    this.#lead = new SessionLead({
      clock: options.clock,
      readers: this.#readers,
      size: options.size,
      headOffset: () => this.log.headOffset,
      onSize: (size) => this.#applySize(size),
      onReading: (isPaused) => {
        if (isPaused) this.#keeper.pauseReading();
        else this.#keeper.resumeReading();
      },
    });
    this.#time = new SessionTime({
      clock: options.clock,
      startedAtMs: options.startedAtMs,
      state: options.idle,
      tell: (message) => this.#readers.sendToAll(message),
      isResending: () => this.#keeper.isResending,
      onIdleLimit: options.onIdleLimit,
    });
    this.#keeper = options.makeKeeper(this);
    if (options.recovered !== undefined) this.#input.restore(options.recovered);
    if (options.end !== undefined) this.#isOver(options.end);
  }

  get end(): SessionEnd | undefined {
    return this.#end;
  }
  get channel(): ChannelStateName {
    return this.#end === undefined ? this.#keeper.condition.channel : "ended";
  }
  /** Why the channel is not as it should be, when it is known. */
  get channelReason(): ErrorCode | undefined {
    return this.#end === undefined ? this.#keeper.condition.reason : undefined;
  }
  get size(): TerminalSize {
    return this.#lead.size;
  }
  get readerCount(): number {
    return this.#readers.size;
  }
  get idleState(): IdleState {
    return this.#time.state;
  }
  /** Which limits of the account AWS has kept by some moment, as far as they are known. */
  get limits(): Pick<Limits, "limitPassed"> {
    return this.#time.clock;
  }
  get preferences(): SessionPreferences | undefined {
    return this.#time.preferences;
  }

  /** Opens the data channel. @throws CatalogError; the session is of no use then */
  async open(streamUrl: string, token: string): Promise<void> {
    this.#keeper.resize(this.size.cols, this.size.rows);
    await this.#keeper.open(streamUrl, token);
  }

  /** Goes on where an earlier process stopped, as soon as AWS gives a token. */
  reopen(streamUrl: string): void {
    this.#keeper.resize(this.size.cols, this.size.rows);
    this.#keeper.reopen(streamUrl);
    this.#storeState(); // before anything leaves: numbers that were walked past must be walked past by the next process, too
  }

  /**
   * The server stops, the shell does not: from here on nothing is sent, taken or appended, and the next process finds
   * what is stored. Pages are told to come back.
   */
  suspend(): void {
    if (this.#end !== undefined || this.#isSuspended) return;
    this.#storeState();
    this.#isSuspended = true;
    this.#stop();
    this.#readers.sendToAll({ type: "notice", code: "SERVER_STOPPING" });
  }

  /** AWS refused the person's credentials; nothing goes on without new ones. */
  get waitsForCredentials(): boolean {
    return this.#keeper.waitsForCredentials;
  }

  /** The owner signed in (again): a keeper that waited for credentials goes on. */
  handleCredentialsRenewed(): void {
    this.#keeper.handleCredentialsRenewed();
  }

  /** The log stopped, or began again, to survive this process. Input is refused until its person says otherwise. */
  handleDurable(isDurable: boolean): void {
    if (this.#end !== undefined || !this.#input.handleDurable(isDurable)) return;
    const text = isDurable ? "The disk takes it again: everything is stored from here on." : undefined;
    this.onNotice("LOG_NOT_DURABLE", text);
    this.#input.tellStorage();
  }

  /** What the account's session document says was read. */
  setPreferences(preferences: SessionPreferences): void {
    this.#time.setPreferences(preferences);
  }

  /** ResumeSession gave a token: AWS counts idle time anew. */
  handleResumed(): void {
    this.#time.handleTouch();
  }

  /** What `channel_closed` will mean when it comes now: the end was asked for. */
  expectEnd(request: EndRequest): void {
    this.#endRequest ??= request;
  }

  /** The last record of the log; every reader gets what comes before it, then the end. Idempotent. */
  finish(end: SessionEnd, wantsTerminate = false): void {
    if (this.#end !== undefined || this.#isSuspended) return;
    this.log.appendMark({ kind: "end", end });
    this.#isOver(end);
    this.#sendOutput();
    this.#options.onEnded(end, wantsTerminate);
    for (const run of this.#onceEnded.splice(0)) run();
  }

  #isOver(end: SessionEnd): void {
    this.#end = end;
    this.#stop();
  }

  #stop(): void {
    this.#keeper.close();
    this.#input.tellPositions();
    this.#lead.close();
    this.#time.close();
  }

  /** Resolves when the session has ended, or after `waitMs`. */
  whenEnded(waitMs: number): Promise<void> {
    const { clock } = this.#options;
    if (this.#end !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = clock.setTimer(clock.nowMs() + waitMs, resolve);
      this.#onceEnded.push(() => {
        cancel();
        resolve();
      });
    });
  }

  /** @throws CatalogError READERS_LIMIT_REACHED */
  attach(request: AttachRequest): Attachment {
    const former = this.#readers.byStream(request.streamId);
    if (former !== undefined) {
      former.close();
      this.#readers.remove(former); // the same page on a new connection: the old one is dead or about to be
      former.sink.close(CLOSE_BY_ERROR, "ATTACH_REPLACED");
    }
    if (this.#readers.isFullFor({ isGuest: request.guest !== undefined }))
      throw new CatalogError("READERS_LIMIT_REACHED");
    this.#input.handleAttach(request.streamId);
    const reader = new SessionReader(this.log, this.log.checkpoints, request, this.#input.typedOrder(request.streamId));
    const placed = reader.place(request.offset, this.#options.recovered !== undefined && this.#end === undefined);
    const { clock } = this.#options;
    const cancelHold = reader.isAhead
      ? clock.setTimer(clock.nowMs() + AHEAD_HELD_MS, () => reader.giveUpAhead())
      : () => {};
    this.#readers.add(reader);
    const { stored: inputStored, agentAcknowledged } = this.#input.position(request.streamId);
    request.sink.sendMessage({
      type: "attached",
      offset: placed.offset,
      headOffset: this.log.headOffset,
      ...placed.size,
      ...(placed.checkpoint && { checkpoint: placed.checkpoint }),
      inputStored,
      agentAcknowledged,
      ...(this.#input.storage === "stored" ? {} : { inputStorage: this.#input.storage }),
      role: reader.isGuest ? "viewer" : "owner",
      ...inWords({ channel: this.channel, reason: this.channelReason }),
      startedAt: this.#options.startedAtMs,
    });
    const { message } = this.#time;
    if (message !== undefined) request.sink.sendMessage(message);
    if (placed.missing) request.sink.sendMessage({ type: "notice", code: "OUTPUT_NOT_KEPT" });
    this.#lead.rolesChanged();
    reader.pump();
    this.#lead.updatePace();
    return {
      input: (offset, origin, bytes) => {
        // The page learns of the end by itself; of a server that stops, too, and sends again what was not acknowledged.
        if (this.#end !== undefined || this.#isSuspended) return undefined;
        return this.#input.take(reader, request.person, offset, origin, bytes);
      },
      acknowledge: (offset) => this.#goOn(reader, reader.acknowledge(offset)),
      acknowledgeCheckpoint: (id, bytes) => this.#goOn(reader, reader.acknowledgeCheckpoint(id, bytes)),
      resize: (size) => {
        reader.size = size;
        this.#lead.sizesChanged();
      },
      setVisible: (visible) => {
        reader.visible = visible;
        this.#lead.rolesChanged();
        this.#lead.updatePace();
      },
      typeWithoutNet: (confirmed) => this.#input.typeWithoutNet(confirmed),
      detach: () => {
        cancelHold();
        reader.close();
        if (!this.#readers.remove(reader)) return;
        this.#lead.rolesChanged();
        this.#lead.updatePace();
      },
    };
  }

  // --- from the keeper

  onReceived(sequenceNumber: number, output: Uint8Array | undefined, stored: () => void): void {
    this.log.appendReceived(sequenceNumber, output, stored);
  }

  /** While reading is paused nothing more will come to leave together with this, and the page is to be busy meanwhile. */
  onReadEnd(): void {
    const bytes = this.log.headOffset - this.#readUntil;
    this.#readUntil += bytes;
    if (bytes === 0) return;
    if (this.#lead.pausesAfterRead(bytes)) this.#flush.now();
    else this.#flush.request();
  }

  onEarly(sequenceNumber: number, frame: Uint8Array, stored: () => void): void {
    this.log.appendEarly(sequenceNumber, frame, stored);
  }

  onHole(toSequenceNumber: number): void {
    this.log.appendHole(toSequenceNumber);
  }

  onSent(message: ChannelMessage, stored: () => void, takeBack: () => void): void {
    this.#input.store(message, stored, takeBack);
  }

  onStateChanged(append: () => void): void {
    this.log.batch(() => {
      append();
      this.#storeState();
    });
  }

  onSentStored(sequenceNumber: number): void {
    this.#time.handleTouch();
    this.#input.handleStored(sequenceNumber);
  }

  onInputAcknowledged(sequenceNumber: number, roundTripMs: number | undefined): void {
    if (roundTripMs === undefined) this.#time.handleTouch(); // it was sent again, perhaps just now
    this.log.appendAcknowledged(sequenceNumber);
    this.#input.handleAcknowledged(sequenceNumber, roundTripMs);
  }

  onCondition(condition: ChannelCondition): void {
    if (condition.channel === "open") this.#time.handleOpen();
    this.#readers.sendToAll({ type: "channel", ...inWords(condition) });
  }

  onWritable(): void {
    this.#input.drain();
  }

  onNotice(code: ErrorCode, text?: string): void {
    this.log.appendMark({ kind: "notice", code, ...(text === undefined ? {} : { text }) });
    this.#flush.request();
  }

  onClosed(output: string): void {
    const nowMs = this.#options.clock.nowMs();
    const commitAgoMs = this.#committedAtMs === undefined ? undefined : nowMs - this.#committedAtMs;
    const end = endOfChannelClosed(output, this.#endRequest, commitAgoMs, nowMs, this.#time.clock);
    this.finish(withLogTarget(end, this.preferences?.awsLog));
  }

  onFailed(code: Parameters<KeeperListener["onFailed"]>[0], detail: string, why?: ErrorCode): void {
    this.finish(endOfChannelFailure(code, detail, this.#options.clock.nowMs(), why), true);
  }

  onGone(): void {
    this.finish(endOfGone(this.#endRequest, this.#options.clock.nowMs(), this.#time.clock));
  }

  // --- from a reader

  #handleTyped(reader: SessionReader, person: ReaderPerson, bytes: Uint8Array): void {
    this.#options.typing.count(person, bytes.length);
    if (bytes.includes(INTERRUPT)) this.#skipBacklog(reader);
    if (holdsCommit(bytes)) this.#committedAtMs = this.#options.clock.nowMs();
    this.#time.handleHuman();
    if (this.#time.state.humanAtMs - this.#humanStoredAtMs >= HUMAN_STORED_EVERY_MS) this.#storeState();
    reader.typedOrder = this.#input.typedOrder(reader.streamId);
    this.#lead.rolesChanged();
  }

  /** @param isOfUs false: the page acknowledged what it was never sent */
  #goOn(reader: SessionReader, isOfUs: boolean): ErrorCode | undefined {
    if (!isOfUs) return "ATTACH_PROTOCOL_ERROR";
    if (reader.isFarBehind) reader.wantCheckpoint(() => this.#options.checkpointMaker.wantSoon());
    reader.pump();
    this.#lead.updatePace();
    return undefined;
  }

  /** A terminal drops its own output queue on an interrupt, too (performance.md §4). */
  #skipBacklog(reader: SessionReader): void {
    reader.handleInterrupt();
    if (reader.isFarBehind) reader.wantCheckpoint(() => this.#options.checkpointMaker.wantSoon());
  }

  #storeState(): void {
    const state = this.#keeper.channelState;
    if (state === undefined || this.#isSuspended) return;
    this.#humanStoredAtMs = this.#time.state.humanAtMs;
    this.log.storeState(state, encodeMemo({ streamUrl: this.#keeper.streamUrl, idle: this.#time.state }));
  }

  #applySize(size: TerminalSize): void {
    this.log.appendMark({ kind: "size", ...size });
    this.#keeper.resize(size.cols, size.rows);
    this.#flush.request();
  }

  #sendOutput(): void {
    this.#readers.pump();
    if (this.log.headOffset > this.#sentUntil) this.#options.checkpointMaker.handleOutput(this.#readers.isAnyFarBehind);
    this.#sentUntil = this.log.headOffset;
    queueMicrotask(this.#tellPositions); // the output leaves at the end of this turn's callback, and goes first
    this.#lead.updatePace();
  }

  #tellPositions = (): void => this.#input.tellPositions();
}

/** ^C, as terminals send it. */
const INTERRUPT = 0x03;
/** A key that left under a number that the next process does not know of could make the agent drop a later one. */
const NO_NUMBERS_TEXT = "The disk takes no note at all, so not even keys without a net can leave: they stay refused.";

function inWords({ channel, reason }: ChannelCondition) {
  return { channel, ...(reason === undefined ? {} : { reason }) };
}
