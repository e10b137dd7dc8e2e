// The certificate of this start, or that of an earlier one in the same state directory: agents read what they trust when they start,
// and must find the sandbox again after it was restarted.
import { readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { issueServerCertificate, type ServerCertificate } from "./certificates.ts";

export interface ServerKeys {
  certPem: string;
  keyPem: string;
  /** Path of the authority's certificate: what clients are told to trust. */
  caFile: string;
  /** Removes the authority's file where nobody asked to keep anything. */
  discard(): Promise<void>;
}

/** One that ends sooner is not used again. */
export const VALID_AT_LEAST_MS = 30 * 24 * 3_600_000;

interface KeptKeys extends ServerCertificate {
  version: 1;
  names: readonly string[];
}

export async function openServerKeys(options: {
  /** By which clients come. */
  names: readonly string[];
  state: { path: string; isKept: boolean };
  /** Default: `ca.pem` in the state directory. */
  caFile?: string | undefined;
  nowMs: number;
  randomBytes(length: number): Uint8Array;
}): Promise<ServerKeys> {
  const { names, state, nowMs, randomBytes } = options;
  const caFile = options.caFile === undefined ? join(state.path, "ca.pem") : resolve(options.caFile);
  const keptFile = join(state.path, "tls-keys.json");
  const kept = state.isKept ? await readKept(keptFile) : undefined;
  const isUsable = kept?.names.join() === names.join() && kept.validUntilMs - nowMs > VALID_AT_LEAST_MS;
  const keys = kept !== undefined && isUsable ? kept : issueServerCertificate(names, nowMs, randomBytes);
  if (state.isKept && !isUsable)
    await writeFile(keptFile, `${JSON.stringify({ version: 1, names, ...keys })}\n`, { mode: 0o600 });
  await writeFile(caFile, keys.caPem, { mode: 0o644 });
  return {
    certPem: keys.certPem,
    keyPem: keys.keyPem,
    caFile,
    discard: async () => {
      if (!state.isKept) await rm(caFile, { force: true });
    },
  };
}

/** @returns undefined: there is none, or it is not what we wrote */
async function readKept(path: string): Promise<KeptKeys | undefined> {
  try {
    const kept: Partial<KeptKeys> = JSON.parse(await readFile(path, "utf8"));
    const texts = [kept.caPem, kept.certPem, kept.keyPem];
    const isWhole = kept.version === 1 && texts.every((text) => typeof text === "string") && Array.isArray(kept.names);
    return isWhole && typeof kept.validUntilMs === "number" ? (kept as KeptKeys) : undefined;
  } catch {
    return undefined;
  }
}
