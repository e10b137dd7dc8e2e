// A session document as the gateway hands it to an agent (data-channel.md §11; aws-facts.md §5). Types only.

export type SessionType = "Standard_Stream" | "InteractiveCommands" | "NonInteractiveCommands" | "Port";

export interface SessionDocumentParameter {
  type: "String";
  description?: string;
  default?: string;
  /** A regular expression the whole value must match. */
  allowedPattern?: string;
  maxChars?: number;
}

export interface SessionDocumentInputs {
  s3BucketName?: string;
  s3KeyPrefix?: string;
  s3EncryptionEnabled?: boolean;
  cloudWatchLogGroupName?: string;
  cloudWatchEncryptionEnabled?: boolean;
  cloudWatchStreamingEnabled?: boolean;
  kmsKeyId?: string;
  runAsEnabled?: boolean;
  runAsDefaultUser?: string;
  /** Minutes, 1 to 60, as text. */
  idleSessionTimeout?: string;
  /** Minutes, 1 to 1,440, as text; empty: no limit. */
  maxSessionDuration?: string;
  shellProfile?: { windows: string; linux: string };
}

export interface SessionDocument {
  schemaVersion: "1.0";
  description: string;
  sessionType: SessionType;
  inputs?: SessionDocumentInputs;
  parameters?: Record<string, SessionDocumentParameter>;
  /** Commands and port settings of the other session types. */
  properties?: unknown;
}
