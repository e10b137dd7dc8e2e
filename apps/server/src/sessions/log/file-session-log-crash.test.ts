/**
 * What a crash or a stranger may do to the files, and what a restart then finds. Long because every kind of byte and
 * every kind of exchange has its own test.
 */
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import type { ClientChannelState } from "@causeway/ssm-data-channel";
import fc from "fast-check";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { KEY, LogLife, SESSION, SIZE } from "../testing/file-log-harness.ts";
import type { FileSessionLog } from "./file-session-log.ts";
import { recoverSessionFiles } from "./file-session-log-recovery.ts";
import { RESERVED_BLOCK } from "./keeper-journal.ts";
import { PREFIX_BYTES, RECORD_HEAD_BYTES } from "./segment-cipher.ts";
import type { SessionLog } from "./session-log.ts";
import { readOnce } from "./session-log-contract.ts";

const noop = () => {};
const scratch = mkdtempSync(`${tmpdir()}/causeway-crash-`);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let lives: LogLife[] = [];
afterEach(async () => {
  for (const life of lives) await life.dispose();
  lives = [];
});

async function begin(options: Parameters<typeof LogLife.begin>[0] = {}): Promise<LogLife> {
  const life = await LogLife.begin(options);
  lives.push(life);
  return life;
}
async function restart(life: LogLife, change: (directory: string) => void): Promise<LogLife> {
  const next = await life.next({}, change);
  lives.push(next);
  return next;
}

type Files = Map<string, Buffer>;

function filesIn(directory: string): Files {
  const names = readdirSync(directory).sort((a, b) => (a < b ? 1 : -1)); // output before keeper, as they are written
  return new Map(
    names
      .reverse()
      .sort(outputFirst)
      .map((name) => [name, readFileSync(`${directory}/${name}`)]),
  );
}
function outputFirst(a: string, b: string): number {
  return a.slice(0, 1) === b.slice(0, 1) ? (a < b ? -1 : 1) : a.startsWith("o") ? -1 : 1;
}

/** All states the disk may be in when the process dies during one write: each file's new bytes in order, cut anywhere. */
function* tornStates(before: Files, after: Files, cutsOf: (length: number) => number[]): Generator<Files> {
  const state: Files = new Map(before);
  for (const [name, content] of after) {
    const had = before.get(name)?.length ?? 0;
    for (const cut of cutsOf(content.length - had)) {
      state.set(name, content.subarray(0, had + cut));
      yield new Map(state);
    }
    state.set(name, content);
  }
}

async function recover(files: Files) {
  const directory = mkdtempSync(`${scratch}/x`);
  for (const [name, content] of files) writeFileSync(`${directory}/${name}`, content);
  const found = await recoverSessionFiles({ directory, sessionId: SESSION, masterKey: KEY, bootId: "boot 1" });
  if (found === undefined) throw new Error("nothing was found");
  const { tail, keeper, marks } = found.start;
  const { channel, streams, memo } = keeper.mirror.snapshot();
  rmSync(directory, { recursive: true });
  return {
    damage: found.damage,
    lostOutput: found.lostOutput,
    head: tail.head,
    lastSequenceNumber: tail.lastSequenceNumber,
    marks: marks.length,
    memo,
    streams: [...streams].flat().join(),
    sent: channel.nextOutgoingNumber,
    unacknowledged: channel.unacknowledged.map(({ sequenceNumber }) => sequenceNumber).join(),
    early: channel.early.map(({ sequenceNumber }) => sequenceNumber).join(),
    next: channel.nextIncomingNumber,
  };
}

const STATE: ClientChannelState = {
  progress: "in_handshake",
  handshake: { request: undefined, responded: false, challengeAnswered: false },
  dataKey: undefined,
  nextOutgoingNumber: 0,
  unacknowledged: [],
  nextIncomingNumber: 0,
  early: [],
  size: SIZE,
};

