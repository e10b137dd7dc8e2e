import type { Database } from "../platform/store/database.ts";

/** More are a matter for the directory the people come from; listing stays one answer. */
export const DISABLED_PEOPLE_MAX = 1_000;

export interface DisabledPerson {
  /** `<account>/<UserId>`. */
  personKey: string;
  name: string;
  byName: string;
  atMs: number;
}

/** People whom an admin keeps out, whatever way they sign in. */
export class DisabledPeople {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async has(personKey: string): Promise<boolean> {
    const query = this.#database.selectFrom("disabled_people").select("at").where("person_key", "=", personKey);
    return (await query.executeTakeFirst()) !== undefined;
  }

  /** Newest first. */
  async list(): Promise<DisabledPerson[]> {
    const rows = await this.#database
      .selectFrom("disabled_people")
      .selectAll()
      .orderBy("at", "desc")
      .orderBy("person_key")
      .execute();
    return rows.map(({ person_key: personKey, name, by_name: byName, at }) => ({
      personKey,
      name,
      byName,
      atMs: Number(at),
    }));
  }

  /** @returns false at the bound */
  async add({ personKey, name, byName, atMs }: DisabledPerson): Promise<boolean> {
    if ((await this.list()).length >= DISABLED_PEOPLE_MAX) return this.has(personKey);
    await this.#database
      .insertInto("disabled_people")
      .values({ person_key: personKey, name, by_name: byName, at: atMs })
      .onConflict((conflict) => conflict.column("person_key").doNothing())
      .execute();
    return true;
  }

  async remove(personKey: string): Promise<void> {
    await this.#database.deleteFrom("disabled_people").where("person_key", "=", personKey).execute();
  }
}
