/**
 * Names of messages, and how the field that holds them is read. Both real ends trim like this: NUL bytes from both ends,
 * then white space from both ends, once (data-channel.md §3.4), where white space is what Go's unicode.IsSpace says.
 */
import { MESSAGE_TYPE_BYTES, MESSAGE_TYPE_OFFSET } from "./frame-layout.ts";
import { utf8Decode, utf8Encode } from "./utf8.ts";

/** MessageType texts of data channel and control channel (data-channel.md §4). */
export const MESSAGE_TYPE = {
  inputStreamData: "input_stream_data",
  outputStreamData: "output_stream_data",
  acknowledge: "acknowledge",
  channelClosed: "channel_closed",
  startPublication: "start_publication",
  pausePublication: "pause_publication",
  agentSessionState: "agent_session_state",
  interactiveShell: "interactive_shell",
  agentTaskComplete: "agent_task_complete",
  agentTaskAcknowledge: "agent_task_acknowledge",
  agentJob: "agent_job",
  agentJobAck: "agent_job_ack",
  agentJobReply: "agent_job_reply",
  agentJobReplyAck: "agent_job_reply_ack",
} as const;

const NUL = 0x00;
const SPACE = 0x20;
/** Go's unicode.IsSpace: neither String.trim (which takes U+FEFF and leaves U+0085) nor \s is the same set. */
const GO_SPACE_START = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const GO_SPACE_END = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/;

/** The known names as both ends write them, padded with spaces, to be compared without decoding. */
const KNOWN = Object.values(MESSAGE_TYPE).map((name) => ({ name: name as string, field: padded(utf8Encode(name)) }));

/** @returns the padded 32-byte field, or undefined when the name is longer */
export function messageTypeField(name: string): Uint8Array | undefined {
  const known = KNOWN.find((entry) => entry.name === name);
  if (known) return known.field;
  const bytes = utf8Encode(name);
  return bytes.length > MESSAGE_TYPE_BYTES ? undefined : padded(bytes);
}

/** @returns the trimmed MessageType of a frame of at least 36 bytes; invalid UTF-8 becomes U+FFFD */
export function readMessageType(frame: Uint8Array): string {
  for (const { name, field } of KNOWN) if (fieldEquals(frame, field)) return name;
  let start = MESSAGE_TYPE_OFFSET;
  let end = MESSAGE_TYPE_OFFSET + MESSAGE_TYPE_BYTES;
  while (start < end && frame[start] === NUL) start++;
  while (end > start && frame[end - 1] === NUL) end--;
  const text = utf8Decode(frame.subarray(start, end)).replace(GO_SPACE_START, "").replace(GO_SPACE_END, "");
  // The same string object for every frame of a known type.
  return KNOWN.find((entry) => entry.name === text)?.name ?? text;
}

function fieldEquals(frame: Uint8Array, field: Uint8Array): boolean {
  for (let index = 0; index < MESSAGE_TYPE_BYTES; index++)
    if (frame[MESSAGE_TYPE_OFFSET + index] !== field[index]) return false;
  return true;
}

function padded(bytes: Uint8Array): Uint8Array {
  const field = new Uint8Array(MESSAGE_TYPE_BYTES).fill(SPACE);
  field.set(bytes);
  return field;
}
