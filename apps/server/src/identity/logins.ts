import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/logger.ts";
import { type SecretBox, SecretBoxError } from "../platform/secret-box.ts";
import type { Database } from "../platform/store/database.ts";
import { absentPerson, type SessionOwner } from "./absent-person.ts";
import type { AwsCredentials, AwsIdentity } from "./aws-identity.ts";
import { COOKIE_BYTES, cookieHash } from "./login-cookie.ts";
import { type LoginRow, LoginStore } from "./login-store.ts";
import { ownerKeyOf, type Person } from "./person.ts";
import type { SignInMethod } from "./signed-in-identity.ts";

/** Browsers one person is signed in from; at the bound the oldest of them is signed out. */
export const LOGINS_PER_PERSON_MAX = 20;
/** All logins, launched-only browsers included; at the bound nobody new gets in, and is told so. */
export const LOGINS_MAX = 10_000;
/** How often ended logins are looked for, in milliseconds: their sockets are to be closed within 2 s. */
export const ENDED_LOGINS_CHECK_MS = 1_000;
const LOGIN_ID_BYTES = 16;
const SEAL_PURPOSE = "login credentials";

/** What a cookie stands for: a browser that was launched, signed in, or both. */
export interface Login {
  readonly id: string;
  readonly launched: boolean;
  readonly createdAtMs: number;
  readonly endsAtMs: number;
  /** Absent: launched only. */
  readonly identity?: AwsIdentity;
  readonly method?: SignInMethod;
}

/** A login with the cookie that now stands for it; the value exists only here. */
export interface IssuedLogin {
  login: Login;
  cookie: string;
}

/** A signed-in login that is no more: its sockets are to be closed. */
export type LoginEndedListener = (loginId: string) => void;

export interface LoginsDeps {
  database: Database;
  box: SecretBox;
  clock: Clock;
  randomBytes: (size: number) => Uint8Array;
  log: Log;
  signInHours: number;
}

/**
 * Who is signed in from where. Owns the credentials: they are sealed in the store and leave only through
 * `AwsIdentity.credentials()`, which looks them up anew each time, so that signing out works at once.
 */
export class Logins {
  readonly #deps: LoginsDeps;
  readonly #store: LoginStore;
  #listener: LoginEndedListener = () => undefined;
  #cancelTimer: () => void = () => undefined;
  #closed = true;

  constructor(deps: LoginsDeps) {
    this.#deps = deps;
    this.#store = new LoginStore(deps.database);
  }

  /** One listener: whoever closes the sockets. */
  onEnded(listener: LoginEndedListener): void {
    this.#listener = listener;
  }

