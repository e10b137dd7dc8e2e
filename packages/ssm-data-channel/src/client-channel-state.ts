// What a client channel leaves behind for the next process, and how a journal of what happened since is applied to it.
import type { HandshakeProgress } from "./client-handshake.ts";
import type { EarlyFrame } from "./incoming-stream.ts";
import type { UnacknowledgedMessage } from "./outgoing-stream.ts";
import { PAYLOAD_TYPE, readSize, type TerminalSize } from "./payloads.ts";

/** How far a channel has come; survives the socket and the process. */
export type ChannelProgress = "before_first" | "in_handshake" | "running";

/**
 * Plain data, JSON-able apart from its Uint8Arrays. It holds a data key and keystrokes: encrypt it at rest.
 *
 * A journal keeps it up to date (`applyToState`): numbers and payloads only. What a handshake changes is more than that,
 * so after polling a `running` event, or a `received` without output, poll to the end, export again, and store that
 * state and the records of those events in one append: a restart must find all of them or none.
 */
export interface ClientChannelState {
  progress: ChannelProgress;
  handshake: HandshakeProgress;
  /** 64 bytes; undefined: not encrypted, or no key yet. */
  dataKey: Uint8Array | undefined;
  nextOutgoingNumber: number;
  unacknowledged: UnacknowledgedMessage[];
  /** The first number that is not stored. Frames acknowledged from there on are in `early`. */
  nextIncomingNumber: number;
  early: EarlyFrame[];
  /** The size the agent was told last. */
  size: TerminalSize | undefined;
}

/** What was stored since the state was exported. */
export type StateChange =
  | { kind: "received"; sequenceNumber: number; payloadType: number }
  | { kind: "hole"; toSequenceNumber: number }
  | { kind: "early"; sequenceNumber: number; frame: Uint8Array }
  | { kind: "sent"; sequenceNumber: number; payloadType: number; payload: Uint8Array }
  | { kind: "acknowledged"; sequenceNumber: number };

/** Whether a message from the agent is for the person to see: everything but handshake and flags, unknown types included. */
export function isOutput(payloadType: number): boolean {
  return (
    payloadType !== PAYLOAD_TYPE.handshakeRequest &&
    payloadType !== PAYLOAD_TYPE.handshakeComplete &&
    payloadType !== PAYLOAD_TYPE.encChallengeRequest &&
    payloadType !== PAYLOAD_TYPE.flag
  );
}

/**
 * @param state the newest export that is stored
 * @param changes everything stored since it, in order; older ones do no harm
 * @returns the state after the changes; the one passed in stays as it is
 */
export function applyToState(state: ClientChannelState, changes: Iterable<StateChange>): ClientChannelState {
  const early = new Map(state.early.map((frame) => [frame.sequenceNumber, frame]));
  const unacknowledged = new Map(state.unacknowledged.map((message) => [message.sequenceNumber, message]));
  const handshake = { ...state.handshake };
  let { nextIncomingNumber, nextOutgoingNumber, size, progress } = state;
  for (const change of changes) {
    switch (change.kind) {
      case "received":
        nextIncomingNumber = Math.max(nextIncomingNumber, change.sequenceNumber + 1);
        if (progress === "before_first" && isOutput(change.payloadType)) progress = "running";
        break;
      case "hole":
        nextIncomingNumber = Math.max(nextIncomingNumber, change.toSequenceNumber + 1);
        break;
      case "early":
        early.set(change.sequenceNumber, { sequenceNumber: change.sequenceNumber, frame: change.frame });
        break;
      case "sent": {
        const { sequenceNumber, payloadType, payload } = change;
        if (sequenceNumber < state.nextOutgoingNumber) break; // the export knows it already, acknowledged or not
        unacknowledged.set(sequenceNumber, { sequenceNumber, payloadType, payload });
        nextOutgoingNumber = Math.max(nextOutgoingNumber, sequenceNumber + 1);
        if (payloadType === PAYLOAD_TYPE.size) size = readSize(payload) ?? size;
        if (payloadType === PAYLOAD_TYPE.handshakeResponse) handshake.responded = true;
        if (payloadType === PAYLOAD_TYPE.encChallengeResponse) handshake.challengeAnswered = true;
        break;
      }
      case "acknowledged":
        unacknowledged.delete(change.sequenceNumber);
        break;
    }
  }
  for (const sequenceNumber of early.keys()) if (sequenceNumber < nextIncomingNumber) early.delete(sequenceNumber);
  return {
    ...state,
    progress,
    handshake,
    nextOutgoingNumber,
    unacknowledged: [...unacknowledged.values()],
    nextIncomingNumber,
    early: [...early.values()],
    size,
  };
}
