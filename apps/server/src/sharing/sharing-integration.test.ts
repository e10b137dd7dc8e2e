/** Shared terminals from link to shell: real websockets, data channel, store, log files and checkpoints; only AWS's API is a fake. */
import { randomBytes } from "node:crypto";
import type { CreateShareRequest, PresentPerson } from "@causeway/wire-contract/sharing";
import { SHARES_PER_SESSION_MAX } from "@causeway/wire-contract/sharing";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { BrowserPage } from "../sessions/testing/browser-page.ts";
import { SECRET_BYTES } from "./share-secret.ts";
import { WRONG_LINKS_MAX } from "./sharing-service.ts";
import { type HarnessOptions, SharingHarness } from "./testing/sharing-harness.ts";
import { PAGES_PER_VIEWER_MAX } from "./viewer-attach.ts";

vi.setConfig({ testTimeout: 60_000 });

/** Most tests share one server, each with a shell of its own. */
let common: SharingHarness;
let harness: SharingHarness;
beforeAll(async () => {
  common = await SharingHarness.start();
});
beforeEach(() => {
  harness = common;
});
afterEach(() => (harness === common ? common.clear() : harness.close()));
afterAll(() => common.close());

/** For tests that restart the server, sign people out, or need other settings. */
async function startOwn(options: HarnessOptions = {}): Promise<void> {
  harness = await SharingHarness.start(options);
}

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => `line ${from + n} of the output\r\n`).join("");
const person = (page: BrowserPage, key: string | undefined): PresentPerson | undefined =>
  page.last("sharing")?.people.find((each) => each.key === key);
const stateOf = (page: BrowserPage) => person(page, page.last("sharing")?.you)?.keyboard;
const viewerKey = (page: BrowserPage) => page.last("sharing")?.you ?? "";
const events = (page: BrowserPage) =>
  page.messages.flatMap((message) => (message.type === "sharing-event" ? [message.event] : []));
async function cut(page: BrowserPage): Promise<string> {
  await page.until(() => page.closed !== undefined, "cut");
  const ended = page.last("share-ended");
  return `${page.closed?.code} ${ended?.why ?? page.closed?.reason}`;
}
async function handOver(owner: BrowserPage, viewer: BrowserPage): Promise<void> {
  viewer.say({ type: "keyboard", act: "ask" });
  await owner.until(() => person(owner, viewerKey(viewer))?.keyboard === "asked", "asked");
  owner.say({ type: "keyboard", act: "allow", who: viewerKey(viewer) });
  await viewer.until(() => stateOf(viewer) === "holding", "holding");
}

// --- links

test("a wrong secret, a wrong id and an impossible one are the same answer, and guessing is limited", async () => {
  await startOwn();
  const created = await harness.share(await harness.session());
  const guess = (id: string, secret: string) => harness.kofi.send("POST", `/api/v1/shares/${id}/join`, { secret });
  const wrong = `k${"A".repeat(43)}`;
  const answers = [
    await guess(created.share.id, wrong),
    await guess(created.share.id, `v${created.secret.slice(1)}`),
    await guess(randomBytes(16).toString("base64url"), created.secret),
    await guess("x", "x"),
    await guess("constructor", created.secret),
  ].map((reply) => [reply.statusCode, { ...reply.json(), requestId: "" }]);
  expect(answers[0]?.[0]).toBe(404);
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  for (let count = answers.length; count < WRONG_LINKS_MAX; count++) await guess("x", wrong);
  expect((await guess(created.share.id, created.secret)).statusCode).toBe(429);
});

test("a link's secret is in no log line, no audit line and no row of the database", async () => {
  const id = await harness.session();
  const created = await harness.share(id);
  expect(Buffer.from(created.secret.slice(1), "base64url").length).toBe(SECRET_BYTES);
  await harness.viewerPage(created);
  const { database } = harness.store;
  const rows = await Promise.all(
    (["shares", "share_viewers", "share_keyboards", "audit_events"] as const).map((table) =>
      database.selectFrom(table).selectAll().execute(),
    ),
  );
  const text = JSON.stringify(rows) + harness.lines.join("\n");
  expect(text).toContain(created.share.id);
  expect(text).not.toContain(created.secret.slice(1));
  expect(JSON.stringify((await harness.dana.get(`/api/v1/sessions/${id}/shares`)).json())).not.toContain(
    created.secret,
  );
});

