// The client's side of the handshake: what to answer to what the agent asks (data-channel.md §7, §8). No transport, no time.
// It answers each question once: the real agent never reads again after a second answer (§16.2, 3).
import { encryptionContext } from "./encryption.ts";
import {
  ACTION_STATUS,
  buildHandshakeResponse,
  type HandshakeRequest,
  type ProcessedAction,
  type RequestedAction,
  readHandshakeRequest,
} from "./handshake-payloads.ts";

/** Session types whose far end this client knows how to serve. Source: §7.2. */
const KNOWN_SESSION_TYPES = ["Standard_Stream", "InteractiveCommands", "NonInteractiveCommands", "Port"];

/** What a restart must know of the handshake; plain data. */
export interface HandshakeProgress {
  /** The agent's request as it came; undefined before it, or when there is no handshake. */
  request: Uint8Array | undefined;
  responded: boolean;
  challengeAnswered: boolean;
}

export interface WantedDataKey {
  kmsKeyId: string;
  encryptionContext: Record<string, string>;
}

/** What KMS said: the data key's cipher text, or why there is none. */
export type DataKeyAnswer = { ciphertextBlob: Uint8Array } | { refused: string };

export class ClientHandshake {
  readonly #identity: { sessionId: string; targetId: string; clientVersion: string; hasCipher: boolean };
  #progress: HandshakeProgress = { request: undefined, responded: false, challengeAnswered: false };
  #request: HandshakeRequest | undefined;

  constructor(
    identity: { sessionId: string; targetId: string; clientVersion: string; hasCipher: boolean },
    progress: HandshakeProgress | undefined,
  ) {
    this.#identity = identity;
    if (progress === undefined) return;
    this.#progress = { ...progress };
    this.#request = progress.request && readHandshakeRequest(progress.request);
  }

  /** @returns false when nobody can read it; a second request changes nothing */
  handleRequest(payload: Uint8Array): boolean {
    if (this.#progress.request !== undefined) return true;
    this.#request = readHandshakeRequest(payload);
    if (this.#request === undefined) return false;
    this.#progress.request = payload.slice();
    return true;
  }

  /** The data key without which the request cannot be answered; undefined when none is needed (any more). */
  get wantedDataKey(): WantedDataKey | undefined {
    const kms = this.#kmsAction;
    if (kms === undefined || this.#progress.responded || !this.#identity.hasCipher) return undefined;
    const { sessionId, targetId } = this.#identity;
    return {
      kmsKeyId: kms.kmsKeyId,
      encryptionContext: encryptionContext(sessionId, targetId, kms.challenge || undefined),
    };
  }

  /**
   * The answer, once; undefined before the request and when it was given already.
   * @param dataKey undefined when none was wanted
   */
  takeResponse(dataKey: DataKeyAnswer | undefined): Uint8Array | undefined {
    if (this.#request === undefined || this.#progress.responded) return undefined;
    this.#progress.responded = true;
    const processed = this.#request.requestedClientActions.map((action) => this.#process(action, dataKey));
    return buildHandshakeResponse({
      clientVersion: this.#identity.clientVersion,
      processedClientActions: processed,
      errors: processed.map((action) => action.error).filter((error) => error !== ""),
    });
  }

  /** @returns true the first time: then the challenge is to be answered */
  takeChallenge(): boolean {
    if (this.#progress.challengeAnswered) return false;
    this.#progress.challengeAnswered = true;
    return true;
  }

  get hasResponded(): boolean {
    return this.#progress.responded;
  }

  get wantsEncryption(): boolean {
    return this.#kmsAction !== undefined;
  }

  get agentVersion(): string | undefined {
    return this.#request?.agentVersion;
  }

  /** Undefined without a handshake, and when the agent asked for a type this client does not know. */
  get sessionType(): string | undefined {
    const action = this.#request?.requestedClientActions.find((requested) => requested.kind === "session_type");
    return action && KNOWN_SESSION_TYPES.includes(action.sessionType) ? action.sessionType : undefined;
  }

  get progress(): HandshakeProgress {
    return { ...this.#progress };
  }

  get #kmsAction(): { kmsKeyId: string; challenge: string } | undefined {
    return this.#request?.requestedClientActions.find((action) => action.kind === "kms_encryption");
  }

  #process(action: RequestedAction, dataKey: DataKeyAnswer | undefined): ProcessedAction {
    const { actionType } = action;
    const failed = (text: string): ProcessedAction => ({
      actionType,
      actionStatus: ACTION_STATUS.failed,
      error: `Failed to process action ${actionType}: ${text}`,
    });
    switch (action.kind) {
      case "session_type":
        if (this.sessionType === action.sessionType) return success(actionType);
        return failed(`Unknown session type ${action.sessionType}`);
      case "kms_encryption":
        if (dataKey === undefined) return failed("this client cannot encrypt");
        if ("refused" in dataKey) return failed(dataKey.refused);
        return {
          ...success(actionType),
          kms: { cipherTextKey: dataKey.ciphertextBlob, challengeAcknowledgement: action.challenge !== "" },
        };
      case "malformed":
        return failed("its parameters cannot be read");
      case "unknown":
        // The reference client writes this status into another field by mistake and leaves this one 0 (§16.1, 6).
        return { actionType, actionStatus: ACTION_STATUS.unsupported, error: `Unsupported action ${actionType}` };
    }
  }
}

function success(actionType: string): ProcessedAction {
  return { actionType, actionStatus: ACTION_STATUS.success, error: "" };
}
