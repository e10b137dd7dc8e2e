/** The public face of this package. What is not exported here is nobody else's business. */
export { AcknowledgeWriter } from "./acknowledge-writer.ts";
export {
  AGENT_BUFFER_MESSAGES_MAX,
  AGENT_DRAIN_MS,
  AGENT_HANDSHAKE_TIMEOUT_MS,
  AGENT_WINDOW_MESSAGES,
  AgentChannel,
} from "./agent-channel.ts";
export type { AgentChannelEvent, AgentChannelOptions } from "./agent-channel-events.ts";
export {
  type AgentMessage,
  type AgentMessageInput,
  type CodecOptions,
  type DecodeResult,
  decodeAgentMessage,
  encodeAgentMessage,
} from "./agent-message.ts";
export { base64Decode, base64Encode } from "./base64.ts";
export { ChannelError, type ChannelErrorCode } from "./channel-error.ts";
export type { AesGcm, ChannelHost, Transmit } from "./channel-host.ts";
export {
  AGENT_TRANSITIONS,
  type AgentStateName,
  type AgentTrigger,
  CHANNEL_TRANSITIONS,
  type ChannelTrigger,
  type ClientChannelStateName,
} from "./channel-lifecycle.ts";
export {
  CLIENT_HANDSHAKE_TIMEOUT_MS,
  ClientChannel,
  UNACKNOWLEDGED_INPUT_BYTES_MAX,
  UNACKNOWLEDGED_INPUT_MESSAGES_MAX,
} from "./client-channel.ts";
export type {
  ClientChannelEvent,
  ClientChannelFailure,
  ClientChannelOptions,
  SentRange,
} from "./client-channel-events.ts";
export {
  applyToState,
  type ChannelProgress,
  type ClientChannelState,
  type StateChange,
} from "./client-channel-state.ts";
export type { HandshakeProgress } from "./client-handshake.ts";
export {
  type AgentTaskAcknowledge,
  type AgentTaskComplete,
  buildAgentTaskAcknowledge,
  buildAgentTaskComplete,
  buildInteractiveShell,
  INTERACTIVE_SHELL_TOPIC,
  type InteractiveShell,
  readAgentTaskAcknowledge,
  readAgentTaskComplete,
  readInteractiveShell,
  type SessionDocument,
  type SessionDocumentInput,
  type SessionInputs,
} from "./control-messages.ts";
export {
  EARLY_BYTES_MAX,
  EARLY_FRAMES_BEFORE_SPILL_MAX,
  EARLY_FRAMES_MAX,
  EARLY_FRAMES_WITH_SPILL_MAX,
  type EarlySpill,
} from "./early-frames.ts";
export { checkRelayable, type DecodeRejection, type Frame, readFrame } from "./frame-reader.ts";
export {
  ACTION_STATUS,
  ACTION_TYPE,
  buildEncChallenge,
  buildHandshakeComplete,
  buildHandshakeRequest,
  buildHandshakeResponse,
  type HandshakeComplete,
  type HandshakeRequest,
  type HandshakeResponse,
  type ProcessedAction,
  type RequestedAction,
  readEncChallenge,
  readHandshakeComplete,
  readHandshakeRequest,
  readHandshakeResponse,
} from "./handshake-payloads.ts";
export { type EarlyFrame, UNSTORED_MESSAGES_MAX } from "./incoming-stream.ts";
export { MESSAGE_TYPE } from "./message-type.ts";
export {
  buildAgentControlOpenMessage,
  buildAgentOpenMessage,
  buildClientOpenMessage,
  type OpenMessage,
  readOpenMessage,
} from "./open-message.ts";
export type { UnacknowledgedMessage } from "./outgoing-stream.ts";
export {
  type Acknowledge,
  type AgentSessionState,
  buildAcknowledge,
  buildAgentSessionState,
  buildChannelClosed,
  buildExitCode,
  buildFlag,
  buildSize,
  type ChannelClosed,
  FLAG,
  HEADER_FLAGS,
  PAYLOAD_TYPE,
  readAcknowledge,
  readAgentSessionState,
  readChannelClosed,
  readExitCode,
  readFlag,
  readSize,
  TERMINAL_SIDE_MAX,
  type TerminalSize,
} from "./payloads.ts";
export { type Sha256, sha256 } from "./sha256.ts";
export { CHUNK_BYTES_MAX } from "./split-input.ts";
export { utf8Decode, utf8Encode } from "./utf8.ts";
export { isUuid, UuidSource } from "./uuid.ts";