test.each<[Partial<CreateShareRequest>, string, string]>([
  [{ audience: "account" }, "AKIAKOFI00000000", "in"],
  [{ audience: "account" }, "ASIAROLE00000000", "in"],
  [{ audience: "account" }, "AKIAOTHER0000000", "SHARE_NOT_FOR_YOU"],
  [{ audience: "anyone" }, "AKIAOTHER0000000", "in"],
  [{ audience: "named", people: [{ account: "111122223333", name: "kofi" }] }, "AKIAKOFI00000000", "in"],
  [
    { audience: "named", people: [{ account: "111122223333", name: "eve@example.com" }] },
    "ASIAROLE00000000",
    "SHARE_NOT_FOR_YOU",
  ],
])("a link with %j and the keys %s: %s", async (request, keys, expected) => {
  const created = await harness.share(await harness.session(), request);
  const reply = await harness.join(created, await harness.browser(keys));
  expect(reply.statusCode === 200 ? "in" : reply.json().code).toBe(expected);
});

test("links are listed without secrets, changed, and revoked one or all; a session has at most 20", async () => {
  const id = await harness.session();
  const path = `/api/v1/sessions/${id}/shares`;
  const first = await harness.share(id);
  for (let count = 1; count < SHARES_PER_SESSION_MAX; count++) await harness.share(id, { mode: "view" });
  const over = await harness.dana.send("POST", path, {
    ...{ mode: "view", audience: "account", expires: "session", earlierOutput: false },
  });
  expect(over.json().code).toBe("SHARES_LIMIT_REACHED");
  const changed = await harness.dana.send("PUT", `${path}/${first.share.id}`, { mode: "type", expires: "session" });
  expect(changed.json()).toMatchObject({ mode: "type" });
  expect(changed.json().expiresAt).toBeUndefined();
  expect((await harness.dana.send("PUT", `${path}/${first.share.id}`, { mode: "view" })).json().code).toBe(
    "SHARE_MODE_FIXED",
  );
  expect((await harness.dana.send("DELETE", `${path}/${first.share.id}`)).statusCode).toBe(204);
  expect((await harness.dana.get(path)).json().shares.length).toBe(SHARES_PER_SESSION_MAX - 1);
  expect((await harness.dana.send("DELETE", path)).json()).toEqual({ revoked: SHARES_PER_SESSION_MAX - 1 });
  expect((await harness.dana.get(path)).json().shares).toEqual([]);
  expect((await harness.join(first)).json().code).toBe("SHARE_ENDED");
});

test("a view-only link can't be made to type, whatever is asked", async () => {
  const id = await harness.session();
  const { share } = await harness.share(id, { mode: "view" });
  for (const mode of ["ask", "type"])
    expect((await harness.dana.send("PUT", `/api/v1/sessions/${id}/shares/${share.id}`, { mode })).json().code).toBe(
      "SHARE_MODE_FIXED",
    );
});

test("lists name one's own links, and terminals others share with one; nobody else's", async () => {
  const created = await harness.share(await harness.session());
  await harness.join(created);
  const lists = async (browser = harness.dana) => (await browser.get("/api/v1/shares")).json();
  expect((await lists()).mine.map((share: { id: string }) => share.id)).toEqual([created.share.id]);
  expect((await lists()).withMe).toEqual([]);
  expect((await lists(harness.kofi)).withMe).toMatchObject([{ shareId: created.share.id, owner: { name: "dana" } }]);
  const mia = await harness.browser("AKIAOTHER0000000");
  expect(await lists(mia)).toEqual({ mine: [], withMe: [] });
  expect((await mia.get(`/api/v1/shares/${created.share.id}`)).json().code).toBe("SHARE_NOT_FOUND");
  expect((await mia.send("POST", `/api/v1/shares/${created.share.id}/attach-ticket`)).json().code).toBe(
    "SHARE_NOT_FOUND",
  );
});

