/**
 * One description of the store for every engine: text ids, epoch milliseconds, JSON as text (packages.md, Storage).
 */
export interface LoginsTable {
  id: string;
  /** SHA-256 of the cookie's value, base64url: the value itself is nowhere on the server. */
  cookie_hash: string;
  /** 1: the browser came through the printed link. */
  launched: number;
  created_at: number;
  ends_at: number;
  /** What the browser calls itself: "Firefox on Linux"; empty: it does not say. */
  device: string;
  /** Address of the last sign-in. */
  ip: string;
  /** To the minute. */
  last_seen_at: number;
}

/** One person and role that a login may act as. */
export interface LoginIdentitiesTable {
  id: string;
  login_id: string;
  /** Order within the login. */
  position: number;
  owner_key: string;
  account: string;
  user_id: string;
  arn: string;
  name: string;
  role: string;
  proven: number;
  method: string;
  /** The account's name as the way of signing in knows it. */
  label: string | null;
  /** JSON of what an OIDC provider said. */
  claims: string | null;
  /** Who she is behind every account and role; null: not known. */
  subject: string | null;
  /** Sealed JSON of AwsCredentials. */
  credentials: string;
  credentials_expire_at: number | null;
  /** Sealed JSON of RenewalMaterial; null: only the person can renew. */
  renewal: string | null;
  /** When to renew the credentials; null: never by itself. */
  renew_at: number | null;
  created_at: number;
}

/** Why logins ended whose browsers may still ask. */
export interface EndedLoginsTable {
  /** As in `logins`. */
  cookie_hash: string;
  /** Of the error catalog. */
  code: string;
  ended_at: number;
}

/** People whom an admin keeps out. */
export interface DisabledPeopleTable {
  /** `<account>/<UserId>`. */
  person_key: string;
  name: string;
  /** Name of the admin. */
  by_name: string;
  at: number;
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

/** Sign-ins to the portal of an IAM Identity Center. */
export interface PortalsTable {
  id: string;
  /** SHA-256 of the cookie of the browser that approved the code, base64url. */
  cookie_hash: string;
  /** null: nobody signed in with it yet; then it is that browser's. */
  login_id: string | null;
  start_url: string;
  region: string;
  /** Her user name there, proven by a role that it gave; null: none was chosen yet. */
  person: string | null;
  /** Sealed JSON of the tokens and the registration they belong to. */
  sealed: string;
  created_at: number;
  ends_at: number;
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
  role: string | null;
  device: string | null;
  instance_name: string | null;
}

/** One row: audit events before this time may be deleted, no other. */
export interface AuditRetentionTable {
  id: string;
  keep_from: number;
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

/** Links to terminals. */
export interface SharesTable {
  id: string;
  session_id: string;
  /** Owner of the session. */
  owner_key: string;
  /** JSON: what viewers see of the owner. */
  owner: string;
  account: string;
  region: string;
  instance_id: string;
  instance_name: string;
  session_started_at: number;
  /** `view` or `keyboard`; part of the hash, so that a change of it makes the secret worthless. */
  share_class: string;
  /** SHA-256 over link, class and secret, hex: the secret itself is nowhere on the server. */
  secret_hash: string;
  mode: string;
  audience: string;
  /** JSON of the people it names. */
  people: string;
  created_at: number;
  /** null: with the session. */
  expires_at: number | null;
  earlier_output: number;
  fit_smallest: number;
  viewers_max: number;
  ended_at: number | null;
  end_reason: string | null;
}

/** Who came by a link. */
export interface ShareViewersTable {
  id: string;
  share_id: string;
  owner_key: string;
  /** JSON: what others see of her. */
  person: string;
  joined_at: number;
  /** null: she never attached. */
  join_offset: number | null;
  colour: number;
}

/** Who has the keyboard of a shared session. */
export interface ShareKeyboardsTable {
  session_id: string;
  /** JSON. */
  state: string;
  updated_at: number;
}

export interface Tables {
  logins: LoginsTable;
  login_identities: LoginIdentitiesTable;
  ended_logins: EndedLoginsTable;
  disabled_people: DisabledPeopleTable;
  sessions: SessionsTable;
  portals: PortalsTable;
  audit_events: AuditEventsTable;
  audit_retention: AuditRetentionTable;
  store_checks: StoreChecksTable;
  preferences: PreferencesTable;
  shares: SharesTable;
  share_viewers: ShareViewersTable;
  share_keyboards: ShareKeyboardsTable;
}
