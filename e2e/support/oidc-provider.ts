/** A real OIDC provider on loopback, with a page of two buttons. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";

export interface OidcProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  close(): void;
}

export async function startOidcProvider(redirectUri: string): Promise<OidcProvider> {
  let answer: (...args: Parameters<ReturnType<Provider["callback"]>>) => void = () => undefined;
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [clientId, clientSecret] = ["causeway", "oidc-client-secret-of-this-test"];
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    conformIdTokenClaims: false,
    cookies: { keys: ["only for tests"] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, email: `${id}@harbor.example`, email_verified: true }),
    }),
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    issueRefreshToken: async () => true,
    async loadExistingGrant({ oidc }) {
      const grant = new provider.Grant({
        clientId: oidc.client?.clientId ?? "",
        accountId: oidc.session?.accountId ?? "",
      });
      grant.addOIDCScope("openid profile email offline_access");
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();
  answer = (request, response) => {
    if (!request.url?.startsWith("/interaction/")) return void callback(request, response);
    if (request.method === "POST") {
      const result = request.url.endsWith("/cancel") ? { error: "access_denied" } : { login: { accountId: "dana" } };
      return void provider.interactionFinished(request, response, result);
    }
    const button = (way: string, text: string) =>
      `<form method="post" action="${request.url}/${way}"><button>${text}</button></form>`;
    response.setHeader("content-type", "text/html");
    response.end(`<title>Harbor</title>${button("enter", "Enter as dana")}${button("cancel", "Cancel")}`);
  };
  return {
    issuer,
    clientId,
    clientSecret,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
