/**
 * Who is signed in from where, as which identities. Owns the credentials: they are sealed in the store and leave only
 * through `AwsIdentity.credentials()`, which looks them up anew each time, so that signing out works at once. Above 300
 * lines: coming, being found and going are one set of rules about the same rows.
 */
import type { LoginEndCode } from "@causeway/wire-contract/login-ends";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/logger.ts";
import type { SecretBox } from "../platform/secret-box.ts";
import type { Database } from "../platform/store/database.ts";
import { absentPerson, type SessionOwner } from "./absent-person.ts";
import type { AwsCredentials, AwsIdentity } from "./aws-identity.ts";
import { COOKIE_BYTES, cookieHash } from "./login-cookie.ts";
import { type IdentityRow, type LoginRow, LoginStore, type StoredLogin } from "./login-store.ts";
import { ownerKeyOf, type Person, personKeyOf } from "./person.ts";
import { SealedCredentials } from "./sealed-credentials.ts";
import type { Json, SignedIn, SignInMethod, SignInMode } from "./signed-in-identity.ts";

/** Browsers one person is signed in from; at the bound the oldest of them is signed out. */
export const LOGINS_PER_PERSON_MAX = 20;
/** Accounts and roles in one login; at the bound the next one is refused. */
export const IDENTITIES_PER_LOGIN_MAX = 20;
/** All logins, launched-only browsers included; at the bound nobody new gets in, and is told so. */
export const LOGINS_MAX = 10_000;
/** How often ended logins are looked for, in milliseconds: their sockets are to be closed within 2 s. */
export const ENDED_LOGINS_CHECK_MS = 1_000;
/** When a login was last used is stored so exactly, in milliseconds: a write per request would be too many. */
export const LAST_SEEN_STEP_MS = 60_000;
const REWRAP_PAGE = 100;
const ID_BYTES = 16;

/** What a cookie stands for: a browser that was launched, signed in, or both. */
export interface Login {
  readonly id: string;
  readonly launched: boolean;
  readonly createdAtMs: number;
  readonly endsAtMs: number;
  readonly lastSeenAtMs: number;
  /** What the browser calls itself, and from where it signed in. */
  readonly device: string;
  readonly ip: string;
  /** In the order of signing in; empty: launched only. */
  readonly identities: readonly AwsIdentity[];
}

/** A login with the cookie that now stands for it; the value exists only here. */
export interface IssuedLogin {
  login: Login;
  cookie: string;
}

/** The browser that signs in. */
export interface SignInOrigin {
  ip: string;
  device: string;
}

/** Identities of a login are no more: its sockets that act for one of these owners are to be closed, and told why. */
export type LoginEndedListener = (loginId: string, ownerKeys: ReadonlySet<string>, why: LoginEndCode) => void;

export interface LoginsDeps {
  database: Database;
  box: SecretBox;
  clock: Clock;
  randomBytes: (size: number) => Uint8Array;
  log: Log;
  signInHours: number;
  /** Name of an account by configuration. */
  accountName?(account: string): string | undefined;
}

export class Logins {
  readonly #deps: LoginsDeps;
  readonly #store: LoginStore;
  readonly #sealed: SealedCredentials;
  #listener: LoginEndedListener = () => undefined;
  #cancelTimer: () => void = () => undefined;
  #closed = true;

