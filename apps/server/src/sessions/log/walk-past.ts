/**
 * After a crash of the host the newest entries of a keeper's journal may be missing, and with them which of the reserved
 * numbers were used (architecture §1). The keeper fills them all with repeated sizes: those that the agent has seen it
 * drops, the others change nothing. Pure.
 */
import { buildSize, type ClientChannelState, PAYLOAD_TYPE } from "@causeway/ssm-data-channel";
import type { TerminalSize } from "./session-log.ts";

/**
 * @param below numbers of ours below it may have been used; undefined: the state's are exact
 * @param size in force
 */
export function walkPast(state: ClientChannelState, below: number | undefined, size: TerminalSize): ClientChannelState {
  // Before the shell runs the agent waits for the handshake's own answers and nothing else: the channel fills them then.
  if (below === undefined || below <= state.nextOutgoingNumber || state.progress !== "running") return state;
  const payload = buildSize(size);
  const unacknowledged = [...state.unacknowledged];
  for (let sequenceNumber = state.nextOutgoingNumber; sequenceNumber < below; sequenceNumber++)
    unacknowledged.push({ sequenceNumber, payloadType: PAYLOAD_TYPE.size, payload });
  return { ...state, unacknowledged, nextOutgoingNumber: below, size };
}
