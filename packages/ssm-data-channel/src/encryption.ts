// The cipher of a session that AWS KMS encrypts (data-channel.md §8.2, §8.4, §8.5). The AES itself is the host's.
import type { AesGcm } from "./channel-host.ts";
import { PAYLOAD_TYPE } from "./payloads.ts";

/** KMS GenerateDataKey is asked for this many bytes: one half per direction. */
export const DATA_KEY_BYTES = 64;
const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Anything shorter cannot be nonce + tag. Both real ends would index beyond a shorter one. */
export const SEALED_BYTES_MIN = NONCE_BYTES + TAG_BYTES;

/** Gives a nonce that this key never had before. */
export type NonceSource = () => Uint8Array;

/** The client's nonces: random each time. */
export function randomNonces(randomBytes: (length: number) => Uint8Array): NonceSource {
  return () => randomBytes(NONCE_BYTES);
}

/** The agent's nonces: a random start, then a little-endian counter over all twelve bytes. */
export function countingNonces(start: Uint8Array): NonceSource {
  const next = start.slice();
  return () => {
    const nonce = next.slice();
    for (let index = 0; index < next.length; index += 1) {
      const byte = ((next[index] ?? 0) + 1) & 0xff;
      next[index] = byte;
      if (byte !== 0) break; // no carry
    }
    return nonce;
  };
}

export class SessionCipher {
  readonly #aesGcm: AesGcm;
  readonly #sealKey: Uint8Array;
  readonly #openKey: Uint8Array;
  readonly #nonces: NonceSource;

  /** @param dataKey 64 bytes: the first half is the agent's to seal with, the second the client's */
  constructor(role: "client" | "agent", dataKey: Uint8Array, aesGcm: AesGcm, nonces: NonceSource) {
    const agentKey = dataKey.slice(0, KEY_BYTES);
    const clientKey = dataKey.slice(KEY_BYTES, DATA_KEY_BYTES);
    this.#aesGcm = aesGcm;
    this.#sealKey = role === "client" ? clientKey : agentKey;
    this.#openKey = role === "client" ? agentKey : clientKey;
    this.#nonces = nonces;
  }

  /** @returns nonce, cipher text, tag */
  seal(plaintext: Uint8Array): Uint8Array {
    const nonce = this.#nonces();
    const sealed = this.#aesGcm.seal(this.#sealKey, nonce, plaintext);
    const payload = new Uint8Array(NONCE_BYTES + sealed.length);
    payload.set(nonce);
    payload.set(sealed, NONCE_BYTES);
    return payload;
  }

  /** @returns undefined: too short, or not sealed with the other end's key */
  open(payload: Uint8Array): Uint8Array | undefined {
    if (payload.length < SEALED_BYTES_MIN) return undefined;
    return this.#aesGcm.open(this.#openKey, payload.subarray(0, NONCE_BYTES), payload.subarray(NONCE_BYTES));
  }
}

/** Whether the agent encrypts this payload type towards the client. The client encrypts `output` alone. */
export function isSealedByAgent(payloadType: number): boolean {
  return (
    payloadType === PAYLOAD_TYPE.output || payloadType === PAYLOAD_TYPE.stdErr || payloadType === PAYLOAD_TYPE.exitCode
  );
}

/** What KMS binds the data key to. @param randomChallenge the agent's challenge text, when both ends use it (§8.3) */
export function encryptionContext(
  sessionId: string,
  targetId: string,
  randomChallenge: string | undefined,
): Record<string, string> {
  return {
    "aws:ssm:SessionId": sessionId,
    "aws:ssm:TargetId": targetId,
    ...(randomChallenge ? { "aws:ssm:RandomChallenge": randomChallenge } : {}),
  };
}
