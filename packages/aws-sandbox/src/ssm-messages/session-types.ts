/**
 * Words of the message gateway that other folders use: what a session is started with, and what is known of it.
 * Types, bounds and errors only.
 */
/** Whose session it is. `sessionName` is the IAM user name or the role session name; session ids begin with it. */
export interface SessionOwner {
  arn: string;
  userId: string;
  account: string;
  sessionName: string;
}

/** A session document's content; `{{ name }}` in it is replaced by the agent. Source: data-channel.md §11. */
export interface SessionDocument {
  /** Always "1.0". */
  schemaVersion: string;
  description?: string;
  sessionType: string;
  inputs?: Record<string, unknown>;
  parameters?: Record<string, unknown>;
  properties?: unknown;
}

export interface StartSessionInput {
  sessionId: string;
  region: string;
  target: string;
  owner: SessionOwner;
  documentName: string;
  document: SessionDocument;
  parameters: Record<string, string[]>;
  /** Where the document says Run As: the user that the session is to have on the machine; "" when nobody said which. */
  runAsUser?: string;
  reason?: string;
}

/** The values of DescribeSessions. Source: aws-facts.md §1. */
export type SessionStatus = "Connected" | "Connecting" | "Disconnected" | "Terminated" | "Terminating" | "Failed";

/** A session as the API shows it; both dates are milliseconds since the Unix epoch. */
export interface GatewaySession {
  readonly sessionId: string;
  readonly region: string;
  readonly target: string;
  readonly owner: SessionOwner;
  readonly documentName: string;
  readonly reason?: string;
  readonly status: SessionStatus;
  readonly startDate: number;
  readonly endDate?: number;
}

/** Who signed a request of an agent. */
export interface AgentIdentity {
  instanceId: string;
  accountId: string;
  region: string;
}

/** What a client needs to open a data channel: the token for the open message, and the path with its query. */
export interface ClientAccess {
  token: string;
  streamPath: string;
}

/** StartSession on a machine without an open control channel. */
export class TargetNotConnectedError extends Error {
  readonly target: string;
  constructor(target: string) {
    super(`${target} is not connected.`);
    this.name = "TargetNotConnectedError";
    this.target = target;
  }
}

/** StartSession beyond LIVE_SESSIONS_MAX: answer it as throttling. */
export class TooManySessionsError extends Error {
  constructor(sessionsMax: number) {
    super(`there are already ${sessionsMax} sessions`);
    this.name = "TooManySessionsError";
  }
}
