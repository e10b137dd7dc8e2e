/**
 * Message ids: UUIDs as text, as sixteen bytes in the order of the text, and in the order of the wire, where
 * the two halves are swapped (data-channel.md §3.2).
 */
import { ChannelError } from "./channel-error.ts";
import { HEX_CODES } from "./hex-codes.ts";

export const UUID_BYTES = 16;
export const UUID_TEXT_LENGTH = 36;
/** How much randomness is asked for at once: a call into the platform's source costs more than the bytes. 256 ids. */
export const UUID_POOL_BYTES = 4096;
/** The first pool of a source, each next one twice as large: a channel that only waits keeps no more than this. 16 ids. */
export const UUID_POOL_BYTES_FIRST = 256;

const HALF_BYTES = 8;
const HYPHEN = 0x2d;
const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** @returns true for a UUID in text form, of any version and in either case */
export function isUuid(text: string): boolean {
  return UUID_TEXT.test(text);
}

/**
 * Writes a UUID given as text to where the wire wants it.
 * @throws ChannelError CHANNEL_INVALID_UUID
 */
export function writeUuid(text: string, frame: Uint8Array, offset: number): void {
  if (!isUuid(text)) throw new ChannelError("CHANNEL_INVALID_UUID", "a message id must be a UUID in text form");
  const digits = text.replaceAll("-", "");
  for (let index = 0; index < UUID_BYTES; index++)
    frame[offset + ((index + HALF_BYTES) % UUID_BYTES)] = Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16);
}

/** @returns the UUID at `offset` of a frame, as lower-case text with hyphens */
export function readUuid(frame: Uint8Array, offset: number): string {
  let text = "";
  for (let index = 0; index < UUID_BYTES; index++) {
    if (index === 4 || index === 6 || index === 8 || index === 10) text += "-";
    text += HEX[frame[offset + ((index + HALF_BYTES) % UUID_BYTES)] as number];
  }
  return text;
}

/** Copies the UUID at `offset` of a frame as the 36 ASCII characters of its text form, without making a string. */
export function copyUuidText(frame: Uint8Array, offset: number, target: Uint8Array, targetOffset: number): void {
  let at = targetOffset;
  for (let index = 0; index < UUID_BYTES; index++) {
    if (index === 4 || index === 6 || index === 8 || index === 10) target[at++] = HYPHEN;
    const byte = frame[offset + ((index + HALF_BYTES) % UUID_BYTES)] as number;
    target[at++] = HEX_CODES[byte >> 4] as number;
    target[at++] = HEX_CODES[byte & 15] as number;
  }
}

/** Makes version 4 UUIDs out of the host's randomness, fetched a pool at a time. */
export class UuidSource {
  #randomBytes: (length: number) => Uint8Array;
  #pool: Uint8Array = new Uint8Array(0);
  #used = 0;

  constructor(randomBytes: (length: number) => Uint8Array) {
    this.#randomBytes = randomBytes;
  }

  /** @returns a fresh UUID as lower-case text */
  next(): string {
    const wire = new Uint8Array(UUID_BYTES);
    this.write(wire, 0);
    return readUuid(wire, 0);
  }

  /** Writes a fresh UUID to `offset` of a frame, in the order of the wire. */
  write(frame: Uint8Array, offset: number): void {
    if (this.#used + UUID_BYTES > this.#pool.length) {
      // A copy: a host may fill the same buffer again for a nonce or a challenge, which must not go out as an id.
      const length = Math.min(UUID_POOL_BYTES, 2 * this.#pool.length || UUID_POOL_BYTES_FIRST);
      this.#pool = new Uint8Array(this.#randomBytes(length));
      if (this.#pool.length !== length)
        throw new ChannelError("CHANNEL_VALUE_OUT_OF_RANGE", "randomBytes gave another number of bytes than asked for");
      this.#used = 0;
    }
    for (let index = 0; index < UUID_BYTES; index++) frame[offset + index] = this.#pool[this.#used + index] as number;
    this.#used += UUID_BYTES;
    // Version 4 stands in byte 6 of the text, the variant in byte 8: wire positions 14 and 0.
    frame[offset + 14] = ((frame[offset + 14] as number) & 0x0f) | 0x40;
    frame[offset] = ((frame[offset] as number) & 0x3f) | 0x80;
  }
}
