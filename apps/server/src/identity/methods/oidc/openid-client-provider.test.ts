/** What a provider answers instead of what it should, over real HTTP. */
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../../platform/clock.ts";
import { OpenIdClientProvider } from "./openid-client-provider.ts";

const CHECKS = { redirectUri: "http://127.0.0.1/callback", state: "s", nonce: "n", codeVerifier: "v".repeat(43) };

let server: Server;
let issuer: string;
let answers: Record<string, (response: ServerResponse) => void>;
let provider: OpenIdClientProvider;
beforeEach(async () => {
  server = createServer((request, response) => {
    const answer = answers[request.url?.split("?")[0] ?? ""];
    if (answer === undefined) response.writeHead(404).end();
    else answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  answers = {
    [DISCOVERY]: json({ issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` }),
  };
  provider = new OpenIdClientProvider({
    config: { issuer, clientId: "causeway", scopes: "openid" },
    secret: "secret",
    fetch: (url, options) => fetch(url, options as RequestInit),
    clock: systemClock,
  });
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const DISCOVERY = "/.well-known/openid-configuration";
function json(body: object, status = 200) {
  return (response: ServerResponse): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
}
const html = (status: number) => (response: ServerResponse) => {
  response.writeHead(status, { "content-type": "text/html" }).end("<html>secret words of a proxy</html>");
};
const refused = (call: Promise<unknown>) =>
  call.then(
    () => "none",
    ({ code, detail }: { code: string; detail?: string }) => [code, detail].filter(Boolean).join(" "),
  );
const redeem = () => provider.redeem(new URL(`${CHECKS.redirectUri}?code=c&state=s&iss=${issuer}`), CHECKS);

test("a provider that is away, fails or is a proxy's page cannot be reached; once it is there again nobody waits for it", async () => {
  const description = answers[DISCOVERY];
  const said: string[] = [];
  for (const broken of [html(503), html(200), json({ error: "server_error" }, 500), html(404)]) {
    answers[DISCOVERY] = broken;
    said.push(await refused(provider.authorizationUrl(CHECKS)));
  }
  expect(said).toEqual(Array(4).fill("OIDC_PROVIDER_UNREACHABLE"));
  if (description !== undefined) answers[DISCOVERY] = description;
  expect(new URL(await provider.authorizationUrl(CHECKS)).origin).toBe(issuer);
});

test.each([
  ["fails", html(503), "OIDC_PROVIDER_UNREACHABLE"],
  ["says that it fails", json({ error: "temporarily_unavailable" }, 503), "OIDC_PROVIDER_UNREACHABLE"],
  ["is a page of something else", html(200), "OIDC_PROVIDER_UNREACHABLE"],
  ["knows the code no more", json({ error: "invalid_grant" }, 400), "OIDC_SIGN_IN_FAILED invalid_grant"],
  ["does not know us", json({ error: "invalid_client" }, 401), "OIDC_SIGN_IN_FAILED invalid_client"],
] as const)(
  "a code is redeemed where the provider %s: said in our words, with a code of the standard at most",
  async (_what, answer, said) => {
    answers["/token"] = answer;
    expect(await refused(redeem())).toBe(said);
  },
);

test.each(["access_denied", "login_required", "consent_required", "server_error", "temporarily_unavailable"])(
  "the provider that sends the browser back with %s did not let her in, and its word is the evidence",
  async (error) => {
    const back = new URL(`${CHECKS.redirectUri}?error=${error}&error_description=x&state=s&iss=${issuer}`);
    expect(await refused(provider.redeem(back, CHECKS))).toBe(`OIDC_SIGN_IN_REFUSED ${error}`);
  },
);

test("a refresh token that is over asks for a new sign-in; a provider that fails is asked again later", async () => {
  answers["/token"] = json({ error: "invalid_grant" }, 400);
  expect(await refused(provider.refresh("r"))).toBe("SIGN_IN_REQUIRED");
  answers["/token"] = html(502);
  expect(await refused(provider.refresh("r"))).toBe("OIDC_PROVIDER_UNREACHABLE");
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(await refused(provider.refresh("r"))).toBe("OIDC_PROVIDER_UNREACHABLE");
});
