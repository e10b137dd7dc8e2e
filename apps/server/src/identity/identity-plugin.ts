import {
  AccessKeysRequest,
  LaunchRequest,
  Me,
  ReadyMadeRequest,
  SignInOptions,
} from "@causeway/wire-contract/identity";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { CatalogError } from "../platform/catalog-error.ts";
import type { PublicAddress } from "../platform/http/public-address.ts";
import { regionName } from "../platform/regions.ts";
import { cookieHeader } from "./login-cookie.ts";
import type { IssuedLogin, Login } from "./logins.ts";
import type { SignIn } from "./sign-in.ts";

export interface IdentityPluginDeps {
  signIn: SignIn;
  /** The login behind a request, found by the access hook. */
  loginOf(request: FastifyRequest): Login | undefined;
  publicAddress(): PublicAddress;
  version: string;
  regions: readonly string[];
  signInHours: number;
  customEndpoint: boolean;
}

export const identityPlugin = (deps: IdentityPluginDeps): FastifyPluginAsyncTypebox =>
  async function identity(app) {
    const optionsFor = (login: Login | undefined): SignInOptions => ({
      version: deps.version,
      accessKeys: true,
      readyMade: {
        offered: deps.signIn.offersReadyMade,
        launched: login?.launched === true,
        people: login?.launched === true ? deps.signIn.readyMadePeople() : [],
      },
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
        const { personId } = request.body;
        const issued = await deps.signIn.asReadyMade(personId, deps.loginOf(request), contextOf(request));
        setCookie(reply, issued);
        return meOf(issued.login);
      },
    );

    app.post(
      "/sign-out",
      { config: { access: "signed-in" }, schema: { response: { 204: Type.Null() } } },
      async (request, reply) => {
        const issued = await deps.signIn.signOut(loginOrThrow(deps.loginOf(request)), contextOf(request));
        if (issued === undefined) reply.header("set-cookie", cookieHeader(deps.publicAddress(), "", 0));
        else setCookie(reply, issued);
        return reply.code(204).send(null);
      },
    );

    app.get("/me", { config: { access: "signed-in" }, schema: { response: { 200: Me } } }, async (request) =>
      meOf(loginOrThrow(deps.loginOf(request))),
    );

    function setCookie(reply: FastifyReply, issued: IssuedLogin): void {
      const seconds = Math.round(deps.signInHours * 3600);
      reply.header("set-cookie", cookieHeader(deps.publicAddress(), issued.cookie, seconds));
    }

    function meOf(login: Login): Me {
      const { identity, method } = login;
      if (identity === undefined || method === undefined) throw new CatalogError("SIGN_IN_REQUIRED");
      const { account, userId, arn, name, role, proven } = identity;
      return {
        person: { account, userId, arn, name, role, proven },
        method,
        regions: deps.regions.map((id) => ({ id, name: regionName(id) })),
        signedInAt: login.createdAtMs,
        endsAt: login.endsAtMs,
        customEndpoint: deps.customEndpoint,
      };
    }
  };

function loginOrThrow(login: Login | undefined): Login {
  if (login === undefined) throw new CatalogError("SIGN_IN_REQUIRED");
  return login;
}

function contextOf(request: FastifyRequest): { ip: string; requestId: string } {
  return { ip: request.ip, requestId: request.id };
}
