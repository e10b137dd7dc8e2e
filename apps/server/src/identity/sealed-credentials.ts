import type { Log } from "../platform/logger.ts";
import { type SecretBox, SecretBoxError } from "../platform/secret-box.ts";
import type { AwsCredentials } from "./aws-identity.ts";
import type { IdentityRow } from "./login-store.ts";
import type { RenewalMaterial } from "./signed-in-identity.ts";

const CREDENTIALS = "login credentials";
const RENEWAL = "login renewal";
/** Credentials are renewed when this share of their life is over. */
export const RENEW_AT_SHARE = 0.8;

type SealedColumns = Pick<IdentityRow, "credentials" | "credentials_expire_at" | "renewal" | "renew_at">;

/** The columns of an identity that hold its credentials, sealed to its id. */
export class SealedCredentials {
  readonly #box: SecretBox;
  readonly #log: Log;

  constructor(box: SecretBox, log: Log) {
    this.#box = box;
    this.#log = log;
  }

  seal(
    identityId: string,
    credentials: AwsCredentials,
    renewal: RenewalMaterial | undefined,
    nowMs: number,
  ): SealedColumns {
    const { expiresAtMs } = credentials;
    const renewAt = expiresAtMs === undefined ? null : Math.floor(nowMs + (expiresAtMs - nowMs) * RENEW_AT_SHARE);
    return {
      credentials: this.#box.seal(CREDENTIALS, identityId, JSON.stringify(credentials)),
      credentials_expire_at: expiresAtMs ?? null,
      renewal: renewal === undefined ? null : this.#box.seal(RENEWAL, identityId, JSON.stringify(renewal)),
      renew_at: renewal === undefined ? null : renewAt,
    };
  }

  /** undefined: they were sealed with a key that is no more, or changed. */
  credentialsOf(row: IdentityRow): AwsCredentials | undefined {
    return this.#open(CREDENTIALS, row, row.credentials) as AwsCredentials | undefined;
  }

  renewalOf(row: IdentityRow): RenewalMaterial | undefined {
    return row.renewal === null ? undefined : (this.#open(RENEWAL, row, row.renewal) as RenewalMaterial | undefined);
  }

  /** The same secrets under the newest key; undefined: they are already, or cannot be opened. */
  rewrapped(row: IdentityRow): Pick<SealedColumns, "credentials" | "renewal"> | undefined {
    const credentials = this.#box.reseal(CREDENTIALS, row.id, row.credentials);
    const renewal = row.renewal === null ? null : this.#box.reseal(RENEWAL, row.id, row.renewal);
    if (credentials === row.credentials && renewal === row.renewal) return undefined;
    return { credentials, renewal };
  }

  #open(purpose: string, { id, login_id: loginId }: IdentityRow, sealed: string): unknown {
    try {
      return JSON.parse(this.#box.open(purpose, id, sealed));
    } catch (error) {
      if (!(error instanceof SecretBoxError)) throw error;
      this.#log.warn({ err: error, loginId }, "the credentials of a login cannot be opened");
      return undefined;
    }
  }
}
