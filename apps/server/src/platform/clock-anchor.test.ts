import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CLOCK_ANCHOR_FILE, openSteadyClock } from "./clock-anchor.ts";
import { Computer, START_MS } from "./fake-computer.ts";

const HOUR_MS = 3_600_000;

let directory: string;
let computer: Computer;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "causeway-clock-"));
  computer = new Computer();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));
const open = (bootId = "boot 1", isFresh = false) => openSteadyClock(directory, bootId, isFresh, computer);

test.each([5 * HOUR_MS, -5 * HOUR_MS])(
  "a restart after the wall clock was set by %d ms goes on with the time before",
  (byMs) => {
    open();
    computer.isSet(byMs);
    computer.passes(60_000);
    expect(open().nowMs()).toBe(START_MS + 60_000);
  },
);

test("a restart after the computer slept counts the sleep", () => {
  open();
  computer.sleeps(HOUR_MS);
  expect(open().nowMs()).toBe(START_MS + HOUR_MS);
});

test("after the host booted, and where nothing is stored that has a time, the wall clock counts", () => {
  open();
  computer.isSet(HOUR_MS);
  expect(open("boot 2").nowMs()).toBe(START_MS + HOUR_MS);
  computer.isSet(HOUR_MS);
  expect(open("boot 2", true).nowMs()).toBe(START_MS + 2 * HOUR_MS);
  expect(open("boot 2").nowMs()).toBe(START_MS + 2 * HOUR_MS);
});

test("a file that says nothing sensible is written anew, private to the server's user", () => {
  for (const text of ["", "{}", '{"bootId":"boot 1","bootedAtMs":"x"}']) {
    writeFileSync(join(directory, CLOCK_ANCHOR_FILE), text, { mode: 0o600 });
    expect(open().nowMs()).toBe(START_MS);
  }
  expect(statSync(join(directory, CLOCK_ANCHOR_FILE)).mode & 0o777).toBe(0o600);
});
