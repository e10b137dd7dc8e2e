/**
 * What each page typed, by byte offset: nothing is taken twice, nothing is skipped (architecture §5). A stream belongs
 * to one page and outlives its connections. Pure bookkeeping; the bytes themselves are with the queue and the channel.
 */

import type { InputSource, KeeperState } from "../log/keeper-log.ts";

/** Streams remembered per session. At the bound the one unused for longest is forgotten; its page then has to ask anew. */
export const STREAMS_MAX = 256;

export type InputVerdict =
  /** Take the bytes from index `skip` on. */
  | { kind: "take"; skip: number }
  /** All of it was taken before. */
  | { kind: "done" }
  /** Bytes between `expected` and what came are missing. */
  | { kind: "gap"; expected: number };

export interface InputPosition {
  stored: number;
  agentAcknowledged: number;
  agentRoundTripMs: number | undefined;
}

/** Input up to `endOffset` went out as messages that are not stored, or not acknowledged, yet. */
interface Piece {
  stream: Stream;
  author: string;
  startOffset: number;
  endOffset: number;
  /** Number of its last message. */
  last: number;
  unstored: number;
  unacknowledged: number;
}

interface Stream extends InputPosition {
  id: string;
  accepted: number;
  typedOrder: number;
  /** In order of the stream; a piece leaves when it is stored, respectively acknowledged. */
  awaitingStore: Piece[];
  awaitingAgent: Piece[];
}

export class InputStreams {
  /** Insertion order = least recently used first. */
  #streams = new Map<string, Stream>();
  /** Bounded by the channel's own bound of unacknowledged messages. */
  #pieceOf = new Map<number, Piece>();
  #typedOrder = 0;

  /** What an earlier process left: all of it is stored. */
  restore({ streams, sources }: Pick<KeeperState, "streams" | "sources">): void {
    for (const [streamId, offset] of streams) {
      const stream = this.#use(streamId);
      stream.accepted = offset;
      stream.stored = offset;
      stream.agentAcknowledged = offset;
    }
    for (const [sequenceNumber, source] of [...sources].sort(([a], [b]) => a - b)) {
      const stream = this.#use(source.streamId);
      // How far the agent had come in between is not known: it becomes exact with its next acknowledgement.
      if (stream.awaitingAgent.length === 0) stream.agentAcknowledged = 0;
      const { author, streamOffset } = source;
      const of = { stream, author, startOffset: streamOffset, endOffset: streamOffset, last: sequenceNumber };
      const piece = { ...of, unstored: 0, unacknowledged: 1 };
      stream.awaitingAgent.push(piece);
      this.#pieceOf.set(sequenceNumber, piece);
    }
  }

  /**
   * Whose keys a message holds; undefined: nobody's. The messages of one piece are stored in one write, so only the last
   * of them moves the stream.
   */
  sourceOf(sequenceNumber: number): InputSource | undefined {
    const piece = this.#pieceOf.get(sequenceNumber);
    if (piece === undefined) return undefined;
    const streamOffset = sequenceNumber === piece.last ? piece.endOffset : piece.startOffset;
    return { author: piece.author, streamId: piece.stream.id, streamOffset };
  }

  /** Decides about bytes that came, and counts what is taken as accepted. */
  accept(streamId: string, offset: number, length: number): InputVerdict {
    const stream = this.#use(streamId);
    if (offset > stream.accepted) return { kind: "gap", expected: stream.accepted };
    if (offset + length <= stream.accepted) return { kind: "done" };
    const skip = stream.accepted - offset;
    stream.accepted = offset + length;
    return { kind: "take", skip };
  }

  /**
   * Accepted bytes up to `endOffset` became the messages `first` to `last`. Nothing is said to be stored before it is.
   * @param author owner key of who typed
   */
  handleSent(streamId: string, endOffset: number, range: { first: number; last: number }, author: string): void {
    const stream = this.#use(streamId);
    const { first, last } = range;
    const startOffset = stream.awaitingStore.at(-1)?.endOffset ?? stream.stored;
    const messages = last - first + 1;
    const piece = { stream, author, startOffset, endOffset, last, unstored: messages, unacknowledged: messages };
    stream.awaitingStore.push(piece);
    stream.awaitingAgent.push(piece);
    for (let n = first; n <= last; n++) this.#pieceOf.set(n, piece);
  }

