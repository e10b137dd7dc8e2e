import { type AccountEnvironment, Me, type Region } from "@causeway/wire-contract/identity";
import {
  PortalAccounts,
  PortalAccountsQuery,
  PortalParams,
  PortalRoleRequest,
  Portals as PortalsAnswer,
  SignInCode,
  SignInCodeParams,
  StartPlace,
} from "@causeway/wire-contract/identity-center";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { PublicAddress } from "../../../platform/http/public-address.ts";
import { cookieHeader, readCookie, signInCookieName } from "../../login-cookie.ts";
import type { IssuedLogin, Login } from "../../logins.ts";
import type { ActContext } from "../../sign-in.ts";
import type { ShownCode } from "./device-codes.ts";
import type { IdentityCenterSignIn } from "./identity-center-sign-in.ts";
import type { PortalAsker } from "./portals.ts";

/** The cookie outlives a code and the choice of a role, in seconds. */
const SIGN_IN_COOKIE_SECONDS = 3_600;

export interface IdentityCenterPluginDeps {
  identityCenter: IdentityCenterSignIn;
  loginOf(request: FastifyRequest): Login | undefined;
  contextOf(request: FastifyRequest): ActContext;
  publicAddress(): PublicAddress;
  environmentOf(account: string): AccountEnvironment | undefined;
  /** Those that every identity may choose. */
  regions: readonly Region[];
  /** Sets the login's cookie and says who she is. */
  answerSignedIn(reply: FastifyReply, issued: IssuedLogin): Me;
  /** `plain`: the page at AWS asks for the code to be typed (security.md §3). */
  link: "prefilled" | "plain";
}

/** Codes and portals belong to a browser or a login: the routes are open to all, and find nothing for anybody else. */
export const identityCenterPlugin = (deps: IdentityCenterPluginDeps): FastifyPluginAsyncTypebox =>
  async function identityCenter(app) {
    const { codes, portals, directories } = deps.identityCenter;
    const cookieOf = (request: FastifyRequest) =>
      readCookie(deps.publicAddress(), request.headers.cookie, signInCookieName(deps.publicAddress()));
    const askerOf = (request: FastifyRequest): PortalAsker => ({
      loginId: deps.loginOf(request)?.id,
      cookie: cookieOf(request),
    });

    app.post(
      "/sign-in/identity-center/codes",
      { config: { access: "public" }, schema: { body: StartPlace, response: { 200: SignInCode } } },
      async (request, reply) => {
        const { code, cookie } = await deps.identityCenter.startCode(request.body, deps.contextOf(request));
        const address = deps.publicAddress();
        reply.header("set-cookie", cookieHeader(address, cookie, SIGN_IN_COOKIE_SECONDS, signInCookieName(address)));
        return shown(code);
      },
    );

    app.get(
      "/sign-in/identity-center/codes/:codeId",
      { config: { access: "public" }, schema: { params: SignInCodeParams, response: { 200: SignInCode } } },
      async (request) => shown(codes.watch(request.params.codeId, cookieOf(request))),
    );

    app.delete(
      "/sign-in/identity-center/codes/:codeId",
      { config: { access: "public" }, schema: { params: SignInCodeParams, response: { 204: Type.Null() } } },
      async (request, reply) => {
        codes.cancel(request.params.codeId, cookieOf(request));
        return reply.code(204).send(null);
      },
    );

    app.get(
      "/sign-in/identity-center/portals",
      { config: { access: "signed-in" }, schema: { response: { 200: PortalsAnswer } } },
      async (request) => {
        const rows = await portals.ofLogin(deps.loginOf(request)?.id ?? "");
        return {
          portals: rows.map(({ id, start_url: startUrl, region, person }) => ({
            ...{ id, startUrl, region },
            ...(person !== null && { person }),
          })),
        };
      },
    );

    app.get(
      "/sign-in/identity-center/portals/:portalId/accounts",
      {
        config: { access: "public" },
        schema: { params: PortalParams, querystring: PortalAccountsQuery, response: { 200: PortalAccounts } },
      },
      async (request) => {
        const { id, person } = await portals.get(request.params.portalId, askerOf(request));
        const { accounts, ...state } = await directories.list(id, request.query.wanted);
        return {
          ...state,
          ...(person !== null && { person }),
          regions: [...deps.regions],
          accounts: accounts.map(({ roles, ...account }) => {
            const environment = deps.environmentOf(account.id);
            return { ...account, ...(roles && { roles: [...roles] }), ...(environment && { environment }) };
          }),
        };
      },
    );

    app.post(
      "/sign-in/identity-center/portals/:portalId/sign-in",
      {
        config: { access: "public" },
        schema: { params: PortalParams, body: PortalRoleRequest, response: { 200: Me } },
      },
      async (request, reply) => {
        const { accountId, roleName, how = "replace" } = request.body;
        const issued = await deps.identityCenter.signIn(
          { portalId: request.params.portalId, accountId, roleName, how },
          { asker: askerOf(request), previous: deps.loginOf(request), context: deps.contextOf(request) },
        );
        return deps.answerSignedIn(reply, issued);
      },
    );

    function shown({ expiresAtMs, startedAtMs, verificationUriComplete, ...code }: ShownCode): SignInCode {
      const verificationUri = deps.link === "plain" ? code.verificationUri : verificationUriComplete;
      const nowMs = deps.identityCenter.nowMs();
      return {
        ...code,
        verificationUri,
        expiresInMs: Math.max(0, expiresAtMs - nowMs),
        lifetimeMs: expiresAtMs - startedAtMs,
      };
    }
  };
