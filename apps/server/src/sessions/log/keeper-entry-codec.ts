/** Entries of the keeper's journal as bytes: a kind, a length, a body. Frequent kinds are binary, the others JSON. */
import type { InputSource } from "./keeper-log.ts";
import type { KeeperEntry, KeeperSnapshot } from "./keeper-state.ts";

const HEAD_BYTES = 5;
const KINDS = [
  "snapshot",
  "received",
  "early",
  "hole",
  "sent",
  "acknowledged",
  "stream",
  "reserved",
  "closed",
  "opened",
  "withdrawn",
] as const;

export function encodeKeeperEntry(entry: KeeperEntry): Buffer[] {
  const body = encodeBody(entry);
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  head[0] = KINDS.indexOf(entry.kind);
  head.writeUInt32BE(
    body.reduce((sum, part) => sum + part.length, 0),
    1,
  );
  return [head, ...body];
}

/** @param bytes authentic: opened from a record. @throws Error on what no version of ours wrote */
export function* decodeKeeperEntries(bytes: Buffer): Generator<KeeperEntry> {
  for (let at = 0; at < bytes.length; ) {
    const kind = KINDS[bytes.readUInt8(at)];
    const end = at + HEAD_BYTES + bytes.readUInt32BE(at + 1);
    if (kind === undefined || end > bytes.length) throw new Error("not an entry of a keeper's journal");
    yield decodeBody(kind, bytes.subarray(at + HEAD_BYTES, end));
    at = end;
  }
}

function encodeBody(entry: KeeperEntry): Buffer[] {
  switch (entry.kind) {
    case "snapshot":
      return [encodeSnapshot(entry.snapshot)];
    case "received":
      return [float64(entry.sequenceNumber), Buffer.of(entry.hasOutput ? 1 : 0)];
    case "early":
      return [float64(entry.sequenceNumber), asBuffer(entry.frame)];
    case "hole":
      return [float64(entry.toSequenceNumber)];
    case "sent": {
      const { sequenceNumber, payloadType, payload, source } = entry.message;
      const about = Buffer.from(JSON.stringify({ payloadType, source }));
      const length = Buffer.allocUnsafe(4);
      length.writeUInt32BE(about.length);
      return [float64(sequenceNumber), length, about, asBuffer(payload)];
    }
    case "acknowledged":
      return [float64(entry.sequenceNumber)];
    case "stream":
      return [float64(entry.offset), Buffer.from(entry.streamId)];
    case "reserved":
      return [float64(entry.below)];
    case "closed":
      return [];
    case "opened":
      return [Buffer.from(entry.bootId)];
    case "withdrawn":
      return [float64(entry.fromSequenceNumber), Buffer.from(JSON.stringify(entry.streams))];
  }
}

function decodeBody(kind: KeeperEntry["kind"], body: Buffer): KeeperEntry {
  switch (kind) {
    case "snapshot":
      return { kind, snapshot: decodeSnapshot(body) };
    case "received":
      return { kind, sequenceNumber: body.readDoubleBE(0), hasOutput: body.readUInt8(8) === 1 };
    case "early":
      return { kind, sequenceNumber: body.readDoubleBE(0), frame: ownBytes(body.subarray(8)) };
    case "hole":
      return { kind, toSequenceNumber: body.readDoubleBE(0) };
    case "sent": {
      const aboutEnd = 12 + body.readUInt32BE(8);
      const about = JSON.parse(body.toString("utf8", 12, aboutEnd)) as { payloadType: number; source?: InputSource };
      const message = { sequenceNumber: body.readDoubleBE(0), payload: ownBytes(body.subarray(aboutEnd)), ...about };
      return { kind, message };
    }
    case "acknowledged":
      return { kind, sequenceNumber: body.readDoubleBE(0) };
    case "stream":
      return { kind, offset: body.readDoubleBE(0), streamId: body.toString("utf8", 8) };
    case "reserved":
      return { kind, below: body.readDoubleBE(0) };
    case "closed":
      return { kind };
    case "opened":
      return { kind, bootId: body.toString("utf8") };
    case "withdrawn":
      return { kind, fromSequenceNumber: body.readDoubleBE(0), streams: JSON.parse(body.toString("utf8", 8)) };
  }
}

function encodeSnapshot({ sources, streams, ...rest }: KeeperSnapshot): Buffer {
  const plain = { ...rest, sources: [...sources], streams: [...streams] };
  return Buffer.from(JSON.stringify(plain, bytesAsBase64));
}

function decodeSnapshot(body: Buffer): KeeperSnapshot {
  const plain = JSON.parse(body.toString("utf8"), (_key, value) =>
    typeof value?.base64 === "string" ? new Uint8Array(Buffer.from(value.base64, "base64")) : value,
  );
  const { channel } = plain;
  return {
    ...plain,
    // JSON leaves out what is undefined.
    channel: {
      ...channel,
      dataKey: channel.dataKey,
      size: channel.size,
      handshake: { ...channel.handshake, request: channel.handshake.request },
    },
    sources: new Map(plain.sources),
    streams: new Map(plain.streams),
  };
}

/** By `this`, because a Buffer turns itself into `{type, data}` before a replacer is asked. */
function bytesAsBase64(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const raw = this[key];
  return raw instanceof Uint8Array ? { base64: asBuffer(raw).toString("base64") } : value;
}
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
/** Not a view: it must not hold on to the whole record. */
function ownBytes(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes);
}
function float64(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleBE(value);
  return bytes;
}
