/** Who may be let in, and what the server's settings leave of sharing. Pure: settings and identities in, answers out. */
import type { CreateShareRequest, ShareExpiry, SharePolicy } from "@causeway/wire-contract/sharing";
import { SHARES_PER_SESSION_MAX } from "@causeway/wire-contract/sharing";
import type { AwsIdentity } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { SharingConfig } from "../platform/sharing-config.ts";
import type { ShareRecord } from "./share-record.ts";

const EXPIRES_AFTER_MS: Readonly<Record<ShareExpiry, number | undefined>> = {
  "15-min": 15 * 60_000,
  "1-hour": 60 * 60_000,
  "4-hours": 4 * 60 * 60_000,
  session: undefined,
};

/** @returns undefined: with the session */
export function expiryOf(expires: ShareExpiry, nowMs: number): number | undefined {
  const afterMs = EXPIRES_AFTER_MS[expires];
  return afterMs === undefined ? undefined : nowMs + afterMs;
}

/** @param environment of the account by configuration; a rule for the account itself is stronger */
export function policyOf(config: SharingConfig, account: string, environment: string | undefined): SharePolicy {
  const rule = config.rules.get(account) ?? (environment && config.rules.get(environment)) ?? config.otherwise;
  return {
    sharing: rule !== "off",
    typing: rule === "on",
    anyone: config.anyone,
    needsStartSession: config.needsStartSession,
    sharesMax: SHARES_PER_SESSION_MAX,
    viewersMax: config.viewersMax,
  };
}

/** The link, as it is or is about to be, is one that the settings allow. @throws CatalogError SHARE_NOT_ALLOWED, REQUEST_INVALID */
export function checkAllowed(
  { mode, audience, people }: Pick<CreateShareRequest, "mode" | "audience" | "people">,
  policy: SharePolicy,
): void {
  if (!isAllowed({ mode, audience }, policy)) throw new CatalogError("SHARE_NOT_ALLOWED");
  if ((audience === "named") !== (people !== undefined && people.length > 0))
    throw new CatalogError("REQUEST_INVALID", { detail: "people are for the audience named, which needs some" });
}

/** Asked again whenever somebody attaches or types: settings change with a restart, links outlive it. */
export function isAllowed(
  { mode, audience }: Pick<CreateShareRequest, "mode" | "audience">,
  policy: SharePolicy,
): boolean {
  return policy.sharing && (mode === "view" || policy.typing) && (audience !== "anyone" || policy.anyone);
}

/** A name counts only where it is proven: whoever assumes a role may call the session as she likes (architecture §2). */
export function isAdmitted(
  share: Pick<ShareRecord, "audience" | "people" | "account">,
  identity: Pick<AwsIdentity, "account" | "name" | "proven">,
): boolean {
  switch (share.audience) {
    case "account":
      return identity.account === share.account;
    case "named":
      return (
        identity.proven &&
        share.people.some(({ account, name }) => account === identity.account && name === identity.name)
      );
    case "anyone":
      return true;
    default:
      return share.audience satisfies never;
  }
}
