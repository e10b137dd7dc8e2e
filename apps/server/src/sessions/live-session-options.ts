/** What one session is made of, and whom it tells of what becomes of it. */
import type { SessionEnd, SessionLimit } from "@causeway/wire-contract/sessions";
import type { Clock } from "../platform/clock.ts";
import type { ChannelKeeper } from "./channel-keeper.ts";
import type { CheckpointMaker } from "./checkpoint-store.ts";
import type { IdleState } from "./idle-clock.ts";
import type { KeeperListener } from "./keeper-listener.ts";
import type { KeeperState } from "./keeper-log.ts";
import type { OutputTick } from "./output-tick.ts";
import type { TerminalSize } from "./session-log.ts";
import type { DurableLog } from "./session-logs.ts";
import type { TypingTally } from "./typing-tally.ts";

export interface LiveSessionOptions {
  log: DurableLog;
  size: TerminalSize;
  startedAtMs: number;
  /** `idleState` of an earlier process, so that a restart gives nobody more time; undefined: a new session. */
  idle: IdleState | undefined;
  clock: Clock;
  tick: OutputTick;
  typing: TypingTally;
  /** What an earlier process left. */
  recovered?: Pick<KeeperState, "streams" | "sources">;
  /** It ended under an earlier process, and is only read. */
  end?: SessionEnd;
  makeKeeper: (listener: KeeperListener) => ChannelKeeper;
  onEnded: (end: SessionEnd, wantsTerminate: boolean) => void;
  /** Told when there may be reason for a checkpoint; what it makes is in the log's store. */
  checkpointMaker: CheckpointMaker;
  /** Nobody typed for as long as the account allows, and AWS will not end it now: whoever gets this does. */
  onIdleLimit: (limit: SessionLimit) => void;
}
