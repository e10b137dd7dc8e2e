import { Kysely, type KyselyPlugin, Migrator, type SqliteDatabase, SqliteDialect } from "kysely";
import LibsqlDatabase from "libsql";
import { makePrivateFile } from "../private-file.ts";
import type { Store } from "./database.ts";
import { MIGRATIONS } from "./migrations.ts";
import type { Tables } from "./tables.ts";

/** How long a statement waits for another connection; there is none but a backup tool's. */
const BUSY_TIMEOUT_MS = 2_000;

/** The data directory was written by a newer version, or its file is not ours to open. */
export class StoreOpenError extends Error {}

/**
 * The one file that knows SQLite. WAL so that readers never wait, `synchronous=FULL` so that what was committed
 * survives a power cut, and triggers that refuse to change or delete an audit row.
 *
 * @param path created 0600 when absent; `-wal` and `-shm` inherit its mode
 * @throws StoreOpenError
 */
export async function openSqliteStore(path: string): Promise<Store> {
  makePrivateFile(path);
  let file: InstanceType<typeof LibsqlDatabase>;
  try {
    file = new LibsqlDatabase(path);
    file.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    file.exec("PRAGMA journal_mode = WAL");
    file.exec("PRAGMA synchronous = FULL");
    file.exec("PRAGMA foreign_keys = ON");
  } catch (error) {
    throw new StoreOpenError(`${path} cannot be opened as a database: ${(error as Error).message}`, { cause: error });
  }
  const database = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: file as unknown as SqliteDatabase }),
    plugins: [] satisfies KyselyPlugin[],
  });
  try {
    await migrate(database, path);
    protectAudit(file);
  } catch (error) {
    await database.destroy();
    throw error;
  }
  return {
    database,
    async checkWritable(nowMs) {
      await database
        .insertInto("store_checks")
        .values({ id: "writable", at: nowMs })
        .onConflict((conflict) => conflict.column("id").doUpdateSet({ at: nowMs }))
        .execute();
    },
    close: () => database.destroy(),
  };
}

async function migrate(database: Kysely<Tables>, path: string): Promise<void> {
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined)
    throw new StoreOpenError(
      `${path} cannot be brought to this version's tables (${(error as Error).message}). ` +
        "A newer version of Causeway may have written it: start that one, or use another CAUSEWAY_DATA_DIR.",
      { cause: error },
    );
}

/** Rows are never changed, and go only once they are older than what is kept (`audit_retention`). */
function protectAudit(file: InstanceType<typeof LibsqlDatabase>): void {
  const refuse = "BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END";
  file.exec("DROP TRIGGER IF EXISTS audit_events_refuse_delete");
  file.exec(`CREATE TRIGGER IF NOT EXISTS audit_events_refuse_update BEFORE UPDATE ON audit_events ${refuse}`);
  file.exec(
    "CREATE TRIGGER audit_events_refuse_delete BEFORE DELETE ON audit_events " +
      `WHEN OLD.at >= coalesce((SELECT max(keep_from) FROM audit_retention), 0) ${refuse}`,
  );
}
