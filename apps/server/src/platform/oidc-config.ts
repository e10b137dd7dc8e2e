/** What the configuration says of an OIDC provider. Pure. */
import { isLoopbackHost } from "./network-address.ts";

/** Roles to choose from on the page; more belong into a claim. */
export const OIDC_ROLES_MAX = 20;

const ROLE_ARN = /^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]{1,512}$/;

export type OidcRoles = { kind: "listed"; arns: readonly string[] } | { kind: "claim"; claim: string };

export interface OidcConfig {
  /** As the provider writes it: it is compared with the tokens'. */
  issuer: string;
  clientId: string;
  secret: { kind: "none" } | { kind: "value"; value: string } | { kind: "file"; path: string };
  roles: OidcRoles;
  /** Which claim names the person; undefined: a verified e-mail address. */
  nameClaim: string | undefined;
  /** With spaces between. */
  scopes: string;
  /** What people call the provider. */
  label: string;
}

/** @returns the text as it stands, or undefined when it is no issuer */
export function parseIssuer(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isPlain = url.search === "" && url.hash === "" && url.username === "" && url.password === "";
  const isSafe = url.protocol === "https:" || (url.protocol === "http:" && isLoopbackHost(url.hostname));
  return isPlain && isSafe ? text : undefined;
}

export function isRoleArn(text: string): boolean {
  return ROLE_ARN.test(text);
}

export function parseOidcRoles(text: string): OidcRoles | undefined {
  const claim = /^claim:([\w:./-]{1,128})$/.exec(text);
  if (claim) return { kind: "claim", claim: claim[1] as string };
  // Names of roles may hold commas; those can come in a claim.
  const arns = [...new Set(text.split(",").map((arn) => arn.trim()))];
  return arns.length <= OIDC_ROLES_MAX && arns.every(isRoleArn) ? { kind: "listed", arns } : undefined;
}

export function parseScopes(text: string): string | undefined {
  const scopes = text.split(/\s+/);
  return scopes.includes("openid") && scopes.every((scope) => /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/.test(scope))
    ? scopes.join(" ")
    : undefined;
}
