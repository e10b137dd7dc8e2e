/**
 * What a channel needs from the program around it. A channel has no clock, no randomness and no native
 * cryptography of its own: whoever runs it hands these in, so that a test can replay a run byte for byte.
 */
import type { Sha256 } from "./sha256.ts";

/** AES-256-GCM without additional data (data-channel.md §8.4). Keys are 32 bytes, nonces 12. */
export interface AesGcm {
  /** @returns cipher text followed by the 16-byte tag */
  seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** @returns the plain text, or undefined when the tag does not match */
  open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
}

export interface ChannelHost {
  /** Unpredictable bytes: nonces and challenges are made of them, and message ids. */
  randomBytes(length: number): Uint8Array;
  /** A native SHA-256; without it the JavaScript one of this package is used. */
  sha256?: Sha256;
  /** The same as 64 lower-case hex digits, where that is cheaper: a flood compares a thousand digests for each MiB. */
  sha256Hex?: (data: Uint8Array) => string;
  /** Needed only for sessions that AWS KMS encrypts. */
  aesGcm?: AesGcm;
}

/** One websocket message to send. Only the open message is text. */
export type Transmit = { kind: "text"; text: string } | { kind: "binary"; frame: Uint8Array };
