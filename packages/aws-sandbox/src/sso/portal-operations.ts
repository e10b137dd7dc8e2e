// The portal of Identity Center (sso): which accounts and roles a person has, and keys of a role.
// Source: IAM Identity Center Portal API Reference.
import { AwsError } from "../http/aws-error.ts";
import type { Page, Pager } from "../http/paging.ts";
import type { RestCall, RestOperations } from "../http/rest-api.ts";
import type { CredentialStore } from "../iam/credential-store.ts";
import type { DeviceGrants } from "./device-grants.ts";
import { SSO_ACCOUNTS, type SsoPerson, ssoRole } from "./directory.ts";

/** Both lists give at most this many at a time. */
const PAGE_ITEMS_MAX = 100;

interface PortalDeps {
  grants: DeviceGrants;
  credentials: CredentialStore;
  pager: Pager;
}

export function portalOperations(deps: PortalDeps): RestOperations {
  return {
    ListAccounts: { method: "GET", path: "/assignment/accounts", run: (call) => listAccounts(deps, call) },
    ListAccountRoles: { method: "GET", path: "/assignment/roles", run: (call) => listAccountRoles(deps, call) },
    GetRoleCredentials: {
      method: "GET",
      path: "/federation/credentials",
      run: (call) => getRoleCredentials(deps, call),
    },
    Logout: { method: "POST", path: "/logout", run: (call) => logout(deps, call) },
  };
}

function listAccounts(deps: PortalDeps, call: RestCall): unknown {
  const person = deps.grants.personOf(call.bearer, call.nowMs);
  const accounts = SSO_ACCOUNTS.filter(({ id }) => Object.hasOwn(person.assignments, id)).toSorted((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  const { items, nextToken } = paged(deps, call, person, accounts, ({ id }) => id);
  return {
    accountList: items.map(({ id, name, email }) => ({ accountId: id, accountName: name, emailAddress: email })),
    nextToken,
  };
}

function listAccountRoles(deps: PortalDeps, call: RestCall): unknown {
  const person = deps.grants.personOf(call.bearer, call.nowMs);
  const accountId = parameter(call, "account_id");
  const roles = Object.hasOwn(person.assignments, accountId) ? person.assignments[accountId] : undefined;
  if (roles === undefined) throw new AwsError("ResourceNotFoundException", "No access", 404);
  const { items, nextToken } = paged(deps, call, person, roles.toSorted(), (role) => role);
  return { roleList: items.map((roleName) => ({ roleName, accountId })), nextToken };
}

function getRoleCredentials({ grants, credentials }: PortalDeps, call: RestCall): unknown {
  const person = grants.personOf(call.bearer, call.nowMs);
  const role = ssoRole(person, parameter(call, "account_id"), parameter(call, "role_name"));
  // AWS says "No access" for a role that is not assigned, and does not say whether it exists.
  if (role === undefined) throw new AwsError("ForbiddenException", "No access", 403);
  const expiration = call.nowMs + grants.lifetimes.credentialSeconds * 1_000;
  const { accessKeyId, secretAccessKey, sessionToken } = credentials.createKey(role, expiration);
  return { roleCredentials: { accessKeyId, secretAccessKey, sessionToken, expiration } };
}

function logout({ grants }: PortalDeps, { bearer, nowMs }: RestCall): undefined {
  grants.personOf(bearer, nowMs);
  if (bearer !== undefined) grants.logout(bearer, nowMs);
}

function paged<Item>(
  { pager }: PortalDeps,
  call: RestCall,
  person: SsoPerson,
  items: readonly Item[],
  keyOf: (item: Item) => string,
): Page<Item> {
  const asked = call.query.get("max_result");
  const itemsMax = asked === null ? PAGE_ITEMS_MAX : Number(asked);
  if (!Number.isInteger(itemsMax) || itemsMax < 1 || itemsMax > PAGE_ITEMS_MAX)
    throw new AwsError("InvalidRequestException", "Invalid max_result");
  const page = pager.page({
    items,
    keyOf,
    itemsMax,
    nextToken: call.query.get("next_token") ?? undefined,
    query: ["sso", person.id, call.query.get("account_id")],
  });
  if (page === undefined) throw new AwsError("InvalidRequestException", "Invalid next_token");
  return page;
}

function parameter({ query }: RestCall, name: string): string {
  const value = query.get(name);
  if (value === null || value === "")
    throw new AwsError("InvalidRequestException", `Missing required parameter: ${name}`);
  return value;
}