  constructor(deps: LoginsDeps) {
    this.#deps = deps;
    this.#store = new LoginStore(deps.database);
    this.#sealed = new SealedCredentials(deps.box, deps.log);
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

  /** Seals what an earlier key sealed anew with the newest one. @returns how many identities that were */
  async rewrap(): Promise<number> {
    let count = 0;
    let afterId = "";
    for (;;) {
      const rows = await this.#store.identitiesAfter(afterId, REWRAP_PAGE);
      for (const row of rows) {
        const rewrapped = this.#sealed.rewrapped(row);
        if (rewrapped !== undefined && (await this.#store.updateIdentity(row, rewrapped))) count++;
      }
      afterId = rows.at(-1)?.id ?? afterId;
      if (rows.length < REWRAP_PAGE) return count;
    }
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
    const nowMs = this.#deps.clock.nowMs();
    const stored = await this.#store.findByCookie(cookieHash(cookie), nowMs);
    if (stored === undefined) return undefined;
    if (nowMs - Number(stored.row.last_seen_at) >= LAST_SEEN_STEP_MS) await this.#store.markSeen(stored.row.id, nowMs);
    return this.#loginOf(stored);
  }

  /** Why the login of this cookie ended; undefined: it did not, too long ago, or its browser is signed in again. */
  async endOf(cookie: string | undefined): Promise<LoginEndCode | undefined> {
    return cookie === undefined ? undefined : this.#store.ended.whyOf(cookieHash(cookie), this.#deps.clock.nowMs());
  }

  /** Marks a browser as launched. A signed-in one stays signed in, under a new cookie. */
  async launch(previous: Login | undefined, from: SignInOrigin): Promise<IssuedLogin> {
    await this.#makeRoom();
    const nowMs = this.#deps.clock.nowMs();
    return this.#store.atomically(async (store) => {
      const existing = previous && (await store.findById(previous.id, nowMs));
      const { row, identities } = existing ?? { row: this.#emptyRow(from), identities: [] };
      return this.#issue(store, [], { ...row, launched: 1 }, identities);
    });
  }

  /**
   * Signs a person in. The cookie always changes, so that one planted before is worth nothing. The login's id stays when
   * an identity is added to it, or when the same person signs in again: an unproven person's sessions hang on it.
   * The same person and role again get new credentials in place.
   * @throws CatalogError PERSON_DISABLED, IDENTITIES_LIMIT_REACHED, LOGINS_LIMIT_REACHED
   */
  async signIn(
    previous: Login | undefined,
    signedIn: SignedIn,
    how: SignInMode,
    from: SignInOrigin,
  ): Promise<IssuedLogin> {
    await this.#makeRoom();
    const { person } = signedIn;
    const nowMs = this.#deps.clock.nowMs();
    const gone: { login: StoredLogin; why: LoginEndCode }[] = [];
    const issued = await this.#store.atomically(async (store) => {
      if (await store.disabledPeople.has(personKeyOf(person))) throw new CatalogError("PERSON_DISABLED");
      const before = previous && (await store.findById(previous.id, nowMs));
      const again = before?.identities.find((identity) => identity.owner_key === ownerKeyOf(person, before.row.id));
      const isAdded = how === "add" && before !== undefined && before.identities.length > 0;
      const empty = this.#emptyRow(from);
      const id = before !== undefined && (isAdded || again !== undefined) ? before.row.id : empty.id;
      const beside = isAdded ? before.identities.filter((identity) => identity !== again) : [];
      if (beside.length >= IDENTITIES_PER_LOGIN_MAX) throw new CatalogError("IDENTITIES_LIMIT_REACHED");
      const position = again?.position ?? 1 + Math.max(-1, ...beside.map((identity) => identity.position));
      const identity = this.#identityRow(id, position, again, signedIn);
      // Beside other identities the login keeps its ceiling: it is theirs too.
      const times =
        beside.length > 0 && before ? { created_at: before.row.created_at, ends_at: before.row.ends_at } : {};
      const row = { ...empty, ...times, id, launched: previous?.launched ? 1 : 0 };
      const why = "LOGIN_REPLACED";
      if (before !== undefined && id !== before.row.id) gone.push({ login: before, why });
      else if (before !== undefined && !isAdded)
        gone.push({ login: { ...before, identities: before.identities.filter((each) => each !== again) }, why });
      const elsewhere = await store.findByOwners([identity.owner_key], nowMs);
      const crowdedOut = elsewhere.filter((other) => other.row.id !== id).slice(LOGINS_PER_PERSON_MAX - 1);
      for (const login of crowdedOut) {
        await store.ended.record(login.row.cookie_hash, "LOGIN_CROWDED_OUT", nowMs);
        gone.push({ login, why: "LOGIN_CROWDED_OUT" });
      }
      const replaced = gone.map((each) => each.login.row.id);
      const identities = [...beside, identity].sort((a, b) => a.position - b.position);
      return this.#issue(store, replaced, row, identities);
    });
    for (const { login, why } of gone) this.#tellEnded(login, why);
    return issued;
  }

