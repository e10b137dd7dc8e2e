/**
 * One paste on its way: hands out pieces while the instance's agent keeps up, and knows how to leave off in the middle.
 * Pure; who sends and who acknowledges is told to it.
 */

/** Bytes that may be ahead of the agent's acknowledgement: what Stop cannot take back any more. */
export const AHEAD_OF_AGENT_BYTES_MAX = 16 * 1024;
/** Of one piece: Stop and typed keys come between two of them. */
export const PIECE_BYTES_MAX = 4 * 1024;

export class PasteQueue {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #closing: Uint8Array<ArrayBuffer>;
  readonly #startOffset: number;
  #taken = 0;

  /**
   * @param bytes all that goes to the shell, brackets included
   * @param closing the end of `bytes` that the shell needs also when the rest is dropped (the closing bracket), or empty
   * @param startOffset offset in the page's input stream at which it begins
   */
  constructor(bytes: Uint8Array<ArrayBuffer>, closing: Uint8Array<ArrayBuffer>, startOffset: number) {
    this.#bytes = bytes;
    this.#closing = closing;
    this.#startOffset = startOffset;
  }

  get totalBytes(): number {
    return this.#bytes.length;
  }

  /** Everything was handed out. */
  get isOver(): boolean {
    return this.#taken === this.#bytes.length;
  }

  /** @returns how much of it the agent has, in bytes */
  arrived(agentAcknowledged: number): number {
    return Math.min(Math.max(0, agentAcknowledged - this.#startOffset), this.#taken);
  }

  /**
   * The next piece, in whole UTF-8 characters; undefined: the agent is behind, or nothing is left.
   * @param aheadBytes what it has not acknowledged of everything that was sent
   */
  poll(aheadBytes: number): Uint8Array<ArrayBuffer> | undefined {
    const room = Math.min(PIECE_BYTES_MAX, AHEAD_OF_AGENT_BYTES_MAX - aheadBytes);
    let end = Math.min(this.#taken + room, this.#bytes.length);
    while (end < this.#bytes.length && end > this.#taken && isContinuation(this.#bytes[end])) end--;
    if (end <= this.#taken) return undefined;
    const piece = this.#bytes.subarray(this.#taken, end);
    this.#taken = end;
    return piece;
  }

  /** Drops what was not handed out. @returns what must still go to the shell, so that it knows the paste is over */
  stop(): Uint8Array<ArrayBuffer> {
    const left = this.#bytes.length - this.#taken;
    const isBegun = this.#taken > 0;
    this.#taken = this.#bytes.length;
    if (!isBegun) return new Uint8Array(0);
    return left < this.#closing.length ? this.#bytes.subarray(this.#bytes.length - left) : this.#closing;
  }
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
