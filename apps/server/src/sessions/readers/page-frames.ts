/**
 * Terminal bytes on their way to a page: a websocket server's frames (RFC 6455 §5.2: FIN, binary, not masked) around bytes
 * that are not copied, and all of one turn in one write. Past the library, on the stream it writes to itself: whole frames,
 * so its own fall between them.
 */
import { FRAME_KIND_CHECKPOINT, FRAME_KIND_OUTPUT } from "@causeway/wire-contract/terminal-frames";

const FIN_BINARY = 0x82;
/** In the second byte: a length of two, or of eight bytes follows. */
const LENGTH_16 = 126;
const LENGTH_64 = 127;

const KIND = { output: FRAME_KIND_OUTPUT, checkpoint: FRAME_KIND_CHECKPOINT } as const;

/** The part of a socket that is needed. */
export interface FrameStream {
  cork(): void;
  uncork(): void;
  write(bytes: Uint8Array): unknown;
}

export class PageFrames {
  readonly #stream: FrameStream;
  #isCorked = false;

  constructor(stream: FrameStream) {
    this.#stream = stream;
  }

  /** @param bytes not copied: they must stay as they are until the network has them */
  send(kind: keyof typeof KIND, bytes: Uint8Array): void {
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#stream.cork();
      process.nextTick(this.#uncork);
    }
    this.#stream.write(headOf(KIND[kind], bytes.length));
    this.#stream.write(bytes);
  }

  #uncork = (): void => {
    this.#isCorked = false;
    this.#stream.uncork();
  };
}

/** The frame's head, and the kind that its payload begins with. */
function headOf(kind: number, length: number): Buffer {
  const payloadBytes = 1 + length;
  const isShort = payloadBytes < LENGTH_16;
  const isLong = payloadBytes >= 65_536;
  const head = Buffer.allocUnsafe(isShort ? 3 : isLong ? 11 : 5);
  head[0] = FIN_BINARY;
  head[1] = isShort ? payloadBytes : isLong ? LENGTH_64 : LENGTH_16;
  if (isLong) head.writeBigUInt64BE(BigInt(payloadBytes), 2);
  else if (!isShort) head.writeUInt16BE(payloadBytes, 2);
  head[head.length - 1] = kind;
  return head;
}
