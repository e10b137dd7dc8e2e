/**
 * Takes the usual frames of a flood past the websocket library: whole, unmasked, final binary ones, as a server sends them
 * (RFC 6455 §5.2). The library makes six views and two events of each, which is more than all that is done with it here.
 * Everything else — text, pings, closes, fragments, what a chunk cuts off, what breaks the rules — goes to the library byte
 * for byte, so it stays the only judge of the protocol. Pure.
 */

const FIN_BINARY = 0x82;
const FIN = 0x80;
const OPCODE = 0x0f;
const CONTINUATION = 0x0;
const BINARY = 0x2;
const CLOSE = 0x8;
const PONG = 0xa;
/** Extensions: none was agreed to. */
const RESERVED = 0x70;
const CONTROL_BYTES_MAX = 125;
const MASKED = 0x80;
const LENGTH = 0x7f;
/** In the second byte: a length of two, or of eight bytes follows. */
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** Where a chunk's bytes go, in their order. The library's part must be taken at once. */
export interface FrameTakers {
  /** The payload of a whole binary frame: a plain view of the chunk. @param isLast false: another such frame follows at once */
  frame(payload: Uint8Array, isLast: boolean): void;
  library(bytes: Buffer): void;
}

export class WholeFrames {
  readonly #bytesMax: number;
  /** The library has begun with a frame and needs so many bytes more of it. */
  #owedBytes = 0;
  /** Of a head that a chunk cut off; the library has these bytes already. */
  #headBytes: number[] = [];
  /** A fragmented message is under way; its parts are the library's, and what must not come between them. */
  #isFragmented = false;
  #messageBytes = 0;
  /** A close, or what breaks the rules: all that follows is the library's. */
  #isOver = false;

  /** @param bytesMax larger frames are the library's, which refuses them */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** @param chunk what the socket read, in order and without a gap */
  take(chunk: Buffer, takers: FrameTakers): void {
    let at = this.#continueLibrary(chunk, takers);
    while (at < chunk.length) {
      let end = this.#wholeUntil(chunk, at);
      if (end === undefined) {
        const from = at;
        at = this.#skipFrame(chunk, at);
        takers.library(chunk.subarray(from, at));
      }
      while (end !== undefined) {
        const start = at + (chunk[at + 1] === LENGTH_16 ? 4 : 2);
        const payload = new Uint8Array(chunk.buffer, chunk.byteOffset + start, end - start);
        at = end;
        end = this.#wholeUntil(chunk, at);
        takers.frame(payload, end === undefined);
      }
    }
  }

  /** @returns where the next frame begins that the library does not know of */
  #continueLibrary(chunk: Buffer, { library }: FrameTakers): number {
    let at = 0;
    while (this.#headBytes.length > 0 && at < chunk.length) {
      this.#headBytes.push(chunk[at++] as number);
      this.#readHead();
    }
    const owed = this.#isOver ? chunk.length - at : Math.min(this.#owedBytes, chunk.length - at);
    if (!this.#isOver) this.#owedBytes -= owed;
    at += owed;
    if (at > 0) library(chunk.subarray(0, at));
    return at;
  }

  /** @returns where the frame at `at` ends that needs nothing of the library; undefined: it is no such frame */
  #wholeUntil(chunk: Buffer, at: number): number | undefined {
    if (this.#isFragmented || this.#isOver || chunk[at] !== FIN_BINARY) return undefined;
    const second = chunk[at + 1];
    if (second === undefined || second === 0 || second >= LENGTH_64) return undefined;
    if (second === LENGTH_16 && at + 4 > chunk.length) return undefined;
    const isShort = second < LENGTH_16;
    const length = isShort ? second : ((chunk[at + 2] as number) << 8) | (chunk[at + 3] as number);
    const end = at + (isShort ? 2 : 4) + length;
    return length <= this.#bytesMax && end <= chunk.length ? end : undefined;
  }

  /** A frame of the library's, as much of it as there is. @returns where it ends, or the chunk does */
  #skipFrame(chunk: Buffer, from: number): number {
    let at = from;
    do {
      this.#headBytes.push(chunk[at++] as number);
      this.#readHead();
    } while (this.#headBytes.length > 0 && at < chunk.length);
    if (this.#isOver) return chunk.length;
    const taken = Math.min(this.#owedBytes, chunk.length - at);
    this.#owedBytes -= taken;
    return at + taken;
  }

  /** Forgets the head once it is complete: then it is known how much is owed. */
  #readHead(): void {
    const head = this.#headBytes;
    const [first = 0, second] = head;
    if (second === undefined) return;
    const short = second & LENGTH;
    const lengthBytes = short === LENGTH_16 ? 2 : short === LENGTH_64 ? 8 : 0;
    if (head.length < 2 + lengthBytes) return;
    let length = lengthBytes === 0 ? short : 0;
    for (let index = 2; index < 2 + lengthBytes; index++) length = length * 256 + (head[index] as number);
    this.#headBytes = [];
    this.#owedBytes = length;
    if (this.#breaksRules(first, second, length)) this.#isOver = true;
  }

  /** Or closes: the library reads nothing after it, so nobody may. Notes which part of a message this is. */
  #breaksRules(first: number, second: number, length: number): boolean {
    const opcode = first & OPCODE;
    const isFinal = (first & FIN) !== 0;
    if ((first & RESERVED) !== 0 || (second & MASKED) !== 0) return true;
    if (opcode >= CLOSE) return opcode === CLOSE || opcode > PONG || !isFinal || length > CONTROL_BYTES_MAX;
    if (opcode > BINARY || (opcode === CONTINUATION) !== this.#isFragmented) return true;
    this.#messageBytes = length + (this.#isFragmented ? this.#messageBytes : 0);
    this.#isFragmented = !isFinal;
    return this.#messageBytes > this.#bytesMax;
  }
}
