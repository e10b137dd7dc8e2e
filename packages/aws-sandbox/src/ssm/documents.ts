// The session documents of each region. The account's preferences exist in the first region only: a region in which nobody ever
// saved preferences is common, and StartSession behaves differently there (it must then be called without a name).
// Contents of the AWS-owned documents are ours: theirs are not published (data-channel.md §11 has the shapes an agent reads).
import type { SessionDocument } from "../ssm-messages/session-types.ts";

export const SHELL_DOCUMENT_NAME = "SSM-SessionManagerRunShell";

interface DocumentParameter {
  type: "String";
  description: string;
  default?: string;
  /** A regular expression that the whole value must match. */
  allowedPattern?: string;
}

export interface StoredDocument {
  name: string;
  owner: "account" | "Amazon";
  content: SessionDocument & { parameters?: Record<string, DocumentParameter> };
  createdMsAgo: number;
}

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

const DAY_MS = 86_400_000;
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
const commandDocument = (
  sessionType: string,
  description: string,
): SessionDocument & { parameters: Record<string, DocumentParameter> } => ({
  schemaVersion: "1.0",
  description,
  sessionType,
  parameters: { command: { type: "String", description: "The command to run" } },
  properties: { linux: { commands: "{{ command }}", runAsElevated: false } },
});

const AMAZON_DOCUMENTS: readonly [string, StoredDocument["content"]][] = [
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

export class DocumentStore {
  readonly #byRegion: ReadonlyMap<string, ReadonlyMap<string, StoredDocument>>;

  /** @param regionsWithPreferences where the account saved session preferences */
  constructor(regions: readonly string[], regionsWithPreferences: readonly string[]) {
    this.#byRegion = new Map(
      regions.map((region) => {
        const documents = AMAZON_DOCUMENTS.map(
          ([name, content]): StoredDocument => ({ name, owner: "Amazon", content, createdMsAgo: 900 * DAY_MS }),
        );
        if (regionsWithPreferences.includes(region))
          documents.push({
            name: SHELL_DOCUMENT_NAME,
            owner: "account",
            content: { ...DEFAULT_SHELL_DOCUMENT, parameters: {} },
            createdMsAgo: 320 * DAY_MS,
          });
        return [region, new Map(documents.map((document) => [document.name, document]))];
      }),
    );
  }

  find(region: string, name: string): StoredDocument | undefined {
    return this.#byRegion.get(region)?.get(name);
  }
}

/** Documents that AWS owns carry no account in their ARN. */
export const documentArn = (name: string, region: string, account: string): string =>
  `arn:aws:ssm:${region}:${name.startsWith("AWS-") ? "" : account}:document/${name}`;