test("the owner who opens her own link is told which session it is", async () => {
  const id = await harness.session();
  expect((await harness.join(await harness.share(id), harness.dana)).json()).toMatchObject({ ownSessionId: id });
});

test("what the settings switch off can't be chosen, and ends links that an earlier server allowed", async () => {
  await startOwn({ sharing: { rulesText: "on,111122223333=view-only", anyone: false } });
  const id = await harness.session();
  const post = (request: object) =>
    harness.dana.send("POST", `/api/v1/sessions/${id}/shares`, {
      ...{ mode: "view", audience: "account", expires: "session", earlierOutput: false },
      ...request,
    });
  expect((await harness.dana.get(`/api/v1/sessions/${id}/shares`)).json().policy).toMatchObject({
    ...{ sharing: true, typing: false, anyone: false },
  });
  for (const request of [{ mode: "ask" }, { mode: "type" }, { audience: "anyone" }])
    expect((await post(request)).json().code).toBe("SHARE_NOT_ALLOWED");
  const created = (await post({})).json();
  harness.setRules("off");
  await harness.restart();
  expect((await harness.join(created)).json().code).toBe("SHARE_ENDED");
});

test("with the rule on, who may not start a session there can't watch, neither at first nor later", async () => {
  let mayStart = true;
  await startOwn({ sharing: { needsStartSession: true }, mayStartSession: async () => mayStart });
  const created = await harness.share(await harness.session());
  await harness.viewerPage(created);
  mayStart = false;
  const again = await harness.comeBack(created.share.id);
  expect(await cut(again)).toBe("4000 SHARE_NEEDS_START_SESSION");
  expect((await harness.join(created, await harness.browser("ASIAROLE00000000"))).json().code).toBe(
    "SHARE_NEEDS_START_SESSION",
  );
});

// --- what a viewer sees

test("a viewer without earlier output begins with the screen, and gets no byte from before, whatever she asks for", async () => {
  await startOwn();
  const id = await harness.session(lines(0, 500));
  const owner = await harness.ownerPage(id);
  await owner.until(() => owner.text.includes("line 499 "), "the output");
  const created = await harness.share(id);
  const seen = (page: BrowserPage) => page.checkpoint.toString() + page.text;
  const expectOnlySince = async (page: BrowserPage) => {
    await page.until(() => seen(page).includes("line 499 "), "the screen");
    expect(page.last("attached")).toMatchObject({ role: "viewer" });
    expect(seen(page)).not.toMatch(/line ([0-9]|[0-9]{2}|[0-3][0-9]{2}) /);
  };
  const first = await harness.viewerPage(created, { offset: 0 });
  await expectOnlySince(first);
  const joinOffset = first.last("attached")?.offset ?? 0;
  expect(joinOffset).toBeGreaterThan(10_000);
  harness.aws.last.print("since then\r\n");
  await first.until(() => first.text.includes("since then"), "what came later");
  for (const offset of [0, joinOffset - 1, null])
    await expectOnlySince(await harness.comeBack(created.share.id, { offset }));
  await harness.restart();
  const later = await harness.comeBack(created.share.id, { offset: 0 });
  await expectOnlySince(later);
  const exact = await harness.comeBack(created.share.id, { offset: joinOffset });
  await exact.until(() => exact.text === "since then\r\n", "the bytes since then, and nothing else");
  expect(exact.checkpoint.length).toBe(0);
});

test("a viewer of a link with earlier output gets it", async () => {
  const id = await harness.session(lines(0, 300));
  const viewer = await harness.viewerPage(await harness.share(id, { earlierOutput: true }));
  await viewer.until(() => viewer.text.includes("line 299 "), "the output");
  expect(viewer.text).toContain("line 0 ");
});

