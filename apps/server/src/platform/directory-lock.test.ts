import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DirectoryInUseError, lockDirectory } from "./directory-lock.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "causeway-lock-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("a second server is refused with one line, and gets the directory once the first let go", () => {
  const lock = lockDirectory(directory);
  expect(() => lockDirectory(directory)).toThrow(DirectoryInUseError);
  expect(() => lockDirectory(directory)).toThrow(`Another Causeway server uses ${directory}.`);
  lock.release();
  lock.release(); // harmless
  lockDirectory(directory).release();
});

test("a server that is killed leaves no lock behind", async () => {
  const module = fileURLToPath(new URL("./directory-lock.ts", import.meta.url));
  const script = `
    import { lockDirectory } from ${JSON.stringify(module)};
    lockDirectory(${JSON.stringify(directory)});
    process.stdout.write("locked");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(child.stdout, "data");
    expect(() => lockDirectory(directory)).toThrow(DirectoryInUseError);
  } finally {
    child.kill("SIGKILL");
  }
  await once(child, "exit");
  lockDirectory(directory).release();
});
