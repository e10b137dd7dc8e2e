import { buildSize, PAYLOAD_TYPE } from "@causeway/ssm-data-channel";
import { expect, test } from "vitest";
import { decodeKeeperEntries, encodeKeeperEntry } from "./keeper-entry-codec.ts";
import { type KeeperEntry, KeeperStateMirror } from "./keeper-state.ts";

const key = (sequenceNumber: number): KeeperEntry => ({
  kind: "sent",
  message: {
    sequenceNumber,
    payloadType: PAYLOAD_TYPE.output,
    payload: new Uint8Array([120]),
    source: { author: "dana", streamId: "page", streamOffset: sequenceNumber + 1 },
  },
});
const size = (sequenceNumber: number): KeeperEntry => ({
  kind: "sent",
  message: { sequenceNumber, payloadType: PAYLOAD_TYPE.size, payload: buildSize({ cols: 132, rows: 43 }) },
});

/** As the journal holds them. */
function applied(entries: KeeperEntry[]): KeeperStateMirror {
  const mirror = new KeeperStateMirror();
  const bytes = Buffer.concat(entries.flatMap((entry) => encodeKeeperEntry(entry)));
  for (const entry of decodeKeeperEntries(bytes)) mirror.apply(entry);
  return mirror;
}

test("withdrawn messages are gone: their numbers come next, and the streams stand where they stood before them", () => {
  const streams = [["page", 2]] as const;
  const mirror = applied([key(0), key(1), key(2), key(3), { kind: "withdrawn", fromSequenceNumber: 2, streams }]);
  const { channel, sources, streams: stored } = mirror.snapshot();
  expect(channel.nextOutgoingNumber).toBe(2);
  expect(channel.unacknowledged.map(({ sequenceNumber }) => sequenceNumber)).toEqual([0, 1]);
  expect([[...sources.keys()], [...stored]]).toEqual([[0, 1], [["page", 2]]]);
});

test("a withdrawn size is not the one the agent has", () => {
  const mirror = applied([size(0), key(1)]);
  expect(mirror.snapshot().channel.size).toEqual({ cols: 132, rows: 43 });
  mirror.apply({ kind: "withdrawn", fromSequenceNumber: 0, streams: [] });
  expect(mirror.snapshot().channel.size).toBeUndefined();
});

test("withdrawing what is not there changes nothing", () => {
  const mirror = applied([key(0), { kind: "withdrawn", fromSequenceNumber: 1, streams: [] }]);
  expect(mirror.snapshot().channel.nextOutgoingNumber).toBe(1);
});
