import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { launchAnnouncement } from "./launch-announcement.ts";

let dataDir: string;
let file: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "causeway-launch-"));
  file = join(dataDir, "launch-url");
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));
const origin = () => "http://127.0.0.1:4123";

test("on a terminal the link is printed, and no file holds it", () => {
  const lines: string[] = [];
  const announcement = launchAnnouncement({ dataDir, origin, terminal: (line) => lines.push(line) });
  announcement.announce("secret", "start");
  announcement.announce("next", "used");
  expect(lines[0]).toContain("http://127.0.0.1:4123/#secret");
  expect(lines[1]).toContain("http://127.0.0.1:4123/#next");
  expect(existsSync(file)).toBe(false);
});

test("a replaced unused link is not printed every ten minutes", () => {
  const lines: string[] = [];
  launchAnnouncement({ dataDir, origin, terminal: (line) => lines.push(line) }).announce("secret", "expired");
  expect(lines).toEqual([]);
});

test("without a terminal the whole link is in a file for this user alone, always the one that works", () => {
  const announcement = launchAnnouncement({ dataDir, origin, terminal: undefined });
  for (const why of ["start", "expired", "used"] as const) {
    announcement.announce(why, why);
    expect(readFileSync(file, "utf8")).toBe(`http://127.0.0.1:4123/#${why}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  }
  announcement.close();
  expect(existsSync(file)).toBe(false);
});

test("a link that an earlier server left behind is removed", () => {
  writeFileSync(file, "stale");
  launchAnnouncement({ dataDir, origin, terminal: () => undefined });
  expect(existsSync(file)).toBe(false);
});
