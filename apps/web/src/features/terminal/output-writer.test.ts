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
  restored(): void {}
}

const QUERY = new TextEncoder().encode("\u001b[c");

function attached(headOffset: number) {
  const emulator = new SlowEmulator();
  const writer = new OutputWriter(emulator, { acknowledge() {}, acknowledgeCheckpoint() {} });
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

/** Shows what it was given, and parses at once unless it is held. */
class ShowingEmulator implements Emulator {
  readonly shown: string[] = [];
  isHolding = false;
  #pending: (() => void)[] = [];
  write(bytes: Uint8Array, parsed: () => void): void {
    if (bytes[0] !== 0x18) this.shown.push(new TextDecoder().decode(bytes));
    if (this.isHolding) this.#pending.push(parsed);
    else parsed();
  }
  parseNext(): void {
    this.#pending.shift()?.();
  }
  resize(cols: number, rows: number): void {
    this.shown.push(`<${cols}x${rows}>`);
  }
  reset(): void {
    this.shown.push("<reset>");
  }
  restored(): void {
    this.shown.push("<restored>");
  }
}

function showing() {
  const emulator = new ShowingEmulator();
  const acks: string[] = [];
  const writer = new OutputWriter(emulator, {
    acknowledge: (offset) => acks.push(`${offset}`),
    acknowledgeCheckpoint: (id, bytes) => acks.push(`#${id}:${bytes}`),
  });
  return { emulator, writer, acks };
}
const text = (value: string) => new TextEncoder().encode(value);

test("a checkpoint is written into a cleared terminal of its size, and output goes on behind it", () => {
  const { emulator, writer, acks } = showing();
  expect(writer.handleAttached(1_000, 1_006, 90, 30, { id: 1, bytes: 6 })).toBe("whole");
  writer.checkpointPart(text("scr"));
  writer.checkpointPart(text("een"));
  writer.output(text("output"));
  expect(emulator.shown).toEqual(["<reset>", "<90x30>", "scr", "een", "<restored>", "output"]);
  expect(acks).toEqual(["#1:6", "1006"]);
  expect(writer.attachOffset()).toBe(1_006);
});

test("nothing in a checkpoint is live, and live output behind it is", () => {
  const { emulator, writer } = showing();
  writer.handleAttached(10, 10, 80, 24, { id: 1, bytes: QUERY.length });
  emulator.isHolding = true;
  writer.checkpointPart(QUERY);
  expect(writer.isParsingLive).toBe(false);
  emulator.parseNext();
  writer.output(QUERY);
  expect(writer.isParsingLive).toBe(true);
});

test("a page with half a checkpoint has nothing: it attaches with null, and is cleared before anything else is shown", () => {
  const { emulator, writer, acks } = showing();
  writer.handleAttached(0, 5, 80, 24);
  writer.output(text("hello"));
  writer.handleReset(900, 900, 80, 24, { id: 1, bytes: 100 });
  writer.checkpointPart(text("half"));
  writer.handleGap();
  expect(writer.attachOffset()).toBeNull();
  expect(writer.handleAttached(0, 5, 80, 24)).toBe("whole");
  writer.output(text("hello"));
  expect(emulator.shown.slice(-3)).toEqual(["<reset>", "<80x24>", "hello"]);
  expect(acks).toEqual(["5", "5"]);
  expect(writer.attachOffset()).toBe(5);
});

test("a checkpoint that was announced while the terminal was still parsing changes nothing if the line breaks first", () => {
  const { emulator, writer } = showing();
  writer.handleAttached(0, 5, 80, 24);
  emulator.isHolding = true;
  writer.output(text("hello"));
  writer.handleReset(900, 900, 80, 24, { id: 1, bytes: 4 });
  writer.checkpointPart(text("part"));
  writer.handleGap();
  emulator.parseNext();
  expect(writer.attachOffset()).toBe(5);
  expect(emulator.shown.filter((item) => !item.startsWith("<"))).toEqual(["hello"]);
});

test("a part that is parsed after the line broke is not acknowledged on the next one", () => {
  const { emulator, writer, acks } = showing();
  writer.handleAttached(900, 900, 80, 24, { id: 1, bytes: 8 });
  emulator.isHolding = true;
  writer.checkpointPart(text("part"));
  writer.handleGap();
  writer.handleAttached(950, 950, 80, 24, { id: 1, bytes: 4 });
  emulator.parseNext(); // the part of before
  expect(acks).toEqual([]);
  emulator.parseNext(); // the clearing
  writer.checkpointPart(text("next"));
  emulator.parseNext();
  expect(acks).toEqual(["#1:4"]);
  expect(writer.attachOffset()).toBe(950);
});

test("progress of a checkpoint is acknowledged every 32 KiB and at its end", () => {
  const { writer, acks } = showing();
  const bytes = 3 * 32 * 1024 + 5;
  writer.handleAttached(7, 7, 80, 24, { id: 3, bytes });
  for (let sent = 0; sent < bytes; sent += 16 * 1024)
    writer.checkpointPart(new Uint8Array(Math.min(16 * 1024, bytes - sent)).fill(65));
  expect(acks).toEqual(["#3:32768", "#3:65536", "#3:98304", "#3:98309"]);
});

test("coming back with a checkpoint is told from coming back without a gap and with a loss", () => {
  const { writer } = showing();
  const parsed: string[] = [];
  writer.handleAttached(0, 0, 80, 24);
  writer.output(text("hello"));
  writer.handleGap();
  expect(writer.handleAttached(5, 9, 80, 24)).toBe("whole");
  writer.handleGap();
  expect(writer.handleAttached(700, 700, 80, 24, { id: 1, bytes: 4 })).toBe("checkpoint");
  writer.whenParsed(() => parsed.push("then"));
  expect(parsed).toEqual([]);
  writer.checkpointPart(text("part"));
  expect(parsed).toEqual(["then"]);
  writer.handleGap();
  expect(writer.handleAttached(800, 800, 80, 24)).toBe("lost");
});

test("what waits for the log as it was on attach runs once, when the last byte of it was parsed", () => {
  const { emulator, writer } = attached(3);
  let runs = 0;
  writer.whenCaughtUp(() => runs++);
  writer.output(new Uint8Array([...QUERY.subarray(0, 2)]));
  emulator.parseNext();
  expect(runs).toBe(0);
  writer.output(new Uint8Array([...QUERY.subarray(2), ...QUERY]));
  emulator.parseNext();
  expect(runs).toBe(1);
  emulator.parseNext();
  expect(runs).toBe(1);
});

test("after a checkpoint it runs at the head, whether or not bytes follow", () => {
  for (const following of [0, 3]) {
    const emulator = new SlowEmulator();
    const writer = new OutputWriter(emulator, { acknowledge() {}, acknowledgeCheckpoint() {} });
    let runs = 0;
    writer.whenCaughtUp(() => runs++);
    writer.handleAttached(100, 100 + following, 80, 24, { id: 1, bytes: 3 });
    writer.checkpointPart(QUERY);
    emulator.parseNext(); // the clearing
    expect(runs).toBe(0);
    emulator.parseNext();
    expect(runs).toBe(following === 0 ? 1 : 0);
    writer.output(QUERY);
    emulator.parseNext();
    expect(runs).toBe(1);
  }
});
