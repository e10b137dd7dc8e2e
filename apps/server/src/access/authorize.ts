import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { LoginEndCode } from "@causeway/wire-contract/login-ends";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { AwsIdentity, CausewayRole, Login } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Access, SessionAccess, ShareAccess } from "./access-level.ts";

const ACCESS_LEVELS: ReadonlySet<unknown> = new Set<Access>([
  "public",
  "launched",
  "signed-in",
  "session-owner",
  "share-viewer",
  "auditor",
  "admin",
]);

/** Who asks, and for what. */
export interface AccessQuestion {
  access: Access;
  login: Pick<Login, "launched" | "identities"> | undefined;
  /** The login's role in Causeway. Asked only when it matters. */
  role(): CausewayRole;
  /** Owner of the session the route names; undefined: no such session. Asked only when it matters. */
  sessionOwnerKey(): string | undefined;
  /** Whether this owner key came by the link the route names. Asked only when it matters. */
  isViewer(ownerKey: string): boolean;
}

/**
 * The one decision over all routes and websockets. A foreign session and one that does not exist get the same answer,
 * so that ids cannot be tried out. Pure.
 * @returns why not; undefined: go on
 */
export function refusalOf(question: AccessQuestion): ErrorCode | undefined {
  const { access, login } = question;
  const isPerson = login !== undefined && login.identities.length > 0;
  switch (access) {
    case "public":
      return undefined;
    case "launched":
      return login?.launched || isPerson ? undefined : "LAUNCH_REQUIRED";
    case "signed-in":
      return isPerson ? undefined : "SIGN_IN_REQUIRED";
    case "session-owner":
      if (!isPerson) return "SIGN_IN_REQUIRED";
      return identityOwning(login.identities, question.sessionOwnerKey()) ? undefined : "SESSION_NOT_FOUND";
    case "share-viewer":
      if (!isPerson) return "SIGN_IN_REQUIRED";
      return login.identities.some(({ ownerKey }) => question.isViewer(ownerKey)) ? undefined : "SHARE_NOT_FOUND";
    case "auditor":
      if (!isPerson) return "SIGN_IN_REQUIRED";
      return question.role() === "user" ? "ROLE_REQUIRED" : undefined;
    case "admin":
      if (!isPerson) return "SIGN_IN_REQUIRED";
      return question.role() === "admin" ? undefined : "ROLE_REQUIRED";
    default:
      return access satisfies never;
  }
}

/**
 * The same decision for what an open websocket is asked, where one message needs more than the route did.
 * @throws CatalogError ROLE_REQUIRED, SIGN_IN_REQUIRED
 */
export function requireAccess(
  access: Exclude<Access, "session-owner" | "share-viewer">,
  identities: readonly AwsIdentity[],
  roleOf: (identities: readonly AwsIdentity[]) => CausewayRole,
): void {
  const login = { launched: false, identities };
  const role = (): CausewayRole => roleOf(identities);
  const refusal = refusalOf({ access, login, role, sessionOwnerKey: () => undefined, isViewer: () => false });
  if (refusal !== undefined) throw new CatalogError(refusal);
}

function identityOwning(identities: readonly AwsIdentity[], ownerKey: string | undefined): AwsIdentity | undefined {
  return ownerKey === undefined ? undefined : identities.find((identity) => identity.ownerKey === ownerKey);
}

function identityIdIn(part: unknown): string | undefined {
  if (typeof part !== "object" || part === null || !Object.hasOwn(part, "identityId")) return undefined;
  const { identityId } = part as { identityId: unknown };
  return typeof identityId === "string" ? identityId : undefined;
}

export interface AuthorizeDeps {
  /** The login that the request's cookie stands for. */
  resolveLogin(request: FastifyRequest): Promise<Login | undefined>;
  /** Why the login that the request's cookie once stood for ended; undefined: nothing is known of one. */
  loginEndOf(request: FastifyRequest): Promise<LoginEndCode | undefined>;
  sessions: SessionAccess;
  shares: ShareAccess;
  /** Role in Causeway of whoever holds these identities. */
  roleOf(identities: readonly AwsIdentity[]): CausewayRole;
  /** The server is about to end: nobody new gets in, operations routes go on. */
  isStopping(): boolean;
  /**
   * Called for each websocket that was let in, before the upgrade.
   * @param ownerKey whose session it is for; undefined: it is for the login as a whole
   */
  onSocketAdmitted(request: FastifyRequest, login: Login, ownerKey: string | undefined): void;
}

export interface GuardedRoute {
  method: string;
  url: string;
  access: Access;
  websocket: boolean;
}

