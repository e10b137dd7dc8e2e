import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { AwsIdentity, Login } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Access, SessionAccess } from "./access-level.ts";

const ACCESS_LEVELS: ReadonlySet<unknown> = new Set<Access>(["public", "launched", "signed-in", "session-owner"]);

/** Who asks, and for what. */
export interface AccessQuestion {
  access: Access;
  login: Login | undefined;
  /** Owner of the session the route names; undefined: no such session. Asked only when it matters. */
  sessionOwnerKey(): string | undefined;
}

/**
 * The one decision over all routes and websockets. A foreign session and one that does not exist get the same answer,
 * so that ids cannot be tried out. Pure.
 * @returns why not; undefined: go on
 */
export function refusalOf(question: AccessQuestion): ErrorCode | undefined {
  const { access, login } = question;
  const identity = login?.identity;
  switch (access) {
    case "public":
      return undefined;
    case "launched":
      return login?.launched || identity ? undefined : "LAUNCH_REQUIRED";
    case "signed-in":
      return identity ? undefined : "SIGN_IN_REQUIRED";
    case "session-owner":
      if (!identity) return "SIGN_IN_REQUIRED";
      return question.sessionOwnerKey() === identity.ownerKey ? undefined : "SESSION_NOT_FOUND";
    default:
      return access satisfies never;
  }
}

export interface AuthorizeDeps {
  /** The login that the request's cookie stands for. */
  resolveLogin(request: FastifyRequest): Promise<Login | undefined>;
  sessions: SessionAccess;
  /** The server is about to end: nobody new gets in, operations routes go on. */
  isStopping(): boolean;
  /** Called for each websocket that was let in, before the upgrade. */
  onSocketAdmitted(request: FastifyRequest, login: Login): void;
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

  app.decorateRequest("awsIdentity", {
    getter(this: FastifyRequest): AwsIdentity {
      const identity = logins.get(this)?.identity;
      if (identity === undefined) throw new CatalogError("SIGN_IN_REQUIRED");
      return identity;
    },
  });

  app.addHook("onRoute", (route) => {
    const access = route.config?.access;
    if (!ACCESS_LEVELS.has(access))
      throw new Error(`${route.method} ${route.url} declares no access: add config.access (access/access-level.ts)`);
    if (access === "session-owner" && !route.url.includes("/:id"))
      throw new Error(`${route.method} ${route.url} is for the session's owner, but names no session as :id`);
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
      sessionOwnerKey: () => deps.sessions.ownerKeyOf((request.params as { id: string }).id),
    });
    if (refusal !== undefined) throw new CatalogError(refusal);
    if (request.ws && login !== undefined) deps.onSocketAdmitted(request, login);
  });

  return { loginOf: (request) => logins.get(request), routes };
}
