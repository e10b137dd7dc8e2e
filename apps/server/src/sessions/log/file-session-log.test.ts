/** What the file-backed log promises; long because it is the whole list, one life of a server after another. */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import type { ClientChannelState } from "@causeway/ssm-data-channel";
import { describe, expect, test } from "vitest";
import { STREAMS_MAX } from "../input/input-streams.ts";
import { LogLife, SESSION, SIZE, until } from "../testing/file-log-harness.ts";
import { append, begin, bytesOf, keep, restart } from "../testing/log-lives.ts";
import { type FileSessionLog, RECORD_BYTES_MAX } from "./file-session-log.ts";
import { ENDED_LOG_KEPT_MS } from "./file-session-logs.ts";
import { ACKNOWLEDGED_PAYLOAD_KEPT_MS, RESERVED_BLOCK } from "./keeper-journal.ts";
import type { LogMark } from "./session-log.ts";
import { describeSessionLog, readAll } from "./session-log-contract.ts";
import { WRITE_TICK_MS } from "./write-tick.ts";

const END: LogMark = { kind: "end", end: { by: "shell", at: 1_700_000_000_000 } };
const noop = () => {};

describeSessionLog("the session log in files, read from memory", async (size, keepBytes) => {
  const life = await LogLife.begin({ settings: { keepBytes } });
  const log = await life.logs.create(SESSION, size);
  return { log, store: () => log.writeOut(), dispose: () => life.dispose() };
});

describeSessionLog("the session log in files, read from the disk", async (size, keepBytes) => {
  // A budget of one byte: every ring gives back what is written, so that readers need the files.
  const life = await LogLife.begin({ settings: { keepBytes, ringBytesMax: 1 } });
  const log = await life.logs.create(SESSION, size);
  return { log, store: () => log.writeOut(), dispose: () => life.dispose() };
});

describe("storing", () => {
  test("calls a record stored only after a restart would find it", async () => {
    const life = await begin();
    const log = await life.create();
    let stored = false;
    append(log, "hello", () => {
      stored = true;
    });
    expect(stored).toBe(false);
    expect((await restart(life)).only.log.headOffset).toBe(0);
    await Promise.resolve();
    expect(stored).toBe(true);
    const { log: found } = (await restart(life)).only;
    expect(await bytesOf(found)).toBe("hello");
    expect(found.lastSequenceNumber).toBe(0);
  });

  test("a lone record is written at the end of its turn, a busy session's once per tick", async () => {
    const life = await begin();
    const log = await life.create();
    const stored: string[] = [];
    append(log, "a", () => stored.push("a"));
    await Promise.resolve();
    expect(stored).toEqual(["a"]);
    append(log, "b", () => stored.push("b"));
    append(log, "c", () => stored.push("c"));
    await Promise.resolve();
    expect(stored).toEqual(["a"]);
    life.clock.advance(WRITE_TICK_MS);
    expect(stored).toEqual(["a", "b", "c"]);
  });

  test("keys never wait for the tick", async () => {
    const life = await begin();
    const log = await life.create();
    append(log, "a");
    await Promise.resolve();
    const stored: boolean[] = [];
    log.appendSent(key(0, "x"), (isStored) => stored.push(isStored));
    await Promise.resolve();
    expect(stored).toEqual([true]);
  });

  test("output of any size is written before it waits for a tick in great amounts", async () => {
    const life = await begin();
    const log = await life.create();
    let stored = 0;
    const chunk = "x".repeat(1024);
    for (let n = 0; n < RECORD_BYTES_MAX / 1024; n++) append(log, chunk, () => stored++);
    expect(stored).toBe(RECORD_BYTES_MAX / 1024);
  });

  test("what is appended after the end is not taken, and not called stored", async () => {
    const life = await begin();
    const log = await life.create();
    log.appendMark(END);
    const called: string[] = [];
    append(log, "late", () => called.push("received"));
    log.appendSent(key(0, "x"), () => called.push("sent"));
    log.writeOut();
    expect(called).toEqual([]);
    expect(log.headOffset).toBe(0);
  });
});

