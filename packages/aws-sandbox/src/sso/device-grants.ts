// Clients, device codes and tokens of the sandbox's Identity Center: who may have a token, when, and why not. Pure but for its own
// memory: time and randomness are passed in. Source: IAM Identity Center OIDC API Reference; RFC 8628 for the manner of polling.
import { AwsError } from "../http/aws-error.ts";
import { equalInConstantTime } from "../http/verify-request.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { SsoPerson } from "./directory.ts";

/** How long things live, in seconds; a test may shorten them. */
export interface SsoLifetimes {
  codeSeconds: number;
  tokenSeconds: number;
  credentialSeconds: number;
  /** Between two polls. */
  intervalSeconds: number;
  /** Portal session: refresh tokens end with it. */
  portalSeconds: number;
}

export const SSO_LIFETIMES: SsoLifetimes = {
  codeSeconds: 600,
  tokenSeconds: 3_600,
  credentialSeconds: 3_600,
  intervalSeconds: 1,
  portalSeconds: 8 * 3_600,
};

const CLIENT_SECONDS = 90 * 86_400;
/** RFC 8628 §3.5: each slow_down makes the interval five seconds longer. */
const SLOW_DOWN_SECONDS = 5;
/** A poll may be so much early: clocks and networks are not exact. */
const EARLY_MS = 100;
export const CLIENTS_MAX = 1_000;
export const CODES_MAX = 1_000;
export const TOKENS_MAX = 4_000;
/** RFC 8628 §6.1: no vowels, so that a code spells nothing. */
const CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ";

export interface SsoClient {
  clientId: string;
  clientSecret: string;
  issuedAtMs: number;
  expiresAtMs: number;
  scopes: readonly string[];
}

type Decision = { kind: "pending" } | { kind: "denied" } | { kind: "allowed"; person: SsoPerson } | { kind: "used" };

export interface DeviceCode {
  readonly clientId: string;
  readonly deviceCode: string;
  readonly userCode: string;
  readonly expiresAtMs: number;
  decision: Decision;
  intervalMs: number;
  polledAtMs: number;
}

/** One sign-in to the portal; its tokens come and go. */
interface PortalSession {
  readonly person: SsoPerson;
  readonly clientId: string;
  readonly endsAtMs: number;
  /** Refresh tokens only for clients that asked for the scope (aws-facts.md §3). */
  readonly refreshable: boolean;
  ended: boolean;
}

export interface IssuedTokens {
  accessToken: string;
  refreshToken?: string;
  expiresInSeconds: number;
}

export class DeviceGrants {
  readonly lifetimes: SsoLifetimes = { ...SSO_LIFETIMES };
  readonly #clients = new BoundedMap<SsoClient>(CLIENTS_MAX);
  /** By device code. */
  readonly #codes = new BoundedMap<DeviceCode>(CODES_MAX);
  readonly #access = new BoundedMap<{ portal: PortalSession; expiresAtMs: number }>(TOKENS_MAX);
  readonly #refresh = new BoundedMap<PortalSession>(TOKENS_MAX);
  readonly #randomBytes: (length: number) => Uint8Array;

  constructor(randomBytes: (length: number) => Uint8Array) {
    this.#randomBytes = randomBytes;
  }

  registerClient(scopes: readonly string[], nowMs: number): SsoClient {
    const client: SsoClient = {
      clientId: this.#token(16),
      clientSecret: this.#token(96),
      issuedAtMs: nowMs,
      expiresAtMs: nowMs + CLIENT_SECONDS * 1_000,
      scopes,
    };
    this.#clients.set(client.clientId, client);
    return client;
  }

  /** @throws AwsError InvalidClientException */
  startDevice(clientId: string, clientSecret: string, nowMs: number): DeviceCode {
    this.#client(clientId, clientSecret, nowMs);
    const code: DeviceCode = {
      clientId,
      deviceCode: this.#token(64),
      userCode: this.#userCode(),
      expiresAtMs: nowMs + this.lifetimes.codeSeconds * 1_000,
      decision: { kind: "pending" },
      intervalMs: this.lifetimes.intervalSeconds * 1_000,
      polledAtMs: nowMs,
    };
    this.#codes.set(code.deviceCode, code);
    return code;
  }

  /** What a person who approves finds under a code; never its device code. Case, spaces and the dash do not matter. */
  findByUserCode(userCode: string, nowMs: number): DeviceCode | undefined {
    const wanted = userCode.toUpperCase().replace(/[^A-Z]/g, "");
    return this.#codes.values().find((code) => code.userCode.replace("-", "") === wanted && code.expiresAtMs > nowMs);
  }

  /** Codes that wait for somebody. */
  pending(nowMs: number): DeviceCode[] {
    return this.#codes.values().filter((code) => code.decision.kind === "pending" && code.expiresAtMs > nowMs);
  }

