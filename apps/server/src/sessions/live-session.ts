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
import type { ChannelKeeper, KeeperListener } from "./channel-keeper.ts";
import { DriverPace } from "./driver-pace.ts";
import type { IdleState } from "./idle-clock.ts";
import { InputQueue } from "./input-queue.ts";
import { InputStreams } from "./input-streams.ts";
import type { OutputFlush, OutputTick } from "./output-tick.ts";
import { ReaderSet } from "./reader-set.ts";
import { type EndRequest, endOfChannelClosed, endOfChannelFailure, endOfGone, holdsCommit } from "./session-end.ts";
import type { SessionLog, TerminalSize } from "./session-log.ts";
import { type ReaderOptions, SessionReader } from "./session-reader.ts";
import { SessionTime } from "./session-time.ts";
import { SizePace } from "./size-pace.ts";
import type { ChannelCondition } from "./told-condition.ts";
import type { TypingTally } from "./typing-tally.ts";

export interface LiveSessionOptions {
  log: SessionLog;
  size: TerminalSize;
  startedAtMs: number;
  /** `idleState` of an earlier process, so that a restart gives nobody more time; undefined: a new session. */
  idle: IdleState | undefined;
  clock: Clock;
  tick: OutputTick;
  typing: TypingTally;
  makeKeeper: (listener: KeeperListener) => ChannelKeeper;
  onEnded: (end: SessionEnd, wantsTerminate: boolean) => void;
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
  resize(size: TerminalSize): void;
  setVisible(visible: boolean): void;
  /** Idempotent; the session lives on. */
  detach(): void;
}

export class LiveSession implements KeeperListener {
  readonly log: SessionLog;
  readonly #options: LiveSessionOptions;
  readonly #keeper: ChannelKeeper;
  readonly #readers = new ReaderSet();
  readonly #streams = new InputStreams();
  readonly #queue = new InputQueue();
  readonly #flush: OutputFlush;
  readonly #size: SizePace;
  readonly #pace = new DriverPace();
  readonly #time: SessionTime;
  #isReadingPaused = false;
  #cancelPaceTimer = () => {};
  #end: SessionEnd | undefined;
  #endRequest: EndRequest | undefined;
  #committedAtMs: number | undefined;
  /** At most one per call that ends the session, of which the service makes one. */
  #onceEnded: (() => void)[] = [];

  constructor(options: LiveSessionOptions) {
    this.#options = options;
    this.log = options.log;
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
  get preferences(): SessionPreferences | undefined {
    return this.#time.preferences;
  }

  /** Opens the data channel. @throws CatalogError; the session is of no use then */
  async open(streamUrl: string, token: string): Promise<void> {
    this.#keeper.resize(this.size.cols, this.size.rows);
    await this.#keeper.open(streamUrl, token);
  }

  /** AWS refused the person's credentials; nothing goes on without new ones. */
  get waitsForCredentials(): boolean {
    return this.#keeper.waitsForCredentials;
  }

  /** The owner signed in (again): a keeper that waited for credentials goes on. */
  handleCredentialsRenewed(): void {
    this.#keeper.handleCredentialsRenewed();
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
    if (this.#end !== undefined) return;
    this.#end = end;
    this.log.appendMark({ kind: "end", end });
    this.#keeper.close();
    this.#size.close();
    this.#time.close();
    this.#cancelPaceTimer();
    this.#sendOutput();
    this.#options.onEnded(end, wantsTerminate);
    for (const run of this.#onceEnded.splice(0)) run();
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
      this.#readers.remove(former); // the same page on a new connection: the old one is dead or about to be
      former.sink.close(CLOSE_BY_ERROR, "ATTACH_REPLACED");
    }
    if (this.#readers.isFull) throw new CatalogError("READERS_LIMIT_REACHED");
    const reader = new SessionReader(this.log, request, this.#streams.typedOrder(request.streamId));
    const placed = reader.place(request.offset);
    this.#readers.add(reader);
    request.sink.sendMessage({
      type: "attached",
      offset: placed.offset,
      headOffset: this.log.headOffset,
      ...placed.size,
      inputStored: this.#streams.position(request.streamId).stored,
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
      acknowledge: (offset) => this.#takeAcknowledgement(reader, offset),
      resize: (size) => {
        reader.size = size;
        this.#applyOwnersSize();
      },
      setVisible: (visible) => {
        reader.visible = visible;
        this.#rolesChanged();
        this.#updatePace();
      },
      detach: () => {
        if (!this.#readers.remove(reader)) return;
        this.#rolesChanged();
        this.#updatePace();
      },
    };
  }

  // --- from the keeper

  onReceived(sequenceNumber: number, output: Uint8Array | undefined, stored: () => void): void {
    this.log.appendReceived(sequenceNumber, output, stored);
    if (output !== undefined) this.#flush.request();
  }

  onSentStored(sequenceNumber: number): void {
    this.#time.handleTouch();
    this.#tellInputPosition(this.#streams.handleStored(sequenceNumber));
  }

  onInputAcknowledged(sequenceNumber: number, roundTripMs: number | undefined): void {
    if (roundTripMs === undefined) this.#time.handleTouch(); // it was sent again, perhaps just now
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
    if (this.#end !== undefined) return undefined; // the page learns of the end by itself
    if (!this.#queue.hasRoomFor(bytes.length)) return "INPUT_FULL";
    const { streamId } = reader;
    const verdict = this.#streams.accept(streamId, offset, bytes.length);
    if (verdict.kind === "gap") return "INPUT_GAP";
    if (verdict.kind === "done") {
      this.#tellInputPosition(streamId);
      return undefined;
    }
    const taken = bytes.subarray(verdict.skip);
    const endOffset = offset + bytes.length;
    if (origin === "human") this.#personTyped(reader, person, taken);
    const sends = origin === "human" || reader === this.#readers.driver;
    this.#queue.push({ streamId, endOffset, bytes: sends ? taken : NO_BYTES });
    this.#drainInput();
    return undefined;
  }

  #personTyped(reader: SessionReader, person: ReaderPerson, bytes: Uint8Array): void {
    this.#options.typing.count(person, bytes.length);
    if (holdsCommit(bytes)) this.#committedAtMs = this.#options.clock.nowMs();
    this.#time.handleHuman();
    this.#streams.handleTyped(reader.streamId);
    reader.typedOrder = this.#streams.typedOrder(reader.streamId);
    this.#rolesChanged();
  }

  #takeAcknowledgement(reader: SessionReader, offset: number): ErrorCode | undefined {
    if (!reader.acknowledge(offset)) return "ATTACH_PROTOCOL_ERROR";
    reader.pump();
    this.#updatePace();
    return undefined;
  }

  #drainInput(): void {
    this.#queue.drain(this.#keeper, (piece, range) => {
      this.#streams.handleSent(piece.streamId, piece.endOffset, range);
      if (range === undefined) this.#tellInputPosition(piece.streamId);
    });
    this.#keeper.pump();
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
    if (owner !== undefined && this.#end === undefined) this.#size.want(owner.size);
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
    if (this.#end !== undefined) return;
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

const NO_BYTES = new Uint8Array(0);

function inWords({ channel, reason }: ChannelCondition) {
  return { channel, ...(reason === undefined ? {} : { reason }) };
}