test("at most as many people watch by a link as its owner allows, with a few pages each", async () => {
  const created = await harness.share(await harness.session(), { viewersMax: 1 });
  for (let count = 0; count < PAGES_PER_VIEWER_MAX; count++) await harness.viewerPage(created);
  const oneMore = await harness.comeBack(created.share.id);
  expect(await cut(oneMore)).toBe("4000 READERS_LIMIT_REACHED");
  const eve = await harness.viewerPage(created, { browser: await harness.browser("ASIAROLE00000000") });
  expect(await cut(eve)).toBe("4000 SHARE_FULL");
});

// --- typing

test("nothing that a view-only viewer sends reaches the machine: keys, pastes, sizes, controls, broken frames", async () => {
  const id = await harness.session();
  const owner = await harness.ownerPage(id, { cols: 100 });
  const created = await harness.share(id, { mode: "view" });
  await vi.waitFor(() => expect(harness.aws.last.sizes.at(-1)).toBe("100x24"));
  const sizes = harness.aws.last.sizes.length;
  const attacks: ((page: BrowserPage) => void)[] = [
    (page) => page.type("x"),
    (page) => page.type("\u0003"),
    (page) => page.type("x".repeat(60_000)),
    (page) => page.type("x", "reply"),
    (page) => {
      for (let n = 0; n < 500; n++) page.say({ type: "resize", cols: 40 + (n % 100), rows: 10 });
      page.type("x");
    },
    (page) => {
      for (let n = 0; n < 300; n++)
        for (const act of ["ask", "allow", "take-back", "give-back", "refuse", "cancel"])
          page.say({ type: "keyboard", act, who: viewerKey(page) });
      page.type("x");
    },
    (page) => {
      for (let n = 0; n < 300; n++) page.say({ type: "type-without-net", confirmed: n % 2 === 0 });
      page.type("x");
    },
    ...Array.from({ length: 20 }, () => (page: BrowserPage) => {
      const frame = Buffer.concat([Buffer.from([0x10, 0]), Buffer.from(page.streamId, "hex"), randomBytes(40)]);
      page.socket.send(frame.subarray(0, 1 + Math.floor(Math.random() * frame.length)));
      page.type("x");
    }),
  ];
  for (const attack of attacks) {
    const page = await harness.viewerPage(created, { cols: 40, rows: 10 });
    attack(page);
    expect(await cut(page)).toMatch(/^4000 (SHARE_VIEW_ONLY|ATTACH_PROTOCOL_ERROR)$/);
  }
  owner.type("mine");
  await owner.until(() => owner.text.endsWith("mine"), "the owner's echo");
  expect(harness.aws.last.input.toString()).toBe("mine");
  expect(harness.aws.last.sizes.length).toBe(sizes);
});

test("who never had the keyboard is cut when she types", async () => {
  const viewer = await harness.viewerPage(await harness.share(await harness.session()));
  viewer.type("x");
  expect(await cut(viewer)).toBe("4000 SHARE_VIEW_ONLY");
  expect(harness.aws.last.input.length).toBe(0);
});

test("a viewer asks, is allowed and types; the owner's first key takes the keyboard back and is swallowed", async () => {
  const id = await harness.session();
  const owner = await harness.ownerPage(id);
  const viewer = await harness.viewerPage(await harness.share(id));
  await handOver(owner, viewer);
  viewer.type("uptime\r");
  await owner.until(() => owner.text.endsWith("uptime\r"), "what the viewer typed");
  await owner.until(() => owner.last("typing")?.who === viewerKey(viewer), "who types");
  owner.type("q");
  await viewer.until(() => stateOf(viewer) === "taken-back", "taken back");
  expect(owner.last("sharing-event")).toMatchObject({ event: "taken-back", swallowed: true });
  await owner.until(() => owner.last("input-ack")?.stored === 1, "the swallowed key counts as done");
  viewer.type("late keys, on their way");
  owner.type("ls\r");
  await owner.until(() => owner.text.endsWith("ls\r"), "the owner's second key");
  await viewer.until(() => viewer.last("input-ack")?.stored === viewer.typed, "late keys count as done");
  expect(harness.aws.last.input.toString()).toBe("uptime\rls\r");
  expect(viewer.closed).toBeUndefined();
});

