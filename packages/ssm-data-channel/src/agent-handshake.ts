// The agent's side of the handshake: what it asks, and how it judges the answers (data-channel.md §7, §8). No transport, no time.
import { base64Encode } from "./base64.ts";
import type { ChannelHost } from "./channel-host.ts";
import { countingNonces, DATA_KEY_BYTES, encryptionContext, NONCE_BYTES, SessionCipher } from "./encryption.ts";
import {
  ACTION_STATUS,
  ACTION_TYPE,
  buildEncChallenge,
  buildHandshakeComplete,
  buildHandshakeRequest,
  readEncChallenge,
  readHandshakeResponse,
} from "./handshake-payloads.ts";

/** Of the text in the request; agents since 2023 (§7.1). */
const CONTEXT_CHALLENGE_BYTES = 16;
/** Of what the client must seal with its half of the key (§8.6). */
const ENCRYPTION_CHALLENGE_BYTES = 64;
const ENCRYPTED_MESSAGE = "This session is encrypted using AWS KMS.";

export interface AgentSession {
  sessionId: string;
  instanceId: string;
  agentVersion: string;
  sessionType: string;
  /** The document's properties: told to the client of a Port session. */
  properties?: unknown;
  kmsKeyId?: string;
}

export type ResponseVerdict =
  | { kind: "failed"; text: string }
  | { kind: "agreed" }
  | {
      kind: "data_key_wanted";
      kmsKeyId: string;
      ciphertextBlob: Uint8Array;
      encryptionContext: Record<string, string>;
    };

export class AgentHandshake {
  readonly #session: AgentSession;
  readonly #host: ChannelHost;
  readonly #contextChallenge: string;
  #clientVersion: string | undefined;
  #cipher: SessionCipher | undefined;
  #challenge: Uint8Array | undefined;

  constructor(session: AgentSession, host: ChannelHost) {
    this.#session = session;
    this.#host = host;
    this.#contextChallenge = this.#encrypts ? base64Encode(host.randomBytes(CONTEXT_CHALLENGE_BYTES)) : "";
  }

  /** A shell without KMS has none: its first message is output (§7.1). */
  get isNeeded(): boolean {
    const { sessionType } = this.#session;
    return sessionType === "NonInteractiveCommands" || sessionType === "Port" || this.#encrypts;
  }

  get clientVersion(): string | undefined {
    return this.#clientVersion;
  }

  /** Undefined as long as nothing is to be encrypted. */
  get cipher(): SessionCipher | undefined {
    return this.#cipher;
  }

  request(): Uint8Array {
    const { agentVersion, sessionType, properties, kmsKeyId = "" } = this.#session;
    return buildHandshakeRequest({
      agentVersion,
      sessionType,
      ...(sessionType === "Port" ? { properties } : {}),
      ...(this.#encrypts ? { kms: { kmsKeyId, challenge: this.#contextChallenge } } : {}),
    });
  }

  handleResponse(payload: Uint8Array): ResponseVerdict {
    const response = readHandshakeResponse(payload);
    if (response === undefined) return { kind: "failed", text: "The handshake response cannot be read." };
    this.#clientVersion = response.clientVersion;
    for (const { actionType, actionStatus, error } of response.processedClientActions) {
      if (actionStatus === ACTION_STATUS.success) continue;
      return { kind: "failed", text: `${actionType} failed on client with status ${actionStatus} error: ${error}` };
    }
    if (!this.#encrypts) return { kind: "agreed" };
    const action = response.processedClientActions.find(({ actionType }) => actionType === ACTION_TYPE.kmsEncryption);
    if (action?.kms === undefined || action.kms.cipherTextKey.length === 0)
      return { kind: "failed", text: "The client did not send an encryption key." };
    const { sessionId, instanceId, kmsKeyId = "" } = this.#session;
    const challenge = action.kms.challengeAcknowledgement ? this.#contextChallenge : undefined;
    return {
      kind: "data_key_wanted",
      kmsKeyId,
      ciphertextBlob: action.kms.cipherTextKey,
      encryptionContext: encryptionContext(sessionId, instanceId, challenge),
    };
  }

  /** @returns the challenge to send, or undefined when this is no data key */
  handleDataKey(dataKey: Uint8Array): Uint8Array | undefined {
    const { aesGcm } = this.#host;
    if (aesGcm === undefined || dataKey.length !== DATA_KEY_BYTES) return undefined;
    const nonces = countingNonces(this.#host.randomBytes(NONCE_BYTES));
    this.#cipher = new SessionCipher("agent", dataKey, aesGcm, nonces);
    this.#challenge = this.#host.randomBytes(ENCRYPTION_CHALLENGE_BYTES);
    return buildEncChallenge(this.#cipher.seal(this.#challenge));
  }

  /** @returns whether the client sealed our challenge with its half of the key */
  isChallengeMet(payload: Uint8Array): boolean {
    const sealed = readEncChallenge(payload);
    const answer = sealed && this.#cipher?.open(sealed);
    const challenge = this.#challenge;
    return (
      answer !== undefined &&
      challenge !== undefined &&
      answer.length === challenge.length &&
      answer.every((byte, index) => byte === challenge[index])
    );
  }

  complete(handshakeMs: number): Uint8Array {
    return buildHandshakeComplete({
      handshakeTimeToCompleteNs: handshakeMs * 1_000_000,
      customerMessage: this.#encrypts ? ENCRYPTED_MESSAGE : "",
    });
  }

  /** Port sessions never do, whatever the document says. */
  get #encrypts(): boolean {
    return this.#session.sessionType !== "Port" && (this.#session.kmsKeyId ?? "") !== "";
  }
}
