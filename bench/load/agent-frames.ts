/**
 * The bytes an agent writes, made in bulk: one kept message of 1 KiB in which only the sequence number changes, in
 * websocket framing of its own, so that the load costs as little as it can beside what is measured.
 */
import { randomUUID } from "node:crypto";
import { encodeAgentMessage } from "@causeway/ssm-data-channel";

/** The real agent reads at most so much from its shell for one message (data-channel.md §6.5). */
export const MESSAGE_BYTES = 1024;
const SEQUENCE_NUMBER_OFFSET = 48;
/** FIN and binary; a 16-bit length follows. A server's frames are not masked. */
const WEBSOCKET_HEAD_BYTES = 4;

/** Lines of text as a build prints them. */
const LINE = "[ 42%] Building CXX object src/CMakeFiles/causeway.dir/session_keeper.cpp.o\r\n";

export class FloodFrames {
  readonly #frame: Buffer;

  constructor() {
    const message = encodeAgentMessage({
      messageType: "output_stream_data",
      createdDate: Date.now(),
      sequenceNumber: 0,
      messageId: randomUUID(),
      payloadType: 1,
      payload: Buffer.from(LINE.repeat(20)).subarray(0, MESSAGE_BYTES),
    });
    this.#frame = Buffer.alloc(WEBSOCKET_HEAD_BYTES + message.length);
    this.#frame[0] = 0x82;
    this.#frame[1] = 126;
    this.#frame.writeUInt16BE(message.length, 2);
    this.#frame.set(message, WEBSOCKET_HEAD_BYTES);
  }

  /** @returns messages `first` to `first + count - 1`, in one piece */
  batch(first: number, count: number): Buffer {
    const bytes = Buffer.allocUnsafe(this.#frame.length * count);
    for (let index = 0; index < count; index++) {
      const at = index * this.#frame.length;
      bytes.set(this.#frame, at);
      bytes.writeUInt32BE(first + index, at + WEBSOCKET_HEAD_BYTES + SEQUENCE_NUMBER_OFFSET + 4);
    }
    return bytes;
  }
}
