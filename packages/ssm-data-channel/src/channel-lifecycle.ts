// The states of a data channel and their legal moves, for both roles (data-channel.md §17). Pure data.

export type ClientChannelStateName =
  | "idle"
  | "connecting"
  | "awaiting_first"
  | "handshaking"
  | "running"
  | "resuming"
  | "closed";

export type ChannelTrigger =
  | "socket_opened"
  | "socket_lost"
  /** The socket is back; where the channel goes on depends on how far it had come. */
  | "resumed_before_first"
  | "resumed_in_handshake"
  | "resumed_running"
  | "handshake_requested"
  | "first_output"
  | "handshake_completed"
  /** `channel_closed` came. */
  | "closed_by_service"
  /** The peer broke the protocol, did not answer the handshake in time, or no data key was to be had. */
  | "failed";

/** A move that is not here is not made. The states that wait for the dial and for the token are the host's to leave. */
export const CHANNEL_TRANSITIONS = {
  idle: { socket_opened: "awaiting_first", socket_lost: "connecting", failed: "closed" },
  connecting: { socket_opened: "awaiting_first", socket_lost: "connecting", failed: "closed" },
  awaiting_first: {
    first_output: "running",
    handshake_requested: "handshaking",
    closed_by_service: "closed",
    socket_lost: "resuming",
    failed: "closed",
  },
  handshaking: {
    handshake_completed: "running",
    closed_by_service: "closed",
    socket_lost: "resuming",
    failed: "closed",
  },
  running: { closed_by_service: "closed", socket_lost: "resuming", failed: "closed" },
  resuming: {
    resumed_before_first: "awaiting_first",
    resumed_in_handshake: "handshaking",
    resumed_running: "running",
    socket_lost: "resuming",
    failed: "closed",
  },
  closed: {},
} as const satisfies Record<ClientChannelStateName, Partial<Record<ChannelTrigger, ClientChannelStateName>>>;

/** @returns the next state, or undefined when the move is not legal */
export function nextChannelState(
  state: ClientChannelStateName,
  trigger: ChannelTrigger,
): ClientChannelStateName | undefined {
  const moves: Partial<Record<ChannelTrigger, ClientChannelStateName>> = CHANNEL_TRANSITIONS[state];
  return moves[trigger];
}

/** The agent's session; its sockets come and go without changing it (data-channel.md §17.2). */
export type AgentStateName =
  | "idle"
  | "awaiting_response"
  | "awaiting_data_key"
  | "awaiting_challenge"
  | "starting"
  | "running"
  | "draining"
  | "ended";

export type AgentTrigger =
  /** The first socket is open; whether a handshake comes first depends on the session (§7.1). */
  | "begun_with_handshake"
  | "begun"
  | "key_needed"
  | "challenge_sent"
  | "handshake_completed"
  | "process_ready"
  | "process_ended"
  /** The session cannot go on: what is still unacknowledged gets its time, then it ends as failed. */
  | "failed"
  | "drained"
  /** channel_closed, or the client's flag. */
  | "cancelled";

export const AGENT_TRANSITIONS = {
  idle: { begun_with_handshake: "awaiting_response", begun: "starting" },
  awaiting_response: {
    handshake_completed: "starting",
    key_needed: "awaiting_data_key",
    failed: "draining",
    cancelled: "ended",
  },
  awaiting_data_key: { challenge_sent: "awaiting_challenge", failed: "draining", cancelled: "ended" },
  awaiting_challenge: { handshake_completed: "starting", failed: "draining", cancelled: "ended" },
  starting: { process_ready: "running", process_ended: "draining", cancelled: "ended" },
  running: { process_ended: "draining", cancelled: "ended" },
  draining: { drained: "ended", cancelled: "ended" },
  ended: {},
} as const satisfies Record<AgentStateName, Partial<Record<AgentTrigger, AgentStateName>>>;

/** @returns the next state, or undefined when the move is not legal */
export function nextAgentState(state: AgentStateName, trigger: AgentTrigger): AgentStateName | undefined {
  const moves: Partial<Record<AgentTrigger, AgentStateName>> = AGENT_TRANSITIONS[state];
  return moves[trigger];
}
