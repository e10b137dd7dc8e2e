// `managed-nodes.json` in a state directory that was named: what the next start knows of machines that registered. It holds keys of their
// roles, good against this sandbox alone, and is 0600.
import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import type { AccessKey } from "../iam/credential-store.ts";
import type { FleetInstance } from "../instances/fleet.ts";

export interface RoleKey extends AccessKey {
  sessionToken: string;
  /** Milliseconds since the epoch. */
  expiresAtMs: number;
}

export interface KeptNode {
  definition: FleetInstance;
  /** Base64 of a SubjectPublicKeyInfo. */
  publicKey: string;
  fingerprint: string;
  registeredAtMs: number;
  /** The latest that it was given. */
  roleKey?: RoleKey;
}

export interface NodeFile {
  /** The last call's nodes end up there. */
  save(nodes: readonly KeptNode[]): void;
  /** Resolves when they have. */
  flush(): Promise<void>;
}

/** For a sandbox whose state goes with it. */
export const NO_NODE_FILE: NodeFile = { save() {}, flush: async () => {} };

/** @param onFailed told when the file could not be written; the nodes go on, and are unknown to the next start */
export function nodeFileAt(path: string, onFailed: (error: unknown) => void): NodeFile {
  let wanted: readonly KeptNode[] | undefined;
  let writing = Promise.resolve();
  const write = async () => {
    if (wanted === undefined) return; // an earlier turn wrote these as well
    const nodes = wanted;
    wanted = undefined;
    const draft = `${path}.${randomBytes(6).toString("hex")}`;
    await writeFile(draft, `${JSON.stringify({ version: 1, nodes })}\n`, { mode: 0o600 });
    await rename(draft, path);
  };
  return {
    save(nodes) {
      wanted = nodes;
      writing = writing.then(write).catch(onFailed);
    },
    flush: () => writing,
  };
}

/** @returns [] when there is none, or it is not what we wrote */
export async function readNodeFile(path: string): Promise<readonly KeptNode[]> {
  try {
    const content: { version?: unknown; nodes?: unknown } = JSON.parse(await readFile(path, "utf8"));
    return content.version === 1 && Array.isArray(content.nodes) ? content.nodes : [];
  } catch {
    return [];
  }
}
