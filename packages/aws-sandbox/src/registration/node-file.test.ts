import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DEFAULT_FLEET } from "../instances/default-fleet.ts";
import { type KeptNode, nodeFileAt, readNodeFile } from "./node-file.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sandbox-nodes-"));
});
afterEach(() => rm(folder, { recursive: true }));

const [definition] = DEFAULT_FLEET;
if (definition === undefined) throw new Error("the fleet is empty");
const node = (publicKey: string): KeptNode => ({ definition, publicKey, fingerprint: "f", registeredAtMs: 1 });

test("what was saved last is what the next start reads, in a file for nobody else", async () => {
  const path = join(folder, "nodes.json");
  const file = nodeFileAt(path, () => {});
  file.save([node("a")]);
  file.save([node("b"), node("c")]);
  await file.flush();
  expect(await readNodeFile(path)).toEqual([node("b"), node("c")]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(["nodes.json"]);
});

test("a file that is not ours, or is not there, is no machine", async () => {
  expect(await readNodeFile(join(folder, "none.json"))).toEqual([]);
  for (const text of ["", "{", "[]", "null", '{"version":2,"nodes":[]}', '{"version":1,"nodes":{}}']) {
    await writeFile(join(folder, "other.json"), text);
    expect(await readNodeFile(join(folder, "other.json"))).toEqual([]);
  }
});

test("a file that cannot be written is told, and does not end anything", async () => {
  const failures: unknown[] = [];
  const file = nodeFileAt(join(folder, "no", "folder.json"), (error) => failures.push(error));
  file.save([node("a")]);
  await file.flush();
  expect(failures).toHaveLength(1);
});
