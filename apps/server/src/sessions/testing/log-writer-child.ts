/**
 * A process to be killed: goes on with the one session of a data directory, or begins it, prints output and keys as fast
 * as it may, and says on standard output what was called stored. `log-writer-child.ts <data directory> <boot id>`
 */
import { randomBytes } from "node:crypto";
import { systemClock } from "../../platform/clock.ts";
import { openSessionLogs } from "../log/file-session-logs.ts";
import { KEY, numberedOutput, SESSION, SIZE } from "./file-log-harness.ts";

const [, , dataDir = "", bootId = ""] = process.argv;
const fail = (text: string) => {
  process.stdout.write(`failed ${text}\n`);
};
const { logs, found } = await openSessionLogs({
  dataDir,
  masterKey: KEY,
  bootId,
  clock: systemClock,
  randomBytes,
  listener: {
    onDurable: (_id, _isDurable, code) => fail(code),
    onDamage: (_id, text) => fail(text),
    onDeleted: () => fail("deleted"),
  },
  settings: { freeBytesMin: 0, keepBytes: 2 * 1024 * 1024 },
});
const log = found[0]?.log ?? (await logs.create(SESSION, SIZE));
let sent = log.keeperState.channel.nextOutgoingNumber;
process.stdout.write("ready\n");

function turn(): void {
  for (let n = 0; n < 4; n++) {
    const number = log.lastSequenceNumber + 1;
    log.appendReceived(number, Buffer.from(numberedOutput(number)), () => process.stdout.write(`received ${number}\n`));
  }
  const number = sent++;
  const source = { author: "a", streamId: "page", streamOffset: number + 1 };
  log.appendSent({ sequenceNumber: number, payloadType: 1, payload: Buffer.from("k"), source }, (stored) => {
    process.stdout.write(`${stored ? "sent" : "failed to store"} ${number}\n`);
    log.appendAcknowledged(number - 3); // the agent is a few behind
  });
  setImmediate(turn);
}
turn();
