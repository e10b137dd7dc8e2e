// The client's side of the handshake, and the cipher that comes of it (data-channel.md §7, §8). No transport, no time.
// It answers each question once: the real agent never reads again after a second answer (§16.2, 3).
import type { ChannelHost } from "./channel-host.ts";
import type { ClientChannelFailure } from "./client-channel-events.ts";
import { DATA_KEY_BYTES, encryptionContext, isSealedByAgent, randomNonces, SessionCipher } from "./encryption.ts";
import {
  ACTION_STATUS,
  buildEncChallenge,
  buildHandshakeResponse,
  type HandshakeRequest,
  type ProcessedAction,
  type RequestedAction,
  readEncChallenge,
  readHandshakeComplete,
  readHandshakeRequest,
} from "./handshake-payloads.ts";
import { PAYLOAD_TYPE } from "./payloads.ts";

/** Session types whose far end this client knows how to serve. Source: §7.2. */
const KNOWN_SESSION_TYPES = ["Standard_Stream", "InteractiveCommands", "NonInteractiveCommands", "Port"];

/** What a restart must know of the handshake; plain data. */
export interface HandshakeProgress {
  /** The agent's request as it came; undefined before it, or when there is no handshake. */
  request: Uint8Array | undefined;
  responded: boolean;
  challengeAnswered: boolean;
}

export interface HandshakeFailure {
  kind: "failed";
  code: ClientChannelFailure;
  detail: string;
}

export type HandshakeStep =
  /** The agent asks: answer it, or get the data key first. */
  | { kind: "requested" }
  | { kind: "answer"; payloadType: number; payload: Uint8Array }
  | { kind: "completed"; customerMessage: string }
  /** Said before: nothing to do. */
  | { kind: "repeated" }
  | HandshakeFailure;

/** What KMS said: the data key's cipher text, or why there is none. */
type DataKeyAnswer = { ciphertextBlob: Uint8Array } | { refused: string };

export interface HandshakeIdentity {
  sessionId: string;
  targetId: string;
  clientVersion: string;
  host: ChannelHost;
}

export class ClientHandshake {
  readonly #identity: HandshakeIdentity;
  #progress: HandshakeProgress = { request: undefined, responded: false, challengeAnswered: false };
  #request: HandshakeRequest | undefined;
  #dataKey: Uint8Array | undefined;
  #cipher: SessionCipher | undefined;

  /** @param resumeFrom what an earlier process left of it */
  constructor(
    identity: HandshakeIdentity,
    resumeFrom?: { handshake: HandshakeProgress; dataKey: Uint8Array | undefined },
  ) {
    this.#identity = identity;
    if (resumeFrom === undefined) return;
    this.#progress = { ...resumeFrom.handshake };
    this.#request = this.#progress.request && readHandshakeRequest(this.#progress.request);
    if (resumeFrom.dataKey) this.#setDataKey(resumeFrom.dataKey);
  }

  /** A handshake message of the agent, each exactly once and in order. */
  handle(payloadType: number, payload: Uint8Array): HandshakeStep {
    if (payloadType === PAYLOAD_TYPE.handshakeRequest) return this.#handleRequest(payload);
    if (payloadType === PAYLOAD_TYPE.encChallengeRequest) return this.#handleChallenge(payload);
    return this.#handleComplete(payload);
  }

