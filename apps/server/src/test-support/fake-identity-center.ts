import type { AwsCredentials, IdentityCenter, PollAnswer, SsoTokens } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import { type FakeSts, secretOf } from "./test-server.ts";

/** Canaries: what must never leave the server. */
export const DEVICE_CODE = "device-code-canary";
export const CLIENT_SECRET = "client-secret-canary";

/** An Identity Center of one organisation, in which everybody is dana and answers are chosen by the test. */
export class FakeIdentityCenter implements IdentityCenter {
  readonly roleList: Readonly<Record<string, readonly string[]>> = {
    "111122223333": ["ReadOnly", "SRE-Operator"],
    "444455556666": ["ReadOnly"],
  };
  /** What polls answer, one after the other; then pending. */
  readonly answers: PollAnswer["kind"][] = [];
  readonly calls: string[] = [];
  /** What it gave out, and what must stay with the server. */
  readonly secrets = new Set([DEVICE_CODE, CLIENT_SECRET]);
  failWith: CatalogError | undefined;
  tokenLifeMs = 3_600_000;
  intervalSeconds = 1;
  knowsClient = true;
  readonly #sts: FakeSts;
  readonly #nowMs: () => number;
  #codes = 0;
  #tokens = 0;
  #newest: SsoTokens | undefined;

  constructor(sts: FakeSts, nowMs: () => number) {
    this.#sts = sts;
    this.#nowMs = nowMs;
  }

  async registerClient(region: string) {
    this.#called(`registerClient ${region}`);
    this.knowsClient = true;
    return { clientId: "client", clientSecret: CLIENT_SECRET, expiresAtMs: this.#nowMs() + 90 * 86_400_000 };
  }

  async startCode() {
    this.#called("startCode");
    if (!this.knowsClient) throw new CatalogError("SSO_CLIENT_UNKNOWN");
    const userCode = `KXQM-TRV${"BCDFGHJKLM"[this.#codes++ % 10]}`;
    const page = "https://device.sso.eu-west-1.amazonaws.com/";
    return {
      deviceCode: DEVICE_CODE,
      userCode,
      verificationUri: page,
      verificationUriComplete: `${page}?user_code=${userCode}`,
      expiresInSeconds: 600,
      intervalSeconds: this.intervalSeconds,
    };
  }

  async poll(): Promise<PollAnswer> {
    this.#called("poll");
    const kind = this.answers.shift() ?? "pending";
    return kind === "approved" ? { kind, tokens: this.#issue() } : { kind };
  }

  async refresh(_region: string, _client: unknown, refreshToken: string) {
    this.#called("refresh");
    if (refreshToken !== this.#newest?.refreshToken) throw new CatalogError("IDENTITY_CENTER_SIGN_IN_ENDED");
    return this.#issue();
  }

  async accounts(_region: string, accessToken: string) {
    this.#called("accounts");
    this.#check(accessToken);
    return {
      accounts: Object.keys(this.roleList).map((id, index) => ({
        id,
        name: `harbor-${index}`,
        email: "a@harbor.example",
      })),
    };
  }

  async roles(_region: string, accessToken: string, accountId: string) {
    this.#called(`roles ${accountId}`);
    this.#check(accessToken);
    return { roles: [...(this.roleList[accountId] ?? [])] };
  }

  async roleCredentials(
    _region: string,
    accessToken: string,
    accountId: string,
    roleName: string,
  ): Promise<AwsCredentials> {
    this.#called(`roleCredentials ${accountId} ${roleName}`);
    this.#check(accessToken);
    if (!this.roleList[accountId]?.includes(roleName)) throw new CatalogError("ROLE_NOT_ASSIGNED");
    const accessKeyId = `ASIA${accountId}${roleName.slice(0, 4).toUpperCase()}`;
    const role = `assumed-role/AWSReservedSSO_${roleName}_0123456789abcdef/dana@harbor.example`;
    this.#sts.add(accessKeyId, accountId, `AROA${roleName}:dana@harbor.example`, role);
    return { accessKeyId, secretAccessKey: secretOf(accessKeyId), expiresAtMs: this.#nowMs() + 3_600_000 };
  }

  async logout() {
    this.#called("logout");
    this.#newest = undefined;
  }

  #issue(): SsoTokens {
    const number = ++this.#tokens;
    const expiresAtMs = this.#nowMs() + this.tokenLifeMs;
    const [accessToken, refreshToken] = [`access-canary-${number}`, `refresh-canary-${number}`];
    this.secrets.add(accessToken).add(refreshToken);
    this.#newest = { accessToken, refreshToken, expiresAtMs };
    return this.#newest;
  }

  #check(accessToken: string): void {
    const { accessToken: newest, expiresAtMs = 0 } = this.#newest ?? {};
    if (accessToken !== newest || this.#nowMs() >= expiresAtMs) throw new CatalogError("IDENTITY_CENTER_SIGN_IN_ENDED");
  }

  #called(call: string): void {
    this.calls.push(call);
    if (this.failWith) throw this.failWith;
  }
}
