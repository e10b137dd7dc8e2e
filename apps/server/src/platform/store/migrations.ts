import { type Kysely, type Migration, sql } from "kysely";

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
  "0003-login-identities": {
    /** One login, several identities. The one that a login had keeps the login's id, to which its credentials are sealed. */
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable("login_identities")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("login_id", "text", (column) => column.notNull())
        .addColumn("position", "integer", (column) => column.notNull())
        .addColumn("owner_key", "text", (column) => column.notNull())
        .addColumn("account", "text", (column) => column.notNull())
        .addColumn("user_id", "text", (column) => column.notNull())
        .addColumn("arn", "text", (column) => column.notNull())
        .addColumn("name", "text", (column) => column.notNull())
        .addColumn("role", "text", (column) => column.notNull())
        .addColumn("proven", "integer", (column) => column.notNull())
        .addColumn("method", "text", (column) => column.notNull())
        .addColumn("label", "text")
        .addColumn("claims", "text")
        .addColumn("credentials", "text", (column) => column.notNull())
        .addColumn("credentials_expire_at", "bigint")
        .addColumn("renewal", "text")
        .addColumn("renew_at", "bigint")
        .addColumn("created_at", "bigint", (column) => column.notNull())
        .execute();
      await sql`insert into login_identities
        (id, login_id, position, owner_key, account, user_id, arn, name, role, proven, method, credentials, created_at)
        select id, id, 0, owner_key, account, user_id, arn, name, role, proven, method, credentials, created_at
        from logins where owner_key is not null and credentials is not null and method is not null`.execute(db);
      await db.schema.createIndex("login_identities_by_login").on("login_identities").column("login_id").execute();
      await db.schema.createIndex("login_identities_by_owner").on("login_identities").column("owner_key").execute();
      await db.schema.createIndex("login_identities_by_renewal").on("login_identities").column("renew_at").execute();

      await db.schema.dropIndex("logins_by_owner").execute();
      for (const column of MOVED_TO_IDENTITIES) await db.schema.alterTable("logins").dropColumn(column).execute();
      await db.schema
        .alterTable("logins")
        .addColumn("device", "text", (column) => column.notNull().defaultTo(""))
        .execute();
      await db.schema
        .alterTable("logins")
        .addColumn("ip", "text", (column) => column.notNull().defaultTo(""))
        .execute();
      await db.schema
        .alterTable("logins")
        .addColumn("last_seen_at", "bigint", (column) => column.notNull().defaultTo(0))
        .execute();
      await sql`update logins set last_seen_at = created_at`.execute(db);

      await db.schema
        .createTable("disabled_people")
        .addColumn("person_key", "text", (column) => column.primaryKey())
        .addColumn("name", "text", (column) => column.notNull())
        .addColumn("by_name", "text", (column) => column.notNull())
        .addColumn("at", "bigint", (column) => column.notNull())
        .execute();
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
  "0005-portals": {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable("portals")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("cookie_hash", "text", (column) => column.notNull())
        .addColumn("login_id", "text")
        .addColumn("start_url", "text", (column) => column.notNull())
        .addColumn("region", "text", (column) => column.notNull())
        .addColumn("sealed", "text", (column) => column.notNull())
        .addColumn("created_at", "bigint", (column) => column.notNull())
        .addColumn("ends_at", "bigint", (column) => column.notNull())
        .execute();
      await db.schema.createIndex("portals_by_login").on("portals").column("login_id").execute();
      await db.schema.createIndex("portals_by_end").on("portals").column("ends_at").execute();
    },
  },
  "0006-audit-retention": {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.createIndex("audit_events_by_time").on("audit_events").column("at").execute();
      await db.schema
        .createTable("audit_retention")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("keep_from", "bigint", (column) => column.notNull())
        .execute();
    },
  },
  "0007-audit-role-and-device": {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const column of ["role", "device", "instance_name"])
        await db.schema.alterTable("audit_events").addColumn(column, "text").execute();
    },
  },
  "0008-login-identity-subject": {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable("login_identities").addColumn("subject", "text").execute();
    },
  },
  "0009-shares": {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable("shares")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("session_id", "text", (column) => column.notNull())
        .addColumn("owner_key", "text", (column) => column.notNull())
        .addColumn("owner", "text", (column) => column.notNull())
        .addColumn("account", "text", (column) => column.notNull())
        .addColumn("region", "text", (column) => column.notNull())
        .addColumn("instance_id", "text", (column) => column.notNull())
        .addColumn("instance_name", "text", (column) => column.notNull())
        .addColumn("session_started_at", "bigint", (column) => column.notNull())
        .addColumn("share_class", "text", (column) => column.notNull())
        .addColumn("secret_hash", "text", (column) => column.notNull())
        .addColumn("mode", "text", (column) => column.notNull())
        .addColumn("audience", "text", (column) => column.notNull())
        .addColumn("people", "text", (column) => column.notNull())
        .addColumn("created_at", "bigint", (column) => column.notNull())
        .addColumn("expires_at", "bigint")
        .addColumn("earlier_output", "integer", (column) => column.notNull())
        .addColumn("fit_smallest", "integer", (column) => column.notNull())
        .addColumn("viewers_max", "integer", (column) => column.notNull())
        .addColumn("ended_at", "bigint")
        .addColumn("end_reason", "text")
        .execute();
      await db.schema.createIndex("shares_by_end").on("shares").column("ended_at").execute();
      await db.schema
        .createTable("share_viewers")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("share_id", "text", (column) => column.notNull())
        .addColumn("owner_key", "text", (column) => column.notNull())
        .addColumn("person", "text", (column) => column.notNull())
        .addColumn("joined_at", "bigint", (column) => column.notNull())
        .addColumn("join_offset", "bigint")
        .addColumn("colour", "integer", (column) => column.notNull())
        .addUniqueConstraint("share_viewers_once", ["share_id", "owner_key"])
        .execute();
      await db.schema
        .createTable("share_keyboards")
        .addColumn("session_id", "text", (column) => column.primaryKey())
        .addColumn("state", "text", (column) => column.notNull())
        .addColumn("updated_at", "bigint", (column) => column.notNull())
        .execute();
    },
  },
  "0010-ended-logins": {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable("ended_logins")
        .addColumn("cookie_hash", "text", (column) => column.primaryKey())
        .addColumn("code", "text", (column) => column.notNull())
        .addColumn("ended_at", "bigint", (column) => column.notNull())
        .execute();
      await db.schema.createIndex("ended_logins_by_time").on("ended_logins").column("ended_at").execute();
    },
  },
  "0011-portal-people": {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable("portals").addColumn("person", "text").execute();
    },
  },
};

const MOVED_TO_IDENTITIES = [
  "method",
  "owner_key",
  "account",
  "user_id",
  "arn",
  "name",
  "role",
  "proven",
  "credentials",
] as const;
