/** Runs patterns beside the page: one that runs without end is ended with its thread, and the page stays alive. */
import type { FromWorker, ToWorker } from "./line-matcher.ts";
import { matchesIn } from "./pattern.ts";

function tell(message: FromWorker): void {
  postMessage(message);
}

addEventListener("message", ({ data: { lines, pattern, most } }: MessageEvent<ToWorker>) =>
  tell({ kind: "matched", matches: matchesIn(lines, pattern, most) }),
);
tell({ kind: "ready" });
