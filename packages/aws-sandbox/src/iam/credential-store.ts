// The access keys that exist: those of the ready-made people and those of the machines. Random, in memory only.
import type { StoredCredential } from "../http/verify-request.ts";
import type { Principal } from "./principal.ts";

export interface AccessKey {
  accessKeyId: string;
  secretAccessKey: string;
  /** Only temporary keys have these two; the end as ISO 8601. */
  sessionToken?: string;
  expiresAt?: string;
}

/** Keys of one owner that are remembered; at the bound the oldest becomes unknown. */
export const KEYS_PER_OWNER_MAX = 32;

/** No AWS call makes keys here: each person and machine gets them from the sandbox. */
export class CredentialStore {
  readonly #byId = new Map<string, StoredCredential<Principal>>();
  readonly #randomBytes: (length: number) => Uint8Array;

  constructor(randomBytes: (length: number) => Uint8Array) {
    this.#randomBytes = randomBytes;
  }

  /** @param expiresAtMs makes it a temporary key, with a session token; milliseconds since the epoch */
  createKey(owner: Principal, expiresAtMs?: number): AccessKey {
    const isTemporary = expiresAtMs !== undefined;
    const accessKeyId = `${isTemporary ? "ASIA" : "AKIA"}${base32(this.#randomBytes(10))}`;
    const secretAccessKey = Buffer.from(this.#randomBytes(30)).toString("base64");
    if (!isTemporary) {
      this.#remember(accessKeyId, { secretAccessKey, owner });
      return { accessKeyId, secretAccessKey };
    }
    const sessionToken = Buffer.from(this.#randomBytes(96)).toString("base64");
    this.#remember(accessKeyId, { secretAccessKey, sessionToken, expiresAtMs, owner });
    return { accessKeyId, secretAccessKey, sessionToken, expiresAt: new Date(expiresAtMs).toISOString() };
  }

  /** Keys that an earlier start gave out. */
  adopt(
    key: { accessKeyId: string; secretAccessKey: string; sessionToken: string; expiresAtMs: number },
    owner: Principal,
  ): void {
    const { accessKeyId, ...credential } = key;
    this.#remember(accessKeyId, { ...credential, owner });
  }

  /** All keys of this owner are refused as expired from now on. */
  expireKeys(ownerArn: string, nowMs: number): void {
    for (const [accessKeyId, credential] of this.#byId)
      if (credential.owner.arn === ownerArn) this.#byId.set(accessKeyId, { ...credential, expiresAtMs: nowMs });
  }

  find(accessKeyId: string): StoredCredential<Principal> | undefined {
    return this.#byId.get(accessKeyId);
  }

  #remember(accessKeyId: string, credential: StoredCredential<Principal>): void {
    this.#byId.set(accessKeyId, credential);
    const ids = [...this.#byId].filter(([, { owner }]) => owner.arn === credential.owner.arn).map(([id]) => id);
    if (ids.length > KEYS_PER_OWNER_MAX) this.#byId.delete(ids[0] as string);
  }
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** 10 bytes give 16 characters. */
function base32(bytes: Uint8Array): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let text = "";
  for (let shift = bytes.length * 8 - 5; shift >= 0; shift -= 5) text += BASE32[Number((bits >> BigInt(shift)) & 31n)];
  return text;
}
