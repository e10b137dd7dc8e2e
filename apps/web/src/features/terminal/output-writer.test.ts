import { expect, test } from "vitest";
import { type Emulator, OutputWriter } from "./output-writer.ts";

/** Parses a chunk only when told to, as a busy or hidden page does. */
class SlowEmulator implements Emulator {
  #pending: (() => void)[] = [];
  write(_bytes: Uint8Array, parsed: () => void): void {
    this.#pending.push(parsed);
  }
  parseNext(): void {
    this.#pending.shift()?.();
  }
  resize(): void {}
  reset(): void {}
}

const QUERY = new TextEncoder().encode("\u001b[c");

function attached(headOffset: number) {
  const emulator = new SlowEmulator();
  const writer = new OutputWriter(emulator, { acknowledge() {} });
  writer.handleAttached(0, headOffset, 80, 24);
  return { emulator, writer };
}

test("replayed bytes are not live, the bytes beyond the head are, also when both come in one frame", () => {
  const { emulator, writer } = attached(3);
  writer.output(new Uint8Array([...QUERY, ...QUERY]));
  expect(writer.isParsingLive).toBe(false);
  emulator.parseNext();
  expect(writer.isParsingLive).toBe(true);
  emulator.parseNext();
  expect(writer.isParsingLive).toBe(false);
});

test("a page that becomes the one to answer leaves what was printed before to the former one, however late it parses it", () => {
  const { emulator, writer } = attached(0);
  writer.output(QUERY); // being parsed
  writer.output(QUERY); // waiting
  writer.answerFrom(6);
  expect(writer.isParsingLive).toBe(false);
  emulator.parseNext();
  expect(writer.isParsingLive).toBe(false);
  emulator.parseNext();
  writer.output(QUERY);
  expect(writer.isParsingLive).toBe(true);
});

test("output that comes after the hand-over but was printed before it is not live either", () => {
  const { emulator, writer } = attached(0);
  writer.answerFrom(3);
  writer.output(new Uint8Array([...QUERY, ...QUERY]));
  expect(writer.isParsingLive).toBe(false);
  emulator.parseNext();
  expect(writer.isParsingLive).toBe(true);
});
