/** Many sources, one list: how far it is loaded, how old it is, what it lacks. Pure. */

import type { SourceStatus } from "@causeway/wire-contract/instances";
import type { Problem } from "@causeway/wire-contract/problem";
import type { SourceView } from "./inventory-store.ts";
import { cutLists, missingLists, type SourceNote, sourceNotes, type WordsOf } from "./source-notes.ts";

export interface ListProgress {
  /** `loading`: no source is complete and none has failed for good; `failed`: all have. */
  phase: "loading" | "shown" | "failed";
  /** While some source is not complete: instances loaded, and how many there may be, if anybody can say. */
  loading: { loaded: number; about: number | undefined } | undefined;
  refreshing: boolean;
  truncated: boolean;
  /** Age of the oldest complete source, by the server's clock. */
  fetchedAtMs: number | undefined;
  /** AWS asked to slow down: when the next try is, by the server's clock. */
  throttled: { nextTryAtMs: number | undefined } | undefined;
  notes: readonly SourceNote[];
  /** Why nothing is shown, when all sources failed. */
  problem: Problem | undefined;
}

/** @param wordsOf for the notes on lists that were refused by a code alone; without it there are none */
export function listProgress(sources: readonly SourceView[], wordsOf?: WordsOf): ListProgress {
  const statuses = sources.flatMap(({ status }) => status ?? []);
  const unfinished = statuses.filter(({ phase }) => phase === "loading");
  const complete = statuses.filter(({ phase }) => phase === "complete");
  const isOver = (source: SourceView): boolean => source.refused !== undefined || source.status?.phase === "failed";
  const waiting = sources.some((source) => !isOver(source) && source.status?.phase !== "complete");
  const slowed = statuses.find((status) => isThrottled(status));
  const known = unfinished.every(({ about }) => about !== undefined) && statuses.length === sources.length;
  return {
    phase: complete.length > 0 ? "shown" : sources.length > 0 && sources.every(isOver) ? "failed" : "loading",
    loading: waiting
      ? { loaded: sum(statuses.map(({ loaded }) => loaded)), about: known ? sum(statuses.map(aboutOf)) : undefined }
      : undefined,
    refreshing: statuses.some(({ refreshing }) => refreshing),
    truncated: statuses.some(({ truncated }) => truncated),
    fetchedAtMs: complete.length === 0 ? undefined : Math.min(...complete.map(({ fetchedAt }) => fetchedAt ?? 0)),
    throttled: slowed && { nextTryAtMs: slowed.nextTryAt },
    notes: [
      ...missingLists(sources, wordsOf),
      ...sources.flatMap(({ status, region }) =>
        status === undefined || status.phase !== "complete" || isThrottled(status)
          ? []
          : sourceNotes(status, sources.length > 1 ? region : undefined),
      ),
      ...cutLists(sources),
    ],
    problem: statuses.map(({ ec2, ssm }) => ssm.problem ?? ec2.problem).find((problem) => problem !== undefined),
  };
}

function aboutOf({ about, loaded }: SourceStatus): number {
  return Math.max(about ?? 0, loaded);
}

function isThrottled({ ec2, ssm }: SourceStatus): boolean {
  return ec2.problem?.code === "AWS_THROTTLED" || ssm.problem?.code === "AWS_THROTTLED";
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
