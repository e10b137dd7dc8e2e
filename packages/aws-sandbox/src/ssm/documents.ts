// Session documents that AWS owns, and the preferences an account begins with. Contents are ours: AWS's are not published
// (data-channel.md §11 has the shapes an agent reads).
import type { SessionDocument } from "../ssm-messages/session-types.ts";

export const SHELL_DOCUMENT_NAME = "SSM-SessionManagerRunShell";

export interface DocumentParameter {
  type: "String";
  description: string;
  default?: string;
  /** A regular expression that the whole value must match. */
  allowedPattern?: string;
}

export type DocumentContent = SessionDocument & { parameters?: Record<string, DocumentParameter> };

const SHELL_INPUTS = {
  s3BucketName: "",
  s3KeyPrefix: "",
  s3EncryptionEnabled: true,
  cloudWatchLogGroupName: "",
  cloudWatchEncryptionEnabled: true,
  cloudWatchStreamingEnabled: true,
  kmsKeyId: "",
  runAsEnabled: false,
  runAsDefaultUser: "",
  idleSessionTimeout: "20",
  maxSessionDuration: "",
  shellProfile: { windows: "", linux: "" },
};

/** What AWS uses where the account has no preferences. */
export const DEFAULT_SHELL_DOCUMENT: SessionDocument = {
  schemaVersion: "1.0",
  description: "Document to hold regional settings for Session Manager",
  sessionType: "Standard_Stream",
  inputs: SHELL_INPUTS,
};

const PORT = "^([1-9]|[1-9][0-9]{1,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$";

const portNumber = (fallback: string): DocumentParameter => ({
  type: "String",
  description: "Port on the machine",
  default: fallback,
  allowedPattern: PORT,
});
const localPortNumber: DocumentParameter = {
  type: "String",
  description: "Port on the caller's side; 0: any",
  default: "0",
  allowedPattern: "^[0-9]{1,5}$",
};
const commandDocument = (sessionType: string, description: string): DocumentContent => ({
  schemaVersion: "1.0",
  description,
  sessionType,
  parameters: { command: { type: "String", description: "The command to run" } },
  properties: { linux: { commands: "{{ command }}", runAsElevated: false } },
});

export const AMAZON_DOCUMENTS: readonly [string, DocumentContent][] = [
  ["AWS-StartInteractiveCommand", commandDocument("InteractiveCommands", "Runs one command in a terminal")],
  ["AWS-StartNonInteractiveCommand", commandDocument("NonInteractiveCommands", "Runs one command without a terminal")],
  [
    "AWS-StartSSHSession",
    {
      schemaVersion: "1.0",
      description: "Tunnels an SSH connection",
      sessionType: "Port",
      parameters: { portNumber: portNumber("22") },
      properties: { portNumber: "{{ portNumber }}" },
    },
  ],
  [
    "AWS-StartPortForwardingSession",
    {
      schemaVersion: "1.0",
      description: "Forwards a local port to one on the machine",
      sessionType: "Port",
      parameters: { portNumber: portNumber("80"), localPortNumber },
      properties: {
        portNumber: "{{ portNumber }}",
        type: "LocalPortForwarding",
        localPortNumber: "{{ localPortNumber }}",
      },
    },
  ],
  [
    "AWS-StartPortForwardingSessionToRemoteHost",
    {
      schemaVersion: "1.0",
      description: "Forwards a local port to another host through the machine",
      sessionType: "Port",
      parameters: {
        host: { type: "String", description: "Host as the machine sees it", allowedPattern: "^[^,$^&();`]{3,}$" },
        portNumber: portNumber("80"),
        localPortNumber,
      },
      properties: {
        host: "{{ host }}",
        portNumber: "{{ portNumber }}",
        type: "LocalPortForwarding",
        localPortNumber: "{{ localPortNumber }}",
      },
    },
  ],
];

/** Documents that AWS owns carry no account in their ARN. */
export const documentArn = (name: string, region: string, account: string): string =>
  `arn:aws:ssm:${region}:${name.startsWith("AWS-") ? "" : account}:document/${name}`;