/** Drives a log as a keeper would, and knows what of it is stored. */
class Script {
  received = 0;
  sent = 0;
  memo = 0;
  offset = 0;
  readonly log: FileSessionLog;
  constructor(log: FileSessionLog) {
    this.log = log;
  }

  run(step: Step): void {
    const { log } = this;
    switch (step.kind) {
      case "output":
        log.appendReceived(this.received++, Buffer.alloc(step.bytes, 120), noop);
        return;
      case "mark":
        log.appendMark({ kind: "size", cols: 20 + this.received, rows: 24 });
        return;
      case "key":
        this.offset++;
        log.appendSent(
          {
            sequenceNumber: this.sent++,
            payloadType: 1,
            payload: Buffer.from("k"),
            source: { author: "a", streamId: "s", streamOffset: this.offset },
          },
          noop,
        );
        return;
      case "acknowledge":
        if (this.sent > 0) log.appendAcknowledged(this.sent - 1);
        return;
      case "early":
        log.appendEarly(this.received + 5, Buffer.from("early"), noop);
        return;
      case "handshake": {
        log.batch(() => {
          log.appendReceived(this.received++, undefined, noop);
          if (step.bytes > 0) log.appendReceived(this.received++, Buffer.alloc(step.bytes, 121), noop);
          const { channel } = log.keeperState;
          log.storeState({ ...STATE, ...channel, nextIncomingNumber: this.received }, `${++this.memo}`);
        });
        return;
      }
    }
  }
}
type Step = { kind: "output" | "handshake"; bytes: number } | { kind: "mark" | "key" | "acknowledge" | "early" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("output" as const), bytes: fc.integer({ min: 1, max: 3_000 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.constantFrom("mark", "key", "acknowledge", "early").map((kind) => ({ kind }) as Step),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("handshake" as const), bytes: fc.constantFrom(0, 2_500) }),
  },
);

/** A restart finds the state before or after the write, never a mixture that could lose or repeat anything. */
function expectPrefix(found: Awaited<ReturnType<typeof recover>>, before: typeof found, after: typeof found): void {
  expect(found.damage).toEqual([]);
  expect(found.lostOutput).toBe(false);
  const output = (from: typeof found) => `${from.head} ${from.lastSequenceNumber} ${from.marks}`;
  const keeper = (from: typeof found) => `${from.memo} ${from.streams} ${from.sent} ${from.unacknowledged}`;
  expect([output(before), output(after)]).toContain(output(found));
  expect([keeper(before), keeper(after)]).toContain(keeper(found));
  const hasOutput = output(found) === output(after);
  const hasKeeper = keeper(found) === keeper(after);
  // A change of the channel and the output that came with it: both, or none.
  if (before.memo !== after.memo && output(before) !== output(after)) expect(hasOutput && !hasKeeper).toBe(false);
  expect(found.next).toBeLessThanOrEqual(hasOutput || hasKeeper ? after.next : before.next);
  expect(found.next).toBeGreaterThanOrEqual(before.next);
  expect(found.next).toBeGreaterThan(found.lastSequenceNumber);
}

