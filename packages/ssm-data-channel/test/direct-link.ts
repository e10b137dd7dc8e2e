// Joins a client and an agent without loss, for tests of what they say; and helpers that let a reader see the protocol.
import { AgentChannel } from "../src/agent-channel.ts";
import type { AgentChannelEvent, AgentChannelOptions } from "../src/agent-channel-events.ts";
import {
  type AgentMessage,
  type AgentMessageInput,
  decodeAgentMessage,
  encodeAgentMessage,
} from "../src/agent-message.ts";
import type { Transmit } from "../src/channel-host.ts";
import { ClientChannel } from "../src/client-channel.ts";
import type { ClientChannelEvent, ClientChannelOptions } from "../src/client-channel-events.ts";
import { MESSAGE_TYPE } from "../src/message-type.ts";
import { buildAcknowledge } from "../src/payloads.ts";
import { testHost } from "./node-host.ts";

const MESSAGE_ID = "f47ac10b-58cc-4372-a567-0e02b2c3d479";
export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
export const utf8 = (value: string): Uint8Array => new TextEncoder().encode(value);

export function drain<T>(poll: () => T | undefined): T[] {
  const items: T[] = [];
  for (let item = poll(); item !== undefined; item = poll()) items.push(item);
  return items;
}

type Channel = { pollTransmit(): Transmit | undefined };
/** Everything a channel wants to send, in order. */
export const transmitsOf = (channel: Channel): Transmit[] => drain(() => channel.pollTransmit());
/** The same, binary only, as fields. */
export const messagesOf = (channel: Channel): AgentMessage[] =>
  transmitsOf(channel).flatMap((transmit) => (transmit.kind === "binary" ? [fields(transmit.frame)] : []));
/** Stream data only, in short. */
export const streamDataOf = (channel: Channel): { number: number; type: number; body: string }[] =>
  messagesOf(channel).filter(isStreamData).map(brief);
/** The numbers that a channel acknowledges. */
export const acknowledgedBy = (channel: Channel): number[] =>
  messagesOf(channel).filter(isAcknowledge).map(acknowledgedNumber);

export const isStreamData = ({ messageType }: AgentMessage): boolean => messageType.endsWith("_stream_data");
export const isAcknowledge = ({ messageType }: AgentMessage): boolean => messageType === MESSAGE_TYPE.acknowledge;
export const acknowledgedNumber = ({ payload }: AgentMessage): number =>
  JSON.parse(text(payload)).AcknowledgedMessageSequenceNumber;
export const brief = ({ sequenceNumber, payloadType, payload }: AgentMessage) => ({
  number: Number(sequenceNumber),
  type: payloadType,
  body: text(payload),
});

export const clientEvents = (channel: ClientChannel): ClientChannelEvent[] => drain(() => channel.pollEvent());
export const agentEvents = (channel: AgentChannel): AgentChannelEvent[] => drain(() => channel.pollEvent());
export const kinds = (events: readonly { kind: string }[]): string[] => events.map((event) => event.kind);

export function fields(frame: Uint8Array): AgentMessage {
  const decoded = decodeAgentMessage(frame);
  if (!decoded.ok) throw new Error(`a channel made a frame that is rejected: ${decoded.reason}`);
  return decoded.message;
}

/** A frame as the peer would make it. */
export function frame(message: Partial<AgentMessageInput> & { messageType: string }): Uint8Array {
  return encodeAgentMessage({
    createdDate: 1_729_000_000_004,
    sequenceNumber: 0,
    messageId: MESSAGE_ID,
    payload: utf8("{}"),
    ...message,
  });
}

export const output = (sequenceNumber: number | bigint, body: Uint8Array | string, payloadType = 1): Uint8Array =>
  frame({
    messageType: MESSAGE_TYPE.outputStreamData,
    sequenceNumber,
    payloadType,
    payload: typeof body === "string" ? utf8(body) : body,
  });

export const input = (sequenceNumber: number | bigint, body: Uint8Array | string, payloadType = 1): Uint8Array =>
  frame({
    messageType: MESSAGE_TYPE.inputStreamData,
    sequenceNumber,
    payloadType,
    payload: typeof body === "string" ? utf8(body) : body,
  });

export function acknowledgement(
  sequenceNumber: number,
  messageType: string = MESSAGE_TYPE.inputStreamData,
): Uint8Array {
  const payload = buildAcknowledge({ messageType, messageId: MESSAGE_ID, sequenceNumber });
  return frame({ messageType: MESSAGE_TYPE.acknowledge, flags: 3, payload });
}

export function openClient(options: Partial<ClientChannelOptions> = {}): ClientChannel {
  return new ClientChannel({
    sessionId: "dana-0a1b2c3d4e5f60718",
    targetId: "i-0123456789abcdef0",
    clientId: "1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b",
    clientVersion: "1.2.650.0",
    host: testHost(1),
    ...options,
  });
}

export function openAgent(options: Partial<AgentChannelOptions> = {}): AgentChannel {
  return new AgentChannel({
    sessionId: "dana-0a1b2c3d4e5f60718",
    instanceId: "i-0123456789abcdef0",
    agentVersion: "3.3.987.0",
    sessionType: "Standard_Stream",
    host: testHost(2),
    ...options,
  });
}

/** A client whose shell has shown its prompt as message 0; everything up to there is polled. */
export function runningShell(options: Partial<ClientChannelOptions> = {}): ClientChannel {
  const client = openClient(options);
  client.handleSocketOpen("token", 0);
  client.receive(output(0, "$ "), 0);
  client.handleReceivedStored(0, 0);
  clientEvents(client);
  transmitsOf(client);
  return client;
}

/** An agent whose process is there; everything up to there is polled. */
export function runningAgent(options: Partial<AgentChannelOptions> = {}): AgentChannel {
  const agent = openAgent(options);
  agent.handleSocketOpen("token", 0);
  agent.handleReady(0);
  agentEvents(agent);
  transmitsOf(agent);
  return agent;
}

/** Passes frames to and fro until both ends are silent; text (the open messages) and session states stop at the service. */
export function relay(client: ClientChannel, agent: AgentChannel, nowMs: number): void {
  for (let moved = 1; moved > 0; ) {
    moved = 0;
    for (const [from, to] of [[client, agent] as const, [agent, client] as const]) {
      for (const transmit of transmitsOf(from)) {
        if (transmit.kind !== "binary" || fields(transmit.frame).messageType === MESSAGE_TYPE.agentSessionState)
          continue;
        to.receive(transmit.frame, nowMs);
        moved += 1;
      }
    }
  }
}