  /** @returns false when nothing waits under this code */
  decide(userCode: string, decision: SsoPerson | "deny", nowMs: number): boolean {
    const code = this.findByUserCode(userCode, nowMs);
    if (code?.decision.kind !== "pending") return false;
    code.decision = decision === "deny" ? { kind: "denied" } : { kind: "allowed", person: decision };
    return true;
  }

  /** One poll. @throws AwsError AuthorizationPendingException, SlowDownException, ExpiredTokenException, AccessDeniedException, … */
  redeemDeviceCode(clientId: string, clientSecret: string, deviceCode: string, nowMs: number): IssuedTokens {
    const client = this.#client(clientId, clientSecret, nowMs);
    const code = this.#codes.get(deviceCode);
    if (code === undefined || code.clientId !== clientId || code.decision.kind === "used")
      throw new AwsError("InvalidGrantException", "Invalid grant provided");
    if (nowMs >= code.expiresAtMs) throw new AwsError("ExpiredTokenException", "Device code has expired");
    const early = nowMs < code.polledAtMs + code.intervalMs - EARLY_MS;
    code.polledAtMs = nowMs;
    if (early) {
      code.intervalMs += SLOW_DOWN_SECONDS * 1_000;
      throw new AwsError("SlowDownException", "Slow down");
    }
    switch (code.decision.kind) {
      case "pending":
        throw new AwsError("AuthorizationPendingException", "Authorization is still pending");
      case "denied":
        throw new AwsError("AccessDeniedException", "User denied the request");
      case "allowed": {
        const { person } = code.decision;
        code.decision = { kind: "used" };
        return this.#issue(
          {
            person,
            clientId,
            endsAtMs: nowMs + this.lifetimes.portalSeconds * 1_000,
            refreshable: client.scopes.includes("sso:account:access"),
            ended: false,
          },
          nowMs,
        );
      }
    }
  }

  /** The refresh token is used up by it. @throws AwsError InvalidGrantException, InvalidClientException */
  refresh(clientId: string, clientSecret: string, refreshToken: string, nowMs: number): IssuedTokens {
    this.#client(clientId, clientSecret, nowMs);
    const portal = this.#refresh.get(refreshToken);
    if (portal === undefined || portal.clientId !== clientId || portal.ended || nowMs >= portal.endsAtMs)
      throw new AwsError("InvalidGrantException", "Invalid refresh token provided");
    this.#refresh.delete(refreshToken);
    return this.#issue(portal, nowMs);
  }

  /** @throws AwsError UnauthorizedException */
  personOf(accessToken: string | undefined, nowMs: number): SsoPerson {
    const found = accessToken === undefined ? undefined : this.#access.get(accessToken);
    if (found === undefined || found.portal.ended || nowMs >= found.expiresAtMs || nowMs >= found.portal.endsAtMs)
      throw new AwsError("UnauthorizedException", "Session token not found or invalid", 401);
    return found.portal.person;
  }

  logout(accessToken: string, nowMs: number): void {
    this.personOf(accessToken, nowMs);
    const found = this.#access.get(accessToken);
    if (found !== undefined) found.portal.ended = true;
  }

  /** Ends all her portal sessions: tokens are refused from now on, role credentials live until their own end. */
  endAllOf(personId: string): void {
    for (const { portal } of this.#access.values()) if (portal.person.id === personId) portal.ended = true;
    for (const portal of this.#refresh.values()) if (portal.person.id === personId) portal.ended = true;
  }

  #issue(portal: PortalSession, nowMs: number): IssuedTokens {
    const { tokenSeconds } = this.lifetimes;
    const accessToken = this.#token(96);
    this.#access.set(accessToken, { portal, expiresAtMs: nowMs + tokenSeconds * 1_000 });
    if (!portal.refreshable) return { accessToken, expiresInSeconds: tokenSeconds };
    const refreshToken = this.#token(96);
    this.#refresh.set(refreshToken, portal);
    return { accessToken, refreshToken, expiresInSeconds: tokenSeconds };
  }

  #client(clientId: string, clientSecret: string, nowMs: number): SsoClient {
    const client = this.#clients.get(clientId);
    if (client === undefined || nowMs >= client.expiresAtMs || !equalInConstantTime(client.clientSecret, clientSecret))
      throw new AwsError("InvalidClientException", "Invalid client provided", 401);
    return client;
  }

  #userCode(): string {
    // 256 is no multiple of 20: the small bias does not matter to a code that lives ten minutes on loopback.
    const letters = [...this.#randomBytes(8)].map((byte) => CODE_LETTERS[byte % CODE_LETTERS.length]).join("");
    return `${letters.slice(0, 4)}-${letters.slice(4)}`;
  }

  #token(length: number): string {
    return Buffer.from(this.#randomBytes(length)).toString("base64url");
  }
}
