import type { Selectable } from "kysely";
import type { Database } from "../../../platform/store/database.ts";
import type { PortalsTable } from "../../../platform/store/tables.ts";

export type PortalRow = Selectable<PortalsTable>;

/** Rows of the table `portals`. What they mean is decided in ./portals.ts. */
export class PortalStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(row: PortalRow): Promise<void> {
    await this.#database.insertInto("portals").values(row).execute();
  }

  find(id: string, nowMs: number): Promise<PortalRow | undefined> {
    return this.#database
      .selectFrom("portals")
      .selectAll()
      .where("id", "=", id)
      .where("ends_at", ">", nowMs)
      .executeTakeFirst();
  }

  /** Newest first. */
  findByLogin(loginId: string, nowMs: number): Promise<PortalRow[]> {
    return this.#database
      .selectFrom("portals")
      .selectAll()
      .where("login_id", "=", loginId)
      .where("ends_at", ">", nowMs)
      .orderBy("created_at", "desc")
      .execute();
  }

  /** At most `count` rows in the order of ids, from the first after `afterId`. */
  after(afterId: string, count: number): Promise<PortalRow[]> {
    return this.#database
      .selectFrom("portals")
      .selectAll()
      .where("id", ">", afterId)
      .orderBy("id")
      .limit(count)
      .execute();
  }

  /** @returns whether the row was still as it was read: two refreshes must not undo one another */
  async replaceSealed(id: string, before: string, sealed: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#database
      .updateTable("portals")
      .set({ sealed })
      .where("id", "=", id)
      .where("sealed", "=", before)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** @param loginId null: it belongs to no login at the moment */
  async assign(id: string, loginId: string | null, endsAtMs: number): Promise<void> {
    const change = { login_id: loginId, ends_at: endsAtMs };
    await this.#database.updateTable("portals").set(change).where("id", "=", id).execute();
  }

  async setPerson(id: string, person: string): Promise<void> {
    await this.#database.updateTable("portals").set({ person }).where("id", "=", id).execute();
  }

  /** Portals whose login has nobody left. */
  orphans(): Promise<PortalRow[]> {
    const living = this.#database.selectFrom("login_identities").select("login_id");
    return this.#database
      .selectFrom("portals")
      .selectAll()
      .where("login_id", "is not", null)
      .where("login_id", "not in", living)
      .execute();
  }

  async delete(id: string): Promise<void> {
    await this.#database.deleteFrom("portals").where("id", "=", id).execute();
  }

  async deleteEnded(nowMs: number): Promise<void> {
    await this.#database.deleteFrom("portals").where("ends_at", "<=", nowMs).execute();
  }

  async count(): Promise<number> {
    const row = await this.#database
      .selectFrom("portals")
      .select((select) => select.fn.countAll<number | string>().as("rows"))
      .executeTakeFirstOrThrow();
    return Number(row.rows);
  }
}
