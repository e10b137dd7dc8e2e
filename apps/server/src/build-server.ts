/**
 * Makes the server from configuration and dependencies; starts nothing. Above 300 lines, because it is the one file that knows all
 * domains and hands each what it asks for: split, the wiring would have to be read in several places.
 */
import { Problem } from "@causeway/wire-contract/problem";
import { BROWSER_FRAME_BYTES_MAX, TERMINAL_SUBPROTOCOL } from "@causeway/wire-contract/terminal-frames";
import swagger from "@fastify/swagger";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import websocket from "@fastify/websocket";
import Fastify, { type FastifyInstance, type FastifyPluginAsync, LogController } from "fastify";
import type { Logger } from "pino";
import { Type } from "typebox";
import {
  AttachTickets,
  type GuardedRoute,
  guardEveryRoute,
  LoginSockets,
  requireAccess,
  type SessionAccess,
  type ShareAccess,
} from "./access/index.ts";
import { AuditReader, AuditRetention, AuditWriter, auditPlugin } from "./audit/index.ts";
import {
  type AwsCredentials,
  type AwsIdentity,
  actorOf,
  type CallerIdentity,
  CredentialRenewals,
  causewayRoleOf,
  cookieName,
  DisabledPeople,
  type IdentityCenter,
  IdentityCenterSignIn,
  identityPlugin,
  keysRenewer,
  type LaunchSecret,
  type LocalProfiles,
  Logins,
  type MfaProof,
  type OidcProvider,
  OidcSignIn,
  peoplePlugin,
  profileRenewer,
  type RoleAssumer,
  readCookie,
  readReadyMadePeople,
  readyMadeRenewer,
  type SessionOwner,
  type SessionsOfOwner,
  SignIn,
} from "./identity/index.ts";
import { CatalogError } from "./platform/catalog-error.ts";
import type { Clock } from "./platform/clock.ts";
import type { Config } from "./platform/config.ts";
import { methodsAt } from "./platform/http/allowed-methods.ts";
import {
  answerBrokenRequest,
  PROBLEM_TYPE,
  replyToUnreadableAddress,
  replyWithProblems,
} from "./platform/http/error-replies.ts";
import { BODY_BYTES_MAX, hardenHttp } from "./platform/http/http-hardening.ts";
import { OPERATIONS_PATHS, operationsPlugin, type ReadyCheck } from "./platform/http/operations-plugin.ts";
import { type PublicAddress, publicAddressOf } from "./platform/http/public-address.ts";
import { measureRequests } from "./platform/http/request-metrics.ts";
import { strictValidatorCompiler } from "./platform/http/schema-validation.ts";
import type { WebPage } from "./platform/http/web-page.ts";
import type { Metrics } from "./platform/metrics.ts";
import { isLoopbackHost } from "./platform/network-address.ts";
import type { SecretBox } from "./platform/secret-box.ts";
import type { Store } from "./platform/store/database.ts";

/** A request whose headers do not arrive in this time is cut, in milliseconds; a whole request has twice as long. */
const HEADERS_TIMEOUT_MS = 10_000;
/** Must be longer than a proxy keeps its idle connections (often 60 s), or requests are lost between the two. */
const KEEP_ALIVE_TIMEOUT_MS = 72_000;
/** Sockets of all browsers together; at the bound new connections are dropped by Node. */
const CONNECTIONS_MAX = 10_000;

/** What the server is made of: adapters in production, fakes in tests. */
export interface ServerDeps {
  log: Logger;
  clock: Clock;
  randomBytes: (size: number) => Uint8Array;
  metrics: Metrics;
  store: Store;
  box: SecretBox;
  version: string;
  /** TLS certificate and key, PEM; undefined: plain HTTP. */
  tls?: { cert: Buffer; key: Buffer } | undefined;
  /** undefined: the API alone (development, where the page has a server of its own). */
  page: WebPage | undefined;
  launchSecret: LaunchSecret | undefined;
  callerIdentity(credentials: AwsCredentials): Promise<CallerIdentity>;
  sessionToken(keys: AwsCredentials, mfa: MfaProof): Promise<AwsCredentials>;
  identityCenter: IdentityCenter;
  roles: RoleAssumer;
  /** undefined: not offered. */
  profiles: LocalProfiles | undefined;
  /** undefined: the configuration names none. */
  oidcProvider: OidcProvider | undefined;
  /** The domains that work for a signed-in person; they get what this file makes. */
  domains(shared: SharedParts): Domains;
}

