/** The public face of this domain: shells that outlive the pages that show them. */

export { AwsSessionCalls } from "./calls/aws-session-calls.ts";
export { AwsSessionDocuments } from "./calls/aws-session-documents.ts";
export { AwsSessionPreferences } from "./calls/aws-session-preferences.ts";
export { CallBuckets } from "./calls/call-bucket.ts";
export { SessionDocuments } from "./calls/session-documents.ts";
export { webSocketDialer } from "./channel/data-channel-socket.ts";
export { readBootId } from "./log/boot-id.ts";
export type { CheckpointFacts, CheckpointMaker, CheckpointStore } from "./log/checkpoint-store.ts";
export { hasSessionLogs, openSessionLogs } from "./log/file-session-logs.ts";
export { measureSessionLogs, sessionLogsReady } from "./log/log-health.ts";
export type { LogCursor, LogRead } from "./log/session-log.ts";
export type { DurableLog } from "./log/session-logs.ts";
export type { Attachment, AttachRequest } from "./readers/attachment.ts";
export { BrowserSocket } from "./readers/browser-socket.ts";
export { GuestScreens, type Screen } from "./readers/guest-screens.ts";
export type { ReaderSink } from "./readers/session-reader.ts";
export type { Seat, SharedTerminals, SharingPageMessage } from "./seat.ts";
export type { RequestOrigin } from "./session-audit.ts";
export { SessionService, type ShareableSession } from "./session-service.ts";
export { type SessionFacts, SessionStore } from "./session-store.ts";
export { sessionsPlugin } from "./sessions-plugin.ts";
export { unheldSessionsPlugin } from "./unheld/unheld-sessions-plugin.ts";
