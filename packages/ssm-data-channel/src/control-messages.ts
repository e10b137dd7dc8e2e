/**
 * The JSON that service and agent exchange over the control channel: how a session starts and ends
 * (data-channel.md §11, §13.4, §13.5). Same habits as payloads.ts.
 */
import { isJsonObject, type JsonFields, parseFields } from "./json-fields.ts";
import { MESSAGE_TYPE } from "./message-type.ts";
import { json, readFields } from "./payloads.ts";

const INT64_MAX = 2 ** 63;

/** The `inputs` of a session document that an agent reads. */
export interface SessionInputs {
  kmsKeyId: string;
  runAsEnabled: boolean;
  runAsDefaultUser: string;
  /** Minutes as text; enforced by the service, not by the agent (§9.5). */
  idleSessionTimeout: string;
  maxSessionDuration: string;
  s3BucketName: string;
  s3KeyPrefix: string;
  s3EncryptionEnabled: boolean;
  cloudWatchLogGroupName: string;
  cloudWatchEncryptionEnabled: boolean;
  cloudWatchStreamingEnabled: boolean;
  shellProfile: { linux: string; windows: string };
}

export interface SessionDocument {
  /** Must be "1.0". */
  schemaVersion: string;
  description: string;
  /** Standard_Stream, InteractiveCommands, NonInteractiveCommands, Port; any other one is not known to an agent. */
  sessionType: string;
  inputs: SessionInputs;
  /** As the document has them; undefined when it has none. */
  parameters: unknown;
  properties: unknown;
}

/** What starts a session on an agent. There is no answer to it. */
export interface InteractiveShell {
  taskId: string;
  topic: string;
  sessionId: string;
  documentName: string;
  /** ARN of the person. */
  sessionOwner: string;
  runAsUser: string;
  /** A single text on the wire becomes a list of one. */
  parameters: ReadonlyMap<string, readonly string[]>;
  documentContent: SessionDocument;
}

/** The real service's topic is not known for certain; agents do not look at it. */
export const INTERACTIVE_SHELL_TOPIC = "aws.ssm.startSession";

/** Input for a document: what is left out has its zero value, as in a document that does not mention it. */
export type SessionDocumentInput = Partial<Omit<SessionDocument, "inputs">> & {
  sessionType: string;
  inputs?: Partial<SessionInputs>;
};

export function buildInteractiveShell(
  shell: Pick<InteractiveShell, "sessionId" | "documentName" | "sessionOwner"> &
    Partial<Pick<InteractiveShell, "taskId" | "topic" | "runAsUser">> & {
      /** A real agent puts a value where its placeholder stands alone: it must be text where the document wants text. */
      parameters?: ReadonlyMap<string, string | readonly string[]>;
      documentContent: SessionDocumentInput;
    },
): Uint8Array {
  const { documentContent: document } = shell;
  const content = {
    RunAsUser: shell.runAsUser ?? "",
    Parameters: Object.fromEntries(shell.parameters ?? []),
    DocumentContent: {
      schemaVersion: document.schemaVersion ?? "1.0",
      description: document.description ?? "",
      sessionType: document.sessionType,
      ...(document.parameters === undefined ? {} : { parameters: document.parameters }),
      inputs: { ...NO_INPUTS, ...document.inputs },
      ...(document.properties === undefined ? {} : { properties: document.properties }),
    },
    SessionId: shell.sessionId,
    DocumentName: shell.documentName,
    SessionOwner: shell.sessionOwner,
  };
  // Lower-case envelope keys, as the real service writes them.
  return json({
    schemaVersion: 1,
    taskId: shell.taskId ?? shell.sessionId,
    topic: shell.topic ?? INTERACTIVE_SHELL_TOPIC,
    content: JSON.stringify(content),
  });
}

export function readInteractiveShell(payload: Uint8Array): InteractiveShell | undefined {
  return readFields(payload, (envelope) => {
    const content = parseFields(envelope.text("Content"));
    if (!content) return undefined;
    const document = content.object("DocumentContent");
    const inputs = document.object("inputs");
    const shellProfile = inputs.object("shellProfile");
    const parameters = readParameters(content.any("Parameters"));
    const shell = {
      taskId: envelope.text("TaskId"),
      topic: envelope.text("Topic"),
      sessionId: content.text("SessionId"),
      documentName: content.text("DocumentName"),
      sessionOwner: content.text("SessionOwner"),
      runAsUser: content.text("RunAsUser"),
      documentContent: {
        schemaVersion: document.text("schemaVersion"),
        description: document.text("description"),
        sessionType: document.text("sessionType"),
        inputs: {
          ...readInputs(inputs),
          shellProfile: { linux: shellProfile.text("linux"), windows: shellProfile.text("windows") },
        },
        parameters: document.any("parameters"),
        properties: document.any("properties"),
      },
    };
    const mistyped = [content, document, inputs, shellProfile].some((fields) => fields.isMistyped);
    return mistyped || !parameters ? undefined : { ...shell, parameters };
  });
}

