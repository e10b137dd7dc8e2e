import type { AuditWriter } from "../audit/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/logger.ts";
import type { SecretBox } from "../platform/secret-box.ts";
import type { Database } from "../platform/store/database.ts";
import type { AwsCredentials, AwsIdentity, CallerIdentity } from "./aws-identity.ts";
import { type IdentityRow, LoginStore } from "./login-store.ts";
import type { Person } from "./person.ts";
import { SealedCredentials } from "./sealed-credentials.ts";
import type { CredentialRenewers, SignInMethod } from "./signed-in-identity.ts";

/** How often is looked for credentials to renew, in milliseconds. */
export const RENEWAL_CHECK_MS = 1_000;
/** Renewals at the same time; the others wait for the next look. */
export const RENEWALS_AT_ONCE_MAX = 8;
/** Tries before the person is asked instead. */
export const RENEWAL_TRIES_MAX = 8;
/** Wait before the second try, in milliseconds; it doubles up to the longest, each with ±50 % jitter. */
export const RENEWAL_WAIT_MS = 1_000;
export const RENEWAL_WAIT_MS_MAX = 120_000;

export interface CredentialRenewalsDeps {
  database: Database;
  box: SecretBox;
  clock: Clock;
  log: Log;
  random: () => number;
  renewers: CredentialRenewers;
  audit: Pick<AuditWriter, "write">;
  /** @throws CatalogError */
  callerIdentity(credentials: AwsCredentials): Promise<CallerIdentity>;
  /** Fresh credentials are there. */
  onRenewed(owner: Pick<AwsIdentity, "ownerKey" | "loginId">): Promise<void>;
}

/**
 * Renews credentials in place before they end, where their method can without the person: terminals and lists never
 * notice. One try at a time per identity. What cannot be renewed is left as it is, and the page asks.
 */
export class CredentialRenewals {
  readonly #deps: CredentialRenewalsDeps;
  readonly #store: LoginStore;
  readonly #sealed: SealedCredentials;
  /** Identities whose last try failed; emptied by success, by giving up and with the identity. */
  readonly #tries = new Map<string, number>();
  readonly #running = new Set<string>();
  #cancelTimer: () => void = () => undefined;
  #closed = true;

  constructor(deps: CredentialRenewalsDeps) {
    this.#deps = deps;
    this.#store = new LoginStore(deps.database);
    this.#sealed = new SealedCredentials(deps.box, deps.log);
  }

  start(): void {
    this.#closed = false;
    void this.#checkAndRepeat();
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer();
  }

  async #checkAndRepeat(): Promise<void> {
    const { clock, log } = this.#deps;
    try {
      // A provider that does not answer must not stand in the way of the others.
      for (const row of await this.#due()) void this.#renew(row);
    } catch (error) {
      log.error({ err: error }, "credentials to renew could not be looked for");
    }
    if (this.#closed) return;
    this.#cancelTimer = clock.setTimer(clock.nowMs() + RENEWAL_CHECK_MS, () => void this.#checkAndRepeat());
  }

  async #due(): Promise<IdentityRow[]> {
    const due = await this.#store.dueForRenewal(this.#deps.clock.nowMs(), 2 * RENEWALS_AT_ONCE_MAX);
    const idle = due.filter(({ id }) => !this.#running.has(id));
    return idle.slice(0, RENEWALS_AT_ONCE_MAX - this.#running.size);
  }

  async #renew(row: IdentityRow): Promise<void> {
    const { audit, clock, log } = this.#deps;
    this.#running.add(row.id);
    try {
      const { credentials, renewal } = await this.#ask(row);
      const columns = this.#sealed.seal(row.id, credentials, renewal, clock.nowMs());
      this.#tries.delete(row.id);
      // She may have signed in again meanwhile, or out: then these credentials are nobody's.
      if (!(await this.#store.updateIdentity(row, columns))) return;
      await audit.write({ event: "credentials.renewed", ...whose(row), detail: row.method });
      await this.#deps.onRenewed({ ownerKey: row.owner_key, loginId: row.login_id });
    } catch (error) {
      log.warn({ err: error, loginId: row.login_id, method: row.method }, "credentials not renewed");
      await this.#handleFailure(row, error).catch((failure: unknown) => {
        log.error({ err: failure, loginId: row.login_id }, "a failed renewal could not be stored");
      });
    } finally {
      this.#running.delete(row.id);
    }
  }

  async #ask(row: IdentityRow) {
    const material = this.#sealed.renewalOf(row);
    const renewer = this.#deps.renewers[row.method as SignInMethod];
    if (material === undefined || renewer === undefined) throw new CatalogError("SIGN_IN_REQUIRED");
    const renewed = await renewer.renew(material, personOfRow(row));
    // The same person, by AWS's own word: a provider's mix-up must not put one person into another's place.
    const caller = await this.#deps.callerIdentity(renewed.credentials);
    if (caller.account !== row.account || caller.userId !== row.user_id) throw new CatalogError("SIGN_IN_REQUIRED");
    return renewed;
  }

  async #handleFailure(row: IdentityRow, error: unknown): Promise<void> {
    const { audit, clock, random } = this.#deps;
    const tries = (this.#tries.get(row.id) ?? 0) + 1;
    const code = error instanceof CatalogError ? error.code : "INTERNAL_ERROR";
    const nowMs = clock.nowMs();
    if (code !== "SIGN_IN_REQUIRED" && tries < RENEWAL_TRIES_MAX) {
      this.#tries.set(row.id, tries);
      const waitMs = Math.min(RENEWAL_WAIT_MS * 2 ** (tries - 1), RENEWAL_WAIT_MS_MAX) * (0.5 + random());
      await this.#store.updateIdentity(row, { renew_at: Math.ceil(nowMs + waitMs) });
      return;
    }
    this.#tries.delete(row.id);
    if (!(await this.#store.updateIdentity(row, { renew_at: null, renewal: null }))) return;
    await audit.write({ event: "credentials.not_renewed", ...whose(row), detail: `${row.method}: ${code}` });
  }
}

function whose(row: IdentityRow) {
  return { ownerKey: row.owner_key, name: row.name, account: row.account, role: row.role, ip: "", requestId: "" };
}

function personOfRow(row: IdentityRow): Person {
  return {
    account: row.account,
    userId: row.user_id,
    arn: row.arn,
    name: row.name,
    role: row.role,
    proven: row.proven === 1,
  };
}