describe("a process that dies while it writes", () => {
  test("leaves, for any appends and any cut of the last write, exactly the records before it or with it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
        async (writes, cuts) => {
          const life = await begin({ settings: { keepBytes: 16 * 20_000 } }); // one write fits, two or three make the next file
          const script = new Script(await life.create());
          script.log.writeOut();
          let before = filesIn(life.directory());
          for (const steps of writes) {
            for (const each of steps) script.run(each);
            script.log.writeOut();
            const after = filesIn(life.directory());
            const stored = { before: await recover(before), after: await recover(after) };
            expect(stored.after.head).toBe(script.log.headOffset);
            expect(stored.after.next).toBe(script.received);
            const cutsOf = (length: number) => cuts.map((cut) => Math.floor(cut * length));
            for (const torn of tornStates(before, after, cutsOf))
              expectPrefix(await recover(torn), stored.before, stored.after);
            before = after;
          }
          await life.dispose();
          lives = [];
        },
      ),
      { numRuns: 25 },
    );
  }, 120_000);

  test("is found right again for every single byte at which the last write may have stopped", async () => {
    const life = await begin();
    const script = new Script(await life.create());
    for (const kind of ["key", "early", "mark"] as const) script.run({ kind });
    script.run({ kind: "output", bytes: 50 });
    script.log.writeOut();
    const before = filesIn(life.directory());
    script.run({ kind: "output", bytes: 40 });
    script.run({ kind: "handshake", bytes: 0 });
    for (const kind of ["key", "acknowledge", "mark"] as const) script.run({ kind });
    script.log.writeOut();
    const after = filesIn(life.directory());
    const stored = { before: await recover(before), after: await recover(after) };
    let states = 0;
    for (const torn of tornStates(before, after, (length) => Array.from({ length }, (_, cut) => cut))) {
      expectPrefix(await recover(torn), stored.before, stored.after);
      states++;
    }
    expect(states).toBeGreaterThan(300);
  });

  test("has the end of a handshake and 300 KiB of the same turn, or neither, wherever its write stopped", async () => {
    const life = await begin();
    const script = new Script(await life.create());
    script.run({ kind: "handshake", bytes: 0 });
    script.log.writeOut();
    const before = filesIn(life.directory());
    script.run({ kind: "handshake", bytes: 300 * 1024 });
    script.log.writeOut();
    const after = filesIn(life.directory());
    const stored = { before: await recover(before), after: await recover(after) };
    expect(stored.after.head).toBe(300 * 1024);
    const cutsOf = (length: number) => [0, 1, 33, length >> 2, length >> 1, length - 1].filter((cut) => cut < length);
    for (const torn of tornStates(before, after, cutsOf)) {
      const found = await recover(torn);
      expectPrefix(found, stored.before, stored.after);
      expect(found.memo === stored.after.memo || found.head === 0).toBe(true);
    }
  });

  test("cuts the torn record from the file, and goes on behind it", async () => {
    const life = await begin();
    const log = await life.create();
    for (const text of ["one ", "two ", "three"]) {
      log.appendReceived(log.lastSequenceNumber + 1, Buffer.from(text), noop);
      log.writeOut();
    }
    const next = await restart(life, (directory) => cut(`${directory}/output-00000001`, 1));
    expect(next.damage).toEqual([]);
    expect(await textOf(next.only.log)).toBe("one two ");
    next.only.log.appendReceived(2, Buffer.from("THREE"), noop);
    next.only.log.writeOut();
    const third = await restart(next, noop);
    expect(await textOf(third.only.log)).toBe("one two THREE");
    expect(third.damage).toEqual([]);
  });
});

