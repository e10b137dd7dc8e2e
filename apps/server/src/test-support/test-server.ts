import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SignInMode } from "@causeway/wire-contract/identity";
import type { InjectOptions, LightMyRequestResponse } from "fastify";
import { buildServer, type CausewayServer, type Domains, type ServerDeps, type SharedParts } from "../build-server.ts";
import {
  type AwsCredentials,
  type CallerIdentity,
  LaunchSecret,
  type MfaProof,
  type RoleAssumer,
  type RoleToAssume,
} from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import { type Config, readConfig } from "../platform/config.ts";
import { FakeClock } from "../platform/fake-clock.ts";
import { createLog } from "../platform/logger.ts";
import { createMetrics } from "../platform/metrics.ts";
import { SecretBox } from "../platform/secret-box.ts";
import { openSqliteStore } from "../platform/store/sqlite-store.ts";
import { FakeIdentityCenter } from "./fake-identity-center.ts";
import { LeakWatch } from "./leak-watch.ts";

export const ORIGIN = "http://127.0.0.1:4123";
export const HOST = "127.0.0.1:4123";

/** Who a fake AWS knows, by access key id. The secret must be the id's reverse. */
export class FakeSts {
  readonly people = new Map<string, CallerIdentity>();
  failWith: CatalogError | undefined;

  constructor() {
    this.add("AKIADANA00000000", "111122223333", "AIDADANA", "user/dana");
    this.add("AKIAKOFI00000000", "111122223333", "AIDAKOFI", "user/team/kofi");
    this.add("ASIAROLE00000000", "111122223333", "AROAX:eve@example.com", "assumed-role/Operator/eve@example.com");
    this.add("AKIAROOT00000000", "111122223333", "111122223333", "root");
  }

  add(accessKeyId: string, account: string, userId: string, resource: string): void {
    this.people.set(accessKeyId, { account, userId, arn: `arn:aws:iam::${account}:${resource}` });
  }

  callerIdentity = async (credentials: AwsCredentials): Promise<CallerIdentity> => {
    if (this.failWith) throw this.failWith;
    const caller = this.people.get(credentials.accessKeyId);
    if (caller === undefined || credentials.secretAccessKey !== secretOf(credentials.accessKeyId))
      throw new CatalogError("ACCESS_KEYS_REFUSED", {
        aws: { service: "sts", operation: "GetCallerIdentity", code: "InvalidClientTokenId", message: "no such key" },
      });
    return caller;
  };

  readonly sessionHours: (number | undefined)[] = [];
  sessionToken = async (keys: AwsCredentials, mfa: MfaProof): Promise<AwsCredentials> => {
    const caller = await this.callerIdentity(keys);
    const serial = `arn:aws:iam::${caller.account}:mfa/${caller.arn.split("/").at(-1)}`;
    if (mfa.code !== MFA_CODE || mfa.serial !== serial) throw new CatalogError("MFA_CODE_REFUSED");
    this.sessionHours.push(mfa.hours);
    const accessKeyId = keys.accessKeyId.replace(/^AKIA/, "ASIA");
    this.people.set(accessKeyId, caller);
    return { accessKeyId, secretAccessKey: secretOf(accessKeyId), sessionToken: "session" };
  };
}

/** Gives keys of any role to whom the fake AWS knows, and to any token that it can read. */
export class FakeRoles implements RoleAssumer {
  readonly #sts: FakeSts;
  readonly #nowMs: () => number;
  readonly calls: (RoleToAssume & { idToken?: string })[] = [];
  failWith: CatalogError | undefined;
  #count = 0;

  constructor(sts: FakeSts, nowMs: () => number) {
    this.#sts = sts;
    this.#nowMs = nowMs;
  }

  async withKeys(keys: AwsCredentials, role: RoleToAssume, mfa?: MfaProof): Promise<AwsCredentials> {
    const caller = await this.#sts.callerIdentity(keys);
    if (mfa !== undefined && mfa.code !== MFA_CODE) throw new CatalogError("MFA_CODE_REFUSED");
    if (caller.arn.endsWith("kofi")) throw new CatalogError("ROLE_NOT_ASSUMABLE");
    return this.#session(role);
  }

