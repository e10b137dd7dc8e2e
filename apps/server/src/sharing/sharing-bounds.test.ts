/** Links and viewers at their bounds, connections that break on both sides at once, and links that wait for a sign-in elsewhere. */
import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { AwsIdentity } from "../identity/index.ts";
import type { ReaderSink } from "../sessions/index.ts";
import { GUEST_READERS_MAX } from "../sessions/readers/reader-set.ts";
import { TestBrowser } from "../test-support/test-server.ts";
import { ENDED_SHARES_MAX } from "./share-book.ts";
import { guessOf } from "./share-secret.ts";
import { VIEWERS_PER_SHARE_MAX, WRONG_LINKS_MAX } from "./sharing-service.ts";
import { SharingHarness } from "./testing/sharing-harness.ts";

vi.setConfig({ testTimeout: 60_000 });

let harness: SharingHarness;
beforeAll(async () => {
  harness = await SharingHarness.start({ sharing: { viewersMax: 2 } });
});
afterEach(() => harness.clear());
afterAll(() => harness.close());

const ORIGIN = { ip: "192.0.2.1", requestId: "test" };

function somebody(n: number): AwsIdentity {
  const [account, userId] = ["111122223333", `AIDA${n}`];
  return {
    ...{ loginId: `login-${n}`, identityId: `identity-${n}`, method: "access-keys", ownerKey: `${account}/${userId}` },
    ...{ account, userId, arn: `arn:aws:iam::${account}:user/p${n}`, name: `p${n}`, role: "IAM user", proven: true },
    credentials: async () => ({ accessKeyId: "AKIAEXAMPLEEXAMPLE12", secretAccessKey: "not a secret" }),
  };
}

class SilentSink implements ReaderSink {
  sendOutput(): void {}
  sendCheckpoint(): void {}
  sendMessage(): void {}
  close(): void {}
}

test("two hundred people come by one link in its life; the next is refused, and whoever came before is not", async () => {
  const { secret, share } = await harness.share(await harness.session());
  const join = (n: number) =>
    harness.sharing.join([somebody(n)], share.id, { guess: guessOf(share.id, secret) }, ORIGIN);
  for (let n = 0; n < VIEWERS_PER_SHARE_MAX; n++) await join(n);
  await expect(join(VIEWERS_PER_SHARE_MAX)).rejects.toMatchObject({ code: "SHARE_FULL" });
  expect(await join(7)).toMatchObject({ shareId: share.id });
});

test("as many people watch a session at a time as the settings say, over all its links, and one who left makes room", async () => {
  const id = await harness.session();
  const [one, other] = [await harness.share(id), await harness.share(id, { mode: "view" })];
  harness.server.sts.add("AKIAMIRA00000000", "111122223333", "AIDAMIRA", "user/mira");
  const first = await harness.viewerPage(one);
  await harness.viewerPage(other, { browser: await harness.browser("ASIAROLE00000000") });
  const mira = await harness.browser("AKIAMIRA00000000");
  const third = await harness.viewerPage(other, { browser: mira });
  await third.until(() => third.closed !== undefined, "cut");
  expect(third.closed?.reason).toBe("SHARE_FULL");
  first.socket.terminate();
  await vi.waitFor(
    async () => expect((await harness.comeBack(other.share.id, {}, mira)).closed).toBeUndefined(),
    15_000,
  );
});

test("a session has two hundred pages of viewers; the next is refused, and the owner's own are not counted with them", async () => {
  const id = await harness.session();
  const attach = () =>
    harness.service.attachGuest(id, {
      ...{ offset: null, streamId: randomBytes(16).toString("hex"), size: { cols: 80, rows: 24 }, visible: true },
      sink: new SilentSink(),
      person: { ownerKey: "111122223333/AIDAKOFI", name: "kofi" },
      guest: { fromOffset: 0, screens: undefined, fits: () => false },
    });
  for (let n = 0; n < GUEST_READERS_MAX; n++) attach();
  expect(attach).toThrow(expect.objectContaining({ code: "READERS_LIMIT_REACHED" }));
  expect((await harness.ownerPage(id)).closed).toBeUndefined();
});

test("of links that ended the last twenty are remembered: who comes by an older one is told that there is none", async () => {
  const id = await harness.session();
  const made = [];
  for (let n = 0; n <= ENDED_SHARES_MAX; n++) {
    const created = await harness.share(id, { mode: "view" });
    made.push(created);
    await harness.dana.send("DELETE", `/api/v1/sessions/${id}/shares/${created.share.id}`);
  }
  made.push(await harness.share(id));
  const codes = [];
  for (const created of [made[0], made[1], made.at(-1)]) {
    const reply = await harness.join(created as (typeof made)[number]);
    codes.push(reply.statusCode === 200 ? "in" : reply.json().code);
  }
  expect(codes).toEqual(["SHARE_NOT_FOUND", "SHARE_ENDED", "in"]);
});

