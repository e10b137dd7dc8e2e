import { expect, test } from "vitest";
import { ChangeLog, STALE_ENTRIES_MAX } from "./change-log.ts";

const after = (log: ChangeLog, revision: number) => [...log.after(revision)].map(({ id }) => id);

test("a reader is told of each thing once, in the order of their last changes", () => {
  const log = new ChangeLog();
  for (const id of ["a", "b", "c", "a"]) log.note(id);
  expect(after(log, 0)).toEqual(["b", "c", "a"]);
  expect(after(log, 2)).toEqual(["c", "a"]);
  expect(after(log, 4)).toEqual([]);
  expect([...log.after(3)]).toEqual([{ id: "a", revision: 4 }]);
});

test("what is forgotten is told to nobody, until it changes again", () => {
  const log = new ChangeLog();
  log.note("a");
  log.note("b");
  expect([log.forget("a"), log.forget("a")]).toEqual([1, undefined]);
  expect(after(log, 0)).toEqual(["b"]);
  log.note("a");
  expect(after(log, 0)).toEqual(["b", "a"]);
});

test("however often things change, no more entries are kept than twice as many as things and a fixed number", () => {
  const log = new ChangeLog();
  const ids = Array.from({ length: 300 }, (_, number) => `i-${number}`);
  let longest = 0;
  for (let change = 0; change < 20_000; change++) {
    log.note(ids[(change * 7) % ids.length] ?? "");
    longest = Math.max(longest, log.length);
  }
  expect(longest).toBe(2 * ids.length + STALE_ENTRIES_MAX);
  expect(after(log, 0)).toHaveLength(ids.length);
  expect(after(log, log.revision - 5)).toHaveLength(5);
});

test("what a reader that is nearly up to date costs does not grow with the list", () => {
  const log = new ChangeLog();
  for (let number = 0; number < 20_000; number++) log.note(`i-${number}`);
  let looks = 0;
  for (const _ of log.after(19_999)) looks++;
  expect(looks).toBe(1);
});