  async withWebIdentity(idToken: string, role: RoleToAssume): Promise<AwsCredentials> {
    this.calls.push({ ...role, idToken });
    return this.#session(role);
  }

  #session({ roleArn, sessionName }: RoleToAssume): AwsCredentials {
    if (this.failWith) throw this.failWith;
    const accessKeyId = `ASIAROLE${String(this.#count++).padStart(8, "0")}`;
    const [, , , , account = "", resource = ""] = roleArn.split(":");
    this.#sts.add(
      accessKeyId,
      account,
      `AROAX:${sessionName}`,
      `assumed-role/${resource.split("/").at(-1)}/${sessionName}`,
    );
    const expiresAtMs = this.#nowMs() + 3_600_000;
    return { accessKeyId, secretAccessKey: secretOf(accessKeyId), sessionToken: "session", expiresAtMs };
  }
}

/** What every MFA device of the fake AWS shows. */
export const MFA_CODE = "418027";

export function secretOf(accessKeyId: string): string {
  return [...accessKeyId].reverse().join("");
}

export interface TestServer extends CausewayServer {
  config: Config;
  clock: FakeClock;
  sts: FakeSts;
  identityCenter: FakeIdentityCenter;
  roles: FakeRoles;
  deps: ServerDeps;
  dataDir: string;
  logLines: string[];
  launchSecrets: string[];
  /** What is secret in this test beyond the keys, cookies and tokens that the fakes gave out. */
  leaks: LeakWatch;
  /** @throws Error when a secret is in the log, an answer, the metrics or a file */
  close(): Promise<void>;
}

export interface TestServerOptions {
  env?: Record<string, string>;
  domains?: (shared: SharedParts) => Domains;
  deps?: Partial<ServerDeps>;
  /** Replaces the fake AWS, for tests that bring an endpoint of their own. */
  aws?: (config: Config, deps: ServerDeps) => Promise<Pick<ServerDeps, "callerIdentity" | "domains">>;
}

/** For a server that is tested without the sessions domain: nobody has a session. */
export const NO_SESSIONS: Domains["sessions"] = {
  ownerKeyOf: () => undefined,
  endAllOf: async () => 0,
  handleSignedIn: () => undefined,
  closeAllOf: async () => 0,
  openCountOf: () => 0,
};

