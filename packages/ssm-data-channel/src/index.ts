/** The public face of this package. What is not exported here is nobody else's business. */
export { AcknowledgeWriter } from "./acknowledge-writer.ts";
export {
  type AgentMessage,
  type AgentMessageInput,
  type CodecOptions,
  type DecodeResult,
  decodeAgentMessage,
  encodeAgentMessage,
} from "./agent-message.ts";
export { ChannelError, type ChannelErrorCode } from "./channel-error.ts";
export type { AesGcm, ChannelHost, Transmit } from "./channel-host.ts";
export { checkRelayable, type DecodeRejection, type Frame, readFrame } from "./frame-reader.ts";
export { MESSAGE_TYPE } from "./message-type.ts";
export { type Sha256, sha256 } from "./sha256.ts";
export { utf8Decode, utf8Encode } from "./utf8.ts";
export { isUuid, UuidSource } from "./uuid.ts";
