/** AWS's API as far as a benchmark needs it: a start gives the address of the next agent, nothing else is ever asked. */
import type { SessionPreferences } from "@causeway/wire-contract/sessions";
import type { AwsIdentity } from "../../apps/server/src/identity/index.ts";
import { CatalogError } from "../../apps/server/src/platform/catalog-error.ts";
import type {
  ActiveSessions,
  DataKey,
  InstanceFacts,
  Registration,
  ResumeAnswer,
  SessionCalls,
  StartedSession,
} from "../../apps/server/src/sessions/calls/session-calls.ts";
import {
  type PreferencesReader,
  UNKNOWN_PREFERENCES,
} from "../../apps/server/src/sessions/calls/session-preferences.ts";
import type { SessionStore } from "../../apps/server/src/sessions/session-store.ts";
import type { SessionPlace } from "./broker-calls.ts";

/** Sessions per account: below the burst of calls that one account may make, so that no start waits. */
const SESSIONS_PER_ACCOUNT = 10;

export class BenchAws implements SessionCalls, PreferencesReader {
  next: SessionPlace = { n: 0, streamUrl: "" };

  async start(): Promise<StartedSession> {
    const { n, streamUrl } = this.next;
    return { awsSessionId: `bench-${n}`, streamUrl, token: String(n) };
  }
  async resume(): Promise<ResumeAnswer> {
    return { kind: "gone" };
  }
  async terminate(): Promise<void> {}
  async generateDataKey(): Promise<DataKey> {
    throw new CatalogError("INTERNAL_ERROR");
  }
  async listActive(): Promise<ActiveSessions> {
    return { sessions: [], truncated: false };
  }
  async instanceProblem(): Promise<undefined> {}
  async registration(): Promise<Registration> {
    return { kind: "unknown" };
  }
  async describeInstance(): Promise<InstanceFacts> {
    return {};
  }
  async readPreferences(): Promise<SessionPreferences> {
    return UNKNOWN_PREFERENCES;
  }
}

export function benchIdentity(n: number): AwsIdentity {
  const account = String(100_000_000_000 + Math.floor(n / SESSIONS_PER_ACCOUNT));
  return {
    loginId: `login-${account}`,
    identityId: `identity-${account}`,
    method: "access-keys",
    ownerKey: `${account}/bench`,
    account,
    userId: "AIDABENCH",
    arn: `arn:aws:iam::${account}:user/bench`,
    name: "bench",
    role: "IAM user",
    proven: true,
    credentials: async () => ({ accessKeyId: "AKIAEXAMPLEEXAMPLE12", secretAccessKey: "not a secret" }),
  };
}

/** Nothing is looked up again: the process lives as long as its sessions. */
export const benchStore = {
  recordStart: async () => {},
  recordEnd: async () => {},
  startedHere: async () => new Map(),
} as unknown as SessionStore;