describe("the keeper's part", () => {
  test("a restart finds numbers, unacknowledged input with its author, early frames, offsets and the data key", async () => {
    const life = await begin();
    const log = await life.create();
    const channel: ClientChannelState = {
      progress: "running",
      handshake: { request: Buffer.from("request"), responded: true, challengeAnswered: true },
      dataKey: new Uint8Array(64).fill(7),
      nextOutgoingNumber: 2,
      unacknowledged: [],
      nextIncomingNumber: 3,
      early: [],
      size: SIZE,
    };
    log.appendReceived(2, undefined, noop);
    log.storeState(channel, '{"clientId":"c"}');
    log.appendSent(key(2, "a", "page", 1), noop);
    log.appendSent(key(3, "b", "page", 2), noop);
    log.appendSent({ sequenceNumber: 4, payloadType: 3, payload: Buffer.from('{"cols":99,"rows":33}') }, noop);
    log.appendAcknowledged(2);
    log.appendStreamOffset("other", 17, noop);
    log.appendReceived(3, Buffer.from("out"), noop);
    log.appendEarly(7, Buffer.from("frame 7"), noop);
    log.writeOut();
    const { keeper } = (await restart(life)).only;
    expect(keeper).toEqual({
      channel: {
        ...channel,
        handshake: { ...channel.handshake, request: bytes("request") },
        size: { cols: 99, rows: 33 },
        nextOutgoingNumber: 5,
        nextIncomingNumber: 4,
        unacknowledged: [
          { sequenceNumber: 3, payloadType: 1, payload: bytes("b") },
          { sequenceNumber: 4, payloadType: 3, payload: bytes('{"cols":99,"rows":33}') },
        ],
        early: [{ sequenceNumber: 7, frame: bytes("frame 7") }],
      },
      memo: '{"clientId":"c"}',
      sources: new Map([[3, { author: "111122223333/AIDA", streamId: "page", streamOffset: 2 }]]),
      streams: new Map([
        ["page", 2],
        ["other", 17],
      ]),
      walkPastBelow: undefined,
    });
  });

  test("an early frame is kept until its turn comes, also over two restarts", async () => {
    const life = await begin();
    const log = await life.create();
    log.appendEarly(2, Buffer.from("two"), noop);
    log.appendEarly(4, Buffer.from("four"), noop);
    log.writeOut();
    const second = await restart(life);
    expect(second.only.keeper?.channel.early.map(({ sequenceNumber }) => sequenceNumber)).toEqual([2, 4]);
    for (const n of [0, 1, 2]) second.only.log.appendReceived(n, Buffer.from(`${n}`), noop);
    second.only.log.writeOut();
    const third = await restart(second);
    expect(third.only.keeper?.channel.early.map(({ sequenceNumber }) => sequenceNumber)).toEqual([4]);
    expect(third.only.keeper?.channel.nextIncomingNumber).toBe(3);
    expect(await bytesOf(third.only.log)).toBe("012");
  });

  test("a hole that was said is not waited for after a restart", async () => {
    const life = await begin();
    const log = await life.create();
    append(log, "a");
    log.appendHole(9);
    log.writeOut();
    expect((await restart(life)).only.keeper?.channel.nextIncomingNumber).toBe(10);
  });

  test("payloads leave the disk soon after the agent acknowledged them; numbers and offsets stay", async () => {
    const life = await begin();
    const log = await life.create();
    for (let n = 0; n < 20; n++) log.appendSent(key(n, "secret".repeat(100), "page", n), noop);
    log.writeOut();
    const before = statSync(life.path("keeper")).size;
    for (let n = 0; n < 20; n++) log.appendAcknowledged(n);
    log.writeOut();
    const [firstFile] = life.files("keeper");
    life.clock.advance(ACKNOWLEDGED_PAYLOAD_KEPT_MS);
    await until(() => !life.files("keeper").includes(firstFile as string));
    expect(life.files("keeper")).toHaveLength(1);
    expect(before).toBeGreaterThan(12_000);
    expect(statSync(life.path("keeper")).size).toBeLessThan(1_000);
    const { keeper } = (await restart(life)).only;
    expect(keeper?.channel.nextOutgoingNumber).toBe(20);
    expect(keeper?.channel.unacknowledged).toEqual([]);
    expect(keeper?.streams.get("page")).toBe(19);
  });

  test("a long paste does not let the keeper's file grow without bound", async () => {
    const life = await begin();
    const log = await life.create();
    for (let n = 0; n < 5_000; n++) {
      log.appendSent(key(n, "x".repeat(1024), "page", n * 1024), noop);
      log.appendAcknowledged(n);
      log.writeOut();
      if (n % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => life.files("keeper").length === 1);
    expect(statSync(life.path("keeper")).size).toBeLessThan(2 * 1024 * 1024);
    expect((await restart(life)).only.keeper?.channel.nextOutgoingNumber).toBe(5_000);
  });

  test("remembers a bounded number of streams", async () => {
    const life = await begin();
    const log = await life.create();
    for (let n = 0; n < STREAMS_MAX + 10; n++) log.appendStreamOffset(`page ${n}`, n, noop);
    expect(log.keeperState.streams.size).toBe(STREAMS_MAX);
    expect(log.keeperState.streams.has("page 0")).toBe(false);
  });

  test("a number is not used before its block of 256 is on the disk", async () => {
    const life = await begin();
    const log = await life.create();
    const stored: number[] = [];
    for (let n = 0; n < 2 * RESERVED_BLOCK; n++) log.appendSent(key(n, "x"), () => stored.push(n));
    log.writeOut();
    expect(stored.length).toBe(RESERVED_BLOCK);
    await until(() => stored.length === 2 * RESERVED_BLOCK);
    expect(stored).toEqual(Array.from({ length: 2 * RESERVED_BLOCK }, (_, n) => n));
  });
});

describe("a crash of the host", () => {
  test("makes the next keeper walk past the reserved numbers; a crash of the server alone does not", async () => {
    const life = await begin({ bootId: "boot 1" });
    const log = await life.create();
    log.appendSent(key(0, "x"), noop);
    log.writeOut();
    expect((await restart(life)).only.keeper?.walkPastBelow).toBeUndefined();
    const after = await restart(life, { bootId: "boot 2" });
    expect(after.only.keeper?.walkPastBelow).toBe(RESERVED_BLOCK);
    expect(after.only.keeper?.channel.nextOutgoingNumber).toBe(1);
  });

  test("is not forgotten when the server dies again before it walked past them", async () => {
    const life = await begin({ bootId: "boot 1" });
    (await life.create()).appendSent(key(0, "x"), noop);
    const second = await restart(life, { bootId: "boot 2" });
    const third = await restart(second, { bootId: "boot 2" });
    expect(third.only.keeper?.walkPastBelow).toBe(RESERVED_BLOCK);
    for (let n = 1; n <= RESERVED_BLOCK; n++) third.only.log.appendSent(key(n, "size"), noop);
    third.only.log.writeOut();
    expect((await restart(third, { bootId: "boot 2" })).only.keeper?.walkPastBelow).toBeUndefined();
  });

  test("costs nothing when the server had stopped in order", async () => {
    const life = await begin({ bootId: "boot 1" });
    const log = await life.create();
    log.appendSent(key(0, "x"), noop);
    append(log, "out");
    await life.logs.close();
    const after = await restart(life, { bootId: "boot 2" });
    expect(after.only.keeper?.walkPastBelow).toBeUndefined();
    expect(await bytesOf(after.only.log)).toBe("out");
  });
});

describe("retention", () => {
  test("keys go with the end, the log goes ten minutes later, and nothing of it is left", async () => {
    const life = await begin();
    const log = await life.create();
    append(log, "bye");
    log.appendSent(key(0, "secret"), noop);
    log.appendMark({ kind: "end", end: { by: "shell", at: life.clock.nowMs() } });
    log.writeOut();
    await until(() => life.files("keeper").length === 0);
    expect(await readAll(log, log.cursorAtOldest())).toEqual(["bye", "end shell"]);
    life.clock.advance(ENDED_LOG_KEPT_MS - 1);
    expect(existsSync(life.directory())).toBe(true);
    life.clock.advance(1);
    await until(() => life.deleted.length === 1);
    expect(existsSync(life.directory())).toBe(false);
    expect(life.logs.usage.diskBytes).toBe(0);
    expect(life.logs.get(SESSION)).toBeUndefined();
  });

  test("an ended session is found after a restart, to be read, and is deleted when its time comes", async () => {
    const life = await begin();
    const log = await life.create();
    append(log, "bye");
    log.appendMark(END);
    log.writeOut();
    await until(() => life.files("keeper").length === 0);
    const next = await restart(life);
    expect(next.only.end).toEqual(END.kind === "end" && END.end);
    expect(next.only.keeper).toBeUndefined();
    expect(await readAll(next.only.log, next.only.log.cursorAtOldest())).toEqual(["bye", "end shell"]);
    next.clock.advance(ENDED_LOG_KEPT_MS);
    await until(() => next.deleted.length === 1);
    expect(existsSync(next.directory())).toBe(false);
  });

  test("a log can be deleted at any time, with files and memory", async () => {
    const life = await begin();
    const log = await life.create();
    append(log, "x".repeat(100_000));
    await life.logs.delete(SESSION);
    await life.logs.delete(SESSION);
    expect(existsSync(life.directory())).toBe(false);
    expect(life.logs.usage).toEqual({ diskBytes: 0, ringBytes: 0, notDurable: 0 });
  });

  test("an id that could name another directory is refused", async () => {
    const life = await begin();
    for (const id of ["..", "a/b", "", ".", "a\0b"]) await expect(life.logs.delete(id)).rejects.toThrow(RangeError);
  });
});

describe("the store", () => {
  test("directories are 0700 and files 0600, whatever the umask", async () => {
    const umask = process.umask(0);
    const life = await begin();
    const log = await life.create();
    append(log, "x");
    log.writeOut();
    process.umask(umask);
    expect(statSync(`${life.dataDir}/sessions`).mode & 0o777).toBe(0o700);
    expect(statSync(life.directory()).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(life.directory()))
      expect(statSync(`${life.directory()}/${file}`).mode & 0o777).toBe(0o600);
  });

  test("the same session goes on over many restarts, in new files, with one scrollback", async () => {
    let life = await begin();
    let log: FileSessionLog = await life.create();
    for (let n = 0; n < 5; n++) {
      append(log, `life ${n};`);
      log.appendMark({ kind: "size", cols: 90 + n, rows: 24 });
      log.writeOut();
      life = await restart(life);
      ({ log } = life.only);
    }
    expect(await readAll(log, log.cursorAtOldest())).toEqual(
      [0, 1, 2, 3, 4].flatMap((n) => [`life ${n};`, `size ${90 + n}x24`]),
    );
    expect(life.files("output")).toHaveLength(5);
    expect(life.damage).toEqual([]);
  });

  test("a session that was being created when the server died leaves nothing behind", async () => {
    const life = await begin();
    await life.create();
    const next = await life.next({}, (directory) => {
      rmSync(`${directory}/${life.files("keeper")[0]}`);
      mkdirSync(`${directory}/../empty`);
    });
    keep(next);
    expect(next.found).toEqual([]);
    expect(readdirSync(`${next.dataDir}/sessions`)).toEqual([]);
  });
});

function key(sequenceNumber: number, text: string, streamId = "page", streamOffset = sequenceNumber + 1) {
  const source = { author: "111122223333/AIDA", streamId, streamOffset };
  return { sequenceNumber, payloadType: 1, payload: new Uint8Array(Buffer.from(text)), source };
}
function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text));
}
