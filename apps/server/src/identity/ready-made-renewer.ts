import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import { readyMadeCredentials } from "./ready-made-people.ts";
import type { CredentialRenewer } from "./signed-in-identity.ts";

/** The keys of ready-made people are renewed by whoever writes their file: the sandbox. */
export function readyMadeRenewer(path: string, clock: Clock): CredentialRenewer {
  return {
    async renew(material) {
      const credentials = readyMadeCredentials(path, String(material.personId));
      if (credentials === undefined) throw new CatalogError("SIGN_IN_REQUIRED");
      const { expiresAtMs } = credentials;
      // Not renewed yet: later.
      if (expiresAtMs !== undefined && expiresAtMs <= clock.nowMs()) throw new CatalogError("CREDENTIALS_EXPIRED");
      return { credentials, renewal: material };
    },
  };
}
