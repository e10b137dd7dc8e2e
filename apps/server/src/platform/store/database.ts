import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/** Queries are written once, in kysely, for every engine. */
export type Database = Kysely<Tables>;

/** The open store: queries, a proof that it can be written, and its end. */
export interface Store {
  readonly database: Database;
  /** Writes and reads one row. @throws when the store cannot be written (disk full, read-only, gone) */
  checkWritable(nowMs: number): Promise<void>;
  close(): Promise<void>;
}
