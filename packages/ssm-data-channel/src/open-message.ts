/**
 * The first message on a new socket: text, holds the token, gets no reply (data-channel.md §2.3, §13.2, §13.3).
 * Its text is a secret: it must not reach a log.
 */
import { readFields } from "./payloads.ts";

const MESSAGE_SCHEMA_VERSION = "1.0";

export interface OpenMessage {
  messageSchemaVersion: string;
  /** A fresh UUID each time a socket is opened. */
  requestId: string;
  tokenValue: string;
  /** Client: one UUID per process, "" when left out as some clients do. Agent: always "". */
  clientId: string;
  /** Clients only; older ones leave it out. */
  clientVersion: string;
  /** Agents only, on a data channel: the instance. */
  clientInstanceId: string;
  /** Agents only, on a control channel. */
  agentVersion: string;
  /** Agents only, on a control channel: "linux". */
  platformType: string;
}

/** What a client says first on a data channel. */
export function buildClientOpenMessage(
  open: Pick<OpenMessage, "requestId" | "tokenValue" | "clientId" | "clientVersion">,
): string {
  return JSON.stringify({
    MessageSchemaVersion: MESSAGE_SCHEMA_VERSION,
    RequestId: open.requestId,
    TokenValue: open.tokenValue,
    ClientId: open.clientId,
    ClientVersion: open.clientVersion,
  });
}

/** What an agent says first on a data channel. */
export function buildAgentOpenMessage(
  open: Pick<OpenMessage, "requestId" | "tokenValue" | "clientInstanceId">,
): string {
  return JSON.stringify({
    MessageSchemaVersion: MESSAGE_SCHEMA_VERSION,
    RequestId: open.requestId,
    TokenValue: open.tokenValue,
    ClientInstanceId: open.clientInstanceId,
    ClientId: "",
  });
}

/** What an agent says first on its control channel. */
export function buildAgentControlOpenMessage(
  open: Pick<OpenMessage, "requestId" | "tokenValue" | "agentVersion" | "platformType">,
): string {
  return JSON.stringify({
    Cookie: null,
    MessageSchemaVersion: MESSAGE_SCHEMA_VERSION,
    RequestId: open.requestId,
    TokenValue: open.tokenValue,
    AgentVersion: open.agentVersion,
    PlatformType: open.platformType,
  });
}

/** Reads any of the three; what is missing is "". @returns undefined when it is no JSON object */
export function readOpenMessage(source: Uint8Array | string): OpenMessage | undefined {
  return readFields(source, (fields) => ({
    messageSchemaVersion: fields.text("MessageSchemaVersion"),
    requestId: fields.text("RequestId"),
    tokenValue: fields.text("TokenValue"),
    clientId: fields.text("ClientId"),
    clientVersion: fields.text("ClientVersion"),
    clientInstanceId: fields.text("ClientInstanceId"),
    agentVersion: fields.text("AgentVersion"),
    platformType: fields.text("PlatformType"),
  }));
}
