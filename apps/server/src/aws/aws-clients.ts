/**
 * Makes AWS clients for one person's credentials and one region. The server has no credentials of its own: nothing here
 * reads a profile, an instance role or AWS_ACCESS_KEY_ID. Clients are loaded on first use (packages.md: ec2 alone costs 200 ms).
 */
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { SSOClient } from "@aws-sdk/client-sso";
import type { SSOOIDCClient } from "@aws-sdk/client-sso-oidc";
import type { STSClient } from "@aws-sdk/client-sts";
import type { AwsCredentials } from "../identity/index.ts";
import { AwsHttpHandler } from "./aws-http-handler.ts";
import type { OutboundAgents } from "./outbound-agents.ts";

/** Tries of one call in all; the SDK waits with jitter between them, and slows down when throttled (adaptive). */
export const AWS_ATTEMPTS_MAX = 4;

export type AwsServiceName = "ssm" | "ec2" | "sts" | "kms" | "iam" | "sso" | "sso-oidc";
export type AwsEndpoints = Readonly<Partial<Record<AwsServiceName, string>>>;

export interface AwsLogin {
  /** Read for every call anew, so that renewed credentials are used at once. */
  credentials: () => Promise<AwsCredentials>;
  region: string;
}

/** `once`: the call is made a single time: it must not happen twice (StartSession), or the caller waits by its own rules. */
export type AwsRetries = "adaptive" | "once";

export interface AwsClients {
  ssm(retries?: AwsRetries): Promise<SSMClient>;
  ec2(retries?: AwsRetries): Promise<EC2Client>;
  sts(): Promise<STSClient>;
  kms(): Promise<KMSClient>;
  iam(): Promise<IAMClient>;
}

/** Clients for calls that nobody signs: what proves them is in the call itself. */
export interface UnsignedAwsClients {
  sso(): Promise<SSOClient>;
  ssoOidc(retries?: AwsRetries): Promise<SSOOIDCClient>;
  sts(): Promise<STSClient>;
}

export interface AwsClientFactory {
  create(login: AwsLogin): AwsClients;
  createUnsigned(region: string): UnsignedAwsClients;
}

export interface AwsClientFactoryOptions {
  agents: OutboundAgents;
  version: string;
  endpoints?: AwsEndpoints;
}

/** AWS_ENDPOINT_URL_<SERVICE> wins over AWS_ENDPOINT_URL, as in the SDK and the AWS CLI. */
export function endpointsFromEnvironment(env: Readonly<Record<string, string | undefined>>): AwsEndpoints {
  if (env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?.toLowerCase() === "true") return {};
  const endpoints: Partial<Record<AwsServiceName, string>> = {};
  for (const service of ["ssm", "ec2", "sts", "kms", "iam", "sso", "sso-oidc"] as const) {
    const url = env[`AWS_ENDPOINT_URL_${service.toUpperCase().replace("-", "_")}`] || env.AWS_ENDPOINT_URL;
    if (url) endpoints[service] = url;
  }
  return endpoints;
}

export function createAwsClientFactory(options: AwsClientFactoryOptions): AwsClientFactory {
  const requestHandler = new AwsHttpHandler(options.agents);
  const common = (region: string, service: AwsServiceName, retries: AwsRetries) => ({
    region,
    requestHandler,
    customUserAgent: [["causeway", options.version]] as [string, string][],
    maxAttempts: retries === "once" ? 1 : AWS_ATTEMPTS_MAX,
    retryMode: retries === "once" ? "standard" : "adaptive",
    ...(options.endpoints?.[service] === undefined ? {} : { endpoint: options.endpoints[service] }),
  });
  return {
    createUnsigned: (region) => ({
      // The portal's lists are paced by who asks for them: the SDK's own retries would hide the throttling.
      sso: async () => new (await import("@aws-sdk/client-sso")).SSOClient(common(region, "sso", "once")),
      ssoOidc: async (retries = "adaptive") =>
        new (await import("@aws-sdk/client-sso-oidc")).SSOOIDCClient(common(region, "sso-oidc", retries)),
      sts: async () => new (await import("@aws-sdk/client-sts")).STSClient(common(region, "sts", "adaptive")),
    }),
    create(login) {
      const settings = (service: AwsServiceName, retries: AwsRetries = "adaptive") => ({
        ...common(login.region, service, retries),
        credentials: async () => sdkCredentials(await login.credentials()),
      });
      return {
        ssm: async (retries) => new (await import("@aws-sdk/client-ssm")).SSMClient(settings("ssm", retries)),
        ec2: async (retries) => new (await import("@aws-sdk/client-ec2")).EC2Client(settings("ec2", retries)),
        sts: async () => new (await import("@aws-sdk/client-sts")).STSClient(settings("sts")),
        iam: async () => new (await import("@aws-sdk/client-iam")).IAMClient(settings("iam")),
        kms: async () => new (await import("@aws-sdk/client-kms")).KMSClient(settings("kms")),
      };
    },
  };
}

function sdkCredentials(credentials: AwsCredentials) {
  return {
    accessKeyId: credentials.accessKeyId,
    secretAccessKey: credentials.secretAccessKey,
    ...(credentials.sessionToken === undefined ? {} : { sessionToken: credentials.sessionToken }),
    // Looks expired on purpose: the SDK then asks again before every call, and so learns of sign-out and renewal.
    expiration: new Date(0),
  };
}
