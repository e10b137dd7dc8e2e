import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  createPrivateFile,
  makePrivateDirectory,
  makePrivateFile,
  PrivateFileError,
  readPrivateFile,
  replacePrivateFile,
} from "./private-file.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "causeway-private-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));
const at = (name: string): string => join(directory, name);
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test("a data directory is made for its user alone, and an open one of ours is closed", () => {
  makePrivateDirectory(at("deep/er"));
  expect(modeOf(at("deep/er"))).toBe("700");
  mkdirSync(at("open"), { mode: 0o755 });
  makePrivateDirectory(at("open"));
  expect(modeOf(at("open"))).toBe("700");
});

test("a file in the way of a data directory is one plain line", () => {
  writeFileSync(at("file"), "");
  expect(() => makePrivateDirectory(at("file"))).toThrow(PrivateFileError);
  expect(() => makePrivateDirectory(at("file/below"))).toThrow("lies below something that is not a directory");
});

test("a database file is made 0600, also where the umask would open it", () => {
  makePrivateFile(at("db"));
  expect(modeOf(at("db"))).toBe("600");
  chmodSync(at("db"), 0o644);
  makePrivateFile(at("db"));
  expect(modeOf(at("db"))).toBe("600");
});

test("a symbolic link is never followed to a secret", () => {
  writeFileSync(at("target"), "x", { mode: 0o600 });
  symlinkSync(at("target"), at("link"));
  for (const use of [readPrivateFile, makePrivateFile]) expect(() => use(at("link"))).toThrow("symbolic link");
});

test("a secret that others can read is refused with the command that repairs it", () => {
  writeFileSync(at("key"), "x", { mode: 0o640 });
  chmodSync(at("key"), 0o640);
  expect(() => readPrivateFile(at("key"))).toThrow(`chmod 600 ${at("key")}`);
  expect(() => readPrivateFile(at("absent"))).toThrow("does not exist");
  expect(() => readPrivateFile(directory)).toThrow(PrivateFileError);
});

test("replacing leaves the new content, mode 0600, and no half-written file beside it", () => {
  replacePrivateFile(at("url"), "one");
  replacePrivateFile(at("url"), "two");
  expect([readFileSync(at("url"), "utf8"), modeOf(at("url")), readdirSync(directory)]).toEqual(["two", "600", ["url"]]);
  expect(() => replacePrivateFile(at("no/such/dir"), "x")).toThrow(PrivateFileError);
});

test("creating never overwrites what is there", () => {
  expect(createPrivateFile(at("key"), "first")).toBe(true);
  expect(createPrivateFile(at("key"), "second")).toBe(false);
  expect(readFileSync(at("key"), "utf8")).toBe("first");
});

test("a data directory where no directory can be made is one plain line, at once", () => {
  expect(() => makePrivateDirectory("/proc/causeway/data")).toThrow(PrivateFileError);
  expect(() => makePrivateDirectory("/proc/causeway")).toThrow(/cannot be created/);
});
