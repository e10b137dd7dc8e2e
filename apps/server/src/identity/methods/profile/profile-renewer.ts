import { CatalogError } from "../../../platform/catalog-error.ts";
import type { CredentialRenewer } from "../../signed-in-identity.ts";
import type { LocalProfiles } from "./local-profiles.ts";

/** What the machine's user renewed meanwhile (`aws sso login`, new keys) is found by reading again. */
export function profileRenewer(profiles: LocalProfiles): CredentialRenewer {
  return {
    async renew(material) {
      if (typeof material.name !== "string") throw new CatalogError("SIGN_IN_REQUIRED");
      try {
        const { credentials } = await profiles.signIn(material.name, undefined);
        return { credentials, renewal: material };
      } catch (error) {
        const asksHer = error instanceof CatalogError && error.code === "PROFILE_NEEDS_MFA";
        throw asksHer ? new CatalogError("SIGN_IN_REQUIRED", { cause: error }) : error;
      }
    },
  };
}
