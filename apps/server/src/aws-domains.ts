import { randomBytes, randomUUID } from "node:crypto";
import {
  AwsHttpHandler,
  agentFetch,
  awsIdentityCenter,
  awsLocalProfiles,
  awsRoleAssumer,
  createAwsClientFactory,
  endpointsFromEnvironment,
  getCallerIdentity,
  getSessionToken,
  OutboundAgents,
  outboundOptionsFromEnvironment,
} from "./aws/index.ts";
import type { Domains, SharedParts } from "./build-server.ts";
import { createCheckpointer } from "./checkpoints/index.ts";
import {
  type AwsCredentials,
  type CallerIdentity,
  type IdentityCenter,
  type LocalProfiles,
  type MfaProof,
  type OidcProvider,
  OpenIdClientProvider,
  type RoleAssumer,
} from "./identity/index.ts";
import {
  AwsInstanceDirectory,
  type CallBudget,
  eventsPlugin,
  Inventory,
  instancesPlugin,
  personTurn,
} from "./instances/index.ts";
import type { Clock } from "./platform/clock.ts";
import { type Config, sessionStartRules } from "./platform/config.ts";
import type { Log } from "./platform/logger.ts";
import type { Metrics } from "./platform/metrics.ts";
import type { OidcConfig } from "./platform/oidc-config.ts";
import { readPrivateFile } from "./platform/private-file.ts";
import type { Database } from "./platform/store/database.ts";
import { VERSION } from "./platform/version.ts";
import { PreferenceStore, preferencesPlugin } from "./preferences/index.ts";
import {
  AwsSessionCalls,
  AwsSessionDocuments,
  AwsSessionPreferences,
  CallBuckets,
  measureSessionLogs,
  openSessionLogs,
  SessionDocuments,
  SessionService,
  SessionStore,
  sessionLogsReady,
  sessionsPlugin,
  unheldSessionsPlugin,
  webSocketDialer,
} from "./sessions/index.ts";
import {
  AwsStartPermission,
  CarriedLinks,
  policyOf,
  ShareStore,
  SharingService,
  sharingPlugin,
} from "./sharing/index.ts";

/** 128 bits, the 22 characters that the contract names. */
const SESSION_ID_BYTES = 16;
/** The longest session that STS gives a user (STS API Reference, GetSessionToken). */
const SESSION_TOKEN_SECONDS_MAX = 129_600;
/** STS is global: any region the server may use will do. */
const FALLBACK_REGION = "us-east-1";

export interface AwsDomainsDeps {
  /** Of spans of time: nobody sets it (platform/steady-clock.ts). */
  clock: Clock;
  /** What the world outside means by now: for tokens that end at a time of day. */
  wallClock: Clock;
  /** Of the host now (sessions/log/boot-id.ts). */
  bootId: string;
  log: Log;
  metrics: Metrics;
  database: Database;
  /** 32 bytes: what the logs' keys are derived from. */
  masterKey: Uint8Array;
  /** Earlier ones: logs begun under them go on. */
  oldMasterKeys?: readonly Uint8Array[];
}

export interface AwsDomains {
  callerIdentity(credentials: AwsCredentials): Promise<CallerIdentity>;
  sessionToken(keys: AwsCredentials, mfa: MfaProof): Promise<AwsCredentials>;
  identityCenter: IdentityCenter;
  roles: RoleAssumer;
  profiles: LocalProfiles | undefined;
  oidcProvider: OidcProvider | undefined;
  domains(shared: SharedParts): Domains;
  /** Goes on with the shells that an earlier process left; before anybody is let in. */
  reopen(): Promise<void>;
  /** Ends no shell: stores all there is, and tells the pages to come back. */
  shutdown(): Promise<unknown>;
}

