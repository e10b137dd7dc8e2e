/**
 * The adapter to an OIDC provider: Authorization Code with PKCE, tokens verified with the issuer's published keys. The
 * library's types stay in this file. Loaded on first use.
 */
import type { Configuration, CustomFetch } from "openid-client";
import { CatalogError } from "../../../platform/catalog-error.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { OidcConfig } from "../../../platform/oidc-config.ts";
import type { Json } from "../../signed-in-identity.ts";
import type { OidcChecks, OidcProvider, OidcTokens } from "./oidc-provider.ts";

/** The provider's own description is read again after this, in milliseconds. */
export const DISCOVERY_MS_MAX = 60 * 60_000;
/** One request to the provider, in seconds. */
const REQUEST_SECONDS_MAX = 10;

export interface OpenIdClientDeps {
  config: Omit<OidcConfig, "secret" | "roles" | "nameClaim" | "label">;
  secret: string | undefined;
  fetch: CustomFetch;
  clock: Clock;
}

type Library = typeof import("openid-client");

export class OpenIdClientProvider implements OidcProvider {
  readonly #deps: OpenIdClientDeps;
  #discovered: { configuration: Promise<Configuration>; atMs: number } | undefined;

  constructor(deps: OpenIdClientDeps) {
    this.#deps = deps;
  }

  async authorizationUrl({ redirectUri, state, nonce, codeVerifier }: OidcChecks): Promise<string> {
    return this.#ask(async (library, configuration) => {
      const url = library.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: this.#deps.config.scopes,
        state,
        nonce,
        code_challenge: await library.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: "S256",
      });
      return url.href;
    });
  }

  async redeem(answer: URL, { state, nonce, codeVerifier }: OidcChecks): Promise<OidcTokens> {
    return this.#ask(async (library, configuration) =>
      tokensOf(
        await library.authorizationCodeGrant(configuration, answer, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          idTokenExpected: true,
        }),
      ),
    );
  }

  async refresh(refreshToken: string): Promise<OidcTokens> {
    return this.#ask(async (library, configuration) => {
      try {
        return tokensOf(await library.refreshTokenGrant(configuration, refreshToken));
      } catch (error) {
        const isOver = error instanceof library.ResponseBodyError && error.error === "invalid_grant";
        throw isOver ? new CatalogError("SIGN_IN_REQUIRED", { cause: error }) : error;
      }
    });
  }

  async #ask<T>(act: (library: Library, configuration: Configuration) => Promise<T>): Promise<T> {
    const library = await import("openid-client");
    try {
      return await act(library, await this.#configuration(library));
    } catch (error) {
      throw toCatalogError(library, error);
    }
  }

  #configuration(library: Library): Promise<Configuration> {
    const nowMs = this.#deps.clock.nowMs();
    if (this.#discovered !== undefined && nowMs - this.#discovered.atMs < DISCOVERY_MS_MAX)
      return this.#discovered.configuration;
    const configuration = this.#discover(library);
    const discovered = { configuration, atMs: nowMs };
    this.#discovered = discovered;
    // What failed is asked again at the next sign-in.
    configuration.catch(() => {
      if (this.#discovered === discovered) this.#discovered = undefined;
    });
    return configuration;
  }

  async #discover(library: Library): Promise<Configuration> {
    const { config, secret, fetch } = this.#deps;
    const issuer = new URL(config.issuer);
    const configuration = await library.discovery(
      issuer,
      config.clientId,
      undefined,
      secret === undefined ? library.None() : library.ClientSecretBasic(secret),
      {
        timeout: REQUEST_SECONDS_MAX,
        [library.customFetch]: fetch,
        // Configuration lets http: through on loopback only.
        execute: issuer.protocol === "http:" ? [library.allowInsecureRequests] : [],
      },
    );
    // The token comes over TLS, and its signature is checked all the same: AWS will, too.
    library.enableNonRepudiationChecks(configuration);
    return configuration;
  }
}

function tokensOf(answer: { id_token?: string; refresh_token?: string; claims(): object | undefined }): OidcTokens {
  const claims = answer.claims();
  // A provider may leave the ID token out of a renewal (OpenID Connect Core 1.0 §12.2): AWS takes nothing else.
  if (answer.id_token === undefined || claims === undefined)
    throw new CatalogError("SIGN_IN_REQUIRED", { detail: "the provider gave no ID token" });
  return {
    idToken: answer.id_token,
    claims: claims as Record<string, Json>,
    ...(answer.refresh_token === undefined ? {} : { refreshToken: answer.refresh_token }),
  };
}

/** What is shown is a code of the standard or of the library, never what the provider wrote. */
function toCatalogError(library: Library, error: unknown): CatalogError {
  if (error instanceof CatalogError) return error;
  if (error instanceof library.AuthorizationResponseError)
    return new CatalogError("OIDC_SIGN_IN_REFUSED", { cause: error, detail: wordOf(error.error) });
  if (error instanceof library.ResponseBodyError) {
    if (error.status >= 500) return new CatalogError("OIDC_PROVIDER_UNREACHABLE", { cause: error });
    return new CatalogError("OIDC_SIGN_IN_FAILED", { cause: error, detail: wordOf(error.error) });
  }
  if (error instanceof library.WWWAuthenticateChallengeError)
    return new CatalogError("OIDC_SIGN_IN_FAILED", { cause: error, detail: "invalid_client" });
  if (error instanceof library.ClientError && !UNREACHABLE.has(error.code ?? ""))
    return new CatalogError("OIDC_SIGN_IN_FAILED", { cause: error, detail: wordOf(error.code ?? "") });
  return new CatalogError("OIDC_PROVIDER_UNREACHABLE", { cause: error });
}

/** Codes of the library for answers that are none, or none of a provider. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  "OAUTH_TIMEOUT",
  "OAUTH_PARSE_ERROR",
  "OAUTH_RESPONSE_IS_NOT_CONFORM",
  "OAUTH_RESPONSE_IS_NOT_JSON",
]);

function wordOf(text: string): string {
  return /^[\w.-]{1,64}$/.test(text) ? text : "an error without a known code";
}
