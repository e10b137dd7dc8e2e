/** What a keeper wants back after a restart beside the state of its channel: kept in the same encrypted journal. */
import type { IdleState } from "../idle-clock.ts";

export interface KeeperMemo {
  /** Where the data channel was dialled last, should AWS not name an address again; "": nowhere yet. */
  streamUrl: string;
  idle: IdleState;
}

export function encodeMemo(memo: KeeperMemo): string {
  return JSON.stringify(memo);
}

/** @param memo what `encodeMemo` made, or "": the keeper was stopped before it stored any */
export function decodeMemo(memo: string, startedAtMs: number): KeeperMemo {
  if (memo === "") return { streamUrl: "", idle: { humanAtMs: startedAtMs, touchedAtMs: startedAtMs } };
  return JSON.parse(memo) as KeeperMemo;
}