/** The domains as they work in production: everything towards AWS goes through the one factory of agents. */
export async function awsDomains(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
  deps: AwsDomainsDeps,
): Promise<AwsDomains> {
  const { clock, log, metrics, wallClock } = deps;
  const agents = new OutboundAgents({ ...outboundOptionsFromEnvironment(env), allowedHosts: config.awsHosts });
  const factory = createAwsClientFactory({ agents, version: VERSION, endpoints: endpointsFromEnvironment(env) });
  const store = new SessionStore(deps.database);
  let sessions: SessionService | undefined;
  let sharing: SharingService | undefined;
  let inventory: Inventory | undefined;
  let identityOf: SharedParts["identityOf"] | undefined;
  const { logs, found } = await openSessionLogs({
    dataDir: config.dataDir,
    masterKey: deps.masterKey,
    ...(deps.oldMasterKeys && { oldMasterKeys: deps.oldMasterKeys }),
    bootId: deps.bootId,
    clock,
    randomBytes,
    listener: {
      onDurable(sessionId, isDurable, code) {
        if (isDurable) log.info({ sessionId }, "a session is stored again");
        else log.error({ sessionId, code }, "a session cannot be stored: its disk takes nothing");
        sessions?.handleDurable(sessionId, isDurable);
      },
      onDamage: (sessionId, text) => log.error({ sessionId, damage: text }, "the log of a session is damaged"),
      onDeleted: (sessionId) => log.info({ sessionId }, "the log of an ended session was deleted"),
    },
    settings: { keepBytes: config.logBytesPerSession, logBytesMax: config.logBytes },
  });
  measureSessionLogs(metrics, () => logs.usage);
  const checkpointer = createCheckpointer({ clock, log, metrics, keepBytes: config.logBytesPerSession });
  const region = config.regions[0] ?? FALLBACK_REGION;
  const roles = awsRoleAssumer(factory, region);
  const callerIdentity = (credentials: AwsCredentials) => getCallerIdentity(factory, credentials, region);
  return {
    sessionToken: (keys, mfa) =>
      getSessionToken(factory, keys, mfa, {
        region: config.regions[0] ?? FALLBACK_REGION,
        seconds: Math.min((mfa.hours ?? Infinity) * 3_600, config.signInHours * 3_600, SESSION_TOKEN_SECONDS_MAX),
      }),
    roles,
    profiles: config.localProfiles
      ? awsLocalProfiles({ roles, region, callerIdentity, requestHandler: new AwsHttpHandler(agents) })
      : undefined,
    oidcProvider: config.oidc && oidcProvider(config.oidc, env, wallClock),
    identityCenter: awsIdentityCenter(factory, () => wallClock.nowMs()),
    callerIdentity,
    domains({ audit, tickets, ...shared }) {
      identityOf = shared.identityOf;
      sessions = new SessionService({
        calls: new AwsSessionCalls(factory),
        preferences: new AwsSessionPreferences(factory),
        dialer: webSocketDialer(agents, clock, `causeway/${VERSION}`),
        store,
        logs,
        audit,
        metrics,
        clock,
        log,
        checkpointsOf: (sessionId, sessionLog) => checkpointer.follow(sessionId, sessionLog),
        shared: {
          ownerSeat: (...seat) => shares.ownerSeat(...seat),
          handleSessionEnded: (sessionId) => shares.handleSessionEnded(sessionId),
        },
        random: Math.random,
        randomId: () => randomBytes(SESSION_ID_BYTES).toString("base64url"),
        randomUuid: randomUUID,
        settings: { sessionDocument: config.sessionDocument, sessionsPerPersonMax: config.sessionsPerPerson },
      });
      const startPermission = new AwsStartPermission(factory, log);
      const shares = new SharingService({
        store: new ShareStore(deps.database),
        sessions,
        audit,
        clock,
        log,
        randomBytes,
        policyOf: (account) => policyOf(config.sharing, account, config.accounts.get(account)?.colour),
        mayStartSession: (identity, session) => startPermission.mayStartSession(identity, session),
        hasOtherLogin: shared.hasOtherLogin,
      });
      sharing = shares;
      const { regions } = config;
      const service = sessions;
      const directory = new AwsInstanceDirectory(factory);
      const lists = listBudget(clock);
      const documents = new SessionDocuments({
        reader: new AwsSessionDocuments(factory),
        takeTurn: ({ account }, region) => personTurn({ budget: lists, clock }, "ssm", account, region),
        takeStartTurn: ({ account }, region) => service.takeTurn(account, region),
      });
      inventory = new Inventory({ directory, budget: lists, clock, log, random: Math.random });
      return {
        sessions,
        shares,
        handleCredentialsRenewed: (identity) => inventory?.handleCredentialsRenewed(identity),
        handleLoginEnded(loginId, ownerKeys) {
          inventory?.dropLogin(loginId, ownerKeys);
          shares.handleLoginEnded(loginId, ownerKeys).catch((error: unknown) => {
            log.error({ err: error, loginId }, "links of somebody who signed out could not be ended");
          });
        },
        readyChecks: [sessionLogsReady(() => logs.usage)],
        plugins: [
          instancesPlugin({ inventory, directory, budget: lists, clock, regions }),
          eventsPlugin({ inventory, tickets, clock, regions, auditFor: shared.auditFor }),
          preferencesPlugin({ store: new PreferenceStore(deps.database, wallClock), clock }),
          sessionsPlugin({ sessions, tickets, clock, regions, startRules: sessionStartRules(config), documents }),
          sharingPlugin({
            sharing: shares,
            carried: new CarriedLinks(clock, randomBytes),
            publicAddress: shared.publicAddress,
            sessions,
            screenAt: (sessionId, offset) => checkpointer.screenAt(sessionId, offset),
            tickets,
            clock,
          }),
          unheldSessionsPlugin({ unheld: sessions.unheld, clock, regions }),
        ],
      };
    },
    async reopen() {
      if (sessions !== undefined && identityOf !== undefined) await sessions.reopen(found, identityOf);
      await sharing?.open();
    },
    shutdown: async () => {
      inventory?.close();
      await sharing?.close();
      await checkpointer.close();
      await sessions?.shutdown();
    },
  };
}

/** The provider is not AWS: the allow-list of AWS's hosts is not for it, the way through a proxy is. */
function oidcProvider(
  config: OidcConfig,
  env: Readonly<Record<string, string | undefined>>,
  clock: Clock,
): OidcProvider {
  const { secret } = config;
  const text = secret.kind === "file" ? readPrivateFile(secret.path).toString().trim() : undefined;
  return new OpenIdClientProvider({
    config,
    secret: secret.kind === "value" ? secret.value : text,
    fetch: agentFetch(new OutboundAgents(outboundOptionsFromEnvironment(env))),
    clock,
  });
}

/** Lists have buckets of their own, one per service: however long a list is, it keeps nobody from opening a shell. */
function listBudget(clock: Clock): CallBudget {
  const buckets = { ec2: new CallBuckets(clock), ssm: new CallBuckets(clock) };
  return {
    take: async (service, account, region, urgency, signal) =>
      buckets[service].of(account, region).take(urgency, signal),
    handleThrottled: (service, account, region) => buckets[service].of(account, region).handleThrottled(),
  };
}
