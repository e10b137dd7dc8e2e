import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { KEY, type LogLife, until } from "./testing/file-log-harness.ts";
import { begin, bytesOf, restart } from "./testing/log-lives.ts";

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