  /** @throws CatalogError PERSON_DISABLED */
  async refuseDisabled(person: Person): Promise<void> {
    if (await this.#store.disabledPeople.has(personKeyOf(person))) throw new CatalogError("PERSON_DISABLED");
  }

  /**
   * Forgets credentials and cookie.
   * @param why what its other tabs are told
   * @returns a fresh login without a person when the browser had been launched
   */
  async signOut(login: Login, why: LoginEndCode): Promise<IssuedLogin | undefined> {
    const issued = await this.#store.atomically(async (store) => {
      if (login.launched) return this.#issue(store, [login.id], { ...this.#emptyRow(login), launched: 1 }, []);
      await store.delete(login.id);
      return undefined;
    });
    this.#listener(login.id, ownerKeysOf(login), why);
    return issued;
  }

  /** The living logins that hold an identity of one of these owners, newest first. */
  async ofOwners(ownerKeys: readonly string[]): Promise<Login[]> {
    const logins = await this.#store.findByOwners(ownerKeys, this.#deps.clock.nowMs());
    return logins.map((login) => this.#loginOf(login));
  }

  /** Living logins of somebody, newest first. @param count at most so many */
  async signedIn(count: number): Promise<Login[]> {
    const logins = await this.#store.signedIn(this.#deps.clock.nowMs(), count);
    return logins.map((login) => this.#loginOf(login));
  }

  /** Takes identities out of a login, which ends with its last one. @param why what its browser is told */
  async forget(login: Login, isToGo: (identity: AwsIdentity) => boolean, why: LoginEndCode): Promise<void> {
    const gone = login.identities.filter(isToGo);
    if (gone.length === 0) return;
    const nowMs = this.#deps.clock.nowMs();
    await this.#store.atomically(async (store) => {
      const isLast = gone.length === login.identities.length;
      const stored = isLast ? await store.findById(login.id, nowMs) : undefined;
      if (stored !== undefined) await store.ended.record(stored.row.cookie_hash, why, nowMs);
      if (isLast && !login.launched) await store.delete(login.id);
      else for (const { identityId } of gone) await store.deleteIdentity(identityId);
    });
    this.#listener(login.id, new Set(gone.map(({ ownerKey }) => ownerKey)), why);
  }

  /** The owner of a session, by the login that began it or else her newest. Never rejects for lack of one. */
  async ofOwner(owner: SessionOwner): Promise<AwsIdentity> {
    const rows = await this.#store.identitiesByOwner(owner.ownerKey, this.#deps.clock.nowMs());
    const row = rows.find((each) => each.login_id === owner.loginId) ?? rows[0];
    if (row !== undefined) return this.#identityOf(row);
    return absentPerson(owner, () => this.#credentialsOf(owner.loginId, owner.ownerKey));
  }

  /** Whether this owner could still act if this login went: another browser of hers is signed in. */
  async hasOtherLogin(loginId: string, ownerKey: string): Promise<boolean> {
    const identities = await this.#store.identitiesByOwner(ownerKey, this.#deps.clock.nowMs());
    return identities.some((other) => other.login_id !== loginId);
  }

  /** Deletes logins that reached their longest duration, and says so to the listener. */
  async deleteEnded(): Promise<void> {
    const nowMs = this.#deps.clock.nowMs();
    const why = "LOGIN_EXPIRED";
    const ended = await this.#store.atomically(async (store) => {
      const deleted = await store.deleteEnded(nowMs);
      for (const { row, identities } of deleted)
        if (identities.length > 0) await store.ended.record(row.cookie_hash, why, nowMs);
      return deleted;
    });
    for (const login of ended) this.#tellEnded(login, why);
  }

  #tellEnded({ row, identities }: StoredLogin, why: LoginEndCode): void {
    if (identities.length === 0) return;
    this.#listener(row.id, new Set(identities.map((identity) => identity.owner_key)), why);
  }

  async #makeRoom(): Promise<void> {
    await this.deleteEnded();
    if ((await this.#store.count()) >= LOGINS_MAX) throw new CatalogError("LOGINS_LIMIT_REACHED");
  }

  async #issue(
    store: LoginStore,
    replacedIds: readonly string[],
    row: LoginRow,
    identities: IdentityRow[],
  ): Promise<IssuedLogin> {
    const cookie = Buffer.from(this.#deps.randomBytes(COOKIE_BYTES)).toString("base64url");
    const issued = { row: { ...row, cookie_hash: cookieHash(cookie) }, identities };
    for (const id of replacedIds) await store.delete(id);
    await store.put(issued);
    return { login: this.#loginOf(issued), cookie };
  }

  #emptyRow({ ip, device }: SignInOrigin): LoginRow {
    const nowMs = this.#deps.clock.nowMs();
    return {
      id: this.#randomId(),
      cookie_hash: "",
      launched: 0,
      created_at: nowMs,
      ends_at: nowMs + this.#deps.signInHours * 3_600_000,
      device,
      ip,
      last_seen_at: nowMs,
    };
  }

  #identityRow(loginId: string, position: number, again: IdentityRow | undefined, signedIn: SignedIn): IdentityRow {
    const { person, credentials, method, renewal, accountName, claims, subject } = signedIn;
    const nowMs = this.#deps.clock.nowMs();
    const id = again?.id ?? this.#randomId();
    return {
      id,
      login_id: loginId,
      position,
      owner_key: ownerKeyOf(person, loginId),
      account: person.account,
      user_id: person.userId,
      arn: person.arn,
      name: person.name,
      role: person.role,
      proven: person.proven ? 1 : 0,
      method,
      label: accountName ?? null,
      claims: claims === undefined ? null : JSON.stringify(claims),
      subject: person.proven ? (subject ?? null) : null,
      ...this.#sealed.seal(id, credentials, renewal, nowMs),
      created_at: again?.created_at ?? nowMs,
    };
  }

  #randomId(): string {
    return Buffer.from(this.#deps.randomBytes(ID_BYTES)).toString("base64url");
  }

  #loginOf({ row, identities }: StoredLogin): Login {
    return {
      id: row.id,
      launched: row.launched === 1,
      createdAtMs: Number(row.created_at),
      endsAtMs: Number(row.ends_at),
      lastSeenAtMs: Number(row.last_seen_at),
      device: row.device,
      ip: row.ip,
      identities: identities.map((identity) => this.#identityOf(identity)),
    };
  }

  #identityOf(row: IdentityRow): AwsIdentity {
    const { login_id: loginId, owner_key: ownerKey } = row;
    const accountName = row.label ?? this.#deps.accountName?.(row.account);
    return {
      loginId,
      identityId: row.id,
      ownerKey,
      account: row.account,
      userId: row.user_id,
      arn: row.arn,
      name: row.name,
      role: row.role,
      proven: row.proven === 1,
      method: row.method as SignInMethod,
      renews: row.renew_at !== null,
      ...(row.credentials_expire_at === null ? {} : { expiresAtMs: Number(row.credentials_expire_at) }),
      ...(accountName === undefined ? {} : { accountName }),
      ...(row.subject === null ? {} : { subject: row.subject }),
      ...(row.claims === null ? {} : { claims: JSON.parse(row.claims) as Record<string, Json> }),
      credentials: () => this.#credentialsOf(loginId, ownerKey),
    };
  }

  /**
   * The newest usable credentials of this owner: those of the login itself, else of another browser she is signed in
   * from. (An unproven person's owner key names one login, so there is no other.)
   */
  async #credentialsOf(loginId: string, ownerKey: string): Promise<AwsCredentials> {
    const nowMs = this.#deps.clock.nowMs();
    const rows = await this.#store.identitiesByOwner(ownerKey, nowMs);
    rows.sort((a, b) => Number(b.login_id === loginId) - Number(a.login_id === loginId));
    let sawExpired = false;
    for (const row of rows) {
      const credentials = this.#sealed.credentialsOf(row);
      if (credentials === undefined) continue;
      if (credentials.expiresAtMs === undefined || credentials.expiresAtMs > nowMs) return credentials;
      sawExpired = true;
    }
    throw new CatalogError(sawExpired ? "CREDENTIALS_EXPIRED" : "SIGN_IN_REQUIRED");
  }
}

export function ownerKeysOf(login: Pick<Login, "identities">): ReadonlySet<string> {
  return new Set(login.identities.map(({ ownerKey }) => ownerKey));
}
