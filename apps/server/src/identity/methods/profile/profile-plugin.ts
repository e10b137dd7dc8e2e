import { Me } from "@causeway/wire-contract/identity";
import { LocalProfiles as ProfileList, ProfileRequest } from "@causeway/wire-contract/profiles";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import { CatalogError } from "../../../platform/catalog-error.ts";
import type { IssuedLogin, Login } from "../../logins.ts";
import type { ActContext } from "../../sign-in.ts";
import type { SignInGate } from "../sign-in-gate.ts";
import { type LocalProfiles, PROFILES_MAX } from "./local-profiles.ts";

export interface ProfilePluginDeps {
  /** undefined: not offered. */
  profiles: LocalProfiles | undefined;
  gate: SignInGate;
  loginOf(request: FastifyRequest): Login | undefined;
  contextOf(request: FastifyRequest): ActContext;
  /** Sets the login's cookie and says who she is. */
  answerSignedIn(reply: FastifyReply, issued: IssuedLogin): Me;
}

/**
 * Only for browsers that came through the printed link: a person who signed in otherwise may be another user of this
 * machine, and these are its owner's profiles.
 */
export const profilePlugin = (deps: ProfilePluginDeps): FastifyPluginAsyncTypebox =>
  async function profileSignIn(app) {
    const offered = (request: FastifyRequest): LocalProfiles => {
      if (deps.loginOf(request)?.launched !== true) throw new CatalogError("LAUNCH_REQUIRED");
      if (deps.profiles === undefined) throw new CatalogError("SIGN_IN_METHOD_OFF");
      return deps.profiles;
    };

    app.get(
      "/sign-in/profiles",
      { config: { access: "launched" }, schema: { response: { 200: ProfileList } } },
      async (request) => {
        const profiles = await offered(request).list();
        return { profiles: profiles.slice(0, PROFILES_MAX), truncated: profiles.length > PROFILES_MAX };
      },
    );

    app.post(
      "/sign-in/profile",
      { config: { access: "launched" }, schema: { body: ProfileRequest, response: { 200: Me } } },
      async (request, reply) => {
        const profiles = offered(request);
        const { name, mfaCode, how = "replace" } = request.body;
        const act = { previous: deps.loginOf(request), how, context: deps.contextOf(request) };
        const issued = await deps.gate.enter("profile", act, async () => {
          const signedIn = await profiles.signIn(name, mfaCode);
          return { ...signedIn, method: "profile", renewal: { kind: "profile", name } };
        });
        return deps.answerSignedIn(reply, issued);
      },
    );
  };
