import type { Selectable } from "kysely";
import type { Database } from "../platform/store/database.ts";
import type { LoginIdentitiesTable, LoginsTable } from "../platform/store/tables.ts";
import { DisabledPeople } from "./disabled-people.ts";
import { EndedLogins } from "./ended-logins.ts";

export type LoginRow = Selectable<LoginsTable>;
export type IdentityRow = Selectable<LoginIdentitiesTable>;

/** A login as it is stored; the identities in their order. */
export interface StoredLogin {
  row: LoginRow;
  identities: IdentityRow[];
}

/** Rows of `logins` and `login_identities`. What they mean is decided in ./logins.ts. */
export class LoginStore {
  readonly #database: Database;
  readonly disabledPeople: DisabledPeople;
  readonly ended: EndedLogins;

  constructor(database: Database) {
    this.#database = database;
    this.disabledPeople = new DisabledPeople(database);
    this.ended = new EndedLogins(database);
  }

  /** Everything within happens, or nothing; nobody else's change comes between. */
  atomically<T>(act: (store: LoginStore) => Promise<T>): Promise<T> {
    return this.#database.transaction().execute((transaction) => act(new LoginStore(transaction)));
  }

  async findByCookie(cookieHash: string, nowMs: number): Promise<StoredLogin | undefined> {
    const row = await this.#living(nowMs).where("cookie_hash", "=", cookieHash).executeTakeFirst();
    return row && { row, identities: await this.#identitiesOf([row.id]) };
  }

  async findById(id: string, nowMs: number): Promise<StoredLogin | undefined> {
    const row = await this.#living(nowMs).where("id", "=", id).executeTakeFirst();
    return row && { row, identities: await this.#identitiesOf([row.id]) };
  }

  /** Living logins that hold an identity of one of these owners, newest first. */
  async findByOwners(ownerKeys: readonly string[], nowMs: number): Promise<StoredLogin[]> {
    if (ownerKeys.length === 0) return [];
    const held = this.#database.selectFrom("login_identities").select("login_id").where("owner_key", "in", ownerKeys);
    const rows = await this.#living(nowMs)
      .where("id", "in", held)
      .orderBy("created_at", "desc")
      .orderBy("id")
      .execute();
    return this.#withIdentities(rows);
  }

  /** Identities of one owner in living logins, of the newest login first. */
  async identitiesByOwner(ownerKey: string, nowMs: number): Promise<IdentityRow[]> {
    const logins = await this.findByOwners([ownerKey], nowMs);
    return logins.flatMap(({ identities }) => identities.filter((identity) => identity.owner_key === ownerKey));
  }

  /** Living logins of somebody, newest first. @param count at most so many */
  async signedIn(nowMs: number, count: number): Promise<StoredLogin[]> {
    const held = this.#database.selectFrom("login_identities").select("login_id");
    const rows = await this.#living(nowMs)
      .where("id", "in", held)
      .orderBy("created_at", "desc")
      .orderBy("id")
      .limit(count)
      .execute();
    return this.#withIdentities(rows);
  }

  /** Identities whose credentials are to be renewed by now, the most urgent first. */
  dueForRenewal(nowMs: number, count: number): Promise<IdentityRow[]> {
    return this.#database
      .selectFrom("login_identities")
      .selectAll()
      .where("renew_at", "<=", nowMs)
      .orderBy("renew_at")
      .limit(count)
      .execute();
  }

  /** Every identity, for what has to look at all of them; page by page. @param afterId the last one of the page before */
  identitiesAfter(afterId: string, count: number): Promise<IdentityRow[]> {
    return this.#database
      .selectFrom("login_identities")
      .selectAll()
      .where("id", ">", afterId)
      .orderBy("id")
      .limit(count)
      .execute();
  }

  async count(): Promise<number> {
    const row = await this.#database
      .selectFrom("logins")
      .select((select) => select.fn.countAll<number | string>().as("rows"))
      .executeTakeFirstOrThrow();
    return Number(row.rows);
  }

  /** Puts the login in place of what has its id. */
  async put({ row, identities }: StoredLogin): Promise<void> {
    await this.delete(row.id);
    await this.#database.insertInto("logins").values(row).execute();
    if (identities.length > 0) await this.#database.insertInto("login_identities").values(identities).execute();
  }

  async delete(id: string): Promise<void> {
    await this.#database.deleteFrom("login_identities").where("login_id", "=", id).execute();
    await this.#database.deleteFrom("logins").where("id", "=", id).execute();
  }

  async deleteIdentity(id: string): Promise<void> {
    await this.#database.deleteFrom("login_identities").where("id", "=", id).execute();
  }

  /** Changes an identity only while its sealed credentials are still the ones that were read. @returns whether it was */
  async updateIdentity(
    { id, credentials }: Pick<IdentityRow, "id" | "credentials">,
    change: Partial<Pick<IdentityRow, "credentials" | "credentials_expire_at" | "renewal" | "renew_at">>,
  ): Promise<boolean> {
    const { numUpdatedRows } = await this.#database
      .updateTable("login_identities")
      .set(change)
      .where("id", "=", id)
      .where("credentials", "=", credentials)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  async markSeen(id: string, nowMs: number): Promise<void> {
    await this.#database.updateTable("logins").set({ last_seen_at: nowMs }).where("id", "=", id).execute();
  }

  /** Deletes what has ended. @returns what was deleted */
  async deleteEnded(nowMs: number): Promise<StoredLogin[]> {
    const rows = await this.#database.selectFrom("logins").selectAll().where("ends_at", "<=", nowMs).execute();
    const ended = await this.#withIdentities(rows);
    for (const { id } of rows) await this.delete(id);
    return ended;
  }

  #living(nowMs: number) {
    return this.#database.selectFrom("logins").selectAll().where("ends_at", ">", nowMs);
  }

  async #withIdentities(rows: LoginRow[]): Promise<StoredLogin[]> {
    const identities = await this.#identitiesOf(rows.map(({ id }) => id));
    const logins = new Map(rows.map((row) => [row.id, { row, identities: [] as IdentityRow[] }]));
    for (const identity of identities) logins.get(identity.login_id)?.identities.push(identity);
    return [...logins.values()];
  }

  async #identitiesOf(loginIds: readonly string[]): Promise<IdentityRow[]> {
    const identities: IdentityRow[] = [];
    for (let at = 0; at < loginIds.length; at += IDS_PER_QUERY) {
      const ids = loginIds.slice(at, at + IDS_PER_QUERY);
      const query = this.#database.selectFrom("login_identities").selectAll().where("login_id", "in", ids);
      identities.push(...(await query.orderBy("position").execute()));
    }
    return identities;
  }
}

/** SQLite takes a bounded number of parameters per statement (32,766 by default; older builds 999). */
const IDS_PER_QUERY = 500;
