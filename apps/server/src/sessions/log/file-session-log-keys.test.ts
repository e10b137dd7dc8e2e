import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { KEY, type LogLife, SESSION, until } from "../testing/file-log-harness.ts";
import { append, begin, bytesOf, restart } from "../testing/log-lives.ts";
import type { SegmentKind } from "./segment-cipher.ts";
import { UnstoredMark } from "./unstored-mark.ts";

async function printed(life: LogLife, text: string): Promise<void> {
  const log = life.found[0]?.log ?? (await life.create());
  let isStored = false;
  log.appendReceived(log.lastSequenceNumber + 1, Buffer.from(text), () => {
    isStored = true;
  });
  log.writeOut();
  await until(() => isStored);
}

test("a session of before a key change goes on under its key, over further starts, and loses nothing", async () => {
  const first = await begin();
  await printed(first, "before ");
  const keys = [randomBytes(32), KEY] as const;
  const second = await restart(first, { keys });
  expect(second.damage).toEqual([]);
  await printed(second, "after");
  const third = await restart(second, { keys });
  expect([third.damage, await bytesOf(third.only.log)]).toEqual([[], "before after"]);
});

test("a session that began after the change needs the new key only", async () => {
  const fresh = randomBytes(32);
  const first = await begin({ keys: [fresh, KEY] });
  await printed(first, "new");
  const second = await restart(first, { keys: [fresh] });
  expect([second.damage, await bytesOf(second.only.log)]).toEqual([[], "new"]);
});

test("with none of its keys a session is said to be unreadable", async () => {
  const first = await begin();
  await printed(first, "gone");
  const second = await restart(first, { keys: [randomBytes(32), randomBytes(32)] });
  expect(second.damage.length).toBeGreaterThan(0);
});

/** What each kind of file held before a key change, as the process after it finds it. */
const FOUND_AFTER: Record<SegmentKind, (life: LogLife) => unknown> = {
  output: (life) => bytesOf(life.only.log),
  keeper: (life) => life.only.keeper?.channel.nextIncomingNumber,
  checkpoint: (life) => life.only.log.checkpoints.newest?.offset,
  unstored: (life) => life.only.keeper?.walkPastBelow,
  early: (life) => Buffer.from(life.only.log.earlySpill.get(7) ?? []).toString(),
};

test("every kind of file of a session that began before a key change opens after it", async () => {
  const first = await begin();
  const log = await first.create();
  append(log, "before");
  log.writeOut();
  await log.checkpoints.save({ offset: 3, cols: 80, rows: 24, linesSinceMissing: null }, randomBytes(100));
  expect(log.earlySpill.put(7, Buffer.from("early"))).toBe(true);
  new UnstoredMark({ directory: first.directory(), sessionId: SESSION, masterKey: KEY, randomBytes }, 0).write(41);
  const second = await restart(first, { keys: [randomBytes(32), KEY] });
  const found: Record<string, unknown> = {};
  for (const [kind, read] of Object.entries(FOUND_AFTER)) found[kind] = await read(second);
  expect(second.damage).toEqual([]);
  expect(found).toEqual({ output: "before", keeper: 1, checkpoint: 3, unstored: 41, early: "early" });
});
