/**
 * What a person typed (and the terminal answered) on its way to the server: numbered by byte offset, kept until stored.
 * Sans I/O: `push` and `handle*` take input, `pollFrame` gives the next frame to send, time is an argument.
 * It never decides to send old keys by itself: after a gap `handleAttached` says whether the person must be asked.
 */
import type { InputFrame, InputOrigin } from "@causeway/wire-contract/terminal-frames";
import { UNSTORED_INPUT_BYTES_MAX } from "@causeway/wire-contract/terminal-frames";

/** Small frames keep a key behind a paste quick; the server's largest is far above. */
export const INPUT_FRAME_BYTES_MAX = 1024;
/** A paste that waits for the server, in bytes; more is refused at once, whole and visibly. */
export const QUEUED_INPUT_BYTES_MAX = 4 * 1024 * 1024;
/** Keys taken while there is no connection, in bytes (architecture §8). */
export const HELD_INPUT_BYTES_MAX = 256;
/** Unstored keys younger than this are sent without asking, if no Enter is among them (architecture §5). */
export const RESEND_SILENTLY_MS = 5_000;

interface Segment {
  origin: InputOrigin;
  bytes: Uint8Array;
  typedAtMs: number;
  /** Keys a person would count; 0 for replies. */
  keys: number;
}

export type PushResult = "taken" | "refused";

const CR = 0x0d;
const LF = 0x0a;

export class InputStream {
  readonly streamId: string;
  /** Everything not stored yet, oldest first; the first byte has offset `#storedOffset`. */
  #segments: Segment[] = [];
  #bytes = 0;
  #storedOffset = 0;
  /** Offset of the next byte to put into a frame; what lies between it and `#storedOffset` is in flight. */
  #sendOffset = 0;
  /** Offset after the last byte that was ever put into a frame and is still what lies there. */
  #sentOffset = 0;
  #flowing = false;
  /** Nothing was ever cut off: what was typed before the first connection was typed ahead, on purpose. */
  #isUnbroken = true;
  #asking = false;
  /** It was the server that took nothing, not the line that broke. */
  #wasRefused = false;
  #heldBytes = 0;
  #refusedKeys = 0;

  /** @param streamId 32 lower-case hex digits, one per page and session */
  constructor(streamId: string) {
    this.streamId = streamId;
  }

