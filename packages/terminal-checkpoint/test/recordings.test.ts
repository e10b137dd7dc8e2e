import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { checkCut, type Log, randomCut } from "./equality.ts";
import type { LogEntry } from "./random-output.ts";
import { randomNumbers } from "./random-output.ts";

/** Per program; recordings are made by `scripts/record.ts`. All 200 at once: `RECORDING_CUTS=200`. */
const CUTS = Number(process.env.RECORDING_CUTS ?? 20);
/** As in a log: output arrives in pieces, and a cut falls inside one. */
const PIECE_BYTES = 512;

interface Size {
  readonly at: number;
  readonly cols: number;
  readonly rows: number;
}

function readRecording(name: string): Log {
  const file = path.join(import.meta.dirname, "recordings", name);
  const bytes = new Uint8Array(readFileSync(`${file}.bin`));
  const { sizes } = JSON.parse(readFileSync(`${file}.json`, "utf8")) as { sizes: readonly [Size, ...Size[]] };
  const [first, ...changes] = sizes;
  const entries: LogEntry[] = [];
  let at = 0;
  for (const { at: until, cols, rows } of [...changes, { at: bytes.length, cols: 0, rows: 0 }]) {
    for (; at < until; at = Math.min(at + PIECE_BYTES, until))
      entries.push({ bytes: bytes.subarray(at, Math.min(at + PIECE_BYTES, until)) });
    if (cols > 0) entries.push({ cols, rows });
  }
  return { size: first, scrollbackLines: 500, entries };
}

test.each(["vim", "htop", "less", "tmux", "mc"])(
  `a recording of %s with a size change, cut at ${CUTS} places, is the same from a checkpoint as from the start`,
  async (name) => {
    const log = readRecording(name);
    const random = randomNumbers(1);
    for (let index = 0; index < CUTS; index++) {
      const cut = randomCut(log, random);
      const outcome = await checkCut(log, cut);
      expect(outcome, JSON.stringify(cut)).toMatchObject({ difference: undefined, approximatedCells: 0 });
    }
  },
  300_000,
);