describe("a stranger who writes to the files", () => {
  /** Three lives, so three files, with known content. */
  async function threeLives(): Promise<LogLife> {
    let life = await begin();
    let log = await life.create();
    for (let n = 0; n < 3; n++) {
      for (const part of ["a", "b", "c", "d"]) {
        log.appendReceived(log.lastSequenceNumber + 1, Buffer.from(`${n}${part};`), noop);
        log.appendSent({ sequenceNumber: log.lastSequenceNumber, payloadType: 1, payload: Buffer.from("k") }, noop);
        log.writeOut();
      }
      if (n === 2) break;
      life = await restart(life, noop);
      ({ log } = life.only);
    }
    return life;
  }
  const ALL = "0a;0b;0c;0d;1a;1b;1c;1d;2a;2b;2c;2d;";

  /** Something was said, and what can still be read is a piece of the original, not of anything else. */
  async function expectSaid(life: LogLife): Promise<string> {
    expect(life.damage.length + (life.only.lostOutput ? 1 : 0)).toBeGreaterThan(0);
    const { log } = life.only;
    const text = await textOf(log);
    expect(ALL.slice(log.oldestOffset, log.headOffset)).toBe(text);
    return text;
  }

  test("flips any byte of an older output file: it is said, and the newest output is still right", async () => {
    const life = await threeLives();
    const { length } = readFileSync(life.path("output", 1));
    for (let at = 0; at < length; at++) {
      const next = await life.next({}, (directory) => flip(`${directory}/output-00000002`, at));
      expect((await expectSaid(next)).endsWith("2a;2b;2c;2d;")).toBe(true);
      await next.dispose();
    }
  }, 120_000);

  test("flips any byte of the newest output file: it is said, and nothing wrong is shown", async () => {
    const life = await threeLives();
    const { length } = readFileSync(life.path("output"));
    for (let at = 0; at < length; at++) {
      const next = await life.next({}, (directory) => flip(`${directory}/output-00000003`, at));
      await expectSaid(next);
      await next.dispose();
    }
  }, 120_000);

  test("flips any byte of the keeper's file: it is said, and numbers that may be used are walked past", async () => {
    const life = await threeLives();
    const file = life.files("keeper").at(-1);
    const { length } = readFileSync(life.path("keeper"));
    for (let at = 0; at < length; at += 3) {
      const next = await life.next({}, (directory) => flip(`${directory}/${file}`, at));
      expect(next.damage.length).toBeGreaterThan(0);
      const { keeper, log } = next.only;
      expect(keeper === undefined || keeper.walkPastBelow === RESERVED_BLOCK).toBe(true);
      expect(await textOf(log)).toBe(ALL);
      await next.dispose();
    }
  }, 120_000);

  test("swaps two records of equal length", async () => {
    const life = await threeLives();
    await expectSaid(
      await restart(life, (directory) => {
        const path = `${directory}/output-00000003`;
        const bytes = readFileSync(path);
        const [, first, second] = recordsOf(bytes);
        if (first === undefined || second === undefined) throw new Error("too few records");
        const copy = Buffer.from(bytes);
        bytes.copy(copy, first.start, second.start, second.end);
        bytes.copy(copy, second.start, first.start, first.end);
        writeFileSync(path, copy);
      }),
    );
  });

  test("repeats or removes a record in the middle", async () => {
    const life = await threeLives();
    for (const parts of [
      [0, 1, 1, 2, 3, 4],
      [0, 1, 3, 4],
    ]) {
      await expectSaid(
        await restart(life, (directory) => {
          const path = `${directory}/output-00000003`;
          const bytes = readFileSync(path);
          const records = recordsOf(bytes);
          const pieces = parts.map((index) => bytes.subarray(records[index]?.start, records[index]?.end));
          writeFileSync(path, Buffer.concat([bytes.subarray(0, PREFIX_BYTES), ...pieces]));
        }),
      );
    }
  });

  test("swaps two files", async () => {
    const life = await threeLives();
    await expectSaid(
      await restart(life, (directory) => {
        renameSync(`${directory}/output-00000001`, `${directory}/x`);
        renameSync(`${directory}/output-00000002`, `${directory}/output-00000001`);
        renameSync(`${directory}/x`, `${directory}/output-00000002`);
      }),
    );
  });

  test("puts an older state of a file back, cuts one in the middle, or removes one", async () => {
    const life = await threeLives();
    await expectSaid(await restart(life, (directory) => cut(`${directory}/output-00000002`, 50)));
    await expectSaid(await restart(life, (directory) => rmSync(`${directory}/output-00000002`)));
    const rolledBack = await restart(life, (directory) => {
      const records = recordsOf(readFileSync(`${directory}/output-00000003`));
      truncateSync(`${directory}/output-00000003`, records[2]?.end);
    });
    expect(rolledBack.only.lostOutput).toBe(true);
    expect(rolledBack.only.keeper?.channel.nextIncomingNumber).toBe(10);
  });

  test("replays an old file under the next number", async () => {
    const life = await threeLives();
    await expectSaid(
      await restart(life, (directory) => cpSync(`${directory}/output-00000002`, `${directory}/output-00000004`)),
    );
  });

  test("moves a file to another session", async () => {
    const life = await begin();
    const [one, two] = [await life.create(), await life.create("BBBBBBBBBBBBBBBBBBBBBB")];
    one.appendReceived(0, Buffer.from("one"), noop);
    two.appendReceived(0, Buffer.from("two"), noop);
    one.writeOut();
    two.writeOut();
    for (const file of ["output-00000001", "keeper-00000001"]) {
      const next = await restart(life, (directory) =>
        cpSync(`${directory}/../BBBBBBBBBBBBBBBBBBBBBB/${file}`, `${directory}/${file}`),
      );
      expect(next.damage).toHaveLength(1);
      const found = next.found.find(({ id }) => id === SESSION);
      expect(found?.damage).toHaveLength(1);
      if (found !== undefined) expect(["", "one"]).toContain(await textOf(found.log));
    }
  });

  test("changes a file while the session runs: the reader is told, and goes on behind the damage", async () => {
    const life = await begin({ settings: { ringBytesMax: 1 } });
    const log = await life.create();
    for (let n = 0; n < 30; n++) {
      log.appendReceived(n, Buffer.alloc(8 * 1024, 65 + n), noop);
      log.writeOut();
    }
    flip(life.path("output", 0), 20_000);
    expect((await readOnce(log, log.cursorAtOldest(), 100)).kind).toBe("dropped");
    expect(life.damage).toHaveLength(1);
    const text = await textOf(log);
    expect(text.length).toBe(log.headOffset - log.oldestOffset);
    expect(text.length).toBeGreaterThan(100_000);
    expect(text.endsWith(String.fromCharCode(65 + 29))).toBe(true);
  });

  test("has no two files with one key: equal sessions look unlike, and nothing readable is on the disk", async () => {
    const life = await begin();
    const logs = [await life.create("one"), await life.create("two")];
    const text = "the very same text, long enough to be recognised anywhere";
    for (const log of logs) {
      log.appendReceived(0, Buffer.from(text), noop);
      log.appendSent({ sequenceNumber: 0, payloadType: 1, payload: Buffer.from(text) }, noop);
      log.writeOut();
    }
    const salts = new Set<string>();
    const bodies = new Set<string>();
    let files = 0;
    for (const id of ["one", "two"]) {
      for (const [name, content] of filesIn(life.directory(id))) {
        files++;
        expect(name).toMatch(/^(output-00000001|keeper-00000001|unstored)$/);
        expect(content.includes(text)).toBe(false);
        salts.add(content.toString("hex", 12, PREFIX_BYTES));
        bodies.add(content.toString("hex", PREFIX_BYTES + RECORD_HEAD_BYTES, PREFIX_BYTES + RECORD_HEAD_BYTES + 16));
      }
    }
    expect([files, salts.size, bodies.size]).toEqual([6, 6, 6]);
  });
});

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 0x01;
  writeFileSync(path, bytes);
}
function cut(path: string, bytes: number): void {
  truncateSync(path, readFileSync(path).length - bytes);
}
function recordsOf(bytes: Buffer): { start: number; end: number }[] {
  const records: { start: number; end: number }[] = [];
  for (let start = PREFIX_BYTES; start < bytes.length; ) {
    const end = start + RECORD_HEAD_BYTES + bytes.readUInt32BE(start);
    records.push({ start, end });
    start = end;
  }
  return records;
}
async function textOf(log: SessionLog): Promise<string> {
  let text = "";
  let cursor = log.cursorAtOldest();
  for (;;) {
    const read = await readOnce(log, cursor, 10_000);
    if (read.kind === "head") return text;
    if (read.kind === "dropped") cursor = log.cursorAtOldest();
    else {
      if (read.kind === "output") text += Buffer.from(read.bytes).toString("latin1");
      cursor = read.next;
    }
  }
}
