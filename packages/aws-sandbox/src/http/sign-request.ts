// Signs the requests that the sandbox's own emulated agents send to it. Same canonicalisation as the verifier.
import {
  amzDateOf,
  type CredentialScope,
  canonicalRequest,
  SIGNATURE_ALGORITHM,
  scopeText,
  sha256Hex,
  signatureOf,
  stringToSign,
} from "./sig-v4.ts";

export interface SigningCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface RequestToSign {
  method: string;
  /** `ws:` and `wss:` are fine: only path, query and host are read. */
  url: URL;
  /** Headers that the caller sends and wants signed. `host` is added; `x-amz-date` is ours to set. */
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  region: string;
  /** `ssm` for the API, `ssmmessages` for channels (data-channel.md §13.1). */
  service: string;
}

/**
 * @param nowMs milliseconds since the epoch
 * @returns the caller's headers plus `host`, `x-amz-date`, `authorization` (and `x-amz-security-token`), ready to send
 */
export function signRequest(
  request: RequestToSign,
  credentials: SigningCredentials,
  nowMs: number,
): Record<string, string> {
  const amzDate = amzDateOf(nowMs);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value;
  headers.host = request.url.host;
  headers["x-amz-date"] = amzDate;
  if (credentials.sessionToken !== undefined) headers["x-amz-security-token"] = credentials.sessionToken;

  const signedHeaders = Object.keys(headers).sort();
  const scope: CredentialScope = { date: amzDate.slice(0, 8), region: request.region, service: request.service };
  const canonical = canonicalRequest({
    method: request.method,
    target: request.url.pathname + request.url.search,
    headers: new Map(signedHeaders.map((name) => [name, [headers[name] as string]])),
    signedHeaders,
    payloadHash: sha256Hex(request.body ?? ""),
  });
  const signature = signatureOf(credentials.secretAccessKey, scope, stringToSign(amzDate, scope, canonical));
  headers.authorization = `${SIGNATURE_ALGORITHM} Credential=${credentials.accessKeyId}/${scopeText(scope)}, SignedHeaders=${signedHeaders.join(";")}, Signature=${signature}`;
  return headers;
}
