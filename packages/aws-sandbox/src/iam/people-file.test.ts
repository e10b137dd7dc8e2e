import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DEFAULT_PEOPLE } from "./people.ts";
import { describePeople, removePeopleFile, writePeopleFile } from "./people-file.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "people-file-"));
});
afterEach(() => rm(folder, { recursive: true }));

const content = (adminToken = "the admin token") =>
  describePeople(
    "http://127.0.0.1:4124",
    adminToken,
    "PASSCODE2",
    DEFAULT_PEOPLE.map((person) => ({ person, key: { accessKeyId: `AKIA${person.id}`, secretAccessKey: "s" } })),
  );

test("the file is the owner's alone, and holds people with keys but nothing of their policies", async () => {
  const path = join(folder, "new", "people.json");
  await writePeopleFile(path, content());
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const written = JSON.parse(await readFile(path, "utf8"));
  expect(written).toEqual(content());
  expect(Object.keys(written.people[0])).toEqual([
    "id",
    "name",
    "role",
    "description",
    "accessKeyId",
    "secretAccessKey",
  ]);
});

test("an old file with wider permissions is replaced by a private one, and no draft is left", async () => {
  const path = join(folder, "people.json");
  await writeFile(path, "old");
  await chmod(path, 0o666);
  await writePeopleFile(path, content());
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(["people.json"]);
});

test("a symbolic link in its place is replaced, and what it pointed to stays as it was", async () => {
  const path = join(folder, "people.json");
  await writeFile(join(folder, "other"), "untouched");
  await symlink(join(folder, "other"), path);
  await writePeopleFile(path, content());
  expect(await readFile(join(folder, "other"), "utf8")).toBe("untouched");
});

test("it is removed at the end, unless a later start has put its own there", async () => {
  const path = join(folder, "people.json");
  await writePeopleFile(path, content("of a later start"));
  await removePeopleFile(path, "of an earlier start");
  expect(await readdir(folder)).toEqual(["people.json"]);
  await removePeopleFile(path, "of a later start");
  expect(await readdir(folder)).toEqual([]);
  await removePeopleFile(path, "of a later start");
});
