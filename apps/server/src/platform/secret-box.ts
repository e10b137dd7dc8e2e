import { createCipheriv, createDecipheriv, createHash } from "node:crypto";

export const KEY_BYTES = 32;
/** NIST SP 800-38D: 96-bit random nonces; at one per sign-in a repeat is out of reach. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_CHARACTERS = 16;
const VERSION = "v1";

/** The sealed text was changed, moved to another row or purpose, or sealed with another key. */
export class SecretBoxError extends Error {}

/**
 * Secrets at rest: AES-256-GCM. Purpose and row id are authenticated with the text, so that a sealed value
 * copied into another row or column does not open.
 */
export class SecretBox {
  readonly #newest: BoxKey;
  readonly #byId: ReadonlyMap<string, BoxKey>;
  readonly #randomBytes: (size: number) => Uint8Array;

  /**
   * @param key 32 bytes; everything is sealed with it
   * @param oldKeys open what was sealed before the key was changed
   */
  constructor(key: Buffer, randomBytes: (size: number) => Uint8Array, oldKeys: readonly Buffer[] = []) {
    this.#newest = boxKey(key);
    this.#randomBytes = randomBytes;
    this.#byId = new Map([...oldKeys.map(boxKey), this.#newest].map((each) => [each.id, each]));
  }

  /** Sealed with the key that is used now, not with an old one. */
  isNewest(sealed: string): boolean {
    return sealed.split(".", 2)[1] === this.#newest.id;
  }

  /** @returns `v1.<key id>.<base64url of nonce, tag, ciphertext>` */
  seal(purpose: string, rowId: string, text: string): string {
    const nonce = Buffer.from(this.#randomBytes(NONCE_BYTES));
    const { id, key } = this.#newest;
    const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(boundTo(id, purpose, rowId));
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    const packed = Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
    return `${VERSION}.${id}.${packed}`;
  }

  /**
   * The same text under the newest key, for when the keys were changed.
   * @returns what was given when it is so already, or cannot be opened: then nobody can
   */
  reseal(purpose: string, rowId: string, sealed: string): string {
    if (this.isNewest(sealed)) return sealed;
    try {
      return this.seal(purpose, rowId, this.open(purpose, rowId, sealed));
    } catch (error) {
      if (error instanceof SecretBoxError) return sealed;
      throw error;
    }
  }

  /** @throws SecretBoxError */
  open(purpose: string, rowId: string, sealed: string): string {
    const [version, keyId, packed, ...rest] = sealed.split(".");
    if (version !== VERSION || packed === undefined || rest.length > 0)
      throw new SecretBoxError("not a sealed value of this version");
    const boxKey = this.#byId.get(keyId ?? "");
    if (boxKey === undefined) throw new SecretBoxError("sealed with another key");
    const bytes = Buffer.from(packed, "base64url");
    if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString("base64url") !== packed)
      throw new SecretBoxError("not a sealed value of this version");
    try {
      const decipher = createDecipheriv("aes-256-gcm", boxKey.key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(boundTo(boxKey.id, purpose, rowId))
        .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
      return text.toString("utf8");
    } catch (error) {
      throw new SecretBoxError("the sealed value was changed, or belongs to another row", { cause: error });
    }
  }
}

interface BoxKey {
  id: string;
  key: Buffer;
}

function boxKey(key: Buffer): BoxKey {
  if (key.length !== KEY_BYTES) throw new Error(`an encryption key has ${KEY_BYTES} bytes, not ${key.length}`);
  const hash = createHash("sha256").update("causeway encryption key id\0").update(key).digest("hex");
  return { id: hash.slice(0, KEY_ID_CHARACTERS), key };
}

function boundTo(keyId: string, purpose: string, rowId: string): Buffer {
  return Buffer.from(JSON.stringify([VERSION, keyId, purpose, rowId]));
}