  /** The data key without which the request cannot be answered; undefined when none is needed (any more). */
  get wantedDataKey(): { kmsKeyId: string; encryptionContext: Record<string, string> } | undefined {
    const kms = this.#kmsAction;
    const { sessionId, targetId, host } = this.#identity;
    if (kms === undefined || this.#progress.responded || host.aesGcm === undefined) return undefined;
    const challenge = kms.challenge || undefined;
    return { kmsKeyId: kms.kmsKeyId, encryptionContext: encryptionContext(sessionId, targetId, challenge) };
  }

  /** The answer to a request that needs no data key, or whose key the agent will have to do without. */
  respond(): HandshakeStep {
    return this.#respond(undefined);
  }

  /** The wanted data key is there. */
  respondWithDataKey(plaintext: Uint8Array, ciphertextBlob: Uint8Array): HandshakeStep {
    this.#setDataKey(plaintext);
    return this.#respond({ ciphertextBlob: ciphertextBlob.slice() });
  }

  /** There will be no data key. */
  refuse(reason: string): HandshakeStep {
    return this.#respond({ refused: reason });
  }

  /** @returns input as it goes on the wire; the agent seals more types, the client this one alone (§8.5) */
  sealInput(bytes: Uint8Array): Uint8Array {
    return this.#cipher?.seal(bytes) ?? bytes.slice();
  }

  /** @returns output as the process wrote it */
  openOutput(payloadType: number, payload: Uint8Array): Uint8Array | HandshakeFailure {
    if (this.#kmsAction === undefined || !isSealedByAgent(payloadType)) return payload;
    if (this.#cipher === undefined)
      return failure("PROTOCOL_VIOLATION", "output of an encrypted session came before its key was agreed");
    const notSealed = `a message of ${payload.length} bytes is not sealed with the session's key`;
    return this.#cipher.open(payload) ?? failure("DECRYPTION_FAILED", notSealed);
  }

  get hasResponded(): boolean {
    return this.#progress.responded;
  }

  get isEncrypted(): boolean {
    return this.#cipher !== undefined;
  }

  get agentVersion(): string | undefined {
    return this.#request?.agentVersion;
  }

  /** Undefined without a handshake, and when the agent asked for a type this client does not know. */
  get sessionType(): string | undefined {
    const action = this.#request?.requestedClientActions.find((requested) => requested.kind === "session_type");
    return action && KNOWN_SESSION_TYPES.includes(action.sessionType) ? action.sessionType : undefined;
  }

  exportState(): { handshake: HandshakeProgress; dataKey: Uint8Array | undefined } {
    return { handshake: { ...this.#progress }, dataKey: this.#dataKey };
  }

  #handleRequest(payload: Uint8Array): HandshakeStep {
    if (this.#progress.request !== undefined) return { kind: "repeated" };
    this.#request = readHandshakeRequest(payload);
    if (this.#request === undefined) return failure("HANDSHAKE_FAILED", "the agent's handshake request cannot be read");
    this.#progress.request = payload.slice();
    return { kind: "requested" };
  }

  #handleChallenge(payload: Uint8Array): HandshakeStep {
    if (this.#cipher === undefined || !this.#progress.responded)
      return failure("PROTOCOL_VIOLATION", "an encryption challenge came before a key was agreed");
    if (this.#progress.challengeAnswered) return { kind: "repeated" };
    const sealed = readEncChallenge(payload);
    if (sealed === undefined) return failure("HANDSHAKE_FAILED", "the agent's encryption challenge cannot be read");
    const challenge = this.#cipher.open(sealed);
    if (challenge === undefined)
      return failure("DECRYPTION_FAILED", "the agent's encryption challenge is not sealed with the session's key");
    this.#progress.challengeAnswered = true;
    const answer = buildEncChallenge(this.#cipher.seal(challenge));
    return { kind: "answer", payloadType: PAYLOAD_TYPE.encChallengeResponse, payload: answer };
  }

  #handleComplete(payload: Uint8Array): HandshakeStep {
    if (!this.#progress.responded)
      return failure("PROTOCOL_VIOLATION", "the agent ended a handshake that was not answered");
    const complete = readHandshakeComplete(payload);
    if (complete === undefined) return failure("HANDSHAKE_FAILED", "the agent's end of the handshake cannot be read");
    if (this.sessionType === undefined)
      return failure("HANDSHAKE_FAILED", "the agent did not ask for a session type this client knows");
    return { kind: "completed", customerMessage: complete.customerMessage };
  }

  #respond(dataKey: DataKeyAnswer | undefined): HandshakeStep {
    if (this.#request === undefined || this.#progress.responded) return { kind: "repeated" };
    this.#progress.responded = true;
    const processed = this.#request.requestedClientActions.map((action) => this.#process(action, dataKey));
    const payload = buildHandshakeResponse({
      clientVersion: this.#identity.clientVersion,
      processedClientActions: processed,
      errors: processed.map((action) => action.error).filter((error) => error !== ""),
    });
    return { kind: "answer", payloadType: PAYLOAD_TYPE.handshakeResponse, payload };
  }

  #process(action: RequestedAction, dataKey: DataKeyAnswer | undefined): ProcessedAction {
    const { actionType } = action;
    const failed = (text: string): ProcessedAction => ({
      actionType,
      actionStatus: ACTION_STATUS.failed,
      error: `Failed to process action ${actionType}: ${text}`,
    });
    const succeeded = { actionType, actionStatus: ACTION_STATUS.success, error: "" };
    switch (action.kind) {
      case "session_type":
        if (KNOWN_SESSION_TYPES.includes(action.sessionType)) return succeeded;
        return failed(`Unknown session type ${action.sessionType}`);
      case "kms_encryption": {
        if (dataKey === undefined) return failed("this client cannot encrypt");
        if ("refused" in dataKey) return failed(dataKey.refused);
        const challengeAcknowledgement = action.challenge !== "";
        return { ...succeeded, kms: { cipherTextKey: dataKey.ciphertextBlob, challengeAcknowledgement } };
      }
      case "malformed":
        return failed("its parameters cannot be read");
      case "unknown":
        // The reference client writes this status into another field by mistake and leaves this one 0 (§16.1, 6).
        return { actionType, actionStatus: ACTION_STATUS.unsupported, error: `Unsupported action ${actionType}` };
    }
  }

  get #kmsAction(): { kmsKeyId: string; challenge: string } | undefined {
    return this.#request?.requestedClientActions.find((action) => action.kind === "kms_encryption");
  }

  /** @param dataKey of DATA_KEY_BYTES: the caller has looked */
  #setDataKey(dataKey: Uint8Array): void {
    const { host } = this.#identity;
    if (host.aesGcm === undefined || dataKey.length !== DATA_KEY_BYTES) return;
    this.#dataKey = dataKey.slice();
    const nonces = randomNonces((length) => host.randomBytes(length));
    this.#cipher = new SessionCipher("client", this.#dataKey, host.aesGcm, nonces);
  }
}

function failure(code: ClientChannelFailure, detail: string): HandshakeFailure {
  return { kind: "failed", code, detail };
}
