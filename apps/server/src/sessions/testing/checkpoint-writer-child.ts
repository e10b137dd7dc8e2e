/**
 * A process to be killed: goes on with the one session of a data directory, or begins it, and stores checkpoints one after
 * the other as fast as it may. Says on standard output which is stored.
 * `checkpoint-writer-child.ts <data directory> <number of the first>`
 */
import { randomBytes } from "node:crypto";
import { systemClock } from "../../platform/clock.ts";
import { openSessionLogs } from "../log/file-session-logs.ts";
import { KEY, numberedCheckpoint, SESSION, SIZE } from "./file-log-harness.ts";

const [, , dataDir = "", first = "1"] = process.argv;
const { logs, found } = await openSessionLogs({
  dataDir,
  masterKey: KEY,
  bootId: "boot",
  clock: systemClock,
  randomBytes,
  listener: { onDurable: () => {}, onDamage: () => {}, onDeleted: () => {} },
  settings: { freeBytesMin: 0 },
});
const log = found[0]?.log ?? (await logs.create(SESSION, SIZE));
if (log.headOffset === 0) log.appendReceived(0, Buffer.alloc(100, "x"), () => {});
log.writeOut();
process.stdout.write("ready\n");
// Its own number stands in `linesSinceMissing`, so that a reader can tell which bytes belong to it.
for (let number = Number(first); ; number++) {
  await log.checkpoints.save({ offset: 50, cols: 80, rows: 24, linesSinceMissing: number }, numberedCheckpoint(number));
  process.stdout.write(`stored ${number}\n`);
}
