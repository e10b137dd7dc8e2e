/** Input that was taken from browsers and that the channel does not take yet: before the shell runs, or at its bounds. */
import type { SentRange } from "@causeway/ssm-data-channel";

/** Waiting input per session, in bytes. At the bound input is refused (INPUT_FULL), never dropped. */
export const QUEUED_INPUT_BYTES_MAX = 1024 * 1024;
/** Waiting pieces per session: single keys cost more memory than their byte. */
export const QUEUED_INPUT_PIECES_MAX = 10_000;

export interface InputPiece {
  streamId: string;
  /** Owner key of who typed. */
  author: string;
  /** Offset in its stream after its last byte. */
  endOffset: number;
  /** Empty: the bytes count as done, and nothing is sent (a terminal reply from a page that must not answer). */
  bytes: Uint8Array;
}

export interface InputTaker {
  canSend(bytes: number): boolean;
  sendInput(bytes: Uint8Array): SentRange;
}

export class InputQueue {
  #pieces: InputPiece[] = [];
  #bytes = 0;

  hasRoomFor(bytes: number): boolean {
    return this.#bytes + bytes <= QUEUED_INPUT_BYTES_MAX && this.#pieces.length < QUEUED_INPUT_PIECES_MAX;
  }

  push(piece: InputPiece): void {
    this.#pieces.push(piece);
    this.#bytes += piece.bytes.length;
  }

  /** Forgets what waits: it was not taken after all. @param streamId of this page only */
  clear(streamId?: string): void {
    this.#pieces = streamId === undefined ? [] : this.#pieces.filter((piece) => piece.streamId !== streamId);
    this.#bytes = this.#pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** Hands over what the channel takes now, oldest first. */
  drain(taker: InputTaker, sent: (piece: InputPiece, range: SentRange | undefined) => void): void {
    let done = 0;
    for (const piece of this.#pieces) {
      if (piece.bytes.length > 0 && !taker.canSend(piece.bytes.length)) break;
      sent(piece, piece.bytes.length > 0 ? taker.sendInput(piece.bytes) : undefined);
      this.#bytes -= piece.bytes.length;
      done++;
    }
    if (done > 0) this.#pieces.splice(0, done);
  }
}