const NO_INPUTS: SessionInputs = {
  kmsKeyId: "",
  runAsEnabled: false,
  runAsDefaultUser: "",
  idleSessionTimeout: "",
  maxSessionDuration: "",
  s3BucketName: "",
  s3KeyPrefix: "",
  s3EncryptionEnabled: false,
  cloudWatchLogGroupName: "",
  cloudWatchEncryptionEnabled: false,
  cloudWatchStreamingEnabled: false,
  shellProfile: { linux: "", windows: "" },
};

function readInputs(inputs: JsonFields): Omit<SessionInputs, "shellProfile"> {
  return {
    kmsKeyId: inputs.text("kmsKeyId"),
    runAsEnabled: inputs.booleanOrText("runAsEnabled"),
    runAsDefaultUser: inputs.text("runAsDefaultUser"),
    idleSessionTimeout: inputs.textOrNumber("idleSessionTimeout"),
    maxSessionDuration: inputs.textOrNumber("maxSessionDuration"),
    s3BucketName: inputs.text("s3BucketName"),
    s3KeyPrefix: inputs.text("s3KeyPrefix"),
    s3EncryptionEnabled: inputs.booleanOrText("s3EncryptionEnabled"),
    cloudWatchLogGroupName: inputs.text("cloudWatchLogGroupName"),
    cloudWatchEncryptionEnabled: inputs.booleanOrText("cloudWatchEncryptionEnabled"),
    cloudWatchStreamingEnabled: inputs.booleanOrText("cloudWatchStreamingEnabled"),
  };
}

/** Names are kept as written: the documents' own placeholders are case-sensitive. */
function readParameters(value: unknown): Map<string, readonly string[]> | undefined {
  if (value === undefined) return new Map();
  if (!isJsonObject(value)) return undefined;
  const parameters = new Map<string, readonly string[]>();
  for (const [name, entry] of Object.entries(value)) {
    const list = typeof entry === "string" ? [entry] : entry;
    if (!Array.isArray(list) || !list.every((text) => typeof text === "string")) return undefined;
    parameters.set(name, list);
  }
  return parameters;
}

export interface AgentTaskComplete {
  /** The session id. */
  taskId: string;
  /** "Success", "Failed", "Cancelled", … */
  finalTaskStatus: string;
  instanceId: string;
  /** Why it failed, for the person; "" on success. */
  output: string;
  /** 1, 2, 3: the agent sends three times without an acknowledgement. */
  retryNumber: number;
}

export function buildAgentTaskComplete(complete: AgentTaskComplete): Uint8Array {
  return json({
    SchemaVersion: 1,
    TaskId: complete.taskId,
    Topic: MESSAGE_TYPE.agentTaskComplete,
    FinalTaskStatus: complete.finalTaskStatus,
    IsRoutingFailure: false,
    AwsAccountId: "",
    InstanceId: complete.instanceId,
    Output: complete.output,
    S3Bucket: "",
    S3UrlSuffix: "",
    CwlGroup: "",
    CwlStream: "",
    RetryNumber: complete.retryNumber,
  });
}

export function readAgentTaskComplete(payload: Uint8Array): AgentTaskComplete | undefined {
  return readFields(payload, (fields) => ({
    taskId: fields.text("TaskId"),
    finalTaskStatus: fields.text("FinalTaskStatus"),
    instanceId: fields.text("InstanceId"),
    output: fields.text("Output"),
    retryNumber: fields.integer("RetryNumber", -INT64_MAX, INT64_MAX),
  }));
}

export interface AgentTaskAcknowledge {
  /** The message id of the agent_task_complete frame. */
  messageId: string;
  /** The session id. */
  taskId: string;
}

export function buildAgentTaskAcknowledge(acknowledge: AgentTaskAcknowledge): Uint8Array {
  return json({
    SchemaVersion: 1,
    MessageId: acknowledge.messageId,
    TaskId: acknowledge.taskId,
    Topic: MESSAGE_TYPE.agentTaskComplete,
  });
}

export function readAgentTaskAcknowledge(payload: Uint8Array): AgentTaskAcknowledge | undefined {
  return readFields(payload, (fields) => ({ messageId: fields.text("MessageId"), taskId: fields.text("TaskId") }));
}