/** What is made here and handed to the domains. */
export interface SharedParts {
  audit: AuditWriter;
  tickets: AttachTickets;
  /** What has been written is told to whoever may read it. @throws CatalogError ROLE_REQUIRED */
  auditFor(identities: readonly AwsIdentity[]): Pick<AuditWriter, "onWritten">;
  /** Whose credentials act for a session that an earlier process left. */
  identityOf(owner: SessionOwner): Promise<AwsIdentity>;
  /** As browsers reach the server: what cookies are called goes by it. */
  publicAddress(): PublicAddress;
  /** Whether this owner is signed in elsewhere than in that login. */
  hasOtherLogin(loginId: string, ownerKey: string): Promise<boolean>;
}

export interface Domains {
  sessions: SessionAccess & SessionsOfOwner;
  /** Absent: nothing is shared. */
  shares?: ShareAccess;
  /** Registered below /api/v1. */
  plugins: readonly FastifyPluginAsync[];
  readyChecks?: readonly ReadyCheck[];
  /** An identity has fresh credentials without its person having done anything. */
  handleCredentialsRenewed?(identity: AwsIdentity): void;
  /** What was kept for these identities of a login is not needed any more. */
  handleLoginEnded?(loginId: string, ownerKeys: ReadonlySet<string>): void;
}

export interface CausewayServer {
  app: FastifyInstance;
  publicAddress(): PublicAddress;
  /** Every route with who may use it. */
  routes: readonly GuardedRoute[];
  /** Says "not ready" and refuses new requests with SERVER_STOPPING; running ones go on. */
  beginStopping(): void;
}

