import {
  AccessKeysRequest,
  type AccountEnvironment,
  LaunchRequest,
  LoginList,
  LoginParams,
  Me,
  ReadyMadeRequest,
  SignInOptions,
  SignOutElsewhereRequest,
  SignOutRequest,
} from "@causeway/wire-contract/identity";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import { type Config, type SessionReasonRule, sessionStartRules } from "../platform/config.ts";
import type { PublicAddress } from "../platform/http/public-address.ts";
import { regionName } from "../platform/regions.ts";
import { causewayRoleOf, type RoleSettings } from "./causeway-roles.ts";
import { ENDED_LOGIN_TOLD_MS } from "./ended-logins.ts";
import { meOf as describeMe, loginViewOf, type ViewSettings } from "./identity-views.ts";
import { cookieHeader } from "./login-cookie.ts";
import type { IssuedLogin, Login } from "./logins.ts";
import { identityCenterPlugin } from "./methods/identity-center/identity-center-plugin.ts";
import type { IdentityCenterSignIn } from "./methods/identity-center/identity-center-sign-in.ts";
import { oidcPlugin } from "./methods/oidc/oidc-plugin.ts";
import type { OidcSignIn } from "./methods/oidc/oidc-sign-in.ts";
import type { LocalProfiles } from "./methods/profile/local-profiles.ts";
import { profilePlugin } from "./methods/profile/profile-plugin.ts";
import { contextOf } from "./request-actor.ts";
import type { SignIn } from "./sign-in.ts";

export interface IdentityPluginDeps {
  signIn: SignIn;
  signInThroughIdentityCenter: IdentityCenterSignIn;
  identityCenter: Config["identityCenter"];
  /** undefined: no OIDC provider is configured. */
  signInThroughOidc: OidcSignIn | undefined;
  oidc: Config["oidc"];
  /** undefined: profiles of this machine are not offered. */
  profiles: LocalProfiles | undefined;
  /** The login behind a request, found by the access hook. */
  loginOf(request: FastifyRequest): Login | undefined;
  publicAddress(): PublicAddress;
  version: string;
  regions: readonly string[];
  signInHours: number;
  sessionDocument: string;
  sessionDocuments: readonly string[];
  sessionReason: SessionReasonRule;
  customEndpoint: boolean;
  clock: Clock;
  roles: RoleSettings;
  environmentOf(account: string): AccountEnvironment | undefined;
}

