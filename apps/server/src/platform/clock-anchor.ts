/**
 * Lets every start of the server on one boot of its host tell the same time: what is stored of idle time would mean
 * something else to a process that began with a wall clock that was set meanwhile. A file of the data directory says
 * when the host started, by the clock of the first start.
 */
import { PrivateFileError, readPrivateFile, replacePrivateFile } from "./private-file.ts";
import { bootedAtByWall, SteadyClock, SYSTEM_TIME, type TimeSource } from "./steady-clock.ts";

export const CLOCK_ANCHOR_FILE = "clock-anchor";

interface Anchor {
  bootId: string;
  bootedAtMs: number;
}

/**
 * @param bootId of the host now
 * @param isFresh nothing is stored whose time would have to be the same: the wall clock counts, which may be right by now
 * @throws PrivateFileError when the directory cannot be written
 */
export function openSteadyClock(
  dataDir: string,
  bootId: string,
  isFresh: boolean,
  source: TimeSource = SYSTEM_TIME,
): SteadyClock {
  const path = `${dataDir}/${CLOCK_ANCHOR_FILE}`;
  const found = isFresh ? undefined : readAnchor(path);
  if (found?.bootId === bootId) return new SteadyClock(source, found.bootedAtMs);
  const anchor: Anchor = { bootId, bootedAtMs: bootedAtByWall(source) };
  replacePrivateFile(path, `${JSON.stringify(anchor)}\n`);
  return new SteadyClock(source, anchor.bootedAtMs);
}

/** undefined: none, or not one of ours; then the wall clock is as good as anything. */
function readAnchor(path: string): Anchor | undefined {
  try {
    const { bootId, bootedAtMs } = JSON.parse(readPrivateFile(path).toString("utf8")) as Partial<Anchor>;
    return typeof bootId === "string" && Number.isFinite(bootedAtMs) ? ({ bootId, bootedAtMs } as Anchor) : undefined;
  } catch (error) {
    if (error instanceof PrivateFileError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
