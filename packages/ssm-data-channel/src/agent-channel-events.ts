// What an agent's channel tells its host, and what the host gives it: the words of agent-channel.ts.
import type { AgentSession } from "./agent-handshake.ts";
import type { ChannelHost } from "./channel-host.ts";

export type AgentChannelEvent =
  /** The handshake is done or not needed: start the process, then `handleReady`. */
  | { kind: "start"; clientVersion: string | undefined }
  | {
      kind: "data_key_wanted";
      kmsKeyId: string;
      ciphertextBlob: Uint8Array;
      encryptionContext: Record<string, string>;
    }
  /** Keystrokes, possibly a view of what `receive` was given. */
  | { kind: "input"; bytes: Uint8Array }
  /** 1..65535 each. */
  | { kind: "size"; cols: number; rows: number }
  | { kind: "flag"; flag: number }
  | { kind: "publication"; paused: boolean }
  /** `canSend` became true again. */
  | { kind: "writable" }
  /** channel_closed, or the client's TerminateSession flag: kill the process. */
  | { kind: "cancelled" }
  /** Drained, Terminating sent: send agent_task_complete Success. */
  | { kind: "finished" }
  /** Send agent_task_complete Failed with this text. */
  | { kind: "failed"; output: string }
  /** Dropped or skipped; counted and logged by the host, never the payload. */
  | { kind: "frame_rejected"; reason: string; messageType: string; length: number };

export interface AgentChannelOptions extends AgentSession {
  host: ChannelHost;
  /** Default AGENT_WINDOW_MESSAGES. AGENT_BUFFER_MESSAGES_MAX: like the real agent, which does not wait for anybody. */
  unackedMessagesMax?: number;
  /** What to add to `nowMs` to get milliseconds since 1970; default 0. For hosts with a monotonic clock. */
  epochOffsetMs?: number;
}
