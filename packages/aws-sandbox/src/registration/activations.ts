// Activations: what an admin gives out so that machines of her own may register, each good for some machines and some days.
// Source: SSM API Reference, CreateActivation and RegisterManagedInstance.
import { equalInConstantTime } from "../http/verify-request.ts";
import type { NodeRoleName } from "../iam/node-roles.ts";

export interface Activation {
  /** A UUID. */
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly role: NodeRoleName;
  /** What its machines are called; "" when nobody said. */
  readonly instanceName: string;
  readonly description: string;
  readonly registrationsMax: number;
  readonly registrations: number;
  /** Milliseconds since the epoch, both. */
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly tags: Readonly<Record<string, string>>;
}

export type NewActivation = Omit<Activation, "id" | "registrations" | "createdAtMs">;

/** Ours, for all accounts and regions together. */
export const ACTIVATIONS_MAX = 1_000;
/** 15 bytes are 20 characters, as AWS's codes are. */
const CODE_BYTES = 15;

type Entry = { -readonly [Key in keyof Activation]: Activation[Key] } & { code: string };

export class Activations {
  readonly #entries = new Map<string, Entry>();
  readonly #randomBytes: (length: number) => Uint8Array;

  constructor(randomBytes: (length: number) => Uint8Array) {
    this.#randomBytes = randomBytes;
  }

  /** @returns undefined at ACTIVATIONS_MAX */
  create(wanted: NewActivation, nowMs: number): { id: string; code: string } | undefined {
    if (this.#entries.size >= ACTIVATIONS_MAX) return undefined;
    const id = uuidOf(this.#randomBytes(16));
    const code = Buffer.from(this.#randomBytes(CODE_BYTES)).toString("base64url");
    this.#entries.set(id, { ...wanted, id, code, registrations: 0, createdAtMs: nowMs });
    return { id, code };
  }

  /** Ascending by id. */
  list(account: string, region: string): readonly Activation[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.account === account && entry.region === region)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Machines that registered with it stay. @returns whether there was one */
  delete(id: string, account: string, region: string): boolean {
    const entry = this.#entries.get(id);
    return entry?.account === account && entry.region === region && this.#entries.delete(id);
  }

  /** One more machine; an activation that does not exist and a code that does not fit are told alike. */
  redeem(id: string, code: string, nowMs: number): Activation | "invalid" | "expired" | "exhausted" {
    const entry = this.#entries.get(id);
    if (entry === undefined || !equalInConstantTime(entry.code, code)) return "invalid";
    if (entry.expiresAtMs <= nowMs) return "expired";
    if (entry.registrations >= entry.registrationsMax) return "exhausted";
    entry.registrations += 1;
    return entry;
  }
}

/** A version 4 UUID of 16 random bytes. */
function uuidOf(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes)
    .toString("hex")
    .replace(/^(.{12})./, "$14")
    .replace(/^(.{16})./, "$1a");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
