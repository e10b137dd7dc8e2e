/**
 * Frames of smux version 1, which many connections of one port session share. Pure.
 * Source: data-channel.md §12.3. Version 1 has no flow control of its own: the channel's is all there is.
 */

export const SMUX_COMMAND = { open: 0, close: 1, data: 2, nothing: 3 } as const;
/** In one frame, as both real ends send it; the length field could say twice as much, and is read as it is. */
export const SMUX_DATA_BYTES_MAX = 32_768;

const VERSION = 1;
const HEADER_BYTES = 8;

export interface SmuxFrame {
  command: number;
  streamId: number;
  data: Uint8Array;
}

/** @param data at most SMUX_DATA_BYTES_MAX bytes */
export function buildSmuxFrame(command: number, streamId: number, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + data.length);
  const view = new DataView(frame.buffer);
  view.setUint8(0, VERSION);
  view.setUint8(1, command);
  view.setUint16(2, data.length, true);
  view.setUint32(4, streamId, true);
  frame.set(data, HEADER_BYTES);
  return frame;
}

/** Frames from pieces of any size. What it holds is bounded by the length field: less than 64 KiB and a header. */
export class SmuxReader {
  #pending: Uint8Array = new Uint8Array(0);
  #hasFailed = false;

  /** The bytes are not smux version 1: nothing after them can be understood. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** @returns the frames that are whole now, each with a copy of its bytes */
  read(bytes: Uint8Array): SmuxFrame[] {
    const frames: SmuxFrame[] = [];
    if (this.#hasFailed) return frames;
    const all = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    const view = new DataView(all.buffer, all.byteOffset, all.length);
    let at = 0;
    while (all.length - at >= HEADER_BYTES) {
      const command = view.getUint8(at + 1);
      if (view.getUint8(at) !== VERSION || command > SMUX_COMMAND.nothing) {
        this.#hasFailed = true;
        break;
      }
      const end = at + HEADER_BYTES + view.getUint16(at + 2, true);
      if (end > all.length) break;
      frames.push({
        command,
        streamId: view.getUint32(at + 4, true),
        data: new Uint8Array(all.subarray(at + HEADER_BYTES, end)),
      });
      at = end;
    }
    this.#pending = this.#hasFailed ? new Uint8Array(0) : new Uint8Array(all.subarray(at)); // a copy: Buffer.slice would be a view
    return frames;
  }
}
