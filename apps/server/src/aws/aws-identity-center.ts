/** IAM Identity Center through the SDK: its token service (sso-oidc) and its portal (sso). Neither is signed. */
import type { IdentityCenter, PollAnswer, SsoTokens } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { AwsClientFactory } from "./aws-clients.ts";
import { callAws } from "./aws-errors.ts";

const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
/** With it AWS gives refresh tokens (aws-facts.md §3). */
const SCOPES = ["sso:account:access"];
const CLIENT_NAME = "Causeway";

/** What a poll means that AWS says by an error; all others are failures. */
const POLL_ERRORS: Readonly<Record<string, Exclude<PollAnswer["kind"], "approved">>> = {
  AuthorizationPendingException: "pending",
  SlowDownException: "slow-down",
  ExpiredTokenException: "expired",
  AccessDeniedException: "denied",
  // Redeemed already, by a poll whose answer was lost: nothing can come of it any more.
  InvalidGrantException: "expired",
};

/** @param nowMs for the end of tokens, which AWS tells as a duration */
export function awsIdentityCenter(clients: AwsClientFactory, nowMs: () => number): IdentityCenter {
  const oidc = (region: string, retries?: "once") => clients.createUnsigned(region).ssoOidc(retries);
  const portal = (region: string) => clients.createUnsigned(region).sso();
  return {
    async registerClient(region) {
      const { RegisterClientCommand } = await import("@aws-sdk/client-sso-oidc");
      const client = await oidc(region);
      const command = new RegisterClientCommand({ clientName: CLIENT_NAME, clientType: "public", scopes: SCOPES });
      const answer = await callAws("sso-oidc", "RegisterClient", () => client.send(command));
      return {
        clientId: needed(answer.clientId, "RegisterClient"),
        clientSecret: needed(answer.clientSecret, "RegisterClient"),
        expiresAtMs: (answer.clientSecretExpiresAt ?? 0) * 1_000,
      };
    },

    async startCode({ startUrl, region }, { clientId, clientSecret }) {
      const { StartDeviceAuthorizationCommand } = await import("@aws-sdk/client-sso-oidc");
      const client = await oidc(region);
      const command = new StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl });
      const operation = "StartDeviceAuthorization";
      const answer = await callAws("sso-oidc", operation, () => client.send(command)).catch((error: unknown) => {
        const isUrl = error instanceof CatalogError && error.aws?.code === "InvalidRequestException";
        throw isUrl ? new CatalogError("START_URL_REFUSED", { cause: error, aws: error.aws }) : error;
      });
      return {
        deviceCode: needed(answer.deviceCode, operation),
        userCode: needed(answer.userCode, operation),
        verificationUri: pageAddress(answer.verificationUri),
        verificationUriComplete: pageAddress(answer.verificationUriComplete),
        expiresInSeconds: answer.expiresIn ?? 0,
        intervalSeconds: answer.interval ?? 0,
      };
    },

    async poll(region, { clientId, clientSecret }, deviceCode) {
      const { CreateTokenCommand } = await import("@aws-sdk/client-sso-oidc");
      // Once: each try counts as a poll, and too many of them are told to slow down.
      const client = await oidc(region, "once");
      const command = new CreateTokenCommand({ clientId, clientSecret, grantType: DEVICE_GRANT, deviceCode });
      try {
        return { kind: "approved", tokens: tokensOf(await client.send(command), nowMs()) };
      } catch (error) {
        const name = error instanceof Error ? error.name : "";
        const kind = Object.hasOwn(POLL_ERRORS, name) ? POLL_ERRORS[name] : undefined;
        if (kind !== undefined) return { kind };
        return callAws("sso-oidc", "CreateToken", () => Promise.reject(error));
      }
    },

    async refresh(region, { clientId, clientSecret }, refreshToken) {
      const { CreateTokenCommand } = await import("@aws-sdk/client-sso-oidc");
      const client = await oidc(region, "once");
      const command = new CreateTokenCommand({ clientId, clientSecret, grantType: "refresh_token", refreshToken });
      const answer = await callAws("sso-oidc", "CreateToken", () => client.send(command)).catch((error: unknown) => {
        const code = error instanceof CatalogError ? error.code : undefined;
        const isOver = code === "SSO_CLIENT_UNKNOWN" || code === "CREDENTIALS_EXPIRED" || code === "AWS_ACCESS_DENIED";
        throw isOver ? new CatalogError("IDENTITY_CENTER_SIGN_IN_ENDED", { cause: error }) : error;
      });
      return tokensOf(answer, nowMs());
    },

    async accounts(region, accessToken, nextToken) {
      const { ListAccountsCommand } = await import("@aws-sdk/client-sso");
      const client = await portal(region);
      const command = new ListAccountsCommand({ accessToken, ...page(nextToken) });
      const answer = await callAws("sso", "ListAccounts", () => client.send(command));
      const accounts = (answer.accountList ?? []).flatMap(({ accountId, accountName = "", emailAddress = "" }) =>
        accountId === undefined ? [] : [{ id: accountId, name: accountName, email: emailAddress }],
      );
      return { accounts, ...(answer.nextToken ? { nextToken: answer.nextToken } : {}) };
    },

    async roles(region, accessToken, accountId, nextToken) {
      const { ListAccountRolesCommand } = await import("@aws-sdk/client-sso");
      const client = await portal(region);
      const command = new ListAccountRolesCommand({ accessToken, accountId, ...page(nextToken) });
      const answer = await callAws("sso", "ListAccountRoles", () => client.send(command)).catch(notAssigned);
      const roles = (answer.roleList ?? []).flatMap(({ roleName }) => (roleName === undefined ? [] : [roleName]));
      return { roles, ...(answer.nextToken ? { nextToken: answer.nextToken } : {}) };
    },

    async roleCredentials(region, accessToken, accountId, roleName) {
      const { GetRoleCredentialsCommand } = await import("@aws-sdk/client-sso");
      const client = await portal(region);
      const command = new GetRoleCredentialsCommand({ accessToken, accountId, roleName });
      const { roleCredentials } = await callAws("sso", "GetRoleCredentials", () => client.send(command)).catch(
        notAssigned,
      );
      return {
        accessKeyId: needed(roleCredentials?.accessKeyId, "GetRoleCredentials"),
        secretAccessKey: needed(roleCredentials?.secretAccessKey, "GetRoleCredentials"),
        sessionToken: needed(roleCredentials?.sessionToken, "GetRoleCredentials"),
        ...(roleCredentials?.expiration ? { expiresAtMs: roleCredentials.expiration } : {}),
      };
    },

    async logout(region, accessToken) {
      const { LogoutCommand } = await import("@aws-sdk/client-sso");
      const client = await portal(region);
      await callAws("sso", "Logout", () => client.send(new LogoutCommand({ accessToken })));
    },
  };
}

