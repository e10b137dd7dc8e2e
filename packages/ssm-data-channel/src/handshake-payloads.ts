/**
 * The JSON of the handshake and of the encryption challenge: payload types 5 to 9 (data-channel.md §7, §8).
 * Builders write, readers read; what an answer means is decided by the channels.
 */
import { base64Encode } from "./base64.ts";
import { isJsonObject, JsonFields } from "./json-fields.ts";
import { json, readFields } from "./payloads.ts";

/** ActionType of a requested action; a client answers any other one with `unsupported`. */
export const ACTION_TYPE = { sessionType: "SessionType", kmsEncryption: "KMSEncryption" } as const;
export const ACTION_STATUS = { success: 1, failed: 2, unsupported: 3 } as const;

const INT64_MAX = 2 ** 63;

/** What an agent asks of a client. "malformed": an action we know, with parameters nobody can read. */
export type RequestedAction =
  | { kind: "session_type"; actionType: "SessionType"; sessionType: string; properties: unknown }
  | {
      kind: "kms_encryption";
      actionType: "KMSEncryption";
      kmsKeyId: string;
      /** Base64 text, used as text in the encryption context (§8.3); "" from agents before 2023. */
      challenge: string;
    }
  | { kind: "unknown" | "malformed"; actionType: string };

export interface HandshakeRequest {
  agentVersion: string;
  requestedClientActions: RequestedAction[];
}

/** @param kms leave out when the session is not encrypted */
export function buildHandshakeRequest(request: {
  agentVersion: string;
  sessionType: string;
  /** The document's properties for Port, else left out. */
  properties?: unknown;
  /** `challenge`: base64 text of 16 random bytes; agents before 2023 leave it out. */
  kms?: { kmsKeyId: string; challenge?: string };
}): Uint8Array {
  const actions: unknown[] = [
    {
      ActionType: ACTION_TYPE.sessionType,
      ActionParameters: { SessionType: request.sessionType, Properties: request.properties ?? null },
    },
  ];
  if (request.kms)
    actions.push({
      ActionType: ACTION_TYPE.kmsEncryption,
      ActionParameters: { KMSKeyId: request.kms.kmsKeyId, Challenge: request.kms.challenge },
    });
  return json({ AgentVersion: request.agentVersion, RequestedClientActions: actions });
}

export function readHandshakeRequest(payload: Uint8Array): HandshakeRequest | undefined {
  return readFields(payload, (fields) => {
    const requestedClientActions = readAll(fields.list("RequestedClientActions"), readRequestedAction);
    return requestedClientActions && { agentVersion: fields.text("AgentVersion"), requestedClientActions };
  });
}

function readRequestedAction(action: JsonFields): RequestedAction | undefined {
  const actionType = action.text("ActionType");
  if (action.isMistyped) return undefined;
  if (actionType === ACTION_TYPE.sessionType) {
    const parameters = action.object("ActionParameters");
    const sessionType = parameters.text("SessionType");
    const properties = parameters.any("Properties") ?? null;
    if (!parameters.isMistyped && !action.isMistyped)
      return { kind: "session_type", actionType, sessionType, properties };
    return { kind: "malformed", actionType };
  }
  if (actionType === ACTION_TYPE.kmsEncryption) {
    const parameters = action.object("ActionParameters");
    const kmsKeyId = parameters.text("KMSKeyId");
    const challenge = parameters.text("Challenge");
    if (!parameters.isMistyped && !action.isMistyped)
      return { kind: "kms_encryption", actionType, kmsKeyId, challenge };
    return { kind: "malformed", actionType };
  }
  return { kind: "unknown", actionType };
}

/** A client's answer to one requested action. */
export interface ProcessedAction {
  actionType: string;
  /** One of ACTION_STATUS. */
  actionStatus: number;
  /** Only for a KMSEncryption that succeeded. */
  kms?: { cipherTextKey: Uint8Array; challengeAcknowledgement: boolean };
  /** "" on success. */
  error: string;
}

