import type { SessionEnd } from "@causeway/wire-contract/sessions";
import type { Database } from "../platform/store/database.ts";
import type { LeftRow } from "./left-sessions.ts";

/** What is known of a session from its start on; the public facts, no secret among them. */
export interface SessionFacts {
  id: string;
  awsSessionId: string;
  ownerKey: string;
  loginId: string;
  account: string;
  region: string;
  instanceId: string;
  instanceName: string;
  documentName: string | undefined;
  startedAtMs: number;
}

/** Sessions as rows: that they were, whose, and how they ended. Terminal bytes are never here. */
export class SessionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async recordStart(session: SessionFacts): Promise<void> {
    await this.#database
      .insertInto("sessions")
      .values({
        id: session.id,
        aws_session_id: session.awsSessionId,
        owner_key: session.ownerKey,
        login_id: session.loginId,
        account: session.account,
        region: session.region,
        instance_id: session.instanceId,
        instance_name: session.instanceName,
        document_name: session.documentName ?? null,
        started_at: session.startedAtMs,
        ended_at: null,
        end_json: null,
      })
      .execute();
  }

  /** Of these sessions of AWS, those that Causeway started, with the owner key of each. At most as many as AWS lists at once. */
  async startedHere(account: string, region: string, awsSessionIds: readonly string[]): Promise<Map<string, string>> {
    if (awsSessionIds.length === 0) return new Map();
    const rows = await this.#database
      .selectFrom("sessions")
      .select(["owner_key", "aws_session_id"])
      .where("aws_session_id", "in", awsSessionIds)
      .where("account", "=", account)
      .where("region", "=", region)
      .execute();
    return new Map(rows.map((row) => [row.aws_session_id, row.owner_key]));
  }

  async recordEnd(id: string, end: SessionEnd): Promise<void> {
    await this.#database
      .updateTable("sessions")
      .set({ ended_at: end.at, end_json: JSON.stringify(end) })
      .where("id", "=", id)
      .where("ended_at", "is", null)
      .execute();
  }

  /** Sessions without an end, and those that ended after `endedAfterMs`. Oldest first. */
  async left(endedAfterMs: number): Promise<LeftRow[]> {
    const rows = await this.#database
      .selectFrom("sessions")
      .selectAll()
      .where((where) => where.or([where("ended_at", "is", null), where("ended_at", ">", endedAfterMs)]))
      .orderBy("started_at")
      .execute();
    return rows.map((row) => ({
      facts: {
        id: row.id,
        awsSessionId: row.aws_session_id,
        ownerKey: row.owner_key,
        loginId: row.login_id,
        account: row.account,
        region: row.region,
        instanceId: row.instance_id,
        instanceName: row.instance_name,
        documentName: row.document_name ?? undefined,
        startedAtMs: Number(row.started_at),
      },
      end: row.end_json === null ? undefined : (JSON.parse(row.end_json) as SessionEnd),
    }));
  }
}