export interface Guard {
  /** The login found for a request that was let in. */
  loginOf(request: FastifyRequest): Login | undefined;
  /** Every route there is; complete once the server is built. */
  readonly routes: readonly GuardedRoute[];
}

/**
 * Puts the decision in front of every route, before its body is read, and before a websocket is upgraded.
 * A route that declares no access stops the server from being built: deny by default.
 */
export function guardEveryRoute(app: FastifyInstance, deps: AuthorizeDeps): Guard {
  const routes: GuardedRoute[] = [];
  const logins = new WeakMap<FastifyRequest, Login>();

  const sessionOwnerKey = (request: FastifyRequest): string | undefined =>
    deps.sessions.ownerKeyOf((request.params as { id: string }).id);
  const isViewer = (request: FastifyRequest, ownerKey: string): boolean =>
    deps.shares.isViewer((request.params as { shareId: string }).shareId, ownerKey);
  const identitiesOf = (request: FastifyRequest): readonly AwsIdentity[] => {
    const identities = logins.get(request)?.identities ?? [];
    if (identities.length === 0) throw new CatalogError("SIGN_IN_REQUIRED");
    return identities;
  };
  /** The same answer for another login's identity and for none. */
  const identityOf = (request: FastifyRequest): AwsIdentity => {
    const identities = identitiesOf(request);
    if (request.routeOptions.config.access === "session-owner") {
      const owner = identityOwning(identities, sessionOwnerKey(request));
      if (owner === undefined) throw new CatalogError("SESSION_NOT_FOUND");
      return owner;
    }
    if (request.routeOptions.config.access === "share-viewer") {
      const viewer = identities.find(({ ownerKey }) => isViewer(request, ownerKey));
      if (viewer === undefined) throw new CatalogError("SHARE_NOT_FOUND");
      return viewer;
    }
    const asked = identityIdIn(request.query) ?? identityIdIn(request.body);
    const identity = asked === undefined ? identities[0] : identities.find((each) => each.identityId === asked);
    if (identity === undefined) throw new CatalogError("IDENTITY_NOT_FOUND");
    return identity;
  };

  app.decorateRequest("awsIdentities", {
    getter(this: FastifyRequest): readonly AwsIdentity[] {
      return identitiesOf(this);
    },
  });
  app.decorateRequest("awsIdentity", {
    getter(this: FastifyRequest): AwsIdentity {
      return identityOf(this);
    },
  });

  app.addHook("onRoute", (route) => {
    const access = route.config?.access;
    if (!ACCESS_LEVELS.has(access))
      throw new Error(`${route.method} ${route.url} declares no access: add config.access (access/access-level.ts)`);
    if (access === "session-owner" && !route.url.includes("/:id"))
      throw new Error(`${route.method} ${route.url} is for the session's owner, but names no session as :id`);
    if (access === "share-viewer" && !route.url.includes("/:shareId"))
      throw new Error(`${route.method} ${route.url} is for a link's viewers, but names no link as :shareId`);
    for (const method of [route.method].flat())
      routes.push({ method, url: route.url, access: access as Access, websocket: route.websocket === true });
  });

  app.addHook("onRequest", async (request) => {
    if (request.is404) return;
    const { access } = request.routeOptions.config;
    if (access === undefined) throw new CatalogError("ROUTE_NOT_FOUND");
    if (deps.isStopping() && access !== "public") throw new CatalogError("SERVER_STOPPING");
    const login = await deps.resolveLogin(request);
    if (login !== undefined) logins.set(request, login);
    const refusal = refusalOf({
      access,
      login,
      role: () => deps.roleOf(login?.identities ?? []),
      sessionOwnerKey: () => sessionOwnerKey(request),
      isViewer: (ownerKey) => isViewer(request, ownerKey),
    });
    if (refusal === "SIGN_IN_REQUIRED") throw new CatalogError((await deps.loginEndOf(request)) ?? refusal);
    if (refusal !== undefined) throw new CatalogError(refusal);
    if (request.ws && login !== undefined)
      deps.onSocketAdmitted(
        request,
        login,
        access === "session-owner"
          ? sessionOwnerKey(request)
          : login.identities.find(({ ownerKey }) => access === "share-viewer" && isViewer(request, ownerKey))?.ownerKey,
      );
  });

  // An identity that is named is this login's, also where the handler would not look at it.
  app.addHook("preHandler", async (request) => {
    if (identityIdIn(request.query) !== undefined || identityIdIn(request.body) !== undefined) identityOf(request);
  });

  return { loginOf: (request) => logins.get(request), routes };
}
