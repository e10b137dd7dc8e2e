/**
 * One description of the store for every engine: text ids, epoch milliseconds, JSON as text (packages.md, Storage).
 */
export interface LoginsTable {
  id: string;
  /** SHA-256 of the cookie's value, base64url: the value itself is nowhere on the server. */
  cookie_hash: string;
  /** 1: the browser came through the printed link. */
  launched: number;
  method: string | null;
  owner_key: string | null;
  account: string | null;
  user_id: string | null;
  arn: string | null;
  name: string | null;
  role: string | null;
  proven: number | null;
  /** Sealed JSON of AwsCredentials; null: launched only. */
  credentials: string | null;
  created_at: number;
  ends_at: number;
}

export interface SessionsTable {
  id: string;
  aws_session_id: string;
  owner_key: string;
  login_id: string;
  account: string;
  region: string;
  instance_id: string;
  instance_name: string;
  document_name: string | null;
  started_at: number;
  ended_at: number | null;
  end_json: string | null;
}

export interface AuditEventsTable {
  /** Sorts in the order of writing, also when the clock jumps back. */
  id: string;
  at: number;
  event: string;
  owner_key: string;
  name: string;
  account: string;
  region: string | null;
  session_id: string | null;
  instance_id: string | null;
  ip: string;
  request_id: string;
  detail: string | null;
}

/** One row, written to learn whether the store can be written. */
export interface StoreChecksTable {
  id: string;
  at: number;
}

/** What a person chose, one JSON document each. */
export interface PreferencesTable {
  owner_key: string;
  /** Counts changes. */
  version: number;
  parts: string;
  updated_at: number;
}

export interface Tables {
  logins: LoginsTable;
  sessions: SessionsTable;
  audit_events: AuditEventsTable;
  store_checks: StoreChecksTable;
  preferences: PreferencesTable;
}