  /**
   * Takes input whole or not at all. Replies without a connection are refused: nobody waits for a late answer.
   * @param keys how many keys a person would count
   */
  push(origin: InputOrigin, bytes: Uint8Array, keys: number, nowMs: number): PushResult {
    if (bytes.length === 0) return "taken";
    if (!this.#flowing) {
      if (origin === "reply") return "refused";
      if (this.#heldBytes + bytes.length > HELD_INPUT_BYTES_MAX) return this.#refuse(keys);
      this.#heldBytes += bytes.length;
    } else if (this.#bytes + bytes.length > QUEUED_INPUT_BYTES_MAX) return this.#refuse(keys);
    this.#segments.push({ origin, bytes, typedAtMs: nowMs, keys });
    this.#bytes += bytes.length;
    return "taken";
  }

  /** The connection is gone: from here on keys are held. */
  handleGap(): void {
    this.#flowing = false;
    this.#isUnbroken = false;
  }

  /** The server takes nothing until its person says otherwise: keys are held as in a gap, and asked about after it. */
  handleRefused(): void {
    this.handleGap();
    this.#asking = false;
    this.#wasRefused = true;
    this.#heldBytes = this.#bytes;
  }

  /**
   * A new connection says what it has stored, or the server that it takes input again. Below that everything is done. The rest is sent silently when it was typed
   * ahead of the first connection, or is young and without Enter; otherwise it waits for `release` or `drop`.
   */
  handleAttached(inputStored: number, nowMs: number): void {
    this.#acknowledge(Math.min(inputStored, this.#sendOffset));
    this.#storedOffset = inputStored; // a server that lost its tail says less than it once acknowledged; its word counts
    this.#sendOffset = inputStored;
    this.#dropReplies();
    this.#flowing = true;
    this.#asking =
      !this.#isUnbroken &&
      this.#segments.some((segment) => nowMs - segment.typedAtMs >= RESEND_SILENTLY_MS || hasEnter(segment));
    if (this.#asking) this.#flowing = false;
    else this.#clearGap();
  }

  /**
   * Cumulative. While the person is asked this may tell of bytes that left on the connection before: they are done, and no
   * longer hers to drop.
   * @returns false when the server claims bytes that were never sent: its mistake, the number is ignored
   */
  handleStored(stored: number): boolean {
    if (stored > Math.max(this.#sendOffset, this.#sentOffset)) return false;
    this.#acknowledge(stored);
    this.#sendOffset = Math.max(this.#sendOffset, this.#storedOffset);
    return true;
  }

  /** The person chose to send what was typed while away. */
  release(): void {
    if (!this.#asking) return;
    this.#flowing = true;
    this.#asking = false;
    this.#clearGap();
  }

  /** The person chose to forget it. */
  drop(): void {
    if (!this.#asking) return;
    this.#segments = [];
    this.#bytes = 0;
    this.#sentOffset = this.#sendOffset; // other keys will lie there
    this.release();
  }

  /** The next frame, or undefined: nothing to send, no connection, or 64 KiB are unstored. */
  pollFrame(): InputFrame | undefined {
    if (!this.#flowing) return undefined;
    const room = UNSTORED_INPUT_BYTES_MAX - (this.#sendOffset - this.#storedOffset);
    const frame = this.#collect(this.#sendOffset - this.#storedOffset, Math.min(room, INPUT_FRAME_BYTES_MAX));
    if (frame === undefined) return undefined;
    const offset = this.#sendOffset;
    this.#sendOffset += frame.bytes.length;
    this.#sentOffset = Math.max(this.#sentOffset, this.#sendOffset);
    return { streamId: this.streamId, offset, ...frame };
  }

  /** Keys that the server does not have, for the strip: all of them during a gap or while asking, else none. */
  get held(): { keys: number; refused: number; asking: boolean; unsent?: true } {
    if (this.#flowing) return { keys: 0, refused: this.#refusedKeys, asking: false };
    const keys = this.#segments.reduce((sum, segment) => sum + segment.keys, 0);
    const held = { keys, refused: this.#refusedKeys, asking: this.#asking };
    return this.#wasRefused ? { ...held, unsent: true } : held;
  }

  /** When the oldest human input that the server has not stored was typed. */
  get oldestUnstoredAtMs(): number | undefined {
    return this.#segments.find((segment) => segment.origin === "human")?.typedAtMs;
  }

  /** Frames leave as they are pushed: no gap, no refusal, nobody asked. */
  get isFlowing(): boolean {
    return this.#flowing;
  }

  /** Offset behind everything that was pushed. */
  get endOffset(): number {
    return this.#storedOffset + this.#bytes;
  }

  get unstoredBytes(): number {
    return this.#bytes;
  }

  #refuse(keys: number): PushResult {
    this.#refusedKeys += keys;
    return "refused";
  }

  #clearGap(): void {
    this.#wasRefused = false;
    this.#heldBytes = 0;
    this.#refusedKeys = 0;
  }

  #acknowledge(offset: number): void {
    let done = Math.min(Math.max(0, offset - this.#storedOffset), this.#bytes);
    this.#storedOffset += done;
    this.#bytes -= done;
    while (done > 0) {
      const first = this.#segments[0] as Segment;
      if (first.bytes.length <= done) {
        done -= first.bytes.length;
        this.#segments.shift();
      } else {
        first.bytes = first.bytes.subarray(done);
        done = 0;
      }
    }
  }

  #dropReplies(): void {
    const human = this.#segments.filter((segment) => segment.origin === "human");
    if (human.length < this.#segments.length) this.#sentOffset = this.#sendOffset; // later keys move into their place
    this.#segments = human;
    this.#bytes = this.#segments.reduce((sum, segment) => sum + segment.bytes.length, 0);
  }

  /** Bytes of one origin, from `start` on, at most `max`, never splitting a UTF-8 character unless it alone is longer. */
  #collect(start: number, max: number): { origin: InputOrigin; bytes: Uint8Array } | undefined {
    let skip = start;
    const parts: Uint8Array[] = [];
    let length = 0;
    let origin: InputOrigin | undefined;
    for (const segment of this.#segments) {
      if (skip >= segment.bytes.length) {
        skip -= segment.bytes.length;
        continue;
      }
      if (origin !== undefined && segment.origin !== origin) break;
      origin = segment.origin;
      const part = segment.bytes.subarray(skip, skip + max - length);
      skip = 0;
      parts.push(part);
      length += part.length;
      if (length >= max) break;
    }
    if (origin === undefined || length === 0) return undefined;
    return { origin, bytes: wholeCharacters(concat(parts, length), length === max) };
  }
}

function hasEnter(segment: Segment): boolean {
  return segment.bytes.includes(CR) || segment.bytes.includes(LF);
}

function concat(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Cuts an unfinished UTF-8 sequence off the end of a full frame; it leads the next one. */
function wholeCharacters(bytes: Uint8Array, isCut: boolean): Uint8Array {
  if (!isCut) return bytes;
  for (let back = 1; back <= Math.min(3, bytes.length - 1); back++) {
    const byte = bytes[bytes.length - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}
