/** Every act that is audited. A closed list: a reader of the audit can know all words in advance. */
export const AUDIT_EVENTS = [
  "launch.used",
  "launch.refused",
  "sign_in.succeeded",
  "sign_in.refused",
  "sign_in.identity_added",
  "sign_out",
  "sign_out.elsewhere",
  "credentials.renewed",
  "credentials.not_renewed",
  "person.disabled",
  "person.enabled",
  "person.kicked",
  "audit.exported",
  "audit.expired",
  "session.started",
  "session.start_refused",
  "session.attached",
  "session.detached",
  "session.ended",
  "session.terminated",
  "session.unheld_ended",
  "session.typing_without_net",
  "share.created",
  "share.changed",
  "share.revoked",
  "share.ended",
  "share.joined",
  "share.join_refused",
  "share.left",
  "share.typed",
  "keyboard.asked",
  "keyboard.allowed",
  "keyboard.refused",
  "keyboard.taken_back",
  "keyboard.returned",
] as const;

export type AuditEventName = (typeof AUDIT_EVENTS)[number];

/** Events that say that something was refused, or failed. */
export const AUDIT_REFUSALS: ReadonlySet<string> = new Set<AuditEventName>([
  "launch.refused",
  "sign_in.refused",
  "session.start_refused",
  "share.join_refused",
  "keyboard.refused",
  "credentials.not_renewed",
]);

/** Who did what to which session, from where. Never terminal bytes, keys or credentials. */
export interface AuditEntry {
  event: AuditEventName;
  /** Empty when nobody was signed in. */
  ownerKey: string;
  name: string;
  account: string;
  role?: string;
  region?: string;
  sessionId?: string;
  instanceId?: string;
  instanceName?: string;
  ip: string;
  /** Words of `identity/device-name.ts`, never the header itself. */
  device?: string;
  requestId: string;
  /** A few words or a catalog code; control characters are removed, 500 characters are kept. */
  detail?: string;
}
