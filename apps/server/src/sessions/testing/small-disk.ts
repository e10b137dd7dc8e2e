/**
 * For tests: a real file system of 4 MiB that can run full. Mounting needs root: without it a test file runs itself again
 * in a user namespace, where it is root; where neither is possible it fails and says so.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";

export const DISK_BYTES = 4 * 1024 * 1024;
const IN_NAMESPACE = "CAUSEWAY_TEST_IN_NAMESPACE";
const RUN_TIMEOUT_MS = 120_000;
const mounts: string[] = [];

/** Describes `tests` where a file system can be mounted, else runs the whole file where it can. @param file `import.meta.url` */
export function describeOnSmallDisk(name: string, file: string, tests: () => void): void {
  if (canMount() || process.env[IN_NAMESPACE] !== undefined) describe(name, tests);
  else test(`${name}, in a user namespace of its own`, { timeout: RUN_TIMEOUT_MS }, () => runInNamespace(file));
}

/** @returns its directory, with a file `ballast` of so many bytes in it; gone after `unmountSmallDisks` */
export function mountSmallDisk(ballastBytes: number): string {
  const directory = mkdtempSync(`${tmpdir()}/causeway-full-`);
  execFileSync("/bin/mount", ["-t", "tmpfs", "-o", `size=${DISK_BYTES},mode=0700`, "tmpfs", directory]);
  mounts.push(directory);
  writeFileSync(`${directory}/ballast`, Buffer.alloc(ballastBytes));
  return directory;
}

/** Files in them must be closed before. */
export function unmountSmallDisks(): void {
  for (const directory of mounts.splice(0)) {
    execFileSync("/bin/umount", [directory]);
    rmSync(directory, { recursive: true });
  }
}

function canMount(): boolean {
  const directory = mkdtempSync(`${tmpdir()}/causeway-mount-`);
  const { status } = spawnSync("/bin/mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", directory]);
  if (status === 0) execFileSync("/bin/umount", [directory]);
  rmSync(directory, { recursive: true });
  return status === 0;
}

function runInNamespace(file: string): void {
  const vitest = fileURLToPath(new URL("../../../../../node_modules/vitest/vitest.mjs", import.meta.url));
  const root = fileURLToPath(new URL("../../../../../", import.meta.url));
  const child = spawnSync(
    "/usr/bin/unshare",
    ["-U", "-r", "-m", process.execPath, vitest, "run", "--root", root, fileURLToPath(file)],
    { encoding: "utf8", env: { ...process.env, [IN_NAMESPACE]: "1" } },
  );
  if (child.status !== 0)
    throw new Error(`A small file system could not be mounted or its tests failed; root or user namespaces are
      needed: ${child.error?.message ?? ""}${child.stdout}${child.stderr}`);
}
