import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What the provider knows of a person. */
export type OidcAccount = Readonly<Record<string, unknown>>;

/** A real OIDC provider on loopback, at which whoever `person` names signs in without being asked. */
export interface LocalOidcProvider {
  issuer: string;
  /** Who signs in next; undefined: whoever it is cancels. */
  person: string | undefined;
  accounts: Record<string, OidcAccount>;
  /** Follows the way from our page to the way back. @returns the address that the browser is sent back to */
  visit(authorizationUrl: string): Promise<string>;
  close(): Promise<void>;
}

const SCOPES = "openid profile email offline_access";

export async function startOidcProvider(client: {
  id: string;
  secret: string;
  redirectUri: string;
}): Promise<LocalOidcProvider> {
  const { Provider } = await import("oidc-provider");
  let listener: (...args: Parameters<ReturnType<InstanceType<typeof Provider>["callback"]>>) => void = () => undefined;
  const server: Server = createServer((request, response) => listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const local: LocalOidcProvider = {
    issuer,
    person: "dana",
    accounts: {
      dana: {
        email: "dana@harbor.example",
        email_verified: true,
        groups: ["causeway-admins"],
        aws_role: "arn:aws:iam::111122223333:role/Harbor-Operator",
      },
      kofi: { email: "kofi@harbor.example", email_verified: true },
      eve: { email: "dana@harbor.example", email_verified: false },
    },
    async visit(authorizationUrl) {
      const cookies = new Map<string, string>();
      let url = authorizationUrl;
      // There, to the sign-in, back, and to us: a handful of steps.
      for (let step = 0; step < 10 && url.startsWith(issuer); step++) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
        const response = await fetch(url, { redirect: "manual", headers: { cookie } });
        for (const set of response.headers.getSetCookie()) {
          const [name = "", value = ""] = (set.split(";")[0] ?? "").split(/=(.*)/s);
          cookies.set(name, value);
        }
        const location = response.headers.get("location");
        if (location === null) throw new Error(`the provider answered ${response.status}: ${await response.text()}`);
        url = new URL(location, url).href;
      }
      return url;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [client.redirectUri],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["groups", "aws_role"] },
    conformIdTokenClaims: false,
    cookies: { keys: ["only for tests"] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, ...local.accounts[id] }),
    }),
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    issueRefreshToken: async () => true,
    async loadExistingGrant(context) {
      const { client: asking, session } = context.oidc;
      const grant = new provider.Grant({ clientId: asking?.clientId ?? "", accountId: session?.accountId ?? "" });
      grant.addOIDCScope(SCOPES);
      await grant.save();
      return grant;
    },
    pkce: { required: () => true },
    renderError: async (context, out) => {
      context.body = JSON.stringify(out);
    },
    rotateRefreshToken: true,
  });
  const answer = provider.callback();
  listener = (request, response) => {
    if (!request.url?.startsWith("/interaction/")) return void answer(request, response);
    const result = local.person === undefined ? { error: "access_denied" } : { login: { accountId: local.person } };
    return void provider.interactionFinished(request, response, result);
  };
  return local;
}
