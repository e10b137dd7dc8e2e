import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely, Migrator, type SqliteDatabase, SqliteDialect } from "kysely";
import LibsqlDatabase from "libsql";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Store } from "./database.ts";
import { MIGRATIONS } from "./migrations.ts";
import { openSqliteStore, StoreOpenError } from "./sqlite-store.ts";
import { describeStoreContract } from "./store-contract.ts";

let directory: string;
let path: string;
const stores: Store[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "causeway-store-"));
  path = join(directory, "causeway.db");
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  rmSync(directory, { recursive: true, force: true });
});

async function open(): Promise<Store> {
  const store = await openSqliteStore(path);
  stores.push(store);
  return store;
}

describeStoreContract("SQLite", open);

test("every file of the store is its user's alone", async () => {
  const store = await open();
  await store.checkWritable(1);
  const files = readdirSync(directory);
  expect(files).toContain("causeway.db-wal");
  for (const file of files) expect([file, statSync(join(directory, file)).mode & 0o777]).toEqual([file, 0o600]);
});

test("what was committed is there for the next server, and the tables are made once", async () => {
  const first = await open();
  await first.checkWritable(41);
  await first.close();
  stores.length = 0;
  const second = await open();
  expect(await second.database.selectFrom("store_checks").select("at").execute()).toEqual([{ at: 41 }]);
});

test("commits wait for the disk, and readers do not wait for writers", async () => {
  await open();
  const file = new LibsqlDatabase(path);
  expect(file.pragma("journal_mode")).toEqual([{ journal_mode: "wal" }]);
  file.close();
});

test("a store of a newer version is refused in words, not changed", async () => {
  const store = await open();
  await store.close();
  stores.length = 0;
  const file = new LibsqlDatabase(path);
  file.exec("INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-of-the-future', '2999-01-01T00:00:00.000Z')");
  file.close();
  await expect(openSqliteStore(path)).rejects.toThrow(/newer version of Causeway/);
});

test("a file that is no database is refused in words", async () => {
  writeFileSync(path, "this is not a database, and long enough to be looked at".repeat(50), { mode: 0o600 });
  await expect(openSqliteStore(path)).rejects.toThrow(StoreOpenError);
});

test("a login of the version before keeps its cookie, its person and its sealed credentials", async () => {
  const file = new LibsqlDatabase(path);
  const old = new Kysely<unknown>({ dialect: new SqliteDialect({ database: file as unknown as SqliteDatabase }) });
  const before = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < "0003"));
  await new Migrator({ db: old, provider: { getMigrations: async () => before } }).migrateToLatest();
  file.exec(`insert into logins values ('login-1', 'hash', 1, 'access-keys', '1/AIDADANA', '1', 'AIDADANA', 'arn', 'dana',
    'IAM user', 1, 'v1.key.sealed', 5, 4000000000000), ('launched', 'other', 1, null, null, null, null, null, null, null,
    null, null, 6, 4000000000000)`);
  await old.destroy();
  const { database } = await open();
  expect(await database.selectFrom("logins").select(["id", "cookie_hash", "last_seen_at"]).execute()).toEqual([
    { id: "login-1", cookie_hash: "hash", last_seen_at: 5 },
    { id: "launched", cookie_hash: "other", last_seen_at: 6 },
  ]);
  // Sealed to the id of the row: the identity must have the one that the login had.
  expect(await database.selectFrom("login_identities").selectAll().execute()).toMatchObject([
    { id: "login-1", login_id: "login-1", owner_key: "1/AIDADANA", name: "dana", credentials: "v1.key.sealed" },
  ]);
});
