/**
 * Binary websocket frames of a client, one behind the other in one buffer (RFC 6455 §5.2: FIN, opcode 2, masked). A flood
 * is answered with tens of thousands of acknowledgements a second: handed to the socket one by one, each costs more than
 * its digest and its frame together. Pure but for the randomness handed in.
 */

/** Above so much the caller writes before it goes on, in bytes. */
export const MASKED_BATCH_BYTES = 64 * 1024;
/** What a batch begins with: enough for the acknowledgements of one read, in bytes. */
const BEGIN_BYTES = 4 * 1024;
const MASK_BYTES = 4;
/** Two bytes, eight of length at most, and the mask. */
const HEAD_BYTES_MAX = 10 + MASK_BYTES;
const FIN_BINARY = 0x82;
const MASKED = 0x80;
/** In the second byte: a length of two, or of eight bytes follows. */
const LENGTH_16 = 126;
const LENGTH_64 = 127;

export class MaskedFrames {
  readonly #randomBytes: (length: number) => Uint8Array;
  #bytes = EMPTY;
  #used = 0;

  /** @param randomBytes unpredictable, as a mask has to be (RFC 6455 §5.3) */
  constructor(randomBytes: (length: number) => Uint8Array) {
    this.#randomBytes = randomBytes;
  }

  get length(): number {
    return this.#used;
  }

  /** Copies the payload: the caller may do with it what it wants. */
  add(payload: Uint8Array): void {
    this.#makeRoom(HEAD_BYTES_MAX + payload.length);
    const bytes = this.#bytes;
    let at = this.#writeHead(payload.length);
    const mask = this.#randomBytes(MASK_BYTES);
    bytes.set(mask, at);
    at += MASK_BYTES;
    for (let index = 0; index < payload.length; index++)
      bytes[at + index] = (payload[index] as number) ^ (mask[index & 3] as number);
    this.#used = at + payload.length;
  }

  /** @returns all frames added since the last call; the bytes are the caller's */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#used);
    this.#bytes = EMPTY; // an idle channel keeps none
    this.#used = 0;
    return taken;
  }

  /** @returns where the mask goes */
  #writeHead(length: number): number {
    const bytes = this.#bytes;
    const at = this.#used;
    bytes[at] = FIN_BINARY;
    if (length < LENGTH_16) {
      bytes[at + 1] = MASKED | length;
      return at + 2;
    }
    if (length < 65_536) {
      bytes[at + 1] = MASKED | LENGTH_16;
      bytes.writeUInt16BE(length, at + 2);
      return at + 4;
    }
    bytes[at + 1] = MASKED | LENGTH_64;
    bytes.writeBigUInt64BE(BigInt(length), at + 2);
    return at + 10;
  }

  #makeRoom(length: number): void {
    const wanted = this.#used + length;
    if (wanted <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(BEGIN_BYTES, 2 * this.#bytes.length, wanted));
    this.#bytes.copy(grown, 0, 0, this.#used);
    this.#bytes = grown;
  }
}

const EMPTY = Buffer.alloc(0);
