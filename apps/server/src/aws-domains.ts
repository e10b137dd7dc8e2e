import { randomBytes, randomUUID } from "node:crypto";
import {
  createAwsClientFactory,
  endpointsFromEnvironment,
  getCallerIdentity,
  OutboundAgents,
  outboundOptionsFromEnvironment,
} from "./aws/index.ts";
import type { Domains, SharedParts } from "./build-server.ts";
import type { AwsCredentials, CallerIdentity } from "./identity/index.ts";
import { AwsInstanceDirectory, instancesPlugin } from "./instances/index.ts";
import type { Clock } from "./platform/clock.ts";
import type { Config } from "./platform/config.ts";
import type { Log } from "./platform/logger.ts";
import type { Metrics } from "./platform/metrics.ts";
import type { Database } from "./platform/store/database.ts";
import { VERSION } from "./platform/version.ts";
import {
  AwsSessionCalls,
  AwsSessionPreferences,
  SessionService,
  SessionStore,
  sessionsPlugin,
  unheldSessionsPlugin,
  webSocketDialer,
} from "./sessions/index.ts";

/** 128 bits, the 22 characters that the contract names. */
const SESSION_ID_BYTES = 16;
/** STS is global: any region the server may use will do. */
const FALLBACK_REGION = "us-east-1";

export interface AwsDomainsDeps {
  clock: Clock;
  log: Log;
  metrics: Metrics;
  database: Database;
}

export interface AwsDomains {
  callerIdentity(credentials: AwsCredentials): Promise<CallerIdentity>;
  domains(shared: SharedParts): Domains;
  /** Ends the open shells in AWS, and says so to their pages. */
  shutdown(): Promise<unknown>;
}

/** The domains as they work in production: everything towards AWS goes through the one factory of agents. */
export async function awsDomains(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
  deps: AwsDomainsDeps,
): Promise<AwsDomains> {
  const { clock, log, metrics } = deps;
  const agents = new OutboundAgents({ ...outboundOptionsFromEnvironment(env), allowedHosts: config.awsHosts });
  const factory = createAwsClientFactory({ agents, version: VERSION, endpoints: endpointsFromEnvironment(env) });
  const store = new SessionStore(deps.database);
  const leftOpen = await store.closeLeftOpen(clock.nowMs());
  if (leftOpen > 0) log.warn({ sessions: leftOpen }, "an earlier server ended without ending its sessions");
  let sessions: SessionService | undefined;
  return {
    callerIdentity: (credentials) => getCallerIdentity(factory, credentials, config.regions[0] ?? FALLBACK_REGION),
    domains({ audit, tickets }) {
      sessions = new SessionService({
        calls: new AwsSessionCalls(factory),
        preferences: new AwsSessionPreferences(factory),
        dialer: webSocketDialer(agents, clock, `causeway/${VERSION}`),
        store,
        audit,
        metrics,
        clock,
        log,
        random: Math.random,
        randomId: () => randomBytes(SESSION_ID_BYTES).toString("base64url"),
        randomUuid: randomUUID,
        settings: { sessionDocument: config.sessionDocument, sessionsPerPersonMax: config.sessionsPerPerson },
      });
      const { regions } = config;
      return {
        sessions,
        plugins: [
          instancesPlugin({ directory: new AwsInstanceDirectory(factory), clock, regions }),
          sessionsPlugin({ sessions, tickets, clock, regions }),
          unheldSessionsPlugin({ unheld: sessions.unheld, clock, regions }),
        ],
      };
    },
    shutdown: async () => sessions?.shutdown(),
  };
}