/** A whole server over a fake AWS, a store in a temporary directory, and a clock that stands still. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "causeway-test-"));
  const config = readConfig(
    { CAUSEWAY_DATA_DIR: dataDir, CAUSEWAY_LOG_LEVEL: "debug", ...options.env },
    { homeDir: "/home/test", webDir: "/nowhere" },
  );
  const clock = new FakeClock();
  const sts = new FakeSts();
  const identityCenter = new FakeIdentityCenter(sts, () => clock.nowMs());
  const roles = new FakeRoles(sts, () => clock.nowMs());
  const logLines: string[] = [];
  const launchSecrets: string[] = [];
  const launchSecret = new LaunchSecret(clock, randomBytes, (secret) => launchSecrets.push(secret));
  launchSecret.renew("start");
  const deps: ServerDeps = {
    log: createLog(config.logLevel, (line) => logLines.push(line)),
    clock,
    randomBytes,
    metrics: createMetrics(),
    store: await openSqliteStore(join(dataDir, "causeway.db")),
    box: new SecretBox(randomBytes(32), randomBytes),
    version: "0.0.0-test",
    page: undefined,
    launchSecret,
    callerIdentity: sts.callerIdentity,
    sessionToken: sts.sessionToken,
    identityCenter,
    roles,
    oidcProvider: undefined,
    profiles: undefined,
    domains: options.domains ?? (() => ({ sessions: NO_SESSIONS, plugins: [] })),
    ...options.deps,
  };
  if (options.aws) Object.assign(deps, await options.aws(config, deps));
  const server = await buildServer(config, deps);
  const leaks = new LeakWatch();
  watchAnswers(server.app, leaks);
  return {
    ...server,
    leaks,
    config,
    clock,
    sts,
    identityCenter,
    roles,
    deps,
    dataDir,
    logLines,
    launchSecrets,
    async close() {
      for (const accessKeyId of sts.people.keys()) leaks.addSecret("a secret access key", secretOf(accessKeyId));
      for (const secret of launchSecrets) leaks.addSecret("the printed link's secret", secret);
      for (const token of identityCenter.secrets) leaks.addSecret("a secret of Identity Center", token);
      for (const { idToken } of roles.calls) if (idToken !== undefined) leaks.addSecret("an ID token", idToken);
      const log = logLines.join("");
      const found = leaks.leaksIn({ log, metrics: await deps.metrics.text(), dataDir });
      await server.app.close();
      await deps.store.close();
      rmSync(dataDir, { recursive: true, force: true });
      if (found.length > 0) throw new Error(`secrets got out: ${found.join("; ")}`);
    },
  };
}

/** Whoever asks: a browser of a test, or the test itself. A cookie is set by a header, and may stand nowhere else. */
function watchAnswers(app: CausewayServer["app"], leaks: LeakWatch): void {
  const inject = app.inject.bind(app);
  const watched = async (request: InjectOptions | string): Promise<LightMyRequestResponse> => {
    const reply = await inject(request);
    for (const set of [reply.headers["set-cookie"] ?? []].flat()) {
      const value = set.split(";", 1)[0]?.replace(/^[^=]*=/, "") ?? "";
      if (value !== "") leaks.addSecret("a cookie", value);
    }
    leaks.addAnswer(`${reply.body}\n${JSON.stringify({ ...reply.headers, "set-cookie": undefined })}`);
    return reply;
  };
  Object.defineProperty(app, "inject", { value: watched });
}

/** A browser that keeps its cookie. */
export class TestBrowser {
  cookie: string | undefined;
  /** The cookie of a sign-in that is under way. */
  signInCookie: string | undefined;
  /** The cookie of a link that was opened before signing in. */
  linkCookie: string | undefined;
  /** The cookie of a way to an OIDC provider and back. */
  oidcCookie: string | undefined;
  #server: TestServer;

  constructor(server: TestServer) {
    this.#server = server;
  }

  /** Another server took its place, at the same address. */
  moveTo(server: TestServer): void {
    this.#server = server;
  }

  get headers(): Record<string, string> {
    const cookies = [this.cookie, this.signInCookie, this.oidcCookie, this.linkCookie].filter(
      (cookie) => cookie !== undefined,
    );
    return { host: HOST, origin: ORIGIN, ...(cookies.length === 0 ? {} : { cookie: cookies.join("; ") }) };
  }

  #take(set: string): void {
    const cookie = /Max-Age=0/.test(set) ? undefined : set.split(";", 1)[0];
    if (/^\S*causeway-oidc/.test(set)) this.oidcCookie = cookie;
    else if (/^\S*causeway-link/.test(set)) this.linkCookie = cookie;
    else if (/^\S*causeway-sign-in/.test(set)) this.signInCookie = cookie;
    else this.cookie = cookie;
  }

  async get(path: string): Promise<LightMyRequestResponse> {
    return this.#server.app.inject({ method: "GET", url: path, headers: this.headers });
  }

  async send(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<LightMyRequestResponse> {
    const reply = await this.#server.app.inject({
      method,
      url: path,
      headers: { ...this.headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    for (const set of [reply.headers["set-cookie"] ?? []].flat()) this.#take(set);
    return reply;
  }

  async signIn(accessKeyId = "AKIADANA00000000", how: SignInMode = "replace"): Promise<LightMyRequestResponse> {
    return this.send("POST", "/api/v1/sign-in/access-keys", {
      ...{ accessKeyId, how },
      secretAccessKey: secretOf(accessKeyId),
    });
  }
}
