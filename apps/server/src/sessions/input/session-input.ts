/**
 * The way of keys from the pages of one session to its keeper: what is taken, in which order, whose it is, and how far each
 * page's stream is stored. Decides nothing about who may type, and knows nothing of output.
 */
import { PAYLOAD_TYPE } from "@causeway/ssm-data-channel";
import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { InputOrigin } from "@causeway/wire-contract/terminal-frames";
import type { InputStorage } from "@causeway/wire-contract/terminal-messages";
import type { Clock } from "../../platform/clock.ts";
import type { ChannelMessage } from "../channel/keeper-listener.ts";
import type { KeeperState } from "../log/keeper-log.ts";
import type { DurableLog } from "../log/session-logs.ts";
import type { ReaderPerson } from "../readers/attachment.ts";
import type { ReaderSet } from "../readers/reader-set.ts";
import type { SessionReader } from "../readers/session-reader.ts";
import { InputGate } from "./input-gate.ts";
import { InputQueue, type InputTaker } from "./input-queue.ts";
import { InputReceipts } from "./input-receipts.ts";
import { type InputPosition, InputStreams } from "./input-streams.ts";

export interface SessionInputOptions {
  clock: Clock;
  log: DurableLog;
  readers: ReaderSet;
  /** Asked when something was typed: it is made after this. */
  keeper: () => InputTaker & { pump(): void };
  /** These bytes of a person were taken; they leave after this. */
  onTyped(reader: SessionReader, person: ReaderPerson, bytes: Uint8Array): void;
  /** Something could not be stored. */
  onNotStored(): void;
  /** Nothing may leave without being stored, whatever the person says: the disk takes not even its number. */
  onNoNumbers(): void;
}

export class SessionInput {
  readonly #options: SessionInputOptions;
  readonly #streams = new InputStreams();
  readonly #queue = new InputQueue();
  readonly #gate: InputGate;
  readonly #receipts: InputReceipts;

  constructor(options: SessionInputOptions) {
    this.#options = options;
    this.#gate = new InputGate(options.log.isDurable);
    this.#receipts = new InputReceipts(options.clock, (streamId) => this.#tellPosition(streamId));
  }

  get storage(): InputStorage {
    return this.#gate.state;
  }

  /** What an earlier process left. */
  restore(state: Pick<KeeperState, "streams" | "sources">): void {
    this.#streams.restore(state);
  }

  /** A page begins, or comes back: what of it only waited counts as never taken. */
  handleAttach(streamId: string): void {
    this.#queue.clear(streamId);
    this.#streams.rewindStream(streamId);
  }

  position(streamId: string): InputPosition {
    return this.#streams.position(streamId);
  }

  /** Grows with every human key of any page; 0: none came from this one. */
  typedOrder(streamId: string): number {
    return this.#streams.typedOrder(streamId);
  }

