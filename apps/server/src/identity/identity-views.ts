import type {
  AccountEnvironment,
  IdentityView,
  LoginView,
  Me,
  Region,
  SessionStartRules,
} from "@causeway/wire-contract/identity";
import { CatalogError } from "../platform/catalog-error.ts";
import type { AwsIdentity } from "./aws-identity.ts";
import type { CausewayRole } from "./causeway-roles.ts";
import type { Login } from "./logins.ts";

/** Credentials that nothing renews are announced to end so long before, in milliseconds: time to fetch new ones. */
export const EXPIRING_MS = 10 * 60_000;

export interface ViewSettings {
  regions: readonly Region[];
  customEndpoint: boolean;
  sessionStart: SessionStartRules;
  environmentOf(account: string): AccountEnvironment | undefined;
}

/** @throws CatalogError SIGN_IN_REQUIRED */
export function meOf(login: Login, role: CausewayRole, settings: ViewSettings, nowMs: number): Me {
  const identities = login.identities.map((identity) => identityViewOf(identity, settings, nowMs));
  if (identities.length === 0) throw new CatalogError("SIGN_IN_REQUIRED");
  return {
    login: loginViewOf(login),
    identities,
    role,
    sessionStart: settings.sessionStart,
    signedInAt: login.createdAtMs,
    endsAt: login.endsAtMs,
    customEndpoint: settings.customEndpoint,
  };
}

export function loginViewOf({ id, device, ip, createdAtMs, lastSeenAtMs, endsAtMs }: Login): LoginView {
  return { id, device, ip, createdAt: createdAtMs, lastSeenAt: lastSeenAtMs, endsAt: endsAtMs };
}

function identityViewOf(identity: AwsIdentity, settings: ViewSettings, nowMs: number): IdentityView {
  const { account, userId, arn, name, role, proven, method, accountName, expiresAtMs } = identity;
  const environment = settings.environmentOf(account);
  return {
    id: identity.identityId,
    person: { account, userId, arn, name, role, proven },
    method,
    ...(accountName === undefined ? {} : { accountName }),
    ...(environment === undefined ? {} : { environment }),
    ...(expiresAtMs === undefined ? {} : { credentialsExpireAt: expiresAtMs }),
    state: stateOf(identity, nowMs),
    renews: identity.renews === true,
    regions: [...settings.regions],
  };
}

function stateOf({ expiresAtMs, renews }: AwsIdentity, nowMs: number): IdentityView["state"] {
  if (expiresAtMs === undefined) return "usable";
  if (expiresAtMs <= nowMs) return "expired";
  return renews !== true && expiresAtMs - nowMs <= EXPIRING_MS ? "expiring" : "usable";
}
