import fc from "fast-check";
import { expect, test } from "vitest";
import { buildSmuxFrame, SMUX_COMMAND, type SmuxFrame, SmuxReader } from "./smux.ts";

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(" ", ""), "hex");

test("frames are those of the real ends: little-endian, with version 1", () => {
  expect(buildSmuxFrame(SMUX_COMMAND.open, 3)).toEqual(new Uint8Array(hex("01 00 0000 03000000")));
  expect(buildSmuxFrame(SMUX_COMMAND.data, 3, Buffer.from("ping1"))).toEqual(
    new Uint8Array(hex("01 02 0500 03000000 70696e6731")),
  );
  expect(buildSmuxFrame(SMUX_COMMAND.close, 3)).toEqual(new Uint8Array(hex("01 01 0000 03000000")));
});

test("frames are read whole, however the bytes were cut", () => {
  const frames: fc.Arbitrary<SmuxFrame> = fc.record({
    command: fc.integer({ min: 0, max: 3 }),
    streamId: fc.integer({ min: 0, max: 0xffff_ffff }),
    data: fc.uint8Array({ maxLength: 300 }),
  });
  fc.assert(
    fc.property(fc.array(frames), fc.integer({ min: 1, max: 64 }), (sent, size) => {
      const bytes = Buffer.concat(sent.map(({ command, streamId, data }) => buildSmuxFrame(command, streamId, data)));
      const reader = new SmuxReader();
      const read: SmuxFrame[] = [];
      for (let at = 0; at < bytes.length; at += size) read.push(...reader.read(bytes.subarray(at, at + size)));
      expect(read).toEqual(sent);
      expect(reader.hasFailed).toBe(false);
    }),
  );
});

test("what was read does not change when its buffer is used again", () => {
  const reader = new SmuxReader();
  const bytes = Buffer.from(buildSmuxFrame(SMUX_COMMAND.data, 3, Buffer.from("one")));
  const [frame] = reader.read(bytes);
  bytes.fill(0);
  expect(Buffer.from(frame?.data ?? []).toString()).toBe("one");
});

test.each(["02 00 0000 03000000", "01 04 0000 03000000"])("after %s nothing is understood any more", (bad) => {
  const reader = new SmuxReader();
  const good = buildSmuxFrame(SMUX_COMMAND.open, 3);
  expect(reader.read(Buffer.concat([good, hex(bad), good]))).toHaveLength(1);
  expect(reader.hasFailed).toBe(true);
  expect(reader.read(good)).toEqual([]);
});
