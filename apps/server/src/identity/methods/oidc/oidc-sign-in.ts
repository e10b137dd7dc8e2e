import { AttemptLimiter } from "../../../platform/attempt-limiter.ts";
import { CatalogError } from "../../../platform/catalog-error.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { OidcConfig } from "../../../platform/oidc-config.ts";
import type { PersonPattern } from "../../../platform/person-pattern.ts";
import type { AwsCredentials, CallerIdentity } from "../../aws-identity.ts";
import type { IssuedLogin, Login } from "../../logins.ts";
import type { ActContext } from "../../sign-in.ts";
import type { CredentialRenewer, SignedIn, SignInMode } from "../../signed-in-identity.ts";
import { personOfAssumedRole, type RoleAssumer } from "../role-assumer.ts";
import type { SignInGate } from "../sign-in-gate.ts";
import { keptClaims, roleOf, sessionNameOf } from "./oidc-claims.ts";
import { OidcFlows } from "./oidc-flows.ts";
import type { OidcProvider, OidcTokens } from "./oidc-provider.ts";
import { oidcMaterial, oidcRenewer } from "./oidc-renewer.ts";

/** Sign-ins that one address may begin per minute: each asks the provider. An office shares an address. */
export const STARTS_PER_MINUTE_MAX = 60;
const ADDRESSES_MAX = 10_000;

export interface OidcSignInDeps {
  config: Pick<OidcConfig, "roles" | "nameClaim">;
  provider: OidcProvider;
  roles: RoleAssumer;
  gate: SignInGate;
  clock: Clock;
  randomBytes: (size: number) => Uint8Array;
  callerIdentity(credentials: AwsCredentials): Promise<CallerIdentity>;
  /** Whose claims are kept. */
  patterns: readonly PersonPattern[];
}

/** Signing in at the organisation's provider: there and back, then a role of AWS for its token. */
export class OidcSignIn {
  readonly flows: OidcFlows;
  readonly renewer: CredentialRenewer;
  readonly #deps: OidcSignInDeps;
  readonly #started: AttemptLimiter;

  constructor(deps: OidcSignInDeps) {
    this.#deps = deps;
    this.flows = new OidcFlows(deps.clock, deps.randomBytes);
    this.renewer = oidcRenewer(deps);
    const window = { attemptsMax: STARTS_PER_MINUTE_MAX, windowMs: 60_000, addressesMax: ADDRESSES_MAX };
    this.#started = new AttemptLimiter(window, deps.clock);
  }

  /** @throws CatalogError RATE_LIMITED, OIDC_SIGN_INS_LIMIT_REACHED, OIDC_PROVIDER_UNREACHABLE, ROLE_NOT_ASSUMABLE */
  async start(
    asked: { redirectUri: string; how: SignInMode; roleArn: string | undefined },
    { ip }: ActContext,
  ): Promise<{ authorizationUrl: string; cookie: string }> {
    this.#started.admit(ip);
    // What cannot be is refused before the way to the provider and back.
    if (this.#deps.config.roles.kind === "listed") roleOf({}, this.#deps.config.roles, asked.roleArn);
    const { flow, cookie } = this.flows.begin(asked);
    return { authorizationUrl: await this.#deps.provider.authorizationUrl(flow.checks), cookie };
  }

  /** @throws CatalogError OIDC_SIGN_IN_UNKNOWN, OIDC_SIGN_IN_REFUSED, OIDC_CLAIMS_UNUSABLE, ROLE_NOT_ASSUMABLE, … */
  async finish(
    cookie: string | undefined,
    by: { previous: Login | undefined; context: ActContext },
  ): Promise<IssuedLogin> {
    const flow = this.flows.finish(cookie);
    return this.#deps.gate.enter("oidc", { ...by, how: flow.how }, async () =>
      this.#prove(await this.#deps.provider.redeem(flow.answer, flow.checks), flow.roleArn),
    );
  }

  async #prove({ idToken, claims, refreshToken }: OidcTokens, chosen: string | undefined): Promise<SignedIn> {
    const { config, roles, callerIdentity, patterns } = this.#deps;
    const role = {
      roleArn: roleOf(claims, config.roles, chosen),
      sessionName: sessionNameOf(claims, config.nameClaim),
    };
    const credentials = await roles.withWebIdentity(idToken, role);
    const person = personOfAssumedRole(await callerIdentity(credentials), role, true);
    if (person === undefined)
      throw new CatalogError("AWS_FAILED", { detail: "STS answered with keys of something else" });
    const { iss, sub } = claims;
    return {
      person,
      credentials,
      method: "oidc",
      ...(typeof sub === "string" ? { subject: `oidc ${String(iss)} ${sub}` } : {}),
      claims: keptClaims(claims, patterns),
      ...(refreshToken === undefined || typeof sub !== "string"
        ? {}
        : { renewal: oidcMaterial({ ...role, refreshToken, subject: sub }) }),
    };
  }
}