  /** Begins to delete logins that reached their longest duration. One check at a time: a slow store gets no queue. */
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
      await this.deleteEnded();
    } catch (error) {
      log.error({ err: error }, "ended logins could not be deleted");
    }
    if (this.#closed) return;
    this.#cancelTimer = clock.setTimer(clock.nowMs() + ENDED_LOGINS_CHECK_MS, () => void this.#checkAndRepeat());
  }

  /** @param cookie the value a browser sent; anything unknown, ended or malformed is nobody */
  async resolve(cookie: string | undefined): Promise<Login | undefined> {
    if (cookie === undefined) return undefined;
    const row = await this.#store.findByCookie(cookieHash(cookie), this.#deps.clock.nowMs());
    return row === undefined ? undefined : this.#loginOf(row);
  }

  /** Marks a browser as launched. A signed-in one stays signed in, under a new cookie. */
  async launch(previous: Login | undefined): Promise<IssuedLogin> {
    await this.#makeRoom();
    const existing = previous && (await this.#store.findById(previous.id, this.#deps.clock.nowMs()));
    return this.#issue([], existing ? { ...existing, launched: 1 } : { ...this.#emptyRow(), launched: 1 });
  }

  /**
   * Signs a person in. The cookie always changes, so that one planted before is worth nothing. The login's id stays
   * only when the same person signs in again from the same browser: an unproven person's sessions hang on it.
   */
  async signIn(
    previous: Login | undefined,
    person: Person,
    credentials: AwsCredentials,
    method: SignInMethod,
  ): Promise<IssuedLogin> {
    await this.#makeRoom();
    const isSamePerson =
      previous?.identity !== undefined &&
      previous.identity.account === person.account &&
      previous.identity.userId === person.userId;
    const empty = this.#emptyRow();
    const id = isSamePerson ? previous.id : empty.id;
    const ownerKey = ownerKeyOf(person, id);
    const row: LoginRow = {
      ...empty,
      id,
      launched: previous?.launched ? 1 : 0,
      method,
      owner_key: ownerKey,
      account: person.account,
      user_id: person.userId,
      arn: person.arn,
      name: person.name,
      role: person.role,
      proven: person.proven ? 1 : 0,
      credentials: this.#deps.box.seal(SEAL_PURPOSE, id, JSON.stringify(credentials)),
    };
    const others = (await this.#store.findByOwner(ownerKey, empty.created_at)).filter((other) => other.id !== id);
    const tooMany = others.slice(LOGINS_PER_PERSON_MAX - 1).map((other) => other.id);
    const replaced = previous === undefined || isSamePerson ? [] : [previous.id];
    const issued = await this.#issue([...replaced, ...tooMany], row);
    for (const ended of [...replaced, ...tooMany]) this.#listener(ended);
    return issued;
  }

  /** Forgets credentials and cookie. @returns a fresh login without a person when the browser had been launched */
  async signOut(login: Login): Promise<IssuedLogin | undefined> {
    let issued: IssuedLogin | undefined;
    if (login.launched) issued = await this.#issue([login.id], { ...this.#emptyRow(), launched: 1 });
    else await this.#store.delete(login.id);
    this.#listener(login.id);
    return issued;
  }

  /** The owner of a session, by the login that began it or else her newest. Never rejects for lack of one. */
  async ofOwner(owner: SessionOwner): Promise<AwsIdentity> {
    const rows = await this.#store.findByOwner(owner.ownerKey, this.#deps.clock.nowMs());
    const row = rows.find(({ id }) => id === owner.loginId) ?? rows[0];
    const identity = row && this.#loginOf(row).identity;
    return identity ?? absentPerson(owner, () => this.#credentialsOf(owner.loginId, owner.ownerKey));
  }

  /** Whether this owner could still act if this login went: another browser of hers is signed in. */
  async hasOtherLogin(login: Login): Promise<boolean> {
    if (login.identity === undefined) return false;
    const logins = await this.#store.findByOwner(login.identity.ownerKey, this.#deps.clock.nowMs());
    return logins.some((other) => other.id !== login.id);
  }

  /** Deletes logins that reached their longest duration, and says so to the listener. */
  async deleteEnded(): Promise<void> {
    for (const row of await this.#store.deleteEnded(this.#deps.clock.nowMs()))
      if (row.credentials !== null) this.#listener(row.id);
  }

  async #makeRoom(): Promise<void> {
    await this.deleteEnded();
    if ((await this.#store.count()) >= LOGINS_MAX) throw new CatalogError("LOGINS_LIMIT_REACHED");
  }

  async #issue(replacedIds: readonly string[], row: LoginRow): Promise<IssuedLogin> {
    const cookie = Buffer.from(this.#deps.randomBytes(COOKIE_BYTES)).toString("base64url");
    const issued = { ...row, cookie_hash: cookieHash(cookie) };
    await this.#store.replace(replacedIds, issued);
    return { login: this.#loginOf(issued), cookie };
  }

  #emptyRow(): LoginRow {
    const nowMs = this.#deps.clock.nowMs();
    return {
      id: Buffer.from(this.#deps.randomBytes(LOGIN_ID_BYTES)).toString("base64url"),
      cookie_hash: "",
      launched: 0,
      method: null,
      owner_key: null,
      account: null,
      user_id: null,
      arn: null,
      name: null,
      role: null,
      proven: null,
      credentials: null,
      created_at: nowMs,
      ends_at: nowMs + this.#deps.signInHours * 3_600_000,
    };
  }

  #loginOf(row: LoginRow): Login {
    const login = {
      id: row.id,
      launched: row.launched === 1,
      createdAtMs: Number(row.created_at),
      endsAtMs: Number(row.ends_at),
    };
    if (row.owner_key === null || row.method === null) return login;
    const { id: loginId, owner_key: ownerKey } = row;
    const proven = row.proven === 1;
    const identity: AwsIdentity = {
      loginId,
      ownerKey,
      account: row.account ?? "",
      userId: row.user_id ?? "",
      arn: row.arn ?? "",
      name: row.name ?? "",
      role: row.role ?? "",
      proven,
      credentials: () => this.#credentialsOf(loginId, ownerKey),
    };
    return { ...login, identity, method: row.method as SignInMethod };
  }

  /**
   * The newest usable credentials of this owner: those of the login itself, else of another browser she is signed in
   * from. (An unproven person's owner key names one login, so there is no other.)
   */
  async #credentialsOf(loginId: string, ownerKey: string): Promise<AwsCredentials> {
    const nowMs = this.#deps.clock.nowMs();
    const rows = await this.#store.findByOwner(ownerKey, nowMs);
    rows.sort((a, b) => Number(b.id === loginId) - Number(a.id === loginId));
    let sawExpired = false;
    for (const row of rows) {
      const credentials = this.#unseal(row);
      if (credentials === undefined) continue;
      if (credentials.expiresAtMs === undefined || credentials.expiresAtMs > nowMs) return credentials;
      sawExpired = true;
    }
    throw new CatalogError(sawExpired ? "CREDENTIALS_EXPIRED" : "SIGN_IN_REQUIRED");
  }

  #unseal(row: LoginRow): AwsCredentials | undefined {
    if (row.credentials === null) return undefined;
    try {
      return JSON.parse(this.#deps.box.open(SEAL_PURPOSE, row.id, row.credentials)) as AwsCredentials;
    } catch (error) {
      if (!(error instanceof SecretBoxError)) throw error;
      this.#deps.log.warn({ err: error, loginId: row.id }, "the credentials of a login cannot be opened");
      return undefined;
    }
  }
}
