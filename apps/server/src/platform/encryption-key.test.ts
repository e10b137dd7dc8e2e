import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadEncryptionKeys, OLD_KEYS_MAX, parseEncryptionKeys } from "./encryption-key.ts";
import { PrivateFileError } from "./private-file.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "causeway-key-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("the first start makes a key that only its user can read, and later starts use the same", () => {
  const first = loadEncryptionKeys({ kind: "data-dir" }, directory, randomBytes);
  expect(first.map((key) => key.length)).toEqual([32]);
  expect(statSync(join(directory, "encryption-key")).mode & 0o777).toBe(0o600);
  expect(loadEncryptionKeys({ kind: "data-dir" }, directory, randomBytes)).toEqual(first);
});

test("a configured key file is used, never made, and must be private and whole", () => {
  const path = join(directory, "key");
  const source = { kind: "file", path } as const;
  expect(() => loadEncryptionKeys(source, directory, randomBytes)).toThrow("does not exist");
  writeFileSync(path, "c2hvcnQ=", { mode: 0o600 });
  expect(() => loadEncryptionKeys(source, directory, randomBytes)).toThrow("32 bytes in base64");
  const key = randomBytes(32);
  writeFileSync(path, key.toString("base64"));
  expect(loadEncryptionKeys(source, directory, randomBytes)).toEqual([key]);
  expect(readFileSync(path, "utf8")).toBe(key.toString("base64"));
});

test("a damaged key of the data directory is said, not replaced: with it every login would be lost", () => {
  writeFileSync(join(directory, "encryption-key"), "", { mode: 0o600 });
  expect(() => loadEncryptionKeys({ kind: "data-dir" }, directory, randomBytes)).toThrow(PrivateFileError);
});

test("a key file may hold the keys of before below the new one; so may the variable, with commas", () => {
  const keys = [randomBytes(32), randomBytes(32), randomBytes(32)];
  const text = keys.map((key) => key.toString("base64"));
  writeFileSync(join(directory, "encryption-key"), `${text.join("\n")}\n`, { mode: 0o600 });
  expect(loadEncryptionKeys({ kind: "data-dir" }, directory, randomBytes)).toEqual(keys);
  expect(parseEncryptionKeys(text.join(","))).toEqual(keys);
});

test("one old key that is none makes the whole setting wrong, and so does one more than may be kept", () => {
  const key = randomBytes(32).toString("base64");
  expect(parseEncryptionKeys(`${key},c2hvcnQ=`)).toBeUndefined();
  expect(
    parseEncryptionKeys(
      Array(1 + OLD_KEYS_MAX)
        .fill(key)
        .join(","),
    ),
  ).toHaveLength(1 + OLD_KEYS_MAX);
  expect(
    parseEncryptionKeys(
      Array(2 + OLD_KEYS_MAX)
        .fill(key)
        .join(","),
    ),
  ).toBeUndefined();
});
