// The token service of Identity Center (sso-oidc): clients, device codes, tokens.
// Source: IAM Identity Center OIDC API Reference; aws-facts.md §3.
import { AwsError } from "../http/aws-error.ts";
import { neededText, type RestCall, type RestOperations } from "../http/rest-api.ts";
import type { DeviceGrants, IssuedTokens } from "./device-grants.ts";

export const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
/** The page where a code is approved. */
export const DEVICE_PAGE_PATH = "/_sandbox/portal/device";
/** The portal's start URL is this path on whatever address the sandbox was reached by. */
export const START_PATH = "/start";
const SCOPES_MAX = 10;
const TEXT_MAX = 4_096;

export function oidcOperations(grants: DeviceGrants): RestOperations {
  return {
    RegisterClient: { method: "POST", path: "/client/register", run: (call) => registerClient(grants, call) },
    StartDeviceAuthorization: {
      method: "POST",
      path: "/device_authorization",
      run: (call) => startDeviceAuthorization(grants, call),
    },
    CreateToken: { method: "POST", path: "/token", run: (call) => createToken(grants, call) },
  };
}

function registerClient(grants: DeviceGrants, { body, nowMs }: RestCall): unknown {
  neededText(body, "clientName");
  if (neededText(body, "clientType") !== "public")
    throw new AwsError("InvalidClientMetadataException", "Client type must be public");
  const scopes = body.texts("scopes", { min: 0, max: SCOPES_MAX }, { charsMax: TEXT_MAX });
  body.check();
  const client = grants.registerClient(scopes, nowMs);
  return {
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    clientIdIssuedAt: Math.floor(client.issuedAtMs / 1_000),
    clientSecretExpiresAt: Math.floor(client.expiresAtMs / 1_000),
  };
}

function startDeviceAuthorization(grants: DeviceGrants, { body, host, isSecure, nowMs }: RestCall): unknown {
  const origin = `${isSecure ? "https" : "http"}://${host}`;
  const startUrl = neededText(body, "startUrl");
  if (startUrl.replace(/\/(#\/?)?$/, "") !== `${origin}${START_PATH}`)
    throw new AwsError("InvalidRequestException", "Invalid startUrl provided");
  const code = grants.startDevice(neededText(body, "clientId"), neededText(body, "clientSecret"), nowMs);
  const page = `${origin}${DEVICE_PAGE_PATH}`;
  return {
    deviceCode: code.deviceCode,
    userCode: code.userCode,
    verificationUri: page,
    verificationUriComplete: `${page}?user_code=${code.userCode}`,
    expiresIn: grants.lifetimes.codeSeconds,
    interval: grants.lifetimes.intervalSeconds,
  };
}

function createToken(grants: DeviceGrants, { body, nowMs }: RestCall): unknown {
  const client = [neededText(body, "clientId"), neededText(body, "clientSecret")] as const;
  switch (neededText(body, "grantType")) {
    case DEVICE_GRANT:
      return tokens(grants.redeemDeviceCode(...client, neededText(body, "deviceCode"), nowMs));
    case "refresh_token":
      return tokens(grants.refresh(...client, neededText(body, "refreshToken"), nowMs));
    default:
      throw new AwsError("UnsupportedGrantTypeException", "Grant type not supported");
  }
}

const tokens = ({ accessToken, refreshToken, expiresInSeconds }: IssuedTokens) => ({
  accessToken,
  tokenType: "Bearer",
  expiresIn: expiresInSeconds,
  refreshToken,
});
