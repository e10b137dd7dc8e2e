/**
 * Terminal bytes on their way to a page: a websocket server's frames (RFC 6455 §5.2: FIN, binary, not masked), all of one
 * turn in one write. Past the library, on the stream it writes to itself: whole frames, so its own fall between them.
 *
 * The bytes are copied, into memory that is used again once the system has them: the copy is a hundredth of what a KiB costs,
 * and the log can use its own memory again at once (output-ring.ts).
 */
import { FRAME_KIND_CHECKPOINT, FRAME_KIND_OUTPUT } from "@causeway/wire-contract/terminal-frames";
import { BlockPool } from "../../platform/block-pool.ts";

/** What is written at once, in bytes: two whole frames of output. One turn of one page may be several. */
export const PAGE_WRITE_BYTES = 64 * 1024 + 64;
/** Kept for the next writes, of all pages together: at most 1 MiB. */
const SPARE_WRITES_MAX = 16;
const writes = new BlockPool(PAGE_WRITE_BYTES, SPARE_WRITES_MAX);

const FIN_BINARY = 0x82;
/** In the second byte: a length of two, or of eight bytes follows. */
const LENGTH_16 = 126;
const LENGTH_64 = 127;
/** The longest head of a frame, and its kind. */
const HEAD_BYTES_MAX = 11;

const KIND = { output: FRAME_KIND_OUTPUT, checkpoint: FRAME_KIND_CHECKPOINT } as const;

/** The part of a socket that is needed. */
export interface FrameStream {
  /** Bytes that the system has not taken yet. */
  readonly writableLength: number;
  /** @param written called once the bytes are not needed any more, also when they never left */
  write(bytes: Uint8Array, written?: () => void): unknown;
}

export class PageFrames {
  readonly #stream: FrameStream;
  /** What is being filled, from the pool. */
  #block: Buffer | undefined;
  #used = 0;
  #isFlushDue = false;
  /** In order. At most one waits for the system; before it, those of which the stream has not said yet that they have gone. */
  #underWay: Buffer[] = [];

  constructor(stream: FrameStream) {
    this.#stream = stream;
  }

  /** Leaves at the end of this turn's callback. @param bytes copied */
  send(kind: keyof typeof KIND, bytes: Uint8Array): void {
    this.#writeHead(KIND[kind], 1 + bytes.length);
    for (let taken = 0; taken < bytes.length; ) {
      const block = this.#blockFor(1);
      const room = Math.min(bytes.length - taken, block.length - this.#used);
      block.set(room === bytes.length ? bytes : bytes.subarray(taken, taken + room), this.#used);
      this.#used += room;
      taken += room;
    }
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    process.nextTick(this.#flushDue);
  }

  /** Everything sent so far leaves before what the library is about to send. */
  flush(): void {
    const block = this.#block;
    if (block === undefined) return;
    const bytes = block.subarray(0, this.#used);
    this.#block = undefined;
    this.#used = 0;
    if (this.#stream.writableLength === 0) {
      this.#underWay.push(block);
      this.#stream.write(bytes, this.#written);
      return;
    }
    // A page that reads slowly: a whole block for each echo that waits would be far more than its credit.
    this.#stream.write(Buffer.from(bytes));
    writes.give(block);
  }

  #flushDue = (): void => {
    this.#isFlushDue = false;
    this.flush();
  };

  #written = (): void => {
    const block = this.#underWay.shift();
    if (block !== undefined) writes.give(block);
  };

  /** The frame's head, and the kind that its payload begins with. */
  #writeHead(kind: number, payloadBytes: number): void {
    const block = this.#blockFor(HEAD_BYTES_MAX);
    let at = this.#used;
    block[at++] = FIN_BINARY;
    if (payloadBytes < LENGTH_16) block[at++] = payloadBytes;
    else if (payloadBytes < 65_536) {
      block[at++] = LENGTH_16;
      at = block.writeUInt16BE(payloadBytes, at);
    } else {
      block[at++] = LENGTH_64;
      at = block.writeBigUInt64BE(BigInt(payloadBytes), at);
    }
    block[at++] = kind;
    this.#used = at;
  }

  /** @returns the block that is being filled, with room for so much */
  #blockFor(bytes: number): Buffer {
    if (this.#block !== undefined && this.#block.length - this.#used < bytes) this.flush();
    this.#block ??= writes.take();
    return this.#block;
  }
}
