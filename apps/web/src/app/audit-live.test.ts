import type { PageMessage } from "@causeway/wire-contract/events";
import { beforeEach, expect, test } from "vitest";
import { AuditLive } from "./audit-live.ts";

let sent: PageMessage[];
let stands: boolean;
let live: AuditLive;
beforeEach(() => {
  sent = [];
  stands = true;
  live = new AuditLive((message) => stands && sent.push(message) > 0);
});

test("it is live from the server's first word on, not before", () => {
  live.begin();
  expect([sent, live.getSnapshot()]).toEqual([[{ type: "audit-live", on: true }], { state: "waiting", news: 0 }]);
  live.handle({ type: "audit-news" });
  live.handle({ type: "audit-news" });
  expect(live.getSnapshot()).toEqual({ state: "live", news: 2 });
});

test("a connection that broke is said, and asked again when it stands", () => {
  stands = false;
  live.begin();
  stands = true;
  live.handleReady();
  live.handle({ type: "audit-news" });
  live.handleLost();
  expect(live.getSnapshot().state).toBe("waiting");
  live.handleReady();
  expect(sent).toHaveLength(2);
});

test("turned off it asks for nothing and counts nothing, also what was on its way", () => {
  live.handleReady();
  expect(sent).toEqual([]);
  live.begin();
  live.end();
  live.handle({ type: "audit-news" });
  live.handle({ type: "audit-live-refused", code: "ROLE_REQUIRED" });
  expect([sent.at(-1), live.getSnapshot()]).toEqual([
    { type: "audit-live", on: false },
    { state: "off", news: 0 },
  ]);
});

test("a page that is drawn is told of each change, and not once it is gone", () => {
  let told = 0;
  const stop = live.subscribe(() => told++);
  live.begin();
  live.handle({ type: "audit-news" });
  stop();
  live.end();
  expect(told).toBe(2);
});
