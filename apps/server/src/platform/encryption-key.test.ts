import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadEncryptionKey } from "./encryption-key.ts";
import { PrivateFileError } from "./private-file.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "causeway-key-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("the first start makes a key that only its user can read, and later starts use the same", () => {
  const first = loadEncryptionKey({ kind: "data-dir" }, directory, randomBytes);
  expect(first).toHaveLength(32);
  expect(statSync(join(directory, "encryption-key")).mode & 0o777).toBe(0o600);
  expect(loadEncryptionKey({ kind: "data-dir" }, directory, randomBytes)).toEqual(first);
});

test("a configured key file is used, never made, and must be private and whole", () => {
  const path = join(directory, "key");
  const source = { kind: "file", path } as const;
  expect(() => loadEncryptionKey(source, directory, randomBytes)).toThrow("does not exist");
  writeFileSync(path, "c2hvcnQ=", { mode: 0o600 });
  expect(() => loadEncryptionKey(source, directory, randomBytes)).toThrow("32 bytes in base64");
  const key = randomBytes(32);
  writeFileSync(path, key.toString("base64"));
  expect(loadEncryptionKey(source, directory, randomBytes)).toEqual(key);
  expect(readFileSync(path, "utf8")).toBe(key.toString("base64"));
});

test("a damaged key of the data directory is said, not replaced: with it every login would be lost", () => {
  writeFileSync(join(directory, "encryption-key"), "", { mode: 0o600 });
  expect(() => loadEncryptionKey({ kind: "data-dir" }, directory, randomBytes)).toThrow(PrivateFileError);
});
