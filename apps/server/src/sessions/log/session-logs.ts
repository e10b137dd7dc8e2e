/** Where the logs of all sessions are: one implementation per way of running (architecture §4). */
import type { EarlySpill } from "@causeway/ssm-data-channel";
import type { CheckpointStore } from "./checkpoint-store.ts";
import type { KeeperLog } from "./keeper-log.ts";
import type { SessionLog, TerminalSize } from "./session-log.ts";

/** Output for the readers, and what the keeper needs after a restart: stored together. */
export type DurableLog = SessionLog &
  KeeperLog & {
    readonly checkpoints: CheckpointStore;
    /** For early frames of the agent; undefined: this log keeps all of them in memory. */
    readonly earlySpill?: EarlySpill;
  };

export interface SessionLogs {
  /** @throws CatalogError STORAGE_FULL */
  create(id: string, size: TerminalSize): Promise<DurableLog>;
  /** Idempotent. */
  delete(id: string): Promise<void>;
  /** Everything stored; nothing is appended after. */
  close(): Promise<void>;
}
