/**
 * One shell: its log, its readers, its keeper. The domain object: it knows nothing of HTTP, websockets or AWS calls;
 * whoever attaches hands in a sink, and the same object would serve another replica. Above 300 lines because keeper, log,
 * readers and input meet here; what each of them decides stands in the files it imports.
 */
import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { ChannelStateName, SessionEnd, SessionLimit, SessionPreferences } from "@causeway/wire-contract/sessions";
import type { InputOrigin } from "@causeway/wire-contract/terminal-frames";
import { CLOSE_BY_ERROR } from "@causeway/wire-contract/terminal-messages";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { ChannelKeeper, ChannelMessage, KeeperListener } from "./channel-keeper.ts";
import type { CheckpointMaker } from "./checkpoint-store.ts";
import { DriverPace } from "./driver-pace.ts";
import type { IdleState } from "./idle-clock.ts";
import { InputGate } from "./input-gate.ts";
import { InputQueue } from "./input-queue.ts";
import { InputStreams } from "./input-streams.ts";
import type { KeeperState } from "./keeper-log.ts";
import { encodeMemo } from "./keeper-memo.ts";
import type { OutputFlush, OutputTick } from "./output-tick.ts";
import { ReaderSet } from "./reader-set.ts";
import {
  type EndRequest,
  endOfChannelClosed,
  endOfChannelFailure,
  endOfGone,
  holdsCommit,
  type Limits,
} from "./session-end.ts";
import type { TerminalSize } from "./session-log.ts";
import type { DurableLog } from "./session-logs.ts";
import { type ReaderOptions, SessionReader } from "./session-reader.ts";
import { SessionTime } from "./session-time.ts";
import { SizePace } from "./size-pace.ts";
import type { ChannelCondition } from "./told-condition.ts";
import type { TypingTally } from "./typing-tally.ts";

/** A page that has seen more than the log of a restarted server holds waits so long for the agent's resend, in milliseconds. */
export const AHEAD_HELD_MS = 10_000;
/** While somebody types, her last moment is stored so often, in milliseconds: a restart forgets no more of it. */
export const HUMAN_STORED_EVERY_MS = 15_000;

export interface LiveSessionOptions {
  log: DurableLog;
  size: TerminalSize;
  startedAtMs: number;
  /** `idleState` of an earlier process, so that a restart gives nobody more time; undefined: a new session. */
  idle: IdleState | undefined;
  clock: Clock;
  tick: OutputTick;
  typing: TypingTally;
  /** What an earlier process left. */
  recovered?: Pick<KeeperState, "streams" | "sources">;
  /** It ended under an earlier process, and is only read. */
  end?: SessionEnd;
  makeKeeper: (listener: KeeperListener) => ChannelKeeper;
  onEnded: (end: SessionEnd, wantsTerminate: boolean) => void;
  /** Told when there may be reason for a checkpoint; what it makes is in the log's store. */
  checkpointMaker: CheckpointMaker;
  /** Nobody typed for as long as the account allows, and AWS will not end it now: whoever gets this does. */
  onIdleLimit: (limit: SessionLimit) => void;
}

/** Who is behind a reader: for attribution, never for authorisation, which came before. */
export interface ReaderPerson {
  ownerKey: string;
  name: string;
}

export interface AttachRequest extends ReaderOptions {
  offset: number | null;
  person: ReaderPerson;
}

/** One attached page. `input` and `acknowledge` answer with a catalog code when the page broke the contract. */
export interface Attachment {
  input(offset: number, origin: InputOrigin, bytes: Uint8Array): ErrorCode | undefined;
  acknowledge(offset: number): ErrorCode | undefined;
  /** @param bytes of checkpoint `id` that the page has parsed */
  acknowledgeCheckpoint(id: number, bytes: number): ErrorCode | undefined;
  resize(size: TerminalSize): void;
  setVisible(visible: boolean): void;
  /** Input may pass although the log takes nothing, or may not any more. @returns false: nothing changed */
  typeWithoutNet(confirmed: boolean): boolean;
  /** Idempotent; the session lives on. */
  detach(): void;
}

