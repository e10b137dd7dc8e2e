/**
 * The binary frames of the attach websocket (subprotocol `causeway.v1`): the first byte is the kind.
 * Terminal bytes and keystrokes only; everything else is JSON text (`terminal-messages.ts`).
 * Pure: both ends share these readers and writers, so there is one description of each layout.
 */

export const TERMINAL_SUBPROTOCOL = "causeway.v1";

/** Largest frame a browser may send, in bytes; a larger one closes the socket (architecture §8). */
export const BROWSER_FRAME_BYTES_MAX = 256 * 1024;
/** Largest `output` frame, in bytes of terminal output (architecture §3.3). */
export const OUTPUT_FRAME_BYTES_MAX = 32 * 1024;
/** Output in flight to one reader that it has not acknowledged, in bytes (architecture §8). */
export const READER_CREDIT_BYTES = 256 * 1024;
/** A reader acknowledges at least every so many parsed bytes, and whenever its queue is empty. */
export const ACK_EVERY_BYTES = 32 * 1024;
/** Input a browser may have sent that the server has not said it stored, in bytes (architecture §8). */
export const UNSTORED_INPUT_BYTES_MAX = 64 * 1024;

/** Largest part of a checkpoint in one frame, in bytes; it counts against the reader's credit (architecture §5). */
export const CHECKPOINT_FRAME_BYTES_MAX = 32 * 1024;

export const FRAME_KIND_OUTPUT = 0x01;
export const FRAME_KIND_CHECKPOINT = 0x02;
export const FRAME_KIND_INPUT = 0x10;
export const FRAME_KIND_ACK = 0x11;
export const FRAME_KIND_CHECKPOINT_ACK = 0x12;

/** Who made these input bytes: a person's key, paste or mouse, or the terminal itself answering a query. */
export type InputOrigin = "human" | "reply";

const STREAM_ID_BYTES = 16;
const INPUT_HEADER_BYTES = 1 + 1 + STREAM_ID_BYTES + 8;
const ACK_FRAME_BYTES = 1 + 8;
const CHECKPOINT_ACK_FRAME_BYTES = 1 + 4 + 8;

/** `kind(1) | origin(1: 0 human, 1 reply) | stream id(16) | byte offset in the stream(float64) | bytes` */
export interface InputFrame {
  /** 32 lower-case hex digits; one per page and session, kept over reconnects. */
  streamId: string;
  /** Offset of the first byte in this stream, counted in bytes from 0. */
  offset: number;
  origin: InputOrigin;
  bytes: Uint8Array;
}

/** `kind(1) | id of the checkpoint(uint32) | bytes of it that were parsed so far(float64)` */
export interface CheckpointAck {
  /** As `attached` or `reset` named it; what is said of an earlier one is ignored. */
  id: number;
  bytes: number;
}

export type BrowserFrame =
  | ({ kind: "input" } & InputFrame)
  | { kind: "ack"; offset: number }
  | ({ kind: "checkpoint-ack" } & CheckpointAck);

/** What a frame from the server carries: output that follows, or the next part of the checkpoint that was announced. */
export interface ServerFrame {
  kind: "output" | "checkpoint";
  /** A view, not a copy. */
  bytes: Uint8Array;
}

/** Server to browser: terminal output that follows the bytes sent before it. */
export function encodeOutputFrame(bytes: Uint8Array): Uint8Array {
  return withKind(FRAME_KIND_OUTPUT, bytes);
}

/** Server to browser: the next part of the checkpoint that the last `attached` or `reset` announced. */
export function encodeCheckpointFrame(bytes: Uint8Array): Uint8Array {
  return withKind(FRAME_KIND_CHECKPOINT, bytes);
}

function withKind(kind: number, bytes: Uint8Array): Uint8Array {
  const frame = new Uint8Array(1 + bytes.length);
  frame[0] = kind;
  frame.set(bytes, 1);
  return frame;
}

/** For who wants output alone. @returns the terminal bytes (a view, not a copy), or undefined for any other frame */
export function decodeOutputFrame(frame: Uint8Array): Uint8Array | undefined {
  return frame[0] === FRAME_KIND_OUTPUT ? frame.subarray(1) : undefined;
}

/** @returns undefined for a kind this version does not know. */
export function decodeServerFrame(frame: Uint8Array): ServerFrame | undefined {
  if (frame[0] === FRAME_KIND_OUTPUT) return { kind: "output", bytes: frame.subarray(1) };
  return frame[0] === FRAME_KIND_CHECKPOINT ? { kind: "checkpoint", bytes: frame.subarray(1) } : undefined;
}

/** Browser to server: what was typed, numbered by its byte offset so that nothing is taken twice. */
export function encodeInputFrame(input: InputFrame): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(INPUT_HEADER_BYTES + input.bytes.length);
  const view = new DataView(frame.buffer);
  frame[0] = FRAME_KIND_INPUT;
  frame[1] = input.origin === "reply" ? 1 : 0;
  for (let index = 0; index < STREAM_ID_BYTES; index++)
    frame[2 + index] = Number.parseInt(input.streamId.slice(index * 2, index * 2 + 2), 16);
  view.setFloat64(2 + STREAM_ID_BYTES, input.offset);
  frame.set(input.bytes, INPUT_HEADER_BYTES);
  return frame;
}

/** Browser to server: absolute output offset parsed so far; a repeated or lost one harms nobody. */
export function encodeAckFrame(offset: number): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(ACK_FRAME_BYTES);
  frame[0] = FRAME_KIND_ACK;
  new DataView(frame.buffer).setFloat64(1, offset);
  return frame;
}

/** Browser to server: how much of a checkpoint was parsed; cumulative, so a repeated one harms nobody. */
export function encodeCheckpointAckFrame({ id, bytes }: CheckpointAck): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(CHECKPOINT_ACK_FRAME_BYTES);
  const view = new DataView(frame.buffer);
  frame[0] = FRAME_KIND_CHECKPOINT_ACK;
  view.setUint32(1, id);
  view.setFloat64(5, bytes);
  return frame;
}

/** Never throws; undefined for anything that is not exactly one of the frames above. */
export function decodeBrowserFrame(frame: Uint8Array): BrowserFrame | undefined {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame[0] === FRAME_KIND_ACK && frame.length === ACK_FRAME_BYTES) {
    const offset = view.getFloat64(1);
    return isOffset(offset) ? { kind: "ack", offset } : undefined;
  }
  if (frame[0] === FRAME_KIND_CHECKPOINT_ACK && frame.length === CHECKPOINT_ACK_FRAME_BYTES) {
    const bytes = view.getFloat64(5);
    return isOffset(bytes) ? { kind: "checkpoint-ack", id: view.getUint32(1), bytes } : undefined;
  }
  if (frame[0] !== FRAME_KIND_INPUT || frame.length <= INPUT_HEADER_BYTES) return undefined;
  const originByte = frame[1];
  const offset = view.getFloat64(2 + STREAM_ID_BYTES);
  if ((originByte !== 0 && originByte !== 1) || !isOffset(offset)) return undefined;
  let streamId = "";
  for (let index = 0; index < STREAM_ID_BYTES; index++)
    streamId += (frame[2 + index] as number).toString(16).padStart(2, "0");
  return {
    kind: "input",
    streamId,
    offset,
    origin: originByte === 1 ? "reply" : "human",
    bytes: frame.subarray(INPUT_HEADER_BYTES),
  };
}

function isOffset(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
