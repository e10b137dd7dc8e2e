/**
 * How bytes of a session lie encrypted on the disk. Every file has a key of its own (HKDF of the server's key with a
 * random salt that stands in the file), and no file is ever appended to by two openings, so a nonce, which is the
 * number of the record, never comes twice under one key. Session, file number, kind and record number are authenticated:
 * a record that was changed, moved, swapped or put into another file does not open.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";

export const SALT_BYTES = 32;
/** Magic 4, version 1, kind 1, zero 2, number 4, salt 32. */
export const PREFIX_BYTES = 44;
/** Length 4, check 4. */
export const RECORD_HEAD_BYTES = 8;
export const TAG_BYTES = 16;
const MAGIC = "CWSL";
const VERSION = 1;
const KEY_BYTES = 32;
/** Of a record's number, at the end of what each record is bound to. */
const COUNTER_BYTES = 8;

/**
 * `output`: what the shell printed. `keeper`: what the keeper needs after a restart. `checkpoint`: a screen. `unstored`: which
 * numbers of ours may have left without being stored. `early`: frames of the agent that came before their turn.
 */
export type SegmentKind = "output" | "keeper" | "checkpoint" | "unstored" | "early";
const KIND_CODE = { output: 1, keeper: 2, checkpoint: 3, unstored: 4, early: 5 } as const;

export interface SegmentName {
  sessionId: string;
  kind: SegmentKind;
  /** Counts the files of one kind in one session; never used twice. */
  number: number;
}

export class SegmentCipher {
  /** The first bytes of the file. */
  readonly prefix: Buffer;
  readonly #key: Buffer;
  readonly #number: number;
  /** The prefix, the session, and room for the number of a record. */
  readonly #boundTo: Buffer;

  /** @param masterKey 32 bytes; @param salt 32 random bytes, fresh for every file */
  constructor(masterKey: Uint8Array, name: SegmentName, salt: Uint8Array) {
    // Of its own: a part of Node's shared pool would keep 8 KiB of it for as long as the file is open.
    this.#boundTo = Buffer.alloc(PREFIX_BYTES + Buffer.byteLength(name.sessionId) + COUNTER_BYTES);
    this.#boundTo.write(name.sessionId, PREFIX_BYTES);
    this.prefix = this.#boundTo.subarray(0, PREFIX_BYTES);
    this.prefix.write(MAGIC, 0, "latin1");
    this.prefix[4] = VERSION;
    this.prefix[5] = KIND_CODE[name.kind];
    this.prefix.writeUInt32BE(name.number, 8);
    this.prefix.set(salt, PREFIX_BYTES - SALT_BYTES);
    const info = `causeway session log v${VERSION}\0${name.kind}\0${name.sessionId}`;
    this.#key = Buffer.from(hkdfSync("sha256", masterKey, salt, info, KEY_BYTES));
    this.#number = name.number;
  }

  /** @returns the cipher that the file's first bytes ask for; undefined when it is not that file */
  static ofFile(masterKey: Uint8Array, name: SegmentName, prefix: Uint8Array): SegmentCipher | undefined {
    if (prefix.length < PREFIX_BYTES) return undefined;
    const cipher = new SegmentCipher(masterKey, name, prefix.subarray(PREFIX_BYTES - SALT_BYTES, PREFIX_BYTES));
    return cipher.prefix.equals(prefix.subarray(0, PREFIX_BYTES)) ? cipher : undefined;
  }

  /**
   * @param counter number of the record in its file, from 0: the nonce, so never twice
   * @param parts the record's content, in order; not changed, not kept
   * @returns what to write, in order
   */
  seal(counter: number, parts: readonly Uint8Array[]): Uint8Array[] {
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonceOf(counter)).setAAD(this.#boundToRecord(counter));
    const head = Buffer.allocUnsafe(RECORD_HEAD_BYTES);
    const sealed: Uint8Array[] = [head];
    let length = TAG_BYTES;
    for (const part of parts) {
      if (part.length === 0) continue;
      sealed.push(cipher.update(part));
      length += part.length;
    }
    cipher.final();
    sealed.push(cipher.getAuthTag());
    head.writeUInt32BE(length, 0);
    head.writeUInt32BE(this.#check(counter, length), 4);
    return sealed;
  }

  /** @param sealed ciphertext and tag. @returns undefined: not what was sealed as this record */
  open(counter: number, sealed: Uint8Array): Buffer | undefined {
    if (sealed.length < TAG_BYTES) return undefined;
    const decipher = createDecipheriv("aes-256-gcm", this.#key, nonceOf(counter), { authTagLength: TAG_BYTES });
    decipher.setAAD(this.#boundToRecord(counter)).setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const plain = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
    try {
      decipher.final();
      return plain;
    } catch {
      return undefined;
    }
  }

  /**
   * The length of the record whose head stands at `at`, without the head.
   * @returns undefined: not a head. Not authenticated (the record is): it tells a torn write from a changed length.
   */
  bodyBytes(counter: number, bytes: Buffer, at: number): number | undefined {
    const length = bytes.readUInt32BE(at);
    return length >= TAG_BYTES && bytes.readUInt32BE(at + 4) === this.#check(counter, length) ? length : undefined;
  }

  #boundToRecord(counter: number): Buffer {
    this.#boundTo.writeBigUInt64BE(BigInt(counter), this.#boundTo.length - COUNTER_BYTES);
    return this.#boundTo;
  }

  /** Murmur3's finalizer over what makes this head this one. */
  #check(counter: number, length: number): number {
    let hash = Math.imul(length ^ Math.imul(counter, 0x9e3779b1) ^ Math.imul(this.#number, 0x85ebca6b), 0xcc9e2d51);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}

function nonceOf(counter: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(counter, 6, 6);
  return nonce;
}
