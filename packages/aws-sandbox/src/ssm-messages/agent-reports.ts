/**
 * What an agent tells the service: agent_session_state on a data channel, agent_task_complete on the control channel.
 * Reading never throws; what cannot be read is undefined. Shapes: data-channel.md §4.4, §13.5.
 */
import {
  decodeAgentMessage,
  MESSAGE_TYPE,
  readAgentSessionState,
  readAgentTaskComplete,
} from "@causeway/ssm-data-channel";

export interface TaskReport {
  /** Of the frame, for the acknowledgement. */
  messageId: string;
  /** The session id. */
  taskId: string;
  status: "Terminated" | "Failed";
  /** For the person; at most TASK_OUTPUT_CHARACTERS_MAX. */
  output: string;
}

export const TASK_OUTPUT_CHARACTERS_MAX = 8_192;

/** @returns `Connected`, `Terminating`, or what else an agent calls its state */
export function readSessionState(frame: Uint8Array): string | undefined {
  const decoded = decodeAgentMessage(frame);
  return decoded.ok ? readAgentSessionState(decoded.message.payload)?.sessionState : undefined;
}

/** @returns undefined for every other message: telemetry, update results and Run Command are accepted silently */
export function readTaskReport(frame: Uint8Array): TaskReport | undefined {
  const decoded = decodeAgentMessage(frame);
  if (!decoded.ok || decoded.message.messageType !== MESSAGE_TYPE.agentTaskComplete) return undefined;
  const complete = readAgentTaskComplete(decoded.message.payload);
  if (!complete?.taskId) return undefined;
  return {
    messageId: decoded.message.messageId,
    taskId: complete.taskId,
    status: complete.finalTaskStatus === "Failed" ? "Failed" : "Terminated",
    output: complete.output.slice(0, TASK_OUTPUT_CHARACTERS_MAX),
  };
}
