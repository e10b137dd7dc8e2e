import { CatalogError } from "../../../platform/catalog-error.ts";
import type { CredentialRenewer, RenewalMaterial } from "../../signed-in-identity.ts";
import type { Portals } from "./portals.ts";

/** What an identity of Identity Center keeps: which portal, account and role. The portal's tokens stay with the portal. */
export function identityCenterMaterial(portalId: string, accountId: string, roleName: string): RenewalMaterial {
  return { kind: "identity-center", portalId, accountId, roleName };
}

/** New keys of the same role, as long as the organisation's portal session lasts. */
export function identityCenterRenewer(portals: Portals): CredentialRenewer {
  return {
    async renew(material) {
      const { portalId, accountId, roleName } = material;
      if (typeof portalId !== "string" || typeof accountId !== "string" || typeof roleName !== "string")
        throw new CatalogError("SIGN_IN_REQUIRED");
      try {
        return { credentials: await portals.roleCredentials(portalId, accountId, roleName), renewal: material };
      } catch (error) {
        const isOver =
          error instanceof CatalogError &&
          (error.code === "IDENTITY_CENTER_SIGN_IN_ENDED" || error.code === "ROLE_NOT_ASSIGNED");
        // Only a new code, or another role, can help.
        throw isOver ? new CatalogError("SIGN_IN_REQUIRED", { cause: error }) : error;
      }
    },
  };
}
