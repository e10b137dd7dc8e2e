// What AWS does with a web identity token: its signature is checked against the keys that the issuer itself publishes, then who it
// is for and until when. Source: STS API Reference, AssumeRoleWithWebIdentity; RFC 7519; OpenID Connect Discovery 1.0 §4.
import { createPublicKey, type JsonWebKey, verify } from "node:crypto";
import { AwsError } from "../http/aws-error.ts";

/** An OIDC provider as the account's IAM knows it. */
export interface OidcProvider {
  issuer: string;
  clientId: string;
}

export interface WebIdentity {
  issuer: string;
  subject: string;
  audience: string;
}

/** AWS waits so long for the issuer's documents, in milliseconds; the value is ours. */
const FETCH_MS_MAX = 5_000;
const TOKEN_CHARACTERS_MAX = 20_000;
/** Source: IAM User Guide, "Create an OIDC identity provider": the algorithms that IAM supports. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  RS256: "sha256",
  RS384: "sha384",
  RS512: "sha512",
  ES256: "sha256",
  ES384: "sha384",
  ES512: "sha512",
};

/** @throws AwsError InvalidIdentityToken, ExpiredTokenException, IDPCommunicationError */
export async function verifyWebIdentityToken(
  token: string,
  provider: OidcProvider | undefined,
  nowMs: number,
): Promise<WebIdentity> {
  const { header, claims, signed, signature } = parseToken(token);
  const issuer = text(claims.iss);
  if (provider === undefined || issuer !== provider.issuer)
    throw invalid(`No OpenIDConnect provider found in your account for ${issuer}`);
  const audiences = [claims.aud].flat().map(text);
  if (!audiences.includes(provider.clientId)) throw invalid("Incorrect token audience");
  const hash = ALGORITHMS[text(header.alg)];
  const key = hash === undefined ? undefined : await keyOf(provider.issuer, text(header.kid));
  if (hash === undefined || key === undefined)
    throw invalid(
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    );
  if (!isSigned(hash, signed, key, signature))
    throw invalid("The web identity token that was passed could not be validated by AWS.");
  const nowSeconds = Math.floor(nowMs / 1_000);
  const ends = Number(claims.exp);
  if (!(ends > nowSeconds))
    throw new AwsError(
      "ExpiredTokenException",
      `Token expired: current date/time ${nowSeconds} must be before the expiration date/time ${ends}`,
    );
  return { issuer, subject: text(claims.sub), audience: provider.clientId };
}

type Claims = Readonly<Record<string, unknown>>;

function parseToken(token: string): { header: Claims; claims: Claims; signed: string; signature: Buffer } {
  const [header = "", claims = "", signature = "", ...rest] = token.slice(0, TOKEN_CHARACTERS_MAX).split(".");
  const parts = [header, claims].map(parsePart);
  if (rest.length > 0 || signature === "" || parts[0] === undefined || parts[1] === undefined)
    throw invalid("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
  const signed = `${header}.${claims}`;
  return { header: parts[0], claims: parts[1], signed, signature: Buffer.from(signature, "base64url") };
}

function parsePart(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return typeof value === "object" && value !== null ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

async function keyOf(issuer: string, keyId: string): Promise<JsonWebKey | undefined> {
  const { jwks_uri: jwksUri } = await getJson(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
  const { keys } = await getJson(text(jwksUri));
  const list = Array.isArray(keys) ? (keys as (JsonWebKey & { kid?: string })[]) : [];
  return list.find(({ kid }) => kid === keyId);
}

async function getJson(url: string): Promise<Claims> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS_MAX), redirect: "error" });
    if (response.ok) return (await response.json()) as Claims;
  } catch {
    // said below, as AWS does: without the reason
  }
  throw new AwsError("IDPCommunicationError", "Error communicating with the identity provider");
}

function isSigned(hash: string, signed: string, key: JsonWebKey, signature: Buffer): boolean {
  try {
    const publicKey = createPublicKey({ key, format: "jwk" });
    return verify(hash, Buffer.from(signed), { key: publicKey, dsaEncoding: "ieee-p1363" }, signature);
  } catch {
    return false;
  }
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const invalid = (message: string): AwsError => new AwsError("InvalidIdentityToken", message);