test("a terminal's answer to a query takes no keyboard back, and a viewer's is never sent", async () => {
  const id = await harness.session();
  const owner = await harness.ownerPage(id);
  const viewer = await harness.viewerPage(await harness.share(id));
  await handOver(owner, viewer);
  viewer.type("[from the viewer]", "reply");
  owner.type("[from the owner]", "reply");
  viewer.type("key");
  // by two connections: either may come first
  await owner.until(() => /key/.test(owner.text) && /owner/.test(owner.text), "both");
  expect(harness.aws.last.input.toString()).toMatch(/^(\[from the owner\]key|key\[from the owner\])$/);
  expect(stateOf(viewer)).toBe("holding");
});

test("each key lies in the log under the name of who typed it, and every act in the audit", async () => {
  await startOwn();
  const id = await harness.session();
  const owner = await harness.ownerPage(id);
  const created = await harness.share(id);
  const viewer = await harness.viewerPage(created);
  harness.aws.last.isDeaf = true;
  await handOver(owner, viewer);
  viewer.type("from kofi");
  await viewer.until(() => viewer.last("input-ack")?.stored === 9, "stored");
  owner.say({ type: "keyboard", act: "take-back" });
  await viewer.until(() => stateOf(viewer) === "taken-back", "taken back");
  owner.type("from dana");
  await owner.until(() => owner.last("input-ack")?.stored === 9, "stored");
  await harness.dana.send("DELETE", `/api/v1/sessions/${id}/shares/${created.share.id}`);
  const audit = (await harness.auditLines()).filter((line) => /^(share|keyboard)\./.test(line));
  expect(audit.map((line) => line.split(":")[0])).toEqual([
    "share.created dana",
    "share.joined kofi",
    "keyboard.asked kofi",
    "keyboard.allowed dana",
    "share.typed kofi",
    "keyboard.taken_back dana",
    "share.left kofi",
    "share.revoked dana",
  ]);
  expect(audit.join("\n")).not.toContain("from kofi");
  expect(await harness.authorsOfUnacknowledged(id)).toEqual(["111122223333/AIDAKOFI", "111122223333/AIDADANA"]);
});

test("by a link that lets type, everybody types beside the owner, and all see who types", async () => {
  const id = await harness.session();
  const owner = await harness.ownerPage(id);
  const viewer = await harness.viewerPage(await harness.share(id, { mode: "type" }));
  owner.type("a");
  viewer.type("b");
  await owner.until(() => harness.aws.last.input.length === 2, "both keys");
  expect([...harness.aws.last.input.toString()].sort()).toEqual(["a", "b"]);
  await viewer.until(() => viewer.messages.some((each) => each.type === "typing" && each.who === "owner"), "the owner");
});

test("one viewer holds the keyboard; another is refused and may not ask again at once", async () => {
  const id = await harness.session();
  const owner = await harness.ownerPage(id);
  const created = await harness.share(id);
  const kofi = await harness.viewerPage(created);
  const eve = await harness.viewerPage(created, { browser: await harness.browser("ASIAROLE00000000") });
  await handOver(owner, kofi);
  eve.say({ type: "keyboard", act: "ask" });
  await owner.until(() => person(owner, viewerKey(eve))?.keyboard === "asked", "asked");
  eve.say({ type: "keyboard", act: "allow", who: viewerKey(eve) }); // not hers to say
  owner.say({ type: "keyboard", act: "refuse", who: viewerKey(eve) });
  await eve.until(() => stateOf(eve) === "refused", "refused");
  eve.say({ type: "keyboard", act: "ask" });
  await eve.until(() => eve.last("notice")?.code === "KEYBOARD_ASK_LATER", "not yet");
  expect(person(owner, viewerKey(kofi))?.keyboard).toBe("holding");
});