  /** @returns a catalog code when the page broke the contract */
  take(
    reader: SessionReader,
    person: ReaderPerson,
    offset: number,
    origin: InputOrigin,
    bytes: Uint8Array,
  ): ErrorCode | undefined {
    if (this.#gate.refuses(reader)) return undefined;
    if (!this.#queue.hasRoomFor(bytes.length)) return "INPUT_FULL";
    const { streamId } = reader;
    const verdict = this.#streams.accept(streamId, offset, bytes.length);
    if (verdict.kind === "gap") return this.#gate.refusesGap(reader) ? undefined : "INPUT_GAP";
    this.#gate.handleTaken(reader);
    if (verdict.kind === "done") {
      this.#receipts.note(streamId);
      return undefined;
    }
    const taken = bytes.subarray(verdict.skip);
    const isTyped = origin === "human" && reader.typing?.(taken.length) !== "swallow";
    if (isTyped) {
      this.#streams.handleTyped(streamId);
      this.#options.onTyped(reader, person, taken);
    }
    const sends = isTyped || (origin === "reply" && reader === this.#options.readers.driver);
    const endOffset = offset + bytes.length;
    this.#queue.push({ streamId, author: person.ownerKey, endOffset, bytes: sends ? taken : NO_BYTES });
    this.drain();
    return undefined;
  }

  /** Hands over what the channel takes now. */
  drain(): void {
    const { keeper, log } = this.#options;
    this.#queue.drain(keeper(), (piece, range) => {
      const { streamId, author, endOffset } = piece;
      if (range !== undefined) this.#streams.handleSent(streamId, endOffset, range, author);
      else {
        const stored = this.#streams.handleUnsent(streamId, endOffset);
        log.appendStreamOffset(streamId, endOffset, () => {
          stored();
          this.#receipts.note(streamId);
        });
      }
    });
    keeper().pump();
  }

  /** Stores one message of ours; see KeeperListener.onSent. */
  store({ sequenceNumber, payloadType, payload }: ChannelMessage, stored: () => void, takeBack: () => void): void {
    const { log, onNotStored } = this.#options;
    const message = { sequenceNumber, payloadType, payload };
    const source = this.#streams.sourceOf(sequenceNumber);
    log.appendSent({ ...message, ...(source && { source }) }, (isStored) => {
      if (!isStored) onNotStored();
      if (isStored || this.#mayLeaveUnstored(payloadType, source !== undefined)) {
        stored();
        return;
      }
      if (source !== undefined) this.#queue.clear();
      log.withdrawSent(sequenceNumber, this.#streams.rewind(sequenceNumber));
      takeBack();
    });
  }

  handleStored(sequenceNumber: number): void {
    this.#receipts.note(this.#streams.handleStored(sequenceNumber));
  }

  handleAcknowledged(sequenceNumber: number, roundTripMs: number | undefined): void {
    this.#receipts.note(this.#streams.handleAcknowledged(sequenceNumber, roundTripMs));
  }

  /** The log stopped, or began again, to survive this process. Call `tellStorage` after it. @returns false: that was known */
  handleDurable(isDurable: boolean): boolean {
    return this.#gate.handleDurable(isDurable);
  }

  /** A person wants to type without a net, or not any more. @returns false: nothing changed */
  typeWithoutNet(isConfirmed: boolean): boolean {
    if (isConfirmed && this.storage === "refused" && !this.#options.log.reserveUnstored()) {
      this.#options.onNoNumbers();
      return false;
    }
    const hasChanged = this.#gate.confirm(isConfirmed);
    if (hasChanged) this.tellStorage();
    return hasChanged;
  }

  /** Every page learns what becomes of its keys from here on, and how far they are stored. */
  tellStorage(): void {
    const { state } = this.#gate;
    if (state === "refused") {
      this.#queue.clear();
      this.#streams.rewind();
    }
    this.#options.readers.forEach(({ sink, streamId }) => {
      sink.sendMessage({ type: "input-storage", state, inputStored: this.#streams.position(streamId).stored });
    });
  }

  /** Pages are told how far their input is: after the output that may be its echo. */
  tellPositions(): void {
    this.#receipts.flush();
  }

  /** A size or a handshake answer leaves also when the disk takes nothing, or the shell would stand still. */
  #mayLeaveUnstored(payloadType: number, isInput: boolean): boolean {
    if (isInput && this.#gate.state === "refused") return false;
    if (this.#options.log.reserveUnstored()) return true;
    if (isInput && this.typeWithoutNet(false)) this.#options.onNoNumbers();
    // A size comes again by itself. Without its answers a handshake fails, and before its end nobody types.
    return !isInput && payloadType !== PAYLOAD_TYPE.size;
  }

  #tellPosition(streamId: string): void {
    const { stored, agentAcknowledged, agentRoundTripMs } = this.#streams.position(streamId);
    const roundTrip = agentRoundTripMs === undefined ? {} : { agentRoundTripMs };
    const { readers } = this.#options;
    readers.byStream(streamId)?.sink.sendMessage({ type: "input-ack", stored, agentAcknowledged, ...roundTrip });
  }
}

const NO_BYTES = new Uint8Array(0);
