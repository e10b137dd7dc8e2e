// Where a sandbox keeps what it must keep in files, and what of it goes away with it.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export interface Folders {
  /** A folder that was named stays; a fresh one is removed at the end. */
  state: { path: string; isKept: boolean };
  homeRoot: string;
  /** Empty, and stays so: machines mount on it, each for itself. */
  mountRoot: string;
  peopleFile: string;
  /** Removes what nobody named. */
  discard(): Promise<void>;
}

/** Homes and people's file never share a folder by default: a shell finds the keys neither in its environment nor next door. */
export async function openFolders(named: {
  stateDir?: string | undefined;
  peopleFile?: string | undefined;
}): Promise<Folders> {
  const made: string[] = [];
  const fresh = async (what: string) => {
    const path = await mkdtemp(join(tmpdir(), `causeway-${what}-`)); // 0700
    made.push(path);
    return path;
  };
  const { stateDir, peopleFile } = named;
  const state = stateDir === undefined ? await fresh("sandbox") : resolve(stateDir);
  const [homeRoot, mountRoot] = [join(state, "homes"), join(state, "root")];
  for (const folder of [homeRoot, mountRoot]) await mkdir(folder, { recursive: true, mode: 0o700 });
  return {
    state: { path: state, isKept: stateDir !== undefined },
    homeRoot,
    mountRoot,
    peopleFile: peopleFile === undefined ? join(await fresh("people"), "people.json") : resolve(peopleFile),
    discard: async () => {
      // A shell's child that outlived it may still write: another try finds the folder quiet.
      for (const path of made) await rm(path, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
