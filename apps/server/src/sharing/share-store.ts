/** Links, who came by them, and who has the keyboard, as rows. Secrets are here only as hashes, terminal bytes never. */
import type {
  NamedPerson,
  ShareAudience,
  ShareEndReason,
  ShareMode,
  SharePerson,
} from "@causeway/wire-contract/sharing";
import type { Database } from "../platform/store/database.ts";
import type { KeyboardSnapshot } from "./keyboard.ts";
import type { ShareRecord, ViewerRecord } from "./share-record.ts";
import type { ShareClass } from "./share-secret.ts";

export class ShareStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(share: ShareRecord): Promise<void> {
    const { secretHash, shareClass, ownerKey, owner } = share;
    await this.#database
      .insertInto("shares")
      .values({
        id: share.id,
        session_id: share.sessionId,
        owner_key: ownerKey,
        owner: JSON.stringify(owner),
        account: share.account,
        region: share.region,
        instance_id: share.instanceId,
        instance_name: share.instanceName,
        session_started_at: share.sessionStartedAtMs,
        share_class: shareClass,
        secret_hash: secretHash,
        created_at: share.createdAtMs,
        ended_at: null,
        end_reason: null,
        ...changeable(share),
      })
      .execute();
  }

  async change(share: ShareRecord): Promise<void> {
    await this.#database.updateTable("shares").set(changeable(share)).where("id", "=", share.id).execute();
  }

  async end(shareId: string, atMs: number, why: ShareEndReason): Promise<void> {
    await this.#database
      .updateTable("shares")
      .set({ ended_at: atMs, end_reason: why })
      .where("id", "=", shareId)
      .where("ended_at", "is", null)
      .execute();
  }

  async addViewer(viewer: ViewerRecord): Promise<void> {
    await this.#database
      .insertInto("share_viewers")
      .values({
        id: viewer.id,
        share_id: viewer.shareId,
        owner_key: viewer.ownerKey,
        person: JSON.stringify(viewer.person),
        joined_at: viewer.joinedAtMs,
        join_offset: viewer.joinOffset ?? null,
        colour: viewer.colour,
      })
      .execute();
  }

  /** Once and for good: a later one never moves it. */
  async setJoinOffset(viewerId: string, offset: number): Promise<void> {
    await this.#database
      .updateTable("share_viewers")
      .set({ join_offset: offset })
      .where("id", "=", viewerId)
      .where("join_offset", "is", null)
      .execute();
  }

  async removeViewer(viewerId: string): Promise<void> {
    await this.#database.deleteFrom("share_viewers").where("id", "=", viewerId).execute();
  }

  async saveKeyboard(sessionId: string, snapshot: KeyboardSnapshot, nowMs: number): Promise<void> {
    const row = { state: JSON.stringify(snapshot), updated_at: nowMs };
    await this.#database
      .insertInto("share_keyboards")
      .values({ session_id: sessionId, ...row })
      .onConflict((conflict) => conflict.column("session_id").doUpdateSet(row))
      .execute();
  }

  /** Links that live, and those that ended after `endedAfterMs`, with their viewers; older ones are deleted. Oldest first. */
  async load(endedAfterMs: number): Promise<{ shares: ShareRecord[]; keyboards: Map<string, KeyboardSnapshot> }> {
    await this.#deleteEnded(endedAfterMs);
    const shares = new Map<string, ShareRecord>();
    for (const row of await this.#database.selectFrom("shares").selectAll().orderBy("created_at").execute())
      shares.set(row.id, {
        id: row.id,
        sessionId: row.session_id,
        ownerKey: row.owner_key,
        owner: JSON.parse(row.owner) as SharePerson,
        account: row.account,
        region: row.region,
        instanceId: row.instance_id,
        instanceName: row.instance_name,
        sessionStartedAtMs: Number(row.session_started_at),
        shareClass: row.share_class as ShareClass,
        secretHash: row.secret_hash,
        mode: row.mode as ShareMode,
        audience: row.audience as ShareAudience,
        people: JSON.parse(row.people) as NamedPerson[],
        createdAtMs: Number(row.created_at),
        expiresAtMs: row.expires_at === null ? undefined : Number(row.expires_at),
        earlierOutput: row.earlier_output === 1,
        fitSmallest: row.fit_smallest === 1,
        viewersMax: Number(row.viewers_max),
        ended:
          row.ended_at === null ? undefined : { atMs: Number(row.ended_at), why: row.end_reason as ShareEndReason },
        viewers: new Map(),
      });
    for (const row of await this.#database.selectFrom("share_viewers").selectAll().orderBy("joined_at").execute())
      shares.get(row.share_id)?.viewers.set(row.id, {
        id: row.id,
        shareId: row.share_id,
        ownerKey: row.owner_key,
        person: JSON.parse(row.person) as SharePerson,
        joinedAtMs: Number(row.joined_at),
        joinOffset: row.join_offset === null ? undefined : Number(row.join_offset),
        colour: Number(row.colour),
      });
    const keyboards = await this.#database.selectFrom("share_keyboards").select(["session_id", "state"]).execute();
    return {
      shares: [...shares.values()],
      keyboards: new Map(keyboards.map((row) => [row.session_id, JSON.parse(row.state) as KeyboardSnapshot])),
    };
  }

  async #deleteEnded(endedBeforeMs: number): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      await transaction.deleteFrom("shares").where("ended_at", "<=", endedBeforeMs).execute();
      const living = transaction.selectFrom("shares").select("id");
      await transaction.deleteFrom("share_viewers").where("share_id", "not in", living).execute();
      const sessions = transaction.selectFrom("shares").select("session_id");
      await transaction.deleteFrom("share_keyboards").where("session_id", "not in", sessions).execute();
    });
  }
}

function changeable(share: ShareRecord) {
  return {
    mode: share.mode,
    audience: share.audience,
    people: JSON.stringify(share.people),
    expires_at: share.expiresAtMs ?? null,
    earlier_output: share.earlierOutput ? 1 : 0,
    fit_smallest: share.fitSmallest ? 1 : 0,
    viewers_max: share.viewersMax,
  };
}