test("a viewer neither resizes the shell nor holds its size, but where the owner wants the smallest it fits", async () => {
  const id = await harness.session();
  const owner = await harness.ownerPage(id, { cols: 120 });
  const created = await harness.share(id);
  const viewer = await harness.viewerPage(created, { cols: 60 });
  await handOver(owner, viewer);
  viewer.type("k");
  await owner.until(() => owner.text.endsWith("k"), "the key");
  viewer.say({ type: "resize", cols: 50, rows: 20 });
  const path = `/api/v1/sessions/${id}/shares/${created.share.id}`;
  await vi.waitFor(() => expect(harness.aws.last.sizes.at(-1)).toBe("120x24"));
  expect((await harness.dana.send("PUT", path, { fitSmallest: true })).statusCode).toBe(200);
  await vi.waitFor(() => expect(harness.aws.last.sizes.at(-1)).toBe("50x20"));
  viewer.socket.terminate();
  await vi.waitFor(() => expect(harness.aws.last.sizes.at(-1)).toBe("120x24"));
});

test("a viewer who names the owner's stream neither puts her off nor types in her place", async () => {
  const id = await harness.session();
  const owner = await harness.ownerPage(id);
  owner.type("abc");
  await owner.until(() => owner.text.endsWith("abc"), "echo");
  const viewer = await harness.viewerPage(await harness.share(id, { mode: "type" }), { streamId: owner.streamId });
  expect(viewer.last("attached")).toMatchObject({ inputStored: 0, role: "viewer" });
  viewer.type("v");
  owner.type("d");
  await owner.until(() => harness.aws.last.input.length === 5, "both");
  expect(owner.closed).toBeUndefined();
});

test("pointers and the owner's place are passed on; nobody is told of a viewer's scrolling", async () => {
  const id = await harness.session();
  const owner = await harness.ownerPage(id);
  const viewer = await harness.viewerPage(await harness.share(id));
  viewer.say({ type: "scroll", linesAboveEnd: 3 });
  viewer.say({ type: "pointer", at: { col: 3.5, row: 2 } });
  await owner.until(() => owner.last("pointers") !== undefined, "the pointer");
  expect(owner.last("pointers")).toEqual({
    type: "pointers",
    pointers: [{ who: viewerKey(viewer), at: { col: 3.5, row: 2 } }],
  });
  owner.say({ type: "scroll", linesAboveEnd: 40 });
  await viewer.until(() => viewer.last("pointers")?.ownerLinesAboveEnd === 40, "the owner's place");
});

// --- ends

test.each<[string, string, (id: string, shareId: string, pages: BrowserPage[]) => Promise<unknown>]>([
  ["revoked", "4002 revoked", (id, share) => harness.dana.send("DELETE", `/api/v1/sessions/${id}/shares/${share}`)],
  ["over", "4002 expired", (_id, _share, pages) => harness.pass(15 * 60_000, ...pages)],
  ["of an ended session", "4002 session-ended", (id) => harness.dana.send("DELETE", `/api/v1/sessions/${id}`)],
  [
    "of an owner who signed out, her shells kept",
    "4002 owner-signed-out",
    () => harness.dana.send("POST", "/api/v1/sign-out", { sessions: "keep" }),
  ],
  [
    "seen by somebody who signed out",
    "4000 LOGIN_SIGNED_OUT_ENDED",
    () => harness.kofi.send("POST", "/api/v1/sign-out", { sessions: "end" }),
  ],
  [
    "seen by somebody whom an admin disabled",
    "4000 LOGIN_ENDED_DISABLED",
    async () =>
      (await harness.browser("AKIAADMIN0000000")).send("POST", "/api/v1/people/disable", {
        account: "111122223333",
        userId: "AIDAKOFI",
      }),
  ],
  [
    "of an owner whom an admin disabled",
    "4002 owner-signed-out",
    async () =>
      (await harness.browser("AKIAADMIN0000000")).send("POST", "/api/v1/people/disable", {
        account: "111122223333",
        userId: "AIDADANA",
      }),
  ],
  [
    "for other people since a moment ago",
    "4002 revoked",
    (id, share) =>
      harness.dana.send("PUT", `/api/v1/sessions/${id}/shares/${share}`, {
        audience: "named",
        people: [{ account: "111122223333", name: "mia" }],
      }),
  ],
])("a link that is %s cuts its viewers within 2 seconds: %s", async (_what, expected, end) => {
  await startOwn();
  const id = await harness.session();
  const owner = await harness.ownerPage(id);
  const created = await harness.share(id, { expires: "15-min" });
  const viewer = await harness.viewerPage(created);
  await handOver(owner, viewer);
  await end(id, created.share.id, [viewer, owner]);
  const answeredAtMs = performance.now();
  expect(await cut(viewer)).toBe(expected);
  expect(performance.now() - answeredAtMs).toBeLessThan(2_000);
  const back = await harness.kofi.get(`/api/v1/shares/${created.share.id}`);
  expect(back.statusCode).toBeGreaterThanOrEqual(400);
});

