// What KMS gives for a data key: opaque to everybody else, bound to the key and to the encryption context.
// Layout (ours): version, the key's id, nonce, cipher text, tag. Additional data: the key's ARN and the context, sorted.
import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";

const VERSION = 1;
const KEY_ID_CHARS = 36;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_CHARS;

export type EncryptionContext = Readonly<Record<string, string>>;

export class CiphertextBlobs {
  readonly #root: Uint8Array;
  readonly #randomBytes: (length: number) => Uint8Array;

  /** Keys live as long as the sandbox: a blob of an earlier start is invalid. */
  constructor(randomBytes: (length: number) => Uint8Array) {
    this.#root = randomBytes(32);
    this.#randomBytes = randomBytes;
  }

  seal(key: { id: string; arn: string }, plaintext: Uint8Array, context: EncryptionContext): Uint8Array {
    const nonce = this.#randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#keyOf(key.arn), nonce).setAAD(additionalData(key.arn, context));
    const sealed = [cipher.update(plaintext), cipher.final(), cipher.getAuthTag()];
    return Buffer.concat([Buffer.from([VERSION]), Buffer.from(key.id, "latin1"), nonce, ...sealed]);
  }

  /** @returns the id that the blob says it was made with; nobody has vouched for it yet */
  keyIdOf(blob: Uint8Array): string | undefined {
    if (blob[0] !== VERSION || blob.length < HEADER_BYTES + NONCE_BYTES + TAG_BYTES) return undefined;
    return Buffer.from(blob.subarray(1, HEADER_BYTES)).toString("latin1");
  }

  /** @returns undefined: not made by this key, or with another context */
  open(key: { arn: string }, blob: Uint8Array, context: EncryptionContext): Uint8Array | undefined {
    const nonce = blob.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
    const sealed = blob.subarray(HEADER_BYTES + NONCE_BYTES, blob.length - TAG_BYTES);
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#keyOf(key.arn), nonce)
        .setAAD(additionalData(key.arn, context))
        .setAuthTag(blob.subarray(blob.length - TAG_BYTES));
      return Buffer.concat([decipher.update(sealed), decipher.final()]);
    } catch {
      return undefined; // the tag does not match
    }
  }

  #keyOf(arn: string): Uint8Array {
    return new Uint8Array(hkdfSync("sha256", this.#root, "", arn, 32));
  }
}

const additionalData = (arn: string, context: EncryptionContext): Buffer =>
  Buffer.from(JSON.stringify([arn, Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))]));
