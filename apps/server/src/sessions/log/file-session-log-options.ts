/** What a session log in files is made of: where it lies, what it shares with the others, what was found on the disk. */
import type { SessionEnd } from "@causeway/wire-contract/sessions";
import type { Clock } from "../../platform/clock.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";
import type { EarlySpillFiles } from "./early-spill-files.ts";
import type { KeeperStart, SessionFiles } from "./keeper-journal.ts";
import type { PlacedMark } from "./output-record.ts";
import type { OutputTail } from "./output-segments.ts";
import type { ReadCache } from "./read-cache.ts";
import type { RingBudget } from "./ring-budget.ts";
import type { TerminalSize } from "./session-log.ts";
import type { WriteTick } from "./write-tick.ts";

export interface FileSessionLogListener {
  /** `code`: the system's word for what happened (ENOSPC, EIO …). true: all there is is stored, refused input included. */
  onDurable(isDurable: boolean, code: string): void;
  /** What was on the disk is not what was written there. The text names files, never content. */
  onDamage(text: string): void;
  onEnded(end: SessionEnd): void;
}

export interface FileSessionLogOptions extends SessionFiles {
  bootId: string;
  /** Output kept, in bytes. At the bound the oldest file goes. */
  keepBytes: number;
  clock: Clock;
  tick: WriteTick;
  ringBudget: RingBudget;
  readCache: ReadCache;
  checkpoints: CheckpointStore;
  earlySpill: EarlySpillFiles;
  listener: FileSessionLogListener;
}

/** What a log begins with: nothing, or what was found on the disk. */
export interface FileSessionLogStart {
  tail: OutputTail;
  marks: readonly PlacedMark[];
  /** Size in force before the first of `marks`. */
  size: TerminalSize;
  keeper: KeeperStart;
}
