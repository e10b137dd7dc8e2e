import { PREFERENCES_BYTES_MAX, PreferenceParts, type Preferences } from "@causeway/wire-contract/preferences";
import { Value } from "typebox/value";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/store/database.ts";

/**
 * Whose document it is: who she is behind every account and role where that is proven, so that her choices are the same
 * whichever role she begins the day with; else the identity itself. The login's first identity decides (decision 18).
 */
export interface PreferenceOwner {
  key: string;
  /** Under which it was stored before it was known who she is. */
  formerKey?: string;
}

export function preferenceOwnerOf(identity: { ownerKey: string; subject?: string }): PreferenceOwner {
  const { ownerKey, subject } = identity;
  return subject === undefined || subject === ownerKey ? { key: ownerKey } : { key: subject, formerKey: ownerKey };
}

/** One document per person. A writer names the version it changed, so that two pages never undo one another's change. */
export class PreferenceStore {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** A document that no longer fits the contract counts as none: preferences never keep anybody from working. */
  async read(owner: PreferenceOwner): Promise<Preferences> {
    await this.#adopt(owner);
    const row = await this.#database
      .selectFrom("preferences")
      .select(["version", "parts"])
      .where("owner_key", "=", owner.key)
      .executeTakeFirst();
    if (row === undefined) return { version: 0, parts: {} };
    const parts: unknown = JSON.parse(row.parts);
    return { version: Number(row.version), parts: Value.Check(PreferenceParts, parts) ? parts : {} };
  }

  /**
   * @param preferences with the version they were made from
   * @returns what is stored now
   * @throws CatalogError PREFERENCES_CONFLICT a newer version is stored; REQUEST_TOO_LARGE beyond PREFERENCES_BYTES_MAX
   */
  async write(owner: PreferenceOwner, { version, parts }: Preferences): Promise<Preferences> {
    const text = JSON.stringify(parts);
    if (Buffer.byteLength(text) > PREFERENCES_BYTES_MAX) throw new CatalogError("REQUEST_TOO_LARGE");
    const next = { version: version + 1, parts: text, updated_at: this.#clock.nowMs() };
    await this.#adopt(owner);
    // One statement decides: whoever comes second finds that the version it changed is no more.
    const changed = version === 0 ? await this.#insert(owner.key, next) : await this.#update(owner.key, version, next);
    if (!changed) throw new CatalogError("PREFERENCES_CONFLICT");
    return { version: version + 1, parts };
  }

  /** The document of the first role that she comes with becomes hers; those of other roles stay where they are, unread. */
  async #adopt({ key, formerKey }: PreferenceOwner): Promise<void> {
    if (formerKey === undefined) return;
    await this.#database
      .updateTable("preferences")
      .set({ owner_key: key })
      .where("owner_key", "=", formerKey)
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom("preferences as hers").select("hers.owner_key").where("hers.owner_key", "=", key))),
      )
      .execute();
  }

  async #insert(ownerKey: string, next: NextRow): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.#database
      .insertInto("preferences")
      .values({ owner_key: ownerKey, ...next })
      .onConflict((conflict) => conflict.column("owner_key").doNothing())
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  }

  async #update(ownerKey: string, version: number, next: NextRow): Promise<boolean> {
    const { numUpdatedRows } = await this.#database
      .updateTable("preferences")
      .set(next)
      .where("owner_key", "=", ownerKey)
      .where("version", "=", version)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }
}

interface NextRow {
  version: number;
  parts: string;
  updated_at: number;
}
