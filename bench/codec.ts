/**
 * One 1 KiB message of a flood: decode, verify the digest, build the acknowledge. CPU time of ours as a ratio to the
 * plainly written codec, measured alternately in one process.
 */
import * as crypto from "node:crypto";
import { AcknowledgeWriter, encodeAgentMessage, readFrame, UuidSource } from "@causeway/ssm-data-channel";
import { plainAcknowledge, plainDecode } from "./plain-codec.ts";

const MESSAGES = 50_000;
const ROUNDS = 5;

export interface Row {
  name: string;
  ours: string;
  reference: string;
  ratio: number;
  target: string;
}

export function benchCodec(): Row[] {
  const sha256 = nativeSha256();
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
    const read = readFrame(frame, sha256);
    if (read.rejection !== undefined) throw new Error(read.rejection);
    acknowledges.write(read.bytes, read.sequenceNumber, Date.now());
  };
  const plain = (frame: Buffer) => void plainAcknowledge(plainDecode(frame));
  cpuMicrosecondsPerCall(tuned, frames);
  cpuMicrosecondsPerCall(plain, frames);
  const ours: number[] = [];
  const reference: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(cpuMicrosecondsPerCall(tuned, frames));
    reference.push(cpuMicrosecondsPerCall(plain, frames));
  }
  return [
    {
      name: "codec: decode + verify + acknowledge, 1 KiB",
      ours: `${median(ours).toFixed(1)} µs`,
      reference: `${median(reference).toFixed(1)} µs plain`,
      ratio: median(ours) / median(reference),
      target: "≤ 0.4",
    },
  ];
}

function cpuMicrosecondsPerCall(work: (frame: Buffer) => void, frames: Buffer[]): number {
  const before = process.cpuUsage();
  for (let index = 0; index < MESSAGES; index++) work(frames[index % frames.length] as Buffer);
  const used = process.cpuUsage(before);
  return (used.user + used.system) / MESSAGES;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

/** The one-shot call of Node 20.12+ and 21.7+: the call into OpenSSL costs more than the hashing. */
function nativeSha256(): (data: Uint8Array) => Uint8Array {
  return (data) => crypto.hash("sha256", data, "buffer");
}
