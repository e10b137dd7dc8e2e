/**
 * The calls a real agent makes, signed with the machine's own credentials. Shapes: data-channel.md §13.1, §13.7.
 * It knows HTTP and signatures, nothing of channels.
 */
import { randomUUID } from "node:crypto";
import { type IncomingMessage, request } from "node:http";
import { type SigningCredentials, signRequest } from "../http/sign-request.ts";
import type { FleetInstance } from "./fleet.ts";
import { isRecord } from "./json-record.ts";

/** As the real agent's. */
export const CALL_TIMEOUT_MS = 15_000;
const ANSWER_BYTES_MAX = 64 * 1024;

export interface AgentApiOptions {
  instance: FleetInstance;
  /** http://127.0.0.1:port */
  endpoint: string;
  credentials: SigningCredentials;
  nowMs(): number;
}

/** Any answer but the wanted one. `text` is the answer's body: it reaches the session's output, as with a real agent. */
export class AgentCallError extends Error {
  readonly status: number;
  readonly text: string;
  constructor(call: string, status: number, text: string) {
    super(`${call} answered ${status}`);
    this.name = "AgentCallError";
    this.status = status;
    this.text = text;
  }
}

export class AgentApi {
  readonly #options: AgentApiOptions;

  constructor(options: AgentApiOptions) {
    this.#options = options;
  }

  async updateInstanceInformation(agentVersion: string, signal: AbortSignal): Promise<void> {
    const { instance } = this.#options;
    const { status, text } = await this.#call({
      path: "/",
      service: "ssm",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AmazonSSM.UpdateInstanceInformation",
      },
      body: JSON.stringify({
        InstanceId: instance.id,
        AgentName: "amazon-ssm-agent",
        AgentStatus: "Active",
        AgentVersion: agentVersion,
        PlatformType: "Linux",
        PlatformName: instance.platformName,
        PlatformVersion: instance.platformVersion,
        IPAddress: instance.privateIp,
        ComputerName: instance.name,
      }),
      signal,
    });
    if (status !== 200) throw new AgentCallError("UpdateInstanceInformation", status, text);
  }

  /** @returns the token for the control channel's open message */
  createControlChannel(signal: AbortSignal): Promise<string> {
    return this.#createChannel(`/v1/control-channel/${encodeURIComponent(this.#options.instance.id)}`, {}, signal);
  }

  /** @returns the token for the data channel's open message */
  createDataChannel(sessionId: string, signal: AbortSignal): Promise<string> {
    return this.#createChannel(`/v1/data-channel/${encodeURIComponent(sessionId)}`, { ClientId: "" }, signal);
  }

  /**
   * The plain data key of an encrypted session (data-channel.md §8.1), with the machine's own permission to use the key.
   * @throws AgentCallError with the code and text of KMS
   */
  async decryptDataKey(
    wanted: { kmsKeyId: string; ciphertextBlob: Uint8Array; encryptionContext: Record<string, string> },
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const { status, text } = await this.#call({
      path: "/",
      service: "kms",
      headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": "TrentService.Decrypt" },
      body: JSON.stringify({
        CiphertextBlob: Buffer.from(wanted.ciphertextBlob).toString("base64"),
        KeyId: wanted.kmsKeyId,
        EncryptionContext: wanted.encryptionContext,
      }),
      signal,
    });
    const answer = jsonOf(text);
    if (status === 200 && typeof answer.Plaintext === "string") return Buffer.from(answer.Plaintext, "base64");
    const words = [answer.__type, answer.message].filter((word) => typeof word === "string").join(": ");
    throw new AgentCallError("Decrypt", status, words);
  }

  /** Where the control channel is opened, and the signed headers for it. */
  controlChannelRequest(): { url: string; headers: Record<string, string> } {
    return this.#upgrade(
      `/v1/control-channel/${encodeURIComponent(this.#options.instance.id)}?role=subscribe&stream=input`,
    );
  }

  dataChannelRequest(sessionId: string): { url: string; headers: Record<string, string> } {
    return this.#upgrade(`/v1/data-channel/${encodeURIComponent(sessionId)}?role=publish_subscribe`);
  }

  async #createChannel(path: string, extra: Record<string, string>, signal: AbortSignal): Promise<string> {
    const { status, text } = await this.#call({
      path,
      service: "ssmmessages",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ MessageSchemaVersion: "1.0", RequestId: randomUUID(), ...extra }),
      signal,
    });
    const token = /<TokenValue>([^<]+)<\/TokenValue>/.exec(text)?.[1];
    if (status !== 201 || token === undefined) throw new AgentCallError("CreateChannel", status, text);
    return token;
  }

  #upgrade(path: string): { url: string; headers: Record<string, string> } {
    const url = new URL(path, this.#options.endpoint);
    const headers = this.#sign("GET", url, "ssmmessages", {}, "");
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return { url: url.href, headers };
  }

  #sign(
    method: string,
    url: URL,
    service: string,
    headers: Record<string, string>,
    body: string,
  ): Record<string, string> {
    const { instance, credentials, nowMs } = this.#options;
    return signRequest({ method, url, headers, body, region: instance.region, service }, credentials, nowMs());
  }

  async #call(call: {
    path: string;
    service: string;
    headers: Record<string, string>;
    body: string;
    signal: AbortSignal;
  }): Promise<{ status: number; text: string }> {
    const url = new URL(call.path, this.#options.endpoint);
    const headers = this.#sign("POST", url, call.service, call.headers, call.body);
    const signal = AbortSignal.any([call.signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url, { method: "POST", headers, signal, agent: false }, resolve).on("error", reject).end(call.body);
    });
    return { status: answer.statusCode ?? 0, text: await readText(answer) };
  }
}

/** Whatever answered: an object, or nothing of use. */
function jsonOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let byteCount = 0;
  for await (const chunk of answer) {
    if (!Buffer.isBuffer(chunk)) continue;
    byteCount += chunk.length;
    if (byteCount > ANSWER_BYTES_MAX) {
      answer.destroy();
      break;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