/** Composition root: makes the whole server, starts nothing. */
export async function buildServer(config: Config, deps: ServerDeps): Promise<CausewayServer> {
  const requestId = (): string => Buffer.from(deps.randomBytes(12)).toString("base64url");
  const app = Fastify({
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" }),
    // A request id from outside could be anything, also somebody else's.
    requestIdHeader: false,
    genReqId: requestId,
    frameworkErrors: replyToUnreadableAddress,
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket, requestId()),
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: 2 * HEADERS_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
    ...(deps.tls === undefined ? {} : { https: deps.tls }),
  }).withTypeProvider<TypeBoxTypeProvider>() as unknown as FastifyInstance;
  app.server.headersTimeout = HEADERS_TIMEOUT_MS;
  app.server.maxConnections = CONNECTIONS_MAX;
  app.setValidatorCompiler(strictValidatorCompiler);

  let stopping = false;
  const publicAddress = (): PublicAddress => publicAddressOf(config, boundPort(app) ?? config.listen.port);
  const audit = new AuditWriter({ ...deps, database: deps.store.database });
  await audit.open();
  const tickets = new AttachTickets(deps.clock, deps.randomBytes);
  const accountName = (account: string): string | undefined => config.accounts.get(account)?.name;
  const logins = new Logins({
    ...deps,
    database: deps.store.database,
    signInHours: config.signInHours,
    accountName,
  });
  const identityOf = (owner: SessionOwner) => logins.ofOwner(owner);
  const roleOf = (identities: readonly AwsIdentity[]) => causewayRoleOf(identities, config.roles);
  const auditFor = (identities: readonly AwsIdentity[]): AuditWriter => {
    requireAccess("auditor", identities, roleOf);
    return audit;
  };
  const domains = deps.domains({
    audit,
    tickets,
    auditFor,
    identityOf,
    publicAddress,
    hasOtherLogin: (loginId, ownerKey) => logins.hasOtherLogin(loginId, ownerKey),
  });
  const { sessions, plugins } = domains;
  const { readyMadePeopleFile } = config;
  const signIn = new SignIn({ ...deps, logins, audit, sessions, readyMadePeopleFile });
  const signInThroughIdentityCenter = new IdentityCenterSignIn({
    ...deps,
    database: deps.store.database,
    random: Math.random,
    places: config.identityCenter,
    signInHours: config.signInHours,
    gate: signIn,
  });
  const signInThroughOidc =
    config.oidc &&
    deps.oidcProvider &&
    new OidcSignIn({
      ...deps,
      config: config.oidc,
      provider: deps.oidcProvider,
      gate: signIn,
      patterns: [...config.roles.admins, ...config.roles.auditors],
    });
  const renewals = new CredentialRenewals({
    ...deps,
    database: deps.store.database,
    audit,
    random: Math.random,
    renewers: {
      "identity-center": signInThroughIdentityCenter.renewer,
      ...(deps.profiles && { profile: profileRenewer(deps.profiles) }),
      "access-keys": keysRenewer(deps.roles, deps.clock),
      ...(signInThroughOidc && { oidc: signInThroughOidc.renewer }),
      ...(readyMadePeopleFile && { "ready-made": readyMadeRenewer(readyMadePeopleFile, deps.clock) }),
    },
    async onRenewed(owner) {
      const identity = await identityOf({ ...owner, account: "" });
      sessions.handleSignedIn(identity);
      domains.handleCredentialsRenewed?.(identity);
    },
  });

  // First, because it is what closes the connection of an upgrade that a later hook refuses.
  await app.register(websocket, {
    options: {
      maxPayload: BROWSER_FRAME_BYTES_MAX,
      perMessageDeflate: false,
      handleProtocols: (offered) => (offered.has(TERMINAL_SUBPROTOCOL) ? TERMINAL_SUBPROTOCOL : false),
    },
    // The sockets are closed by whoever stops the server, after the sessions (main.ts).
    preClose: (done) => done(),
    errorHandler: (error, socket, request) => {
      request.log.error({ err: error }, "a websocket failed");
      socket.terminate();
    },
  });
  await hardenHttp(
    app,
    { publicAddress, scriptHashes: deps.page?.scriptHashes ?? [], operationsPaths: OPERATIONS_PATHS },
    deps.tls !== undefined || config.publicUrl?.startsWith("https:") === true,
  );
  measureRequests(app, deps.metrics);
  replyWithProblems(app, {
    methodsAt: (path) => methodsAt(path, routes),
    page: (request, reply) => deps.page?.answer(request, reply) === true,
  });
  const loginSockets = new LoginSockets();
  app.websocketServer.on("connection", (socket, request) => loginSockets.opened(request, socket));
  logins.onEnded((loginId, ownerKeys, why) => {
    loginSockets.closeAllOf(loginId, ownerKeys, why);
    domains.handleLoginEnded?.(loginId, ownerKeys);
    signInThroughIdentityCenter.forgetEndedLogins();
  });
  const { loginOf, routes } = guardEveryRoute(app, {
    sessions,
    shares: domains.shares ?? { isViewer: () => false },
    isStopping: () => stopping,
    resolveLogin: (request) => logins.resolve(readCookie(publicAddress(), request.headers.cookie)),
    loginEndOf: (request) => logins.endOf(readCookie(publicAddress(), request.headers.cookie)),
    roleOf,
    onSocketAdmitted: (request, login, ownerKey) => loginSockets.admit(request.raw, login.id, ownerKey),
  });

  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Causeway", version: deps.version, description: "Terminals on AWS SSM Session Manager" },
      components: { securitySchemes: { cookie: cookieScheme("causeway") } },
    },
    transform: ({ schema, url, route }) => {
      const isPublic = route.config?.access === "public";
      return { schema: { ...schema, security: isPublic ? [] : [{ cookie: [] }] }, url };
    },
  });
  const readyChecks: ReadyCheck[] = [
    { name: "store", check: () => deps.store.checkWritable(deps.clock.nowMs()) },
    {
      name: "audit",
      check: async () => {
        if (audit.isFailing) throw new Error("the last audit event could not be written");
      },
    },
  ];
  readyChecks.push(...(domains.readyChecks ?? []));
  if (readyMadePeopleFile !== undefined)
    readyChecks.push({ name: "people", check: async () => void readReadyMadePeople(readyMadePeopleFile) });
  await app.register(
    operationsPlugin({
      ...config,
      metrics: deps.metrics,
      isForThisMachineAlone: isForThisMachineAlone(config),
      readyChecks,
      isStopping: () => stopping,
    }),
  );
  const identity = identityPlugin({
    ...config,
    signIn,
    signInThroughIdentityCenter,
    signInThroughOidc,
    profiles: deps.profiles,
    loginOf,
    publicAddress,
    version: deps.version,
    clock: deps.clock,
    environmentOf: (account) => config.accounts.get(account),
  });
  // The cookie's name holds the port, which is known only while the server listens.
  const cookie = (): object => cookieScheme(cookieName(publicAddress()));
  const { database } = deps.store;
  const disabled = new DisabledPeople(database);
  const people = peoplePlugin({ ...deps, logins, signIn, sessions, audit, accountName, disabled });
  const keptDays = config.auditDays;
  const auditPages = auditPlugin({
    ...{ reader: new AuditReader(database), audit, clock: deps.clock, keptDays, actorOf },
    accountName,
  });
  const retention = new AuditRetention({ ...deps, database, audit, keptDays });
  await app.register(apiPlugin([identity, people, auditPages, ...plugins], cookie), { prefix: "/api/v1" });

  app.addHook("onReady", async () => {
    const rewrapped = (await logins.rewrap()) + (await signInThroughIdentityCenter.portals.rewrap());
    if (rewrapped > 0) deps.log.info({ rewrapped }, "credentials sealed anew with the newest key");
    logins.start();
    renewals.start();
    retention.start();
  });
  app.addHook("onClose", async () => {
    renewals.close();
    retention.close();
    logins.close();
    signInThroughIdentityCenter.close();
    deps.launchSecret?.close();
  });
  await app.ready();
  return {
    app,
    publicAddress,
    routes,
    beginStopping() {
      stopping = true;
    },
  };
}

