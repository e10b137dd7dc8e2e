/**
 * One 1 KiB message of a flood: decode, verify the digest, build the acknowledge. CPU time of ours as a ratio to the
 * plainly written codec, measured alternately in one process.
 */
import * as crypto from "node:crypto";
import { AcknowledgeWriter, encodeAgentMessage, readFrame, UuidSource } from "@causeway/ssm-data-channel";
import { plainAcknowledge, plainDecode } from "../brokers/plain-codec.ts";
import { nativeSha256Hex } from "../lib/native-sha256.ts";
import type { RowGroup } from "../lib/options.ts";
import { median } from "../lib/stats.ts";

const MESSAGES = 50_000;
const MESSAGES_QUICK = 500;

export const codecRows: RowGroup = {
  name: "codec",
  about: "decode, verify and acknowledge, against a plainly written codec",
  async run({ rounds, isQuick }) {
    const { ours, plain } = measureCodec(rounds + 2, isQuick ? MESSAGES_QUICK : MESSAGES);
    return [
      {
        name: "codec: decode + verify + acknowledge of 1 KiB, as a share of plain",
        ours: `${ours.toFixed(1)} µs`,
        reference: `plain ${plain.toFixed(1)} µs`,
        value: ours / plain,
        target: { atMost: 0.4 },
      },
    ];
  },
};

/** @returns CPU time per message, in microseconds */
function measureCodec(rounds: number, messages: number): { ours: number; plain: number } {
  const frames = Array.from({ length: 64 }, (_, sequenceNumber) =>
    Buffer.from(
      encodeAgentMessage({
        messageType: "output_stream_data",
        createdDate: Date.now(),
        sequenceNumber,
        messageId: crypto.randomUUID(),
        payloadType: 1,
        payload: crypto.randomBytes(1024),
      }),
    ),
  );
  const acknowledges = new AcknowledgeWriter(
    "output_stream_data",
    new UuidSource((length) => crypto.randomBytes(length)),
  );
  const tuned = (frame: Buffer) => {
    const read = readFrame(frame, nativeSha256Hex);
    if (read.rejection !== undefined) throw new Error(read.rejection);
    acknowledges.write(read.bytes, read.sequenceNumber, Date.now());
  };
  const plain = (frame: Buffer) => void plainAcknowledge(plainDecode(frame));
  cpuMicrosecondsPerCall(tuned, frames, messages);
  cpuMicrosecondsPerCall(plain, frames, messages);
  const ours: number[] = [];
  const reference: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(cpuMicrosecondsPerCall(tuned, frames, messages));
    reference.push(cpuMicrosecondsPerCall(plain, frames, messages));
  }
  return { ours: median(ours), plain: median(reference) };
}

function cpuMicrosecondsPerCall(work: (frame: Buffer) => void, frames: Buffer[], count: number): number {
  const before = process.cpuUsage();
  for (let index = 0; index < count; index++) work(frames[index % frames.length] as Buffer);
  const used = process.cpuUsage(before);
  return (used.user + used.system) / count;
}
