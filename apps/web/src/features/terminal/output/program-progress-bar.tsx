import type { ProgramProgress } from "./program-progress.ts";

const WORDS: Record<ProgramProgress["kind"], string> = {
  running: "Progress of the program",
  failed: "The program failed",
  waiting: "The program waits",
  unknown: "The program works",
};

/** How far the program says it is: a line below the pane's bar, over nothing. */
export function ProgramProgressBar({ kind, percent }: ProgramProgress) {
  return (
    <progress
      className={`program-progress ${kind}`}
      aria-label={WORDS[kind]}
      title={percent === undefined ? WORDS[kind] : `${WORDS[kind]}: ${percent} %`}
      max={100}
      value={percent}
    />
  );
}
