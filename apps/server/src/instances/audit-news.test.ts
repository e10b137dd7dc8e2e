import type { ServerEvent } from "@causeway/wire-contract/events";
import { beforeEach, expect, test } from "vitest";
import { FakeClock } from "../platform/fake-clock.ts";
import { AuditNews, NEWS_EVERY_MS } from "./audit-news.ts";

class Feed {
  readonly listeners = new Set<() => void>();
  onWritten = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  write(count = 1): void {
    for (let index = 0; index < count; index++) for (const listener of [...this.listeners]) listener();
  }
}

let feed: Feed;
let clock: FakeClock;
let told: ServerEvent[];
let news: AuditNews;
beforeEach(() => {
  feed = new Feed();
  clock = new FakeClock();
  told = [];
  news = new AuditNews({ feed, clock, send: (event) => told.push(event) });
});

test("a page that begins to show the audit is told at once, then with the next event", () => {
  news.begin();
  expect(told).toEqual([{ type: "audit-news" }]);
  clock.advance(NEWS_EVERY_MS);
  expect(told.length).toBe(1);
  feed.write();
  expect(told.length).toBe(2);
});

test("however many events there are, a page is told once in a while, and of the last one too", () => {
  news.begin();
  feed.write(1_000);
  expect(told.length).toBe(1);
  clock.advance(NEWS_EVERY_MS - 1);
  expect(told.length).toBe(1);
  clock.advance(1);
  expect(told.length).toBe(2);
});

test("asking twice listens once, and nothing is left when it ends", () => {
  news.begin();
  news.begin();
  expect(feed.listeners.size).toBe(1);
  feed.write();
  news.end();
  clock.advance(NEWS_EVERY_MS);
  expect([feed.listeners.size, told.length, clock.pendingTimers]).toEqual([0, 1, 0]);
});
