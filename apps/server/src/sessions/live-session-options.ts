/** What one session is made of, and whom it tells of what becomes of it. */
import type { SessionEnd, SessionLimit } from "@causeway/wire-contract/sessions";
import type { Clock } from "../platform/clock.ts";
import type { ChannelKeeper } from "./channel/channel-keeper.ts";
import type { KeeperListener } from "./channel/keeper-listener.ts";
import type { IdleState } from "./idle-clock.ts";
import type { TypingTally } from "./input/typing-tally.ts";
import type { CheckpointMaker } from "./log/checkpoint-store.ts";
import type { KeeperState } from "./log/keeper-log.ts";
import type { TerminalSize } from "./log/session-log.ts";
import type { DurableLog } from "./log/session-logs.ts";
import type { OutputTick } from "./readers/output-tick.ts";

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