test("owner and holder both lose the network: within half a minute all is as it was, and no key was lost or sent twice", async () => {
  const id = await harness.session();
  const owner = await harness.ownerPage(id);
  const created = await harness.share(id);
  const viewer = await harness.viewerPage(created);
  const you = viewer.last("sharing")?.you ?? "";
  const stateOf = (page: typeof viewer) => page.last("sharing")?.people.find(({ key }) => key === you);
  viewer.say({ type: "keyboard", act: "ask" });
  await owner.until(() => stateOf(owner)?.keyboard === "asked", "asked");
  owner.say({ type: "keyboard", act: "allow", who: you });
  await viewer.until(() => stateOf(viewer)?.keyboard === "holding", "holding");
  viewer.type("before");
  await viewer.until(() => viewer.last("input-ack")?.stored === 6, "stored");
  for (const page of [viewer, owner]) page.socket.terminate();
  await vi.waitFor(async () => {
    const { shares } = (await harness.dana.get(`/api/v1/sessions/${id}/shares`)).json();
    expect(shares[0].watching).toBe(0);
  });
  const viewerAgain = await harness.comeBack(created.share.id, { offset: viewer.offset, streamId: viewer.streamId });
  await viewerAgain.until(
    () => stateOf(viewerAgain)?.keyboard === "owner-away",
    "the owner is away, the keyboard is kept",
  );
  const ownerAgain = await harness.ownerPage(id, { offset: owner.offset });
  await viewerAgain.until(() => stateOf(viewerAgain)?.keyboard === "holding", "holding");
  expect(viewerAgain.last("attached")).toMatchObject({ inputStored: 6 });
  viewerAgain.type("before", "human", 0); // sent again, because nobody had said that it came
  viewerAgain.type(" after", "human", 6);
  await ownerAgain.until(() => harness.aws.last.input.length === 12, "all keys");
  expect(harness.aws.last.input.toString()).toBe("before after");
});

test("a link opened while signed out is redeemed after a sign-in that left the page, by the browser that opened it and once", async () => {
  const { secret, share } = await harness.share(await harness.session());
  const browser = new TestBrowser(harness.server);
  const path = `/api/v1/shares/${share.id}`;
  expect((await browser.send("POST", `${path}/carry`, { secret })).statusCode).toBe(204);
  const other = await harness.browser("AKIAKOFI00000000");
  expect((await other.get("/api/v1/shares/carried")).json()).toEqual({});
  expect((await other.send("POST", `${path}/join`, {})).json().code).toBe("SHARE_NOT_FOUND");
  await browser.signIn("AKIAKOFI00000000");
  expect((await browser.get("/api/v1/shares/carried")).json()).toEqual({ shareId: share.id });
  expect((await browser.send("POST", `${path}/join`, {})).json()).toMatchObject({ shareId: share.id });
  expect(browser.linkCookie).toBeUndefined();
  expect((await browser.get("/api/v1/shares/carried")).json()).toEqual({});
  expect((await browser.get(path)).statusCode).toBe(200);
});

test("guessing by way of links left before signing in is answered and limited as any guessing is", async () => {
  const { secret, share } = await harness.share(await harness.session());
  const browser = await harness.browser("ASIAROLE00000000");
  const guess = async (id: string, said: string) => {
    expect((await browser.send("POST", `/api/v1/shares/${id}/carry`, { secret: said })).statusCode).toBe(204);
    return browser.send("POST", `/api/v1/shares/${id}/join`, {});
  };
  const wrong = await guess(share.id, `k${"A".repeat(43)}`);
  const unknown = await guess(randomBytes(16).toString("base64url"), secret);
  expect(wrong.statusCode).toBe(404);
  expect({ ...unknown.json(), requestId: "" }).toEqual({ ...wrong.json(), requestId: "" });
  for (let count = 2; count < WRONG_LINKS_MAX; count++) await guess("x", secret);
  expect((await guess(share.id, secret)).statusCode).toBe(429);
  harness.clock.advance(61_000);
  // who was told to wait has not lost what she left
  expect((await browser.send("POST", `/api/v1/shares/${share.id}/join`, {})).statusCode).toBe(200);
});
