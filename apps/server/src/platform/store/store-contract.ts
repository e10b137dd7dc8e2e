import { describe, expect, test } from "vitest";
import type { Store } from "./database.ts";
import type { AuditEventsTable, LoginIdentitiesTable, LoginsTable, SessionsTable } from "./tables.ts";

const LOGIN: LoginsTable = {
  id: "login-1",
  cookie_hash: "hash-1",
  launched: 0,
  created_at: 1_700_000_000_000,
  ends_at: 4_000_000_000_000,
  device: "Firefox on Linux",
  ip: "127.0.0.1",
  last_seen_at: 1_700_000_000_000,
};
const IDENTITY: LoginIdentitiesTable = {
  id: "identity-1",
  login_id: "login-1",
  position: 0,
  owner_key: "111122223333/AIDADANA",
  account: "111122223333",
  user_id: "AIDADANA",
  arn: "arn:aws:iam::111122223333:user/dana",
  name: "dana",
  role: "IAM user",
  proven: 1,
  method: "access-keys",
  label: null,
  claims: null,
  subject: null,
  credentials: "v1.key.sealed",
  credentials_expire_at: 1_700_003_600_000,
  renewal: null,
  renew_at: null,
  created_at: 1_700_000_000_000,
};
const SESSION: SessionsTable = {
  id: "session-1",
  aws_session_id: "dana-0123456789abcdef0",
  owner_key: "111122223333/AIDADANA",
  login_id: "login-1",
  account: "111122223333",
  region: "eu-west-1",
  instance_id: "i-0123456789abcdef0",
  instance_name: "größte Maschine 🎉",
  document_name: null,
  started_at: 1_700_000_000_000,
  ended_at: null,
  end_json: null,
};
const AUDIT: AuditEventsTable = {
  id: "0001",
  at: 1_700_000_000_000,
  event: "sign_in.succeeded",
  owner_key: "111122223333/AIDADANA",
  name: "dana",
  account: "111122223333",
  region: null,
  session_id: null,
  instance_id: null,
  ip: "127.0.0.1",
  request_id: "r",
  detail: null,
  role: "SRE-Operator",
  device: "Firefox on Linux",
  instance_name: null,
};

/** What every engine must keep the same way; run by the test of each. */
export function describeStoreContract(engine: string, open: () => Promise<Store>): void {
  describe(`the store on ${engine}`, () => {
    test("keeps logins, sessions and audit events as they were written, large times included", async () => {
      const { database } = await open();
      await database.insertInto("logins").values(LOGIN).execute();
      await database.insertInto("login_identities").values(IDENTITY).execute();
      await database.insertInto("sessions").values(SESSION).execute();
      await database.insertInto("audit_events").values(AUDIT).execute();
      expect(await database.selectFrom("logins").selectAll().execute()).toEqual([LOGIN]);
      expect(await database.selectFrom("login_identities").selectAll().execute()).toEqual([IDENTITY]);
      expect(await database.selectFrom("sessions").selectAll().execute()).toEqual([SESSION]);
      expect(await database.selectFrom("audit_events").selectAll().execute()).toEqual([AUDIT]);
    });

    test("a cookie's hash stands for one login only", async () => {
      const { database } = await open();
      await database.insertInto("logins").values(LOGIN).execute();
      const second = database.insertInto("logins").values({ ...LOGIN, id: "login-2" });
      await expect(second.execute()).rejects.toThrow();
    });

    test("a transaction that fails leaves nothing of itself", async () => {
      const { database } = await open();
      const failing = database.transaction().execute(async (transaction) => {
        await transaction.insertInto("logins").values(LOGIN).execute();
        throw new Error("after the insert");
      });
      await expect(failing).rejects.toThrow("after the insert");
      expect(await database.selectFrom("logins").selectAll().execute()).toEqual([]);
    });

    test("an audit event can be neither changed nor deleted", async () => {
      const { database } = await open();
      await database.insertInto("audit_events").values(AUDIT).execute();
      await expect(database.updateTable("audit_events").set({ name: "x" }).execute()).rejects.toThrow(/append-only/);
      await expect(database.deleteFrom("audit_events").execute()).rejects.toThrow(/append-only/);
      expect(await database.selectFrom("audit_events").selectAll().execute()).toEqual([AUDIT]);
    });

    test("says that it can be written, again and again", async () => {
      const store = await open();
      await store.checkWritable(1);
      await store.checkWritable(2);
      expect(await store.database.selectFrom("store_checks").selectAll().execute()).toEqual([
        { id: "writable", at: 2 },
      ]);
    });
  });
}
