import type { Selectable } from "kysely";
import type { Database } from "../platform/store/database.ts";
import type { LoginsTable } from "../platform/store/tables.ts";

export type LoginRow = Selectable<LoginsTable>;

/** Rows of the table `logins`. What they mean is decided in ./logins.ts. */
export class LoginStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  findByCookie(cookieHash: string, nowMs: number): Promise<LoginRow | undefined> {
    return this.#database
      .selectFrom("logins")
      .selectAll()
      .where("cookie_hash", "=", cookieHash)
      .where("ends_at", ">", nowMs)
      .executeTakeFirst();
  }

  findById(id: string, nowMs: number): Promise<LoginRow | undefined> {
    return this.#database
      .selectFrom("logins")
      .selectAll()
      .where("id", "=", id)
      .where("ends_at", ">", nowMs)
      .executeTakeFirst();
  }

  /** Living logins of one owner, newest first. */
  findByOwner(ownerKey: string, nowMs: number): Promise<LoginRow[]> {
    return this.#database
      .selectFrom("logins")
      .selectAll()
      .where("owner_key", "=", ownerKey)
      .where("ends_at", ">", nowMs)
      .orderBy("created_at", "desc")
      .orderBy("id")
      .execute();
  }

  async count(): Promise<number> {
    const row = await this.#database
      .selectFrom("logins")
      .select((select) => select.fn.countAll<number | string>().as("rows"))
      .executeTakeFirstOrThrow();
    return Number(row.rows);
  }

  /** Puts the row in place of the ones named, all or nothing. */
  async replace(oldIds: readonly string[], row: LoginRow): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      for (const id of new Set([...oldIds, row.id]))
        await transaction.deleteFrom("logins").where("id", "=", id).execute();
      await transaction.insertInto("logins").values(row).execute();
    });
  }

  async delete(id: string): Promise<void> {
    await this.#database.deleteFrom("logins").where("id", "=", id).execute();
  }

  /** Deletes what has ended. @returns the deleted rows */
  async deleteEnded(nowMs: number): Promise<LoginRow[]> {
    const ended = await this.#database.selectFrom("logins").selectAll().where("ends_at", "<=", nowMs).execute();
    if (ended.length > 0) await this.#database.deleteFrom("logins").where("ends_at", "<=", nowMs).execute();
    return ended;
  }
}
