// Hosts for tests: Node's own cryptography, and randomness that a seed repeats.
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import type { AesGcm, ChannelHost } from "../src/channel-host.ts";

const TAG_BYTES = 16;

export const nodeAesGcm: AesGcm = {
  seal(key, nonce, plaintext) {
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    return Uint8Array.from(Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
  },
  open(key, nonce, sealed) {
    const decipher = createDecipheriv("aes-256-gcm", key, nonce);
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    try {
      const text = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
      return Uint8Array.from(Buffer.concat([text, decipher.final()]));
    } catch {
      return undefined;
    }
  },
};

/** mulberry32: small, seeded, good enough to shuffle with. @returns numbers of [0, 1) */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function testHost(seed = 1): ChannelHost {
  const random = seededRandom(seed);
  return {
    randomBytes: (length) => Uint8Array.from({ length }, () => Math.floor(random() * 256)),
    sha256: (data) => createHash("sha256").update(data).digest(),
    aesGcm: nodeAesGcm,
  };
}