/** Other services say the same of other things: only here it means that there is no such account or role for her. */
function notAssigned(error: unknown): never {
  const isAbsent = error instanceof CatalogError && error.aws?.code === "ResourceNotFoundException";
  throw isAbsent ? new CatalogError("ROLE_NOT_ASSIGNED", { cause: error, aws: error.aws }) : error;
}

/** The most that AWS gives at once. */
const PAGE_ITEMS = 100;
function page(nextToken: string | undefined): { maxResults: number; nextToken?: string } {
  return { maxResults: PAGE_ITEMS, ...(nextToken === undefined ? {} : { nextToken }) };
}

interface TokenAnswer {
  accessToken?: string | undefined;
  refreshToken?: string | undefined;
  expiresIn?: number | undefined;
}

function tokensOf({ accessToken, refreshToken, expiresIn = 0 }: TokenAnswer, nowMs: number): SsoTokens {
  return {
    accessToken: needed(accessToken, "CreateToken"),
    expiresAtMs: nowMs + expiresIn * 1_000,
    ...(refreshToken === undefined ? {} : { refreshToken }),
  };
}

function needed(value: string | undefined, operation: string): string {
  if (value === undefined || value === "")
    throw new CatalogError("AWS_FAILED", { detail: `${operation} answered without what it is for` });
  return value;
}

/** A page opens it: whatever answers in AWS's place, only a web address may get there. */
function pageAddress(text: string | undefined): string {
  const address = needed(text, "StartDeviceAuthorization");
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    throw new CatalogError("AWS_FAILED", { detail: "StartDeviceAuthorization answered with no web address" });
  return address;
}
