import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openServerKeys, VALID_AT_LEAST_MS } from "./server-keys.ts";

const NOW_MS = Date.now();
const VALID_MS = 397 * 24 * 3_600_000;

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sandbox-tls-"));
});
afterEach(() => rm(folder, { recursive: true }));

const open = (isKept: boolean, more: { names?: string[]; nowMs?: number; caFile?: string } = {}) =>
  openServerKeys({ names: ["localhost"], state: { path: folder, isKept }, nowMs: NOW_MS, randomBytes, ...more });

test("a state directory that was named keeps the certificate: who trusted it finds the next start", async () => {
  const first = await open(true);
  await first.discard();
  expect(await readFile(first.caFile, "utf8")).toContain("BEGIN CERTIFICATE");
  expect((await stat(join(folder, "tls-keys.json"))).mode & 0o777).toBe(0o600);
  const second = await open(true);
  expect(second).toMatchObject({ certPem: first.certPem, keyPem: first.keyPem });
});

test("another name, an end that is near, or a file that is not ours makes a new one", async () => {
  const first = await open(true);
  expect((await open(true, { names: ["localhost", "ssm.eu-west-1.amazonaws.com"] })).certPem).not.toBe(first.certPem);
  const second = await open(true);
  const nearTheEnd = { nowMs: NOW_MS + VALID_MS - VALID_AT_LEAST_MS };
  expect((await open(true, { nowMs: nearTheEnd.nowMs - 1 })).certPem).toBe(second.certPem);
  expect((await open(true, nearTheEnd)).certPem).not.toBe(second.certPem);
  await writeFile(join(folder, "tls-keys.json"), '{"version":1,"names":["localhost"]}');
  expect((await open(true)).keyPem).toContain("PRIVATE KEY");
});

test("without one, no key is written, and the authority's file goes with the sandbox", async () => {
  const keys = await open(false);
  expect(existsSync(join(folder, "tls-keys.json"))).toBe(false);
  await keys.discard();
  expect(existsSync(keys.caFile)).toBe(false);
});

test("the authority's file goes where it was asked for, and never holds a key", async () => {
  const caFile = join(folder, "trusted.pem");
  expect((await open(false, { caFile })).caFile).toBe(caFile);
  expect(await readFile(caFile, "utf8")).not.toContain("PRIVATE");
});
