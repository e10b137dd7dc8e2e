/**
 * The property of "screen" checkpoints, with which viewers without earlier output begin: whatever is printed after one, the
 * screen is that of a terminal which saw everything from the start. Said of output in a window that keeps its size (a larger
 * one takes lines back from a scrollback that such a viewer does not have, and a wrapped line above the screen reflows), and
 * while the scrollback is neither full nor erased: xterm.js counts a saved cursor from the oldest line it keeps.
 */
import { restoreModel } from "../src/terminal-model.ts";
import { type Cut, compare, feed, type Log, modelAt, type Outcome } from "./equality.ts";

/** @param cut the checkpoint stands at the last entry up to it where one may be taken */
export async function checkScreen(log: Log, cut: Cut): Promise<Outcome> {
  for (let entry = cut.entry, passedOver = 0; entry >= 0; entry--, passedOver++) {
    const place = { entry, bytes: 0 };
    const whole = await modelAt(log, place);
    if (!whole.isAtBoundary) {
      whole.dispose();
      continue;
    }
    const { cols, rows } = whole;
    const checkpoint = whole.checkpoint("screen");
    const { approximatedCells } = whole;
    const viewer = await restoreModel(checkpoint, cols, rows, log.scrollbackLines);
    let difference = compare("at the checkpoint", whole, viewer, checkpoint, "screen");
    const end: Cut = { entry: log.entries.length, bytes: 0 };
    await feed(whole, log, place, end);
    await feed(viewer, log, place, end);
    difference ??= compare("at the end", whole, viewer, checkpoint, "screen");
    whole.dispose();
    viewer.dispose();
    return { difference: approximatedCells > 0 ? undefined : difference, passedOver, approximatedCells };
  }
  return { difference: "no boundary, not even at the start", passedOver: 0, approximatedCells: 0 };
}

/** More lines than random output prints. */
const NEVER_FULL_LINES = 5_000;
const ERASES_SCROLLBACK = "\x1b[3J";

/** The same output where the property holds. */
export function whereScreensHold(log: Log): Log {
  const latin1 = new TextDecoder("latin1");
  const entries = log.entries.filter(
    (entry) => "bytes" in entry && !latin1.decode(entry.bytes).includes(ERASES_SCROLLBACK),
  );
  return { ...log, entries, scrollbackLines: NEVER_FULL_LINES };
}
