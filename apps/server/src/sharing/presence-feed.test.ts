import type { ServerMessage } from "@causeway/wire-contract/terminal-messages";
import { expect, test } from "vitest";
import { FakeClock } from "../platform/fake-clock.ts";
import { PresenceFeed } from "./presence-feed.ts";

test("however often pointers move, they are passed on at most 15 times a second, with their last places", () => {
  const clock = new FakeClock();
  const sent: ServerMessage[] = [];
  const feed = new PresenceFeed(clock, (message) => sent.push(message));
  for (let ms = 0; ms < 1_000; ms++) {
    feed.handlePointer("a", { col: ms % 80, row: 1 });
    feed.handlePointer("b", { col: 3, row: ms % 24 });
    clock.advance(1);
  }
  clock.advance(100);
  expect(sent.length).toBeLessThanOrEqual(16);
  expect(sent.at(-1)).toMatchObject({
    pointers: [
      { who: "a", at: { col: 999 % 80, row: 1 } },
      { who: "b", at: { col: 3, row: 999 % 24 } },
    ],
  });
});

test("the first move is passed on at once, and the owner's place in the text goes the same way", () => {
  const sent: ServerMessage[] = [];
  const feed = new PresenceFeed(new FakeClock(), (message) => sent.push(message));
  feed.handleScroll(12);
  expect(sent).toEqual([{ type: "pointers", pointers: [], ownerLinesAboveEnd: 12 }]);
});

test("a closed feed says nothing more", () => {
  const clock = new FakeClock();
  const sent: ServerMessage[] = [];
  const feed = new PresenceFeed(clock, (message) => sent.push(message));
  feed.handlePointer("a", null);
  feed.handlePointer("a", { col: 1, row: 1 });
  feed.close();
  clock.advance(1_000);
  expect(sent.length).toBe(1);
  expect(clock.pendingTimers).toBe(0);
});
