/** Whether this computer keeps machines apart, tried and not guessed; and what a person who starts the sandbox must know. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { environmentOf } from "./home-directory.ts";
import { MachineSpace } from "./machine-space.ts";
import { SERVICE_FOLDER } from "./service-scripts.ts";

const TRY_MAX_MS = 10_000;

/**
 * Starts a machine without anything in it, and a process there.
 * @param folder private; used for the trial and left as it was
 * @param root an empty folder to mount on
 * @returns why it cannot be done, or undefined
 */
export async function whyNotIsolated(folder: string, root: string): Promise<string | undefined> {
  if (process.platform !== "linux") return "this is no Linux";
  const path = await mkdtemp(join(folder, "trial-"));
  const space = new MachineSpace({ path, hostName: "trial" }, "trial", { root });
  try {
    await mkdir(join(path, SERVICE_FOLDER));
    await writeFile(join(path, SERVICE_FOLDER, "stopped"), "");
    const home = await space.open();
    const [file = "", ...args] = home.enter?.(["test", "-w", "."], false) ?? [];
    await promisify(execFile)(file, args, { timeout: TRY_MAX_MS, env: environmentOf(home) });
    return undefined;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).trim().split("\n").at(-1);
  } finally {
    space.stop();
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * @param why machines are not kept apart; undefined: they are
 * @param uid effective user id of this process, undefined where the platform has none
 */
export function describeMissingIsolation(
  why: string | undefined,
  uid: number | undefined = process.geteuid?.(),
): string[] {
  if (why === undefined) return [];
  const missing = [
    `Machines are not kept apart: ${why}.`,
    "Shells of sandbox machines run as the user who started the sandbox and see the same file system.",
    "So a shell can read whatever that user can: the ready-made keys, and the home directories of other machines.",
    "Shells reach the same network as this computer, and the processes of other machines.",
  ];
  if (uid === 0)
    missing.unshift("The sandbox runs as root: so does every shell it gives out. Start it as another user.");
  return missing;
}