export interface HandshakeResponse {
  clientVersion: string;
  /** One per requested action, in the same order. */
  processedClientActions: ProcessedAction[];
  /** What went wrong; usually empty, which is `null` on the wire. */
  errors: string[];
}

export function buildHandshakeResponse(response: HandshakeResponse): Uint8Array {
  return json({
    ClientVersion: response.clientVersion,
    ProcessedClientActions: response.processedClientActions.map(({ actionType, actionStatus, kms, error }) => ({
      ActionType: actionType,
      ActionStatus: actionStatus,
      ActionResult: kms
        ? {
            KMSCipherTextKey: base64Encode(kms.cipherTextKey),
            KMSCipherTextHash: null,
            ...(kms.challengeAcknowledgement ? { ChallengeAcknowledgement: true } : {}),
          }
        : null,
      Error: error,
    })),
    Errors: response.errors.length > 0 ? response.errors : null,
  });
}

export function readHandshakeResponse(payload: Uint8Array): HandshakeResponse | undefined {
  return readFields(payload, (fields) => {
    const processedClientActions = readAll(fields.list("ProcessedClientActions"), readProcessedAction);
    return (
      processedClientActions && {
        clientVersion: fields.text("ClientVersion"),
        processedClientActions,
        errors: fields.textList("Errors"),
      }
    );
  });
}

function readProcessedAction(action: JsonFields): ProcessedAction | undefined {
  const processed: ProcessedAction = {
    actionType: action.text("ActionType"),
    actionStatus: action.integer("ActionStatus", -INT64_MAX, INT64_MAX),
    error: action.text("Error"),
  };
  // ActionResult is raw JSON to the agent: the plugin puts the number 3 there for an action it does not know (§7.2).
  const result = action.any("ActionResult");
  if (processed.actionType === ACTION_TYPE.kmsEncryption && isJsonObject(result)) {
    const kms = new JsonFields(result);
    processed.kms = {
      cipherTextKey: kms.bytes("KMSCipherTextKey"),
      challengeAcknowledgement: kms.boolean("ChallengeAcknowledgement"),
    };
    if (kms.isMistyped) return undefined;
  }
  return action.isMistyped ? undefined : processed;
}

export interface HandshakeComplete {
  /** Nanoseconds, unlike every other time of this protocol. */
  handshakeTimeToCompleteNs: number;
  /** Shown to the person when not empty. */
  customerMessage: string;
}

export function buildHandshakeComplete(complete: HandshakeComplete): Uint8Array {
  return json({
    HandshakeTimeToComplete: Math.round(complete.handshakeTimeToCompleteNs),
    CustomerMessage: complete.customerMessage,
  });
}

export function readHandshakeComplete(payload: Uint8Array): HandshakeComplete | undefined {
  return readFields(payload, (fields) => ({
    handshakeTimeToCompleteNs: fields.integer("HandshakeTimeToComplete", -INT64_MAX, INT64_MAX),
    customerMessage: fields.text("CustomerMessage"),
  }));
}

/** The encryption challenge, request and response alike (payload types 8 and 9). @param challenge cipher text, 92 bytes (§8.6) */
export function buildEncChallenge(challenge: Uint8Array): Uint8Array {
  return json({ Challenge: base64Encode(challenge) });
}

/** @returns the cipher text of the challenge */
export function readEncChallenge(payload: Uint8Array): Uint8Array | undefined {
  return readFields(payload, (fields) => fields.bytes("Challenge"));
}

/** Reads every object of a list; undefined as soon as one is no object or cannot be read. `null` is an empty object. */
function readAll<T>(list: readonly unknown[], read: (fields: JsonFields) => T | undefined): T[] | undefined {
  const results: T[] = [];
  for (const entry of list) {
    if (entry !== null && !isJsonObject(entry)) return undefined;
    const result = read(new JsonFields(entry ?? {}));
    if (result === undefined) return undefined;
    results.push(result);
  }
  return results;
}
