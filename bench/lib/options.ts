import type { Row } from "./report.ts";

export interface BenchOptions {
  /** Rounds of each measurement; references and ours in turn within each. */
  rounds: number;
  /** How long one measurement lasts, in milliseconds. */
  measureMs: number;
  /** Before it, under load, in milliseconds. */
  warmUpMs: number;
  /** Only to see that everything works: no figure means anything. */
  isQuick: boolean;
  /** Where CPU profiles of our broker go; figures of such a run are not to be kept. */
  profileDir: string | undefined;
  /** Aborted when the group's time is over: nothing more is begun. */
  signal: AbortSignal;
  tell(text: string): void;
}

/** Some rows that are measured together. */
export interface RowGroup {
  name: string;
  /** What is measured, for the one who waits. */
  about: string;
  run(options: BenchOptions): Promise<Row[]>;
}

export const FULL = { rounds: 3, measureMs: 2_200, warmUpMs: 1_500, isQuick: false } as const;
export const QUICK = { rounds: 1, measureMs: 250, warmUpMs: 300, isQuick: true } as const;