test("an owner who is signed in elsewhere too signs out without ending her links", async () => {
  await startOwn();
  const id = await harness.session();
  const created = await harness.share(id);
  const viewer = await harness.viewerPage(created);
  const elsewhere = await harness.browser("AKIADANA00000000");
  await harness.dana.send("POST", "/api/v1/sign-out", { sessions: "keep" });
  expect((await elsewhere.get(`/api/v1/sessions/${id}/shares`)).json().shares.length).toBe(1);
  expect(viewer.closed).toBeUndefined();
});

// --- coming back

test("an owner who reloads finds the viewer with the keyboard where he was", async () => {
  const id = await harness.session();
  const owner = await harness.ownerPage(id);
  const viewer = await harness.viewerPage(await harness.share(id));
  await handOver(owner, viewer);
  owner.socket.terminate();
  await viewer.until(() => stateOf(viewer) === "owner-away", "the owner is away");
  viewer.type("still ");
  const again = await harness.ownerPage(id);
  await viewer.until(() => stateOf(viewer) === "holding", "the owner is back");
  viewer.type("mine");
  await again.until(() => again.text.endsWith("still mine"), "what was typed meanwhile and after");
  expect(person(again, viewerKey(viewer))?.keyboard).toBe("holding");
});

test("an owner who stays away gets her keyboard back from the holder after 60 seconds, and nobody is asked meanwhile", async () => {
  const id = await harness.session();
  const owner = await harness.ownerPage(id);
  const viewer = await harness.viewerPage(await harness.share(id));
  await handOver(owner, viewer);
  owner.socket.terminate();
  await viewer.until(() => stateOf(viewer) === "owner-away", "the owner is away");
  await harness.pass(60_000, viewer);
  await viewer.until(() => stateOf(viewer) === "watching", "returned");
  expect(events(viewer).at(-1)).toBe("returned");
  viewer.say({ type: "keyboard", act: "ask" });
  await viewer.until(() => viewer.last("notice")?.code === "KEYBOARD_OWNER_AWAY", "nobody could answer");
});

test("after a restart of the server links, viewers, colours and the keyboard are as they were", async () => {
  await startOwn();
  const id = await harness.session();
  const owner = await harness.ownerPage(id);
  const created = await harness.share(id);
  const viewer = await harness.viewerPage(created);
  await handOver(owner, viewer);
  const before = person(viewer, viewerKey(viewer));
  await harness.restart();
  const ownerAgain = await harness.ownerPage(id);
  const viewerAgain = await harness.comeBack(created.share.id, {
    offset: viewer.offset,
    streamId: viewer.streamId,
  });
  await viewerAgain.until(() => stateOf(viewerAgain) === "holding", "holding");
  expect(person(viewerAgain, viewerKey(viewer))).toMatchObject({ ...before, keyboard: "holding" });
  await vi.waitFor(() => expect(harness.aws.last.hasClient).toBe(true), 15_000);
  viewerAgain.type("after the restart");
  await ownerAgain.until(() => ownerAgain.text.endsWith("after the restart"), "what the viewer typed");
});
