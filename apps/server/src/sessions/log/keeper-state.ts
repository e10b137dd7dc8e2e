/**
 * The keeper's state as it is on the disk, and as it is made again from there: one `apply` for both, so that what a
 * restart finds is what was appended. Pure.
 */
import { applyToState, type ClientChannelState, PAYLOAD_TYPE, type StateChange } from "@causeway/ssm-data-channel";
import { STREAMS_MAX } from "../input/input-streams.ts";
import type { InputSource, KeeperState, SentMessage } from "./keeper-log.ts";

/** Changes kept before they are folded into one state; folding costs a walk over what is unacknowledged. */
const CHANGES_MAX = 1_024;

export type KeeperEntry =
  /** All there is: the first entry of every file, and whenever the keeper stores a state of the channel. */
  | { kind: "snapshot"; snapshot: KeeperSnapshot }
  | { kind: "received"; sequenceNumber: number; hasOutput: boolean }
  | { kind: "early"; sequenceNumber: number; frame: Uint8Array }
  | { kind: "hole"; toSequenceNumber: number }
  | { kind: "sent"; message: SentMessage }
  | { kind: "acknowledged"; sequenceNumber: number }
  /** Messages that never left; `streams`: how far these have come without them. */
  | { kind: "withdrawn"; fromSequenceNumber: number; streams: readonly (readonly [string, number])[] }
  | { kind: "stream"; streamId: string; offset: number }
  /** Numbers of ours below it may be in use. */
  | { kind: "reserved"; below: number }
  /** Nothing was appended after it, and all of it is on the disk. */
  | { kind: "closed" }
  /** A file was begun while the host had this boot id. */
  | { kind: "opened"; bootId: string };

export interface KeeperSnapshot extends KeeperState {
  reservedBelow: number;
  channelChanges: number;
  /** Numbers below it may have been used by a keeper whose host crashed; 0: none. */
  walkPastBelow: number;
}

const NEW_CHANNEL: ClientChannelState = {
  progress: "before_first",
  handshake: { request: undefined, responded: false, challengeAnswered: false },
  dataKey: undefined,
  nextOutgoingNumber: 0,
  unacknowledged: [],
  nextIncomingNumber: 0,
  early: [],
  size: undefined,
};

export class KeeperStateMirror {
  #channel = NEW_CHANNEL;
  /** Since `#channel`; at most CHANGES_MAX. */
  #changes: StateChange[] = [];
  #sources = new Map<number, InputSource>();
  #streams = new Map<string, number>();
  #memo = "";
  #reservedBelow = 0;
  #channelChanges = 0;
  #walkPastBelow = 0;
  #isClosed = false;
  #bootId = "";

  apply(entry: KeeperEntry): void {
    this.#isClosed = entry.kind === "closed";
    switch (entry.kind) {
      case "snapshot":
        this.#restore(entry.snapshot);
        return;
      case "received":
        this.#received(entry.sequenceNumber, entry.hasOutput ? PAYLOAD_TYPE.output : PAYLOAD_TYPE.flag);
        if (!entry.hasOutput) this.#channelChanges++;
        return;
      case "early":
        this.#change(entry);
        return;
      case "hole":
        this.#change(entry);
        this.#channelChanges++;
        return;
      case "sent": {
        const { sequenceNumber, payloadType, payload, source } = entry.message;
        this.#change({ kind: "sent", sequenceNumber, payloadType, payload });
        if (source === undefined) return;
        this.#sources.set(sequenceNumber, source);
        this.#advanceStream(source.streamId, source.streamOffset);
        return;
      }
      case "acknowledged":
        this.#change(entry);
        this.#sources.delete(entry.sequenceNumber);
        return;
      case "withdrawn":
        this.#withdraw(entry.fromSequenceNumber);
        for (const [streamId, offset] of entry.streams) this.#streams.set(streamId, offset);
        return;
      case "stream":
        this.#advanceStream(entry.streamId, entry.offset);
        return;
      case "reserved":
        this.#reservedBelow = Math.max(this.#reservedBelow, entry.below);
        return;
      case "opened":
        this.#bootId = entry.bootId;
        return;
      case "closed":
        return;
      default:
        entry satisfies never;
    }
  }

