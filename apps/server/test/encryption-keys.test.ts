/** Changing the encryption key: whatever lies sealed in the store is under the newest key after one start. */
import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SecretBox } from "../src/platform/secret-box.ts";
import { startTestServer, TestBrowser, type TestServer } from "../src/test-support/test-server.ts";

const PLACE = { startUrl: "https://harbor.awsapps.com/start", region: "eu-west-1" };
const API = "/api/v1/sign-in/identity-center";
const OPERATOR = { accountId: "111122223333", roleName: "SRE-Operator" };
/** Everything that is sealed, by what it is sealed for; a new purpose belongs here, and into a `rewrap`. */
const PURPOSES = ["identity center portal", "login credentials", "login renewal"];
const SEALED = /^v1\.([0-9a-f]{16})\./;

/** Notes what it sealed things for. */
class NotingBox extends SecretBox {
  readonly purposes = new Set<string>();

  override seal(purpose: string, rowId: string, text: string): string {
    this.purposes.add(purpose);
    return super.seal(purpose, rowId, text);
  }
}

const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
let first: TestServer;
let last: TestServer;
let box: NotingBox;
const env = { CAUSEWAY_IDENTITY_CENTER: `${PLACE.region} ${PLACE.startUrl}` };
beforeEach(async () => {
  box = new NotingBox(oldKey, randomBytes);
  first = await startTestServer({ env, deps: { box } });
  last = first;
});
afterEach(() => last.close());

/** The server stops and starts again on the same store, with other keys. */
async function restart(withBox: SecretBox): Promise<void> {
  await last.app.close();
  const { store, identityCenter, callerIdentity } = first.deps;
  last = await startTestServer({ env, deps: { store, identityCenter, callerIdentity, box: withBox } });
}

/** Signs in with a portal: it, the keys and what renews them are sealed. */
async function signedInWithPortal(): Promise<{ dana: TestBrowser; portalId: string }> {
  const dana = new TestBrowser(first);
  first.identityCenter.answers.push("approved");
  const { id } = (await dana.send("POST", `${API}/codes`, PLACE)).json();
  await vi.waitFor(async () => {
    first.clock.advance(1_000);
    expect((await dana.get(`${API}/codes/${id}`)).json().state).toBe("approved");
  });
  expect((await dana.send("POST", `${API}/portals/${id}/sign-in`, OPERATOR)).statusCode).toBe(200);
  return { dana, portalId: id };
}

/** Every sealed value of every table, as `table.column`, with whether the newest key sealed it. */
async function sealedColumns(newest: SecretBox): Promise<Map<string, boolean[]>> {
  const { database } = first.deps.store;
  const tables = await sql<{ name: string }>`select name from sqlite_master where type = 'table'`.execute(database);
  const found = new Map<string, boolean[]>();
  for (const { name } of tables.rows) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(database);
    for (const row of rows)
      for (const [column, value] of Object.entries(row))
        if (typeof value === "string" && SEALED.test(value)) {
          const key = `${name}.${column}`;
          found.set(key, [...(found.get(key) ?? []), newest.isNewest(value)]);
        }
  }
  return found;
}

test("one start with a new key seals everything anew, whatever it was sealed for", async () => {
  await signedInWithPortal();
  expect([...box.purposes].sort()).toEqual(PURPOSES);
  const rotated = new NotingBox(newKey, randomBytes, [oldKey]);
  await restart(rotated);
  expect([...rotated.purposes].sort()).toEqual(PURPOSES);
  expect(await sealedColumns(rotated)).toEqual(
    new Map([
      ["login_identities.credentials", [true]],
      ["login_identities.renewal", [true]],
      ["portals.sealed", [true]],
    ]),
  );
});

test("once the old key is gone a portal still opens: her accounts are listed, and another role of hers signs in", async () => {
  const { dana, portalId } = await signedInWithPortal();
  await restart(new SecretBox(newKey, randomBytes, [oldKey]));
  await restart(new SecretBox(newKey, randomBytes));
  const sameDana = new TestBrowser(last);
  sameDana.cookie = dana.cookie;
  expect((await sameDana.get("/api/v1/me")).statusCode).toBe(200);
  expect((await sameDana.get(`${API}/portals/${portalId}/accounts`)).statusCode).toBe(200);
  const again = await sameDana.send("POST", `${API}/portals/${portalId}/sign-in`, OPERATOR);
  expect(again.statusCode).toBe(200);
});

test("a portal under a key that is gone too early asks for a new code, and is not changed by a start", async () => {
  const { dana, portalId } = await signedInWithPortal();
  await restart(new SecretBox(newKey, randomBytes));
  const sameDana = new TestBrowser(last);
  sameDana.cookie = dana.cookie;
  const refused = await sameDana.get(`${API}/portals/${portalId}/accounts`);
  expect(refused.json().code).toBe("IDENTITY_CENTER_SIGN_IN_ENDED");
  await restart(new SecretBox(newKey, randomBytes, [oldKey]));
  const back = new TestBrowser(last);
  back.cookie = dana.cookie;
  expect((await back.get(`${API}/portals/${portalId}/accounts`)).statusCode).toBe(200);
});
