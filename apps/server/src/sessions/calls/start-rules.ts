/** What may and must be said when a shell is opened. Pure. */
import type { SessionStartRules } from "@causeway/wire-contract/identity";
import type { StartSessionRequest } from "@causeway/wire-contract/sessions";
import { CatalogError } from "../../platform/catalog-error.ts";

/** @throws CatalogError REASON_REQUIRED, REASON_NOT_TAKEN, SESSION_DOCUMENT_NOT_OFFERED */
export function checkStartRules(
  { reason, documentName }: Pick<StartSessionRequest, "reason" | "documentName">,
  rules: SessionStartRules,
): void {
  if (rules.reason === "required" && reason === undefined) throw new CatalogError("REASON_REQUIRED");
  if (rules.reason === "off" && reason !== undefined) throw new CatalogError("REASON_NOT_TAKEN");
  if (documentName !== undefined && !rules.documents.includes(documentName) && !rules.accountDocuments)
    throw new CatalogError("SESSION_DOCUMENT_NOT_OFFERED");
}