  /** Accepted bytes up to `endOffset` are not sent at all. @returns to be called when that is stored */
  handleUnsent(streamId: string, endOffset: number): () => void {
    const stream = this.#use(streamId);
    const of = { stream, author: "", startOffset: endOffset, endOffset, last: -1 };
    const piece = { ...of, unstored: 1, unacknowledged: 1 };
    stream.awaitingStore.push(piece);
    stream.awaitingAgent.push(piece);
    return () => {
      piece.unstored = 0;
      piece.unacknowledged = 0;
      this.#advance(stream);
    };
  }

  /**
   * What was accepted and is not stored, nor on its way to be, counts as never taken: its page sends it again, or not.
   * @param from messages of ours from this number on were taken back; default: none
   * @returns how far the streams have come now
   */
  rewind(from = Number.POSITIVE_INFINITY): [streamId: string, offset: number][] {
    const offsets: [string, number][] = [];
    for (const stream of this.#streams.values()) {
      // What lies behind a piece that was taken back goes with it, or its keys would be skipped.
      const first = stream.awaitingStore.findIndex(({ last }) => last >= from);
      const removed = new Set(first < 0 ? [] : stream.awaitingStore.splice(first));
      stream.awaitingAgent = stream.awaitingAgent.filter((piece) => !removed.has(piece));
      stream.accepted = stream.awaitingStore.at(-1)?.endOffset ?? stream.stored;
      offsets.push([stream.id, stream.accepted]);
    }
    for (const sequenceNumber of this.#pieceOf.keys()) if (sequenceNumber >= from) this.#pieceOf.delete(sequenceNumber);
    return offsets;
  }

  /**
   * The page behind this stream begins anew at what it is told is stored: what only waited counts as never taken. It may
   * come again, or be dropped on the person's word, and other keys take its place.
   */
  rewindStream(streamId: string): void {
    const stream = this.#streams.get(streamId);
    if (stream !== undefined) stream.accepted = stream.awaitingStore.at(-1)?.endOffset ?? stream.stored;
  }

  /** @returns the stream whose stored offset may have moved. */
  handleStored(sequenceNumber: number): string | undefined {
    const piece = this.#pieceOf.get(sequenceNumber);
    if (piece === undefined) return undefined;
    piece.unstored--;
    this.#advance(piece.stream);
    return piece.stream.id;
  }

  /** @returns the stream whose acknowledged offset may have moved; undefined: the message held no keys. */
  handleAcknowledged(sequenceNumber: number, roundTripMs: number | undefined): string | undefined {
    const piece = this.#pieceOf.get(sequenceNumber);
    if (piece === undefined) return undefined;
    this.#pieceOf.delete(sequenceNumber);
    piece.unacknowledged--;
    if (roundTripMs !== undefined) piece.stream.agentRoundTripMs = roundTripMs;
    this.#advance(piece.stream);
    return piece.stream.id;
  }

  /** A person typed on this stream: from now on it is the one that typed last. */
  handleTyped(streamId: string): void {
    this.#use(streamId).typedOrder = ++this.#typedOrder;
  }

  typedOrder(streamId: string): number {
    return this.#streams.get(streamId)?.typedOrder ?? 0;
  }

  position(streamId: string): InputPosition {
    const stream = this.#streams.get(streamId);
    return stream === undefined
      ? { stored: 0, agentAcknowledged: 0, agentRoundTripMs: undefined }
      : {
          stored: stream.stored,
          agentAcknowledged: stream.agentAcknowledged,
          agentRoundTripMs: stream.agentRoundTripMs,
        };
  }

  #advance(stream: Stream): void {
    while (stream.awaitingStore[0]?.unstored === 0) stream.stored = (stream.awaitingStore.shift() as Piece).endOffset;
    while (stream.awaitingAgent[0]?.unacknowledged === 0)
      stream.agentAcknowledged = (stream.awaitingAgent.shift() as Piece).endOffset;
  }

  #use(streamId: string): Stream {
    const stream = this.#streams.get(streamId) ?? newStream(streamId);
    this.#streams.delete(streamId);
    this.#streams.set(streamId, stream);
    if (this.#streams.size > STREAMS_MAX) this.#streams.delete(this.#streams.keys().next().value as string);
    return stream;
  }
}

function newStream(id: string): Stream {
  return {
    id,
    accepted: 0,
    stored: 0,
    agentAcknowledged: 0,
    agentRoundTripMs: undefined,
    typedOrder: 0,
    awaitingStore: [],
    awaitingAgent: [],
  };
}