  /**
   * The keeper's own export replaces ours; streams, sources and reservation are the log's to know. What was appended in
   * the same turn is not yet stored for the channel, so its export counts neither the numbers nor the early frames.
   */
  replaceChannel(channel: ClientChannelState, memo: string): void {
    this.#fold();
    const nextIncomingNumber = Math.max(channel.nextIncomingNumber, this.#channel.nextIncomingNumber);
    const early = new Map([...channel.early, ...this.#channel.early].map((frame) => [frame.sequenceNumber, frame]));
    for (const sequenceNumber of early.keys()) if (sequenceNumber < nextIncomingNumber) early.delete(sequenceNumber);
    this.#channel = { ...channel, nextIncomingNumber, early: [...early.values()] };
    this.#changes = [];
    this.#memo = memo;
    this.#channelChanges++;
  }

  /**
   * The newest entries may be missing, so the next keeper cannot know which of the reserved numbers were used.
   * @param lostMessagesMax how many messages of ours the unreadable part of the file may have held
   */
  handleEntriesLost(lostMessagesMax: number): void {
    this.#fold();
    this.#walkPastBelow = Math.max(this.#reservedBelow, this.#channel.nextOutgoingNumber + lostMessagesMax);
  }

  /** An earlier process may have used numbers below it without storing that. */
  handleUnstored(below: number): void {
    this.#walkPastBelow = Math.max(this.#walkPastBelow, below);
  }

  /** Output up to this number is what there is: what came after it was lost with a disk that did not keep it. */
  handleOutputLost(lastSequenceNumber: number): void {
    this.#fold();
    const { nextIncomingNumber } = this.#channel;
    this.#channel = { ...this.#channel, nextIncomingNumber: Math.min(nextIncomingNumber, lastSequenceNumber + 1) };
  }

  /** How many changes that output depends on: an output record with a higher count than the journal's does not count. */
  get channelChanges(): number {
    return this.#channelChanges;
  }
  get reservedBelow(): number {
    return this.#reservedBelow;
  }
  /** Of the host when the file was begun. */
  get bootId(): string {
    return this.#bootId;
  }
  /** The last thing applied was an orderly close. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  snapshot(): KeeperSnapshot {
    this.#fold();
    return {
      channel: this.#channel,
      sources: new Map(this.#sources),
      streams: new Map(this.#streams),
      memo: this.#memo,
      reservedBelow: this.#reservedBelow,
      channelChanges: this.#channelChanges,
      walkPastBelow: this.#walkPastBelow,
    };
  }

  #restore(snapshot: KeeperSnapshot): void {
    this.#channel = snapshot.channel;
    this.#changes = [];
    this.#sources = new Map(snapshot.sources);
    this.#streams = new Map(snapshot.streams);
    this.#memo = snapshot.memo;
    this.#reservedBelow = snapshot.reservedBelow;
    this.#channelChanges = snapshot.channelChanges;
    this.#walkPastBelow = snapshot.walkPastBelow;
  }

  #withdraw(from: number): void {
    this.#fold();
    const { nextOutgoingNumber, size, unacknowledged } = this.#channel;
    if (from >= nextOutgoingNumber) return;
    const isSize = ({ sequenceNumber, payloadType }: (typeof unacknowledged)[number]) =>
      sequenceNumber >= from && payloadType === PAYLOAD_TYPE.size;
    this.#channel = {
      ...this.#channel,
      nextOutgoingNumber: from,
      // Which one the agent has is not known then: the next keeper tells it again.
      size: unacknowledged.some(isSize) ? undefined : size,
      unacknowledged: unacknowledged.filter(({ sequenceNumber }) => sequenceNumber < from),
    };
    for (const sequenceNumber of this.#sources.keys()) if (sequenceNumber >= from) this.#sources.delete(sequenceNumber);
  }

  /** A flood of output is one change, not thousands: only the newest number matters. */
  #received(sequenceNumber: number, payloadType: number): void {
    const last = this.#changes.at(-1);
    if (last?.kind === "received" && last.payloadType === payloadType) last.sequenceNumber = sequenceNumber;
    else this.#change({ kind: "received", sequenceNumber, payloadType });
  }

  #change(change: StateChange): void {
    this.#changes.push(change);
    if (this.#changes.length >= CHANGES_MAX) this.#fold();
  }

  #fold(): void {
    if (this.#changes.length === 0) return;
    this.#channel = applyToState(this.#channel, this.#changes);
    this.#changes = [];
  }

  #advanceStream(streamId: string, offset: number): void {
    const stored = Math.max(this.#streams.get(streamId) ?? 0, offset);
    this.#streams.delete(streamId);
    this.#streams.set(streamId, stored);
    if (this.#streams.size > STREAMS_MAX) this.#streams.delete(this.#streams.keys().next().value as string);
  }
}