export class LiveSession implements KeeperListener {
  readonly log: DurableLog;
  readonly #options: LiveSessionOptions;
  readonly #keeper: ChannelKeeper;
  readonly #readers = new ReaderSet();
  readonly #streams = new InputStreams();
  readonly #queue = new InputQueue();
  readonly #gate: InputGate;
  readonly #flush: OutputFlush;
  readonly #size: SizePace;
  readonly #pace = new DriverPace();
  readonly #time: SessionTime;
  #isReadingPaused = false;
  #isSuspended = false;
  #humanStoredAtMs = Number.NEGATIVE_INFINITY;
  #cancelPaceTimer = () => {};
  #end: SessionEnd | undefined;
  #endRequest: EndRequest | undefined;
  #committedAtMs: number | undefined;
  /** At most one per call that ends the session, of which the service makes one. */
  #onceEnded: (() => void)[] = [];

  constructor(options: LiveSessionOptions) {
    this.#options = options;
    this.log = options.log;
    this.log.checkpoints.onSaved = () => this.#readers.pump(); // who is far behind moves there
    this.#gate = new InputGate(options.log.isDurable);
    this.#flush = options.tick.flushOf(() => this.#sendOutput());
    this.#size = new SizePace(options.clock, options.size, (size) => this.#applySize(size));
    this.#time = new SessionTime({
      clock: options.clock,
      startedAtMs: options.startedAtMs,
      state: options.idle,
      tell: (message) => this.#readers.sendToAll(message),
      isResending: () => this.#keeper.isResending,
      onIdleLimit: options.onIdleLimit,
    });
    this.#keeper = options.makeKeeper(this);
    if (options.recovered !== undefined) this.#streams.restore(options.recovered);
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
    return this.#size.current;
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
    if (this.#end !== undefined || !this.#gate.handleDurable(isDurable)) return;
    const text = isDurable ? "The disk takes it again: everything is stored from here on." : undefined;
    this.onNotice("LOG_NOT_DURABLE", text);
    this.#inputStorageChanged();
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
    this.#size.close();
    this.#time.close();
    this.#cancelPaceTimer();
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
    if (this.#readers.isFull) throw new CatalogError("READERS_LIMIT_REACHED");
    this.#queue.clear(request.streamId);
    this.#streams.rewindStream(request.streamId);
    const reader = new SessionReader(
      this.log,
      this.log.checkpoints,
      request,
      this.#streams.typedOrder(request.streamId),
    );
    const placed = reader.place(request.offset, this.#options.recovered !== undefined && this.#end === undefined);
    const { clock } = this.#options;
    const cancelHold = reader.isAhead
      ? clock.setTimer(clock.nowMs() + AHEAD_HELD_MS, () => reader.giveUpAhead())
      : () => {};
    this.#readers.add(reader);
    request.sink.sendMessage({
      type: "attached",
      offset: placed.offset,
      headOffset: this.log.headOffset,
      ...placed.size,
      ...(placed.checkpoint && { checkpoint: placed.checkpoint }),
      inputStored: this.#streams.position(request.streamId).stored,
      ...(this.#gate.isDurable ? {} : { inputStorage: this.#gate.state }),
      role: "owner",
      ...inWords({ channel: this.channel, reason: this.channelReason }),
      startedAt: this.#options.startedAtMs,
    });
    const { message } = this.#time;
    if (message !== undefined) request.sink.sendMessage(message);
    if (placed.missing) request.sink.sendMessage({ type: "notice", code: "OUTPUT_NOT_KEPT" });
    this.#rolesChanged();
    reader.pump();
    this.#updatePace();
    return {
      input: (offset, origin, bytes) => this.#takeInput(reader, request.person, offset, origin, bytes),
      acknowledge: (offset) => this.#goOn(reader, reader.acknowledge(offset)),
      acknowledgeCheckpoint: (id, bytes) => this.#goOn(reader, reader.acknowledgeCheckpoint(id, bytes)),
      resize: (size) => {
        reader.size = size;
        this.#applyOwnersSize();
      },
      setVisible: (visible) => {
        reader.visible = visible;
        this.#rolesChanged();
        this.#updatePace();
      },
      typeWithoutNet: (confirmed) => {
        const hasChanged = this.#gate.confirm(confirmed);
        if (hasChanged) this.#inputStorageChanged();
        return hasChanged;
      },
      detach: () => {
        cancelHold();
        reader.close();
        if (!this.#readers.remove(reader)) return;
        this.#rolesChanged();
        this.#updatePace();
      },
    };
  }

  // --- from the keeper

  onReceived(sequenceNumber: number, output: Uint8Array | undefined, stored: () => void): void {
    this.log.appendReceived(sequenceNumber, output, stored);
    if (output === undefined) return;
    this.#options.checkpointMaker.handleOutput();
    this.#flush.request();
  }

  onEarly(sequenceNumber: number, frame: Uint8Array, stored: () => void): void {
    this.log.appendEarly(sequenceNumber, frame, stored);
  }

  onHole(toSequenceNumber: number): void {
    this.log.appendHole(toSequenceNumber);
  }

  onSent({ sequenceNumber, payloadType, payload }: ChannelMessage, stored: () => void, takeBack: () => void): void {
    const source = this.#streams.sourceOf(sequenceNumber);
    this.log.appendSent({ sequenceNumber, payloadType, payload, ...(source && { source }) }, (isStored) => {
      if (!isStored) this.handleDurable(this.log.isDurable);
      // A size or a handshake answer leaves also when the disk takes nothing, or the shell would stand still.
      if (isStored || source === undefined || this.#gate.state !== "refused") {
        stored();
        return;
      }
      this.#queue.clear();
      this.log.withdrawSent(sequenceNumber, this.#streams.rewind(sequenceNumber));
      takeBack();
    });
  }

  onStateChanged(append: () => void): void {
    this.log.batch(() => {
      append();
      this.#storeState();
    });
  }

  onSentStored(sequenceNumber: number): void {
    this.#time.handleTouch();
    this.#tellInputPosition(this.#streams.handleStored(sequenceNumber));
  }

  onInputAcknowledged(sequenceNumber: number, roundTripMs: number | undefined): void {
    if (roundTripMs === undefined) this.#time.handleTouch(); // it was sent again, perhaps just now
    this.log.appendAcknowledged(sequenceNumber);
    this.#tellInputPosition(this.#streams.handleAcknowledged(sequenceNumber, roundTripMs));
  }

  onCondition(condition: ChannelCondition): void {
    if (condition.channel === "open") this.#time.handleOpen();
    this.#readers.sendToAll({ type: "channel", ...inWords(condition) });
  }

  onWritable(): void {
    this.#drainInput();
  }

  onNotice(code: ErrorCode, text?: string): void {
    this.log.appendMark({ kind: "notice", code, ...(text === undefined ? {} : { text }) });
    this.#flush.request();
  }

  onClosed(output: string): void {
    const nowMs = this.#options.clock.nowMs();
    const commitAgoMs = this.#committedAtMs === undefined ? undefined : nowMs - this.#committedAtMs;
    this.finish(endOfChannelClosed(output, this.#endRequest, commitAgoMs, nowMs, this.#time.clock));
  }

  onFailed(code: Parameters<KeeperListener["onFailed"]>[0], detail: string): void {
    this.finish(endOfChannelFailure(code, detail, this.#options.clock.nowMs()), true);
  }

  onGone(): void {
    this.finish(endOfGone(this.#endRequest, this.#options.clock.nowMs(), this.#time.clock));
  }

  // --- from a reader

  #takeInput(
    reader: SessionReader,
    person: ReaderPerson,
    offset: number,
    origin: InputOrigin,
    bytes: Uint8Array,
  ): ErrorCode | undefined {
    // The page learns of the end by itself; of a server that stops, too, and sends again what was not acknowledged.
    if (this.#end !== undefined || this.#isSuspended) return undefined;
    if (this.#gate.refuses(reader)) return undefined;
    if (!this.#queue.hasRoomFor(bytes.length)) return "INPUT_FULL";
    const { streamId } = reader;
    const verdict = this.#streams.accept(streamId, offset, bytes.length);
    if (verdict.kind === "gap") return this.#gate.refusesGap(reader) ? undefined : "INPUT_GAP";
    this.#gate.handleTaken(reader);
    if (verdict.kind === "done") {
      this.#tellInputPosition(streamId);
      return undefined;
    }
    const taken = bytes.subarray(verdict.skip);
    const endOffset = offset + bytes.length;
    if (origin === "human") this.#personTyped(reader, person, taken);
    const sends = origin === "human" || reader === this.#readers.driver;
    this.#queue.push({ streamId, author: person.ownerKey, endOffset, bytes: sends ? taken : NO_BYTES });
    this.#drainInput();
    return undefined;
  }

  #personTyped(reader: SessionReader, person: ReaderPerson, bytes: Uint8Array): void {
    this.#options.typing.count(person, bytes.length);
    if (bytes.includes(INTERRUPT)) this.#skipBacklog(reader);
    if (holdsCommit(bytes)) this.#committedAtMs = this.#options.clock.nowMs();
    this.#time.handleHuman();
    if (this.#time.state.humanAtMs - this.#humanStoredAtMs >= HUMAN_STORED_EVERY_MS) this.#storeState();
    this.#streams.handleTyped(reader.streamId);
    reader.typedOrder = this.#streams.typedOrder(reader.streamId);
    this.#rolesChanged();
  }

  /** @param isOfUs false: the page acknowledged what it was never sent */
  #goOn(reader: SessionReader, isOfUs: boolean): ErrorCode | undefined {
    if (!isOfUs) return "ATTACH_PROTOCOL_ERROR";
    if (reader.isFarBehind) this.#options.checkpointMaker.wantSoon();
    reader.pump();
    this.#updatePace();
    return undefined;
  }

  /** A terminal drops its own output queue on an interrupt, too (performance.md §4). */
  #skipBacklog(reader: SessionReader): void {
    reader.handleInterrupt();
    if (reader.isFarBehind) this.#options.checkpointMaker.wantSoon();
  }

  #drainInput(): void {
    this.#queue.drain(this.#keeper, (piece, range) => {
      const { streamId, author, endOffset } = piece;
      if (range !== undefined) this.#streams.handleSent(streamId, endOffset, range, author);
      else {
        const stored = this.#streams.handleUnsent(streamId, endOffset);
        this.log.appendStreamOffset(streamId, endOffset, () => {
          stored();
          this.#tellInputPosition(streamId);
        });
      }
    });
    this.#keeper.pump();
  }

  #storeState(): void {
    const state = this.#keeper.channelState;
    if (state === undefined || this.#isSuspended) return;
    this.#humanStoredAtMs = this.#time.state.humanAtMs;
    this.log.storeState(state, encodeMemo({ streamUrl: this.#keeper.streamUrl, idle: this.#time.state }));
  }

  #inputStorageChanged(): void {
    const { state } = this.#gate;
    if (state === "refused") {
      this.#queue.clear();
      this.#streams.rewind();
    }
    this.#readers.forEach(({ sink, streamId }) => {
      sink.sendMessage({ type: "input-storage", state, inputStored: this.#streams.position(streamId).stored });
    });
  }

  #tellInputPosition(streamId: string | undefined): void {
    if (streamId === undefined) return;
    const { stored, agentAcknowledged, agentRoundTripMs } = this.#streams.position(streamId);
    const roundTrip = agentRoundTripMs === undefined ? {} : { agentRoundTripMs };
    this.#readers.byStream(streamId)?.sink.sendMessage({ type: "input-ack", stored, agentAcknowledged, ...roundTrip });
  }

  // --- roles, size, pace

  #rolesChanged(): void {
    this.#readers.announceDriver(this.log.headOffset);
    this.#applyOwnersSize();
  }

  #applyOwnersSize(): void {
    const owner = this.#readers.sizeOwner;
    if (owner !== undefined && this.#end === undefined && !this.#isSuspended) this.#size.want(owner.size);
  }

  #applySize(size: TerminalSize): void {
    this.log.appendMark({ kind: "size", ...size });
    this.#keeper.resize(size.cols, size.rows);
    this.#flush.request();
  }

  #sendOutput(): void {
    this.#readers.pump();
    this.#updatePace();
  }

  #updatePace(): void {
    if (this.#end !== undefined || this.#isSuspended) return;
    const { clock } = this.#options;
    const pace = this.#pace.update(this.#readers.driver, clock.nowMs());
    if (pace.paused !== this.#isReadingPaused) {
      this.#isReadingPaused = pace.paused;
      if (pace.paused) this.#keeper.pauseReading();
      else this.#keeper.resumeReading();
    }
    this.#cancelPaceTimer();
    if (pace.checkAtMs !== undefined) this.#cancelPaceTimer = clock.setTimer(pace.checkAtMs, () => this.#updatePace());
  }
}

/** ^C, as terminals send it. */
const INTERRUPT = 0x03;
const NO_BYTES = new Uint8Array(0);

function inWords({ channel, reason }: ChannelCondition) {
  return { channel, ...(reason === undefined ? {} : { reason }) };
}
