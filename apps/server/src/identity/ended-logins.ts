import { isLoginEndCode, type LoginEndCode } from "@causeway/wire-contract/login-ends";
import type { Database } from "../platform/store/database.ts";

/** A browser is told for so long why its login ended, in milliseconds: whoever comes back the next morning, too. */
export const ENDED_LOGIN_TOLD_MS = 24 * 3_600_000;
/** Ended logins that are remembered; at the bound the one that ended first is forgotten, and its browser told less. */
export const ENDED_LOGINS_MAX = 10_000;

/** Why logins ended, by the cookie of their browsers: a page that slept meanwhile asks with a cookie that is worth nothing. */
export class EndedLogins {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @returns undefined: never ended, or too long ago */
  async whyOf(cookieHash: string, nowMs: number): Promise<LoginEndCode | undefined> {
    const row = await this.#database
      .selectFrom("ended_logins")
      .select("code")
      .where("cookie_hash", "=", cookieHash)
      .where("ended_at", ">", nowMs - ENDED_LOGIN_TOLD_MS)
      .executeTakeFirst();
    return row !== undefined && isLoginEndCode(row.code) ? row.code : undefined;
  }

  async record(cookieHash: string, code: LoginEndCode, nowMs: number): Promise<void> {
    await this.#database
      .insertInto("ended_logins")
      .values({ cookie_hash: cookieHash, code, ended_at: nowMs })
      .onConflict((conflict) => conflict.column("cookie_hash").doUpdateSet({ code, ended_at: nowMs }))
      .execute();
    await this.#prune(nowMs);
  }

  /** Forgets what is told no more, and what is beyond the bound. */
  async #prune(nowMs: number): Promise<void> {
    await this.#database
      .deleteFrom("ended_logins")
      .where("ended_at", "<=", nowMs - ENDED_LOGIN_TOLD_MS)
      .execute();
    const newest = this.#database
      .selectFrom("ended_logins")
      .select("cookie_hash")
      .orderBy("ended_at", "desc")
      .orderBy("cookie_hash")
      .limit(ENDED_LOGINS_MAX);
    const { rows } = await this.#database
      .selectFrom("ended_logins")
      .select((select) => select.fn.countAll<number | string>().as("rows"))
      .executeTakeFirstOrThrow();
    if (Number(rows) > ENDED_LOGINS_MAX)
      await this.#database.deleteFrom("ended_logins").where("cookie_hash", "not in", newest).execute();
  }
}
