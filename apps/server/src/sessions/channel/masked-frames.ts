/**
 * Binary websocket frames of a client, one behind the other in one buffer (RFC 6455 §5.2: FIN, opcode 2, masked). A flood
 * is answered with tens of thousands of acknowledgements a second: handed to the socket one by one, each costs more than
 * its digest and its frame together. Pure but for the randomness handed in.
 */

/** Above so much the caller writes before it goes on, in bytes. */
export const MASKED_BATCH_BYTES = 64 * 1024;
/** What a batch begins with at the least, in bytes; one that follows a larger one begins with as much as that had. */
const BEGIN_BYTES = 1024;
const MASK_BYTES = 4;
/** Two bytes, eight of length at most, and the mask. */
const HEAD_BYTES_MAX = 10 + MASK_BYTES;
const FIN_BINARY = 0x82;
const MASKED = 0x80;
/** In the second byte: a length of two, or of eight bytes follows. */
const LENGTH_16 = 126;
const LENGTH_64 = 127;

export class MaskedFrames {
  readonly #randomMask: () => number;
  #bytes = EMPTY;
  /** The same memory, four bytes at once. */
  #words = NO_WORDS;
  #used = 0;
  /** What the last batch took: in a flood one allocation is enough for the next. */
  #lastBytes = 0;

  /** @param randomMask 32 unpredictable bits, as a mask has to be (RFC 6455 §5.3) */
  constructor(randomMask: () => number) {
    this.#randomMask = randomMask;
  }

  get length(): number {
    return this.#used;
  }

  /** Copies the payload: the caller may do with it what it wants. */
  add(payload: Uint8Array): void {
    this.#makeRoom(HEAD_BYTES_MAX + payload.length);
    const at = this.#writeHead(payload.length);
    this.#bytes.writeUInt32BE(this.#randomMask() >>> 0, at);
    this.#used = at + MASK_BYTES + payload.length;
    this.#bytes.set(payload, at + MASK_BYTES);
    this.#mask(at);
  }

  /** Masks what stands behind the mask at `maskAt`, to the end: by words, which is several times faster than by bytes. */
  #mask(maskAt: number): void {
    const bytes = this.#bytes;
    const words = this.#words;
    const start = maskAt + MASK_BYTES;
    const end = this.#used;
    const firstWord = Math.min((start + 3) & ~3, end);
    const lastWord = Math.max(end & ~3, firstWord);
    for (let index = 0; index < 4; index++)
      MASK_OF_WORD[index] = bytes[maskAt + ((firstWord - start + index) & 3)] as number;
    const word = MASK_AS_WORD[0] as number;
    for (let at = start; at < firstWord; at++)
      bytes[at] = (bytes[at] as number) ^ (bytes[maskAt + ((at - start) & 3)] as number);
    for (let at = firstWord >> 2; at < lastWord >> 2; at++) words[at] = (words[at] as number) ^ word;
    for (let at = lastWord; at < end; at++)
      bytes[at] = (bytes[at] as number) ^ (bytes[maskAt + ((at - start) & 3)] as number);
  }

  /** @returns all frames added since the last call; the bytes are the caller's */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#used);
    this.#bytes = EMPTY; // an idle channel keeps none
    this.#words = NO_WORDS;
    this.#lastBytes = this.#used;
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

  #makeRoom(moreBytes: number): void {
    const wanted = this.#used + moreBytes;
    if (wanted <= this.#bytes.length) return;
    const length = Math.max(BEGIN_BYTES, this.#lastBytes, 2 * this.#bytes.length, wanted);
    const grown = Buffer.allocUnsafeSlow((length + 3) & ~3);
    this.#bytes.copy(grown, 0, 0, this.#used);
    this.#bytes = grown;
    this.#words = new Int32Array(grown.buffer, 0, grown.length >> 2);
  }
}

const EMPTY = Buffer.alloc(0);
const NO_WORDS = new Int32Array(0);
/** The mask, turned to where a word begins, in this machine's order of bytes. */
const MASK_AS_WORD = new Int32Array(1);
const MASK_OF_WORD = new Uint8Array(MASK_AS_WORD.buffer);
