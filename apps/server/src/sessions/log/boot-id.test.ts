import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { readBootId } from "./boot-id.ts";

test("the boot id is the same until the host boots again; without one every start counts as a new boot", () => {
  let made = 0;
  const ids = [readBootId(() => `${++made}`), readBootId(() => `${++made}`)];
  if (existsSync("/proc/sys/kernel/random/boot_id")) expect(ids[0]).toBe(ids[1]);
  else expect(ids).toEqual(["1", "2"]);
  expect(ids[0]).not.toBe("");
});
