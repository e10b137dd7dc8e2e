/** The public face of this domain: shells that outlive the pages that show them. */

export type { Attachment, AttachRequest } from "./attachment.ts";
export { AwsSessionCalls } from "./aws-session-calls.ts";
export { AwsSessionDocuments } from "./aws-session-documents.ts";
export { AwsSessionPreferences } from "./aws-session-preferences.ts";
export { readBootId } from "./boot-id.ts";
export { BrowserSocket } from "./browser-socket.ts";
export { CallBuckets } from "./call-bucket.ts";
export type { CheckpointFacts, CheckpointMaker, CheckpointStore } from "./checkpoint-store.ts";
export { webSocketDialer } from "./data-channel-socket.ts";
export { hasSessionLogs, openSessionLogs } from "./file-session-logs.ts";
export { GuestScreens, type Screen } from "./guest-screens.ts";
export { measureSessionLogs, sessionLogsReady } from "./log-health.ts";
export type { Seat, SharedTerminals, SharingPageMessage } from "./seat.ts";
export type { RequestOrigin } from "./session-audit.ts";
export { SessionDocuments } from "./session-documents.ts";
export type { LogCursor, LogRead } from "./session-log.ts";
export type { DurableLog } from "./session-logs.ts";
export type { ReaderSink } from "./session-reader.ts";
export { SessionService, type ShareableSession } from "./session-service.ts";
export { type SessionFacts, SessionStore } from "./session-store.ts";
export { sessionsPlugin } from "./sessions-plugin.ts";
export { unheldSessionsPlugin } from "./unheld-sessions-plugin.ts";
