/**
 * The equality property: "newest checkpoint at or before the cut, and the bytes after it" and "everything from the start"
 * are one state, at the cut and after whatever comes then.
 */
import { ParserWatch } from "../src/parser-watch.ts";
import { TerminalModel as Model, restoreModel, type TerminalModel } from "../src/terminal-model.ts";
import { type LogEntry, RandomOutput, randomNumbers } from "./random-output.ts";

export interface Log {
  readonly size: { readonly cols: number; readonly rows: number };
  readonly scrollbackLines: number;
  readonly entries: readonly LogEntry[];
}

/** A place in a log: so many entries, and so many bytes of the one after them. */
export interface Cut {
  readonly entry: number;
  readonly bytes: number;
}

export interface Outcome {
  /** What differs; undefined: nothing. */
  readonly difference: string | undefined;
  /** How many places with nothing open were passed over because no sequences lead to their state. */
  readonly passedOver: number;
  /** Cells of the checkpoint that no sequence leads to: the outcome is not judged then. */
  readonly approximatedCells: number;
}

export function randomLog(seed: number): Log {
  const random = randomNumbers(seed);
  const output = new RandomOutput(random);
  const size = output.size();
  return { size, scrollbackLines: output.pick([2, 3, 20, 60]), entries: output.log(20 + output.below(100)) };
}

export function randomCut(log: Log, random: () => number): Cut {
  const entry = Math.floor(random() * log.entries.length);
  const at = log.entries[entry];
  return { entry, bytes: at && "bytes" in at ? Math.floor(random() * at.bytes.length) : 0 };
}

/** Feeds the log up to the cut, or from one cut on to its end. */
export async function feed(model: TerminalModel, log: Log, from: Cut, to: Cut): Promise<void> {
  for (let index = from.entry; index <= to.entry; index++) {
    const entry = log.entries[index];
    if (!entry) return;
    const start = index === from.entry ? from.bytes : 0;
    if (!("bytes" in entry)) {
      if (index < to.entry) model.resize(entry.cols, entry.rows);
    } else await model.write(entry.bytes.subarray(start, index === to.entry ? to.bytes : entry.bytes.length));
  }
}

export async function modelAt(log: Log, cut: Cut): Promise<TerminalModel> {
  const model = new Model({ ...log.size, scrollbackLines: log.scrollbackLines });
  await feed(model, log, { entry: 0, bytes: 0 }, cut);
  return model;
}

/** All places up to the cut where no sequence, string or character is open; newest first. */
function openlessPlaces(log: Log, cut: Cut): Cut[] {
  const places: Cut[] = [{ entry: 0, bytes: 0 }];
  const watch = new ParserWatch();
  for (let index = 0; index <= cut.entry; index++) {
    const entry = log.entries[index];
    if (!entry) break;
    if (!("bytes" in entry)) {
      if (watch.isGround && index < cut.entry) places.push({ entry: index + 1, bytes: 0 });
      continue;
    }
    const end = index === cut.entry ? cut.bytes : entry.bytes.length;
    for (let bytes = 0; bytes < end; bytes++) {
      watch.push(entry.bytes.subarray(bytes, bytes + 1));
      if (watch.isGround) places.push({ entry: index, bytes: bytes + 1 });
    }
  }
  return places.reverse();
}

export async function checkCut(log: Log, cut: Cut): Promise<Outcome> {
  let passedOver = 0;
  for (const place of openlessPlaces(log, cut)) {
    const at = await modelAt(log, place);
    if (!at.isAtBoundary) {
      at.dispose();
      passedOver += 1;
      continue;
    }
    const checkpoint = at.checkpoint();
    const { approximatedCells } = at;
    if (approximatedCells > 0) {
      at.dispose();
      return { difference: undefined, passedOver, approximatedCells };
    }
    const restored = await restoreModel(checkpoint, at.cols, at.rows, log.scrollbackLines);
    const difference =
      compare("at the checkpoint", at, restored, checkpoint) ??
      (await compareAfter(log, place, cut, at, restored, checkpoint));
    at.dispose();
    restored.dispose();
    return { difference, passedOver, approximatedCells };
  }
  return { difference: "no boundary, not even at the start", passedOver, approximatedCells: 0 };
}

async function compareAfter(
  log: Log,
  place: Cut,
  cut: Cut,
  at: TerminalModel,
  restored: TerminalModel,
  checkpoint: Uint8Array,
): Promise<string | undefined> {
  const end: Cut = { entry: log.entries.length, bytes: 0 };
  const whole = await modelAt(log, cut);
  await feed(restored, log, place, cut);
  const atCut = compare("at the cut", whole, restored, checkpoint);
  if (atCut === undefined) {
    await feed(at, log, place, end);
    await feed(restored, log, cut, end);
  }
  whole.dispose();
  return atCut ?? compare("at the end", at, restored, checkpoint);
}

export function compare(
  where: string,
  a: TerminalModel,
  b: TerminalModel,
  checkpoint: Uint8Array,
  what: "all" | "screen" = "all",
): string | undefined {
  const path = firstDifference(a.describe(what), b.describe(what), "");
  return path === undefined ? undefined : `${where}: ${path}\ncheckpoint: ${JSON.stringify(text(checkpoint))}`;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).slice(0, 4_000);
}

function firstDifference(a: unknown, b: unknown, path: string): string | undefined {
  if (Object.is(a, b)) return undefined;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null)
    return `${path}: ${JSON.stringify(a)} became ${JSON.stringify(b)}`;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = firstDifference(
      (a as Record<string, unknown>)[key],
      (b as Record<string, unknown>)[key],
      `${path}.${key}`,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}