const apiPlugin = (plugins: readonly FastifyPluginAsync[], cookie: () => object): FastifyPluginAsync =>
  async function api(app) {
    describeProblems(app);
    for (const plugin of plugins) await app.register(plugin);
    app.get("/openapi.json", { config: { access: "public" }, schema: { hide: true } }, async () => {
      const document = app.swagger() as { components?: object };
      return { ...document, components: { ...document.components, securitySchemes: { cookie: cookie() } } };
    });
  };

function cookieScheme(name: string): { type: "apiKey"; in: "cookie"; name: string } {
  return { type: "apiKey", in: "cookie", name };
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Set while routes are registered: the route's schema has a body. */
    takesBody?: boolean;
  }
}

const FAILURE = { description: "What failed, why, and what helps", content: { [PROBLEM_TYPE]: { schema: Problem } } };

/** Every route of the API answers failures with problem details; one that declares no query or body takes none. */
function describeProblems(api: FastifyInstance): void {
  const noQuery = Type.Object({}, { additionalProperties: false });
  api.addHook("onRoute", (route) => {
    const { response, ...schema } = { querystring: noQuery, ...route.schema };
    route.schema = { ...schema, response: { ...(response as object | undefined), "4xx": FAILURE, "5xx": FAILURE } };
    route.config = { ...route.config, takesBody: schema.body !== undefined };
  });
  api.addHook("preValidation", async (request) => {
    if (request.body !== undefined && request.routeOptions.config.takesBody === false)
      throw new CatalogError("REQUEST_INVALID", { detail: "this request takes no body" });
  });
}

/** A proxy on this machine carries requests from anywhere to a server that listens on loopback. */
function isForThisMachineAlone({ listen, publicUrl, trustedProxies }: Config): boolean {
  const isOpenedHere = publicUrl === undefined || isLoopbackHost(new URL(publicUrl).hostname);
  return isLoopbackHost(listen.host) && isOpenedHere && trustedProxies.length === 0;
}

function boundPort(app: FastifyInstance): number | undefined {
  const address = app.server.address();
  return typeof address === "object" && address !== null ? address.port : undefined;
}
