import { Me } from "@causeway/wire-contract/identity";
import { OidcStart, OidcStartRequest } from "@causeway/wire-contract/oidc";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { CatalogError } from "../../../platform/catalog-error.ts";
import type { PublicAddress } from "../../../platform/http/public-address.ts";
import { cookieHeader, oidcCookieName, readCookie } from "../../login-cookie.ts";
import type { IssuedLogin, Login } from "../../logins.ts";
import type { ActContext } from "../../sign-in.ts";
import { FLOW_MS } from "./oidc-flows.ts";
import type { OidcSignIn } from "./oidc-sign-in.ts";

export const CALLBACK_PATH = "/api/v1/sign-in/oidc/callback";
/** Where the browser goes from the provider, whatever the provider says: the page finishes from there. */
const PAGE_PATH = "/sign-in?via=oidc";

export interface OidcPluginDeps {
  /** undefined: no provider is configured; the routes say so. */
  oidc: OidcSignIn | undefined;
  loginOf(request: FastifyRequest): Login | undefined;
  contextOf(request: FastifyRequest): ActContext;
  publicAddress(): PublicAddress;
  /** Sets the login's cookie and says who she is. */
  answerSignedIn(reply: FastifyReply, issued: IssuedLogin): Me;
}

/**
 * There and back. The way back only stores what the browser brought, and leads to our own page: browsers send no Strict
 * cookie on a way that another site began, so that the page, not the way back, knows who is signed in already.
 */
export const oidcPlugin = (deps: OidcPluginDeps): FastifyPluginAsyncTypebox =>
  async function oidcSignIn(app) {
    const offered = (): OidcSignIn => {
      if (deps.oidc === undefined) throw new CatalogError("SIGN_IN_METHOD_OFF");
      return deps.oidc;
    };
    const cookieOf = (request: FastifyRequest) => {
      const address = deps.publicAddress();
      return readCookie(address, request.headers.cookie, oidcCookieName(address));
    };

    app.post(
      "/sign-in/oidc/start",
      { config: { access: "public" }, schema: { body: OidcStartRequest, response: { 200: OidcStart } } },
      async (request, reply) => {
        const address = deps.publicAddress();
        // Of the ways to write this machine the one that is in the address bar: cookies are told apart by it.
        const origin = address.originByHost.get(request.host) ?? address.origin;
        const { how = "replace", roleArn } = request.body;
        const asked = { redirectUri: `${origin}${CALLBACK_PATH}`, how, roleArn };
        const { authorizationUrl, cookie } = await offered().start(asked, deps.contextOf(request));
        setCookie(reply, cookie, FLOW_MS / 1_000);
        return { authorizationUrl };
      },
    );

    app.get(
      "/sign-in/oidc/callback",
      {
        config: { access: "public" },
        // Providers add parameters of their own; the library looks at the ones of the standard.
        schema: { querystring: Type.Object({ state: Type.Optional(Type.Unknown()) }), response: { 303: Type.Null() } },
      },
      async (request, reply) => {
        const { state } = request.query;
        const query = request.url.split("?")[1] ?? "";
        deps.oidc?.flows.answered(typeof state === "string" ? state : undefined, cookieOf(request), query);
        return reply.code(303).header("location", PAGE_PATH).send(null);
      },
    );

    app.post(
      "/sign-in/oidc/finish",
      { config: { access: "public" }, schema: { response: { 200: Me } } },
      async (request, reply) => {
        const by = { previous: deps.loginOf(request), context: deps.contextOf(request) };
        setCookie(reply, "", 0);
        return deps.answerSignedIn(reply, await offered().finish(cookieOf(request), by));
      },
    );

    function setCookie(reply: FastifyReply, value: string, seconds: number): void {
      const address = deps.publicAddress();
      reply.header("set-cookie", cookieHeader(address, value, seconds, oidcCookieName(address), "Lax"));
    }
  };
