import { expect, test } from "vitest";
import { AHEAD_OF_AGENT_BYTES_MAX, PasteQueue, PIECE_BYTES_MAX } from "./paste-queue.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const NOTHING = encode("");

test("never more than 16 KiB are ahead of the agent, and each acknowledgement lets as much follow", () => {
  const queue = new PasteQueue(encode("x".repeat(100_000)), NOTHING, 0);
  let sent = 0;
  let acknowledged = 0;
  let mostAhead = 0;
  while (!queue.isOver) {
    for (let piece = queue.poll(sent - acknowledged); piece; piece = queue.poll(sent - acknowledged)) {
      expect(piece.length).toBeLessThanOrEqual(PIECE_BYTES_MAX);
      sent += piece.length;
      mostAhead = Math.max(mostAhead, sent - acknowledged);
    }
    acknowledged += Math.min(1_000, sent - acknowledged);
  }
  expect(sent).toBe(100_000);
  expect(mostAhead).toBe(AHEAD_OF_AGENT_BYTES_MAX);
});

test("pieces hold whole characters, and together they are the text", () => {
  const text = "é漢🎉x".repeat(3_000);
  const queue = new PasteQueue(encode(text), NOTHING, 0);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let got = "";
  // an odd room each time, so that cuts fall everywhere
  for (let ahead = 16_000; !queue.isOver; ahead = 16_000 + (got.length % 200)) got += decoder.decode(queue.poll(ahead));
  expect(got).toBe(text);
});

test("stopping drops what was not handed out, but closes the bracket that was opened", () => {
  const closing = encode("\x1b[201~");
  const bytes = encode(`\x1b[200~${"x".repeat(50_000)}\x1b[201~`);
  const queue = new PasteQueue(bytes, closing, 0);
  queue.poll(0);
  expect(new TextDecoder().decode(queue.stop())).toBe("\x1b[201~");
  expect(queue.poll(0)).toBeUndefined();
  expect(queue.isOver).toBe(true);

  expect(new PasteQueue(bytes, closing, 0).stop()).toHaveLength(0);

  const nearEnd = new PasteQueue(encode("\x1b[200~ab\x1b[201~"), closing, 0);
  nearEnd.poll(AHEAD_OF_AGENT_BYTES_MAX - 10);
  expect(new TextDecoder().decode(nearEnd.stop())).toBe("[201~".slice(-4));
});

test("what arrived is counted from where the paste began, and never beyond what was handed out", () => {
  const queue = new PasteQueue(encode("x".repeat(10_000)), NOTHING, 500);
  queue.poll(0);
  expect([0, 500, 1_500, 99_999].map((offset) => queue.arrived(offset))).toEqual([0, 0, 1_000, PIECE_BYTES_MAX]);
});
