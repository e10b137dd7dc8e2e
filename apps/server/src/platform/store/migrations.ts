import type { Kysely, Migration } from "kysely";

/**
 * Forward only, never edited after a release. Portable column types, so that both engines run the same steps:
 * text ids, epoch milliseconds as bigint, flags as integer, JSON as text.
 */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  "0001-logins-sessions-audit": {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable("logins")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("cookie_hash", "text", (column) => column.notNull().unique())
        .addColumn("launched", "integer", (column) => column.notNull())
        .addColumn("method", "text")
        .addColumn("owner_key", "text")
        .addColumn("account", "text")
        .addColumn("user_id", "text")
        .addColumn("arn", "text")
        .addColumn("name", "text")
        .addColumn("role", "text")
        .addColumn("proven", "integer")
        .addColumn("credentials", "text")
        .addColumn("created_at", "bigint", (column) => column.notNull())
        .addColumn("ends_at", "bigint", (column) => column.notNull())
        .execute();
      await db.schema.createIndex("logins_by_owner").on("logins").column("owner_key").execute();
      await db.schema.createIndex("logins_by_end").on("logins").column("ends_at").execute();

      await db.schema
        .createTable("sessions")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("aws_session_id", "text", (column) => column.notNull())
        .addColumn("owner_key", "text", (column) => column.notNull())
        .addColumn("login_id", "text", (column) => column.notNull())
        .addColumn("account", "text", (column) => column.notNull())
        .addColumn("region", "text", (column) => column.notNull())
        .addColumn("instance_id", "text", (column) => column.notNull())
        .addColumn("instance_name", "text", (column) => column.notNull())
        .addColumn("document_name", "text")
        .addColumn("started_at", "bigint", (column) => column.notNull())
        .addColumn("ended_at", "bigint")
        .addColumn("end_json", "text")
        .execute();
      await db.schema.createIndex("sessions_by_owner").on("sessions").columns(["owner_key", "started_at"]).execute();

      await db.schema
        .createTable("audit_events")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("at", "bigint", (column) => column.notNull())
        .addColumn("event", "text", (column) => column.notNull())
        .addColumn("owner_key", "text", (column) => column.notNull())
        .addColumn("name", "text", (column) => column.notNull())
        .addColumn("account", "text", (column) => column.notNull())
        .addColumn("region", "text")
        .addColumn("session_id", "text")
        .addColumn("instance_id", "text")
        .addColumn("ip", "text", (column) => column.notNull())
        .addColumn("request_id", "text", (column) => column.notNull())
        .addColumn("detail", "text")
        .execute();

      await db.schema
        .createTable("store_checks")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("at", "bigint", (column) => column.notNull())
        .execute();
    },
  },
  "0002-sessions-by-aws-id": {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.createIndex("sessions_by_aws_id").on("sessions").column("aws_session_id").execute();
    },
  },
  "0004-preferences": {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable("preferences")
        .addColumn("owner_key", "text", (column) => column.primaryKey())
        .addColumn("version", "integer", (column) => column.notNull())
        .addColumn("parts", "text", (column) => column.notNull())
        .addColumn("updated_at", "bigint", (column) => column.notNull())
        .execute();
    },
  },
};