export const identityPlugin = (deps: IdentityPluginDeps): FastifyPluginAsyncTypebox =>
  async function identity(app) {
    const view: ViewSettings = {
      regions: deps.regions.map((id) => ({ id, name: regionName(id) })),
      customEndpoint: deps.customEndpoint,
      sessionStart: sessionStartRules(deps),
      environmentOf: deps.environmentOf,
    };
    const optionsFor = (login: Login | undefined): SignInOptions => ({
      version: deps.version,
      accessKeys: true,
      readyMade: {
        offered: deps.signIn.offersReadyMade,
        launched: login?.launched === true,
        people: login?.launched === true ? deps.signIn.readyMadePeople() : [],
      },
      identityCenter: {
        offered: deps.identityCenter.listed.length > 0 || deps.identityCenter.typed,
        typed: deps.identityCenter.typed,
        listed: deps.identityCenter.listed.map(({ startUrl, region }) => ({ startUrl, region })),
      },
      ...(deps.oidc && {
        oidc: { name: deps.oidc.label, roles: deps.oidc.roles.kind === "listed" ? [...deps.oidc.roles.arns] : [] },
      }),
      ...(deps.profiles && { profiles: { launched: login?.launched === true } }),
      signInHoursMax: deps.signInHours,
    });

    app.get(
      "/sign-in",
      { config: { access: "public" }, schema: { response: { 200: SignInOptions } } },
      async (request) => optionsFor(deps.loginOf(request)),
    );

    app.post(
      "/sign-in/launch",
      { config: { access: "public" }, schema: { body: LaunchRequest, response: { 200: SignInOptions } } },
      async (request, reply) => {
        const issued = await deps.signIn.launch(request.body.secret, deps.loginOf(request), contextOf(request));
        setCookie(reply, issued);
        return optionsFor(issued.login);
      },
    );

    app.post(
      "/sign-in/access-keys",
      { config: { access: "public" }, schema: { body: AccessKeysRequest, response: { 200: Me } } },
      async (request, reply) => {
        const issued = await deps.signIn.withAccessKeys(request.body, deps.loginOf(request), contextOf(request));
        setCookie(reply, issued);
        return meOf(issued.login);
      },
    );

    app.post(
      "/sign-in/ready-made",
      { config: { access: "launched" }, schema: { body: ReadyMadeRequest, response: { 200: Me } } },
      async (request, reply) => {
        const { personId, how = "replace" } = request.body;
        const issued = await deps.signIn.asReadyMade(personId, deps.loginOf(request), how, contextOf(request));
        setCookie(reply, issued);
        return meOf(issued.login);
      },
    );

    await app.register(
      profilePlugin({
        profiles: deps.profiles,
        gate: deps.signIn,
        loginOf: deps.loginOf,
        contextOf,
        answerSignedIn,
      }),
    );
    await app.register(
      oidcPlugin({
        oidc: deps.signInThroughOidc,
        loginOf: deps.loginOf,
        contextOf,
        publicAddress: deps.publicAddress,
        answerSignedIn,
      }),
    );
    await app.register(
      identityCenterPlugin({
        identityCenter: deps.signInThroughIdentityCenter,
        loginOf: deps.loginOf,
        publicAddress: deps.publicAddress,
        contextOf,
        link: deps.identityCenter.link,
        environmentOf: deps.environmentOf,
        regions: view.regions,
        answerSignedIn,
      }),
    );

    app.post(
      "/sign-out",
      {
        config: { access: "signed-in" },
        schema: { body: Type.Union([SignOutRequest, Type.Null()]), response: { 204: Type.Null() } },
      },
      async (request, reply) => {
        const login = loginOrThrow(deps.loginOf(request));
        const { sessions = "end", everywhere } = request.body ?? {};
        const context = contextOf(request);
        if (everywhere === true)
          for (const other of await deps.signIn.loginsOf(login))
            if (other.id !== login.id) await deps.signIn.signOutElsewhere(login, other.id, sessions, context, sessions);
        const issued = await deps.signIn.signOut(login, sessions, context);
        if (issued === undefined) reply.header("set-cookie", cookieHeader(deps.publicAddress(), "", 0));
        else setCookie(reply, issued);
        return reply.code(204).send(null);
      },
    );

    app.get("/me", { config: { access: "signed-in" }, schema: { response: { 200: Me } } }, async (request) =>
      meOf(loginOrThrow(deps.loginOf(request))),
    );

    app.get(
      "/logins",
      { config: { access: "signed-in" }, schema: { response: { 200: LoginList } } },
      async (request): Promise<LoginList> => {
        const login = loginOrThrow(deps.loginOf(request));
        const logins = await deps.signIn.loginsOf(login);
        return {
          current: login.id,
          logins: logins.map((each) => ({
            ...loginViewOf(each),
            people: each.identities.map(({ name, role, account, accountName }) => ({
              ...{ name, role, account },
              ...(accountName === undefined ? {} : { accountName }),
            })),
          })),
        };
      },
    );

    app.post(
      "/logins/:loginId/sign-out",
      {
        config: { access: "signed-in" },
        schema: { params: LoginParams, body: SignOutElsewhereRequest, response: { 204: Type.Null() } },
      },
      async (request, reply) => {
        const login = loginOrThrow(deps.loginOf(request));
        const { params, body } = request;
        await deps.signIn.signOutElsewhere(login, params.loginId, body.sessions, contextOf(request));
        return reply.code(204).send(null);
      },
    );

    function answerSignedIn(reply: FastifyReply, issued: IssuedLogin): Me {
      setCookie(reply, issued);
      return meOf(issued.login);
    }

    function setCookie(reply: FastifyReply, issued: IssuedLogin): void {
      // longer than the login: whoever comes back after its end is told that it ended, and how
      const tellableUntilMs = issued.login.endsAtMs + ENDED_LOGIN_TOLD_MS;
      const seconds = Math.max(1, Math.round((tellableUntilMs - deps.clock.nowMs()) / 1_000));
      reply.header("set-cookie", cookieHeader(deps.publicAddress(), issued.cookie, seconds));
    }

    function meOf(login: Login): Me {
      const role = causewayRoleOf(login.identities, deps.roles);
      return describeMe(login, role, view, deps.clock.nowMs());
    }
  };

function loginOrThrow(login: Login | undefined): Login {
  if (login === undefined) throw new CatalogError("SIGN_IN_REQUIRED");
  return login;
}
