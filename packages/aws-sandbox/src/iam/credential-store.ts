// The access keys that exist: those of the ready-made people and those of the machines. Random per start, in memory only.
import type { StoredCredential } from "../http/verify-request.ts";
import type { Principal } from "./principal.ts";

export interface AccessKey {
  accessKeyId: string;
  secretAccessKey: string;
}

/** Keys are made at start, one for each person and machine; there is no call that makes more. */
export class CredentialStore {
  readonly #byId = new Map<string, StoredCredential<Principal>>();
  readonly #randomBytes: (length: number) => Uint8Array;

  constructor(randomBytes: (length: number) => Uint8Array) {
    this.#randomBytes = randomBytes;
  }

  createKey(owner: Principal): AccessKey {
    const key = {
      accessKeyId: `AKIA${base32(this.#randomBytes(10))}`,
      secretAccessKey: Buffer.from(this.#randomBytes(30)).toString("base64"),
    };
    this.#byId.set(key.accessKeyId, { secretAccessKey: key.secretAccessKey, owner });
    return key;
  }

  find(accessKeyId: string): StoredCredential<Principal> | undefined {
    return this.#byId.get(accessKeyId);
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
