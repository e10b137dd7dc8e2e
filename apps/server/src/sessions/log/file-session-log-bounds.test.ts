/** The bounds of a session's log, and readers who meet them. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { append, begin, bytesOf, restart } from "../testing/log-lives.ts";
import type { FileSessionLog } from "./file-session-log.ts";
import { RING_BUSY_BYTES, RING_IDLE_BYTES } from "./output-ring.ts";
import { RING_CROWDED_BYTES, RING_IDLE_AFTER_MS } from "./ring-budget.ts";
import { readOnce } from "./session-log-contract.ts";

describe("bounds", () => {
  test("keeps at most so many bytes, drops the oldest file as a whole, and says so to a reader who needed it", async () => {
    const life = await begin({ settings: { keepBytes: 1024 * 1024, ringBytesMax: 1 } });
    const log = await life.create();
    const beginning = log.cursorAtOldest();
    const chunk = "y".repeat(8 * 1024);
    for (let n = 0; n < 400; n++) append(log, chunk);
    log.writeOut();
    const kept = log.headOffset - log.oldestOffset;
    expect(kept).toBeLessThanOrEqual(1024 * 1024);
    expect(kept).toBeGreaterThan(850 * 1024);
    const onDisk = readdirSync(life.directory()).reduce((sum, f) => sum + statSync(`${life.directory()}/${f}`).size, 0);
    expect(onDisk).toBeLessThan(1.1 * 1024 * 1024);
    expect(life.logs.usage.diskBytes).toBe(onDisk);
    expect(await readOnce(log, beginning, 10)).toEqual({ kind: "dropped" });
    expect((await bytesOf(log)).length).toBe(kept);
  });

  test("a flood of sizes alone does not grow the files without bound either", async () => {
    const life = await begin({ settings: { keepBytes: 64 * 1024 } });
    const log = await life.create();
    for (let n = 0; n < 6_000; n++) {
      log.appendMark({ kind: "size", cols: 20 + (n % 400), rows: 24 });
      log.writeOut();
    }
    expect(life.logs.usage.diskBytes).toBeLessThan(3 * 64 * 1024);
    expect((await restart(life)).only.log.sizeAt(0).cols).toBe(20 + (5_999 % 400));
  });

  test("the ring shrinks to 64 KiB when a session falls silent, and grows to 1 MiB when it is busy", async () => {
    const life = await begin();
    const log = await life.create();
    const chunk = "z".repeat(16 * 1024);
    for (let n = 0; n < 200; n++) append(log, chunk);
    log.writeOut();
    expect(life.logs.usage.ringBytes).toBeGreaterThan(RING_BUSY_BYTES / 2);
    expect(life.logs.usage.ringBytes).toBeLessThanOrEqual(RING_BUSY_BYTES + 128 * 1024);
    life.clock.advance(2 * RING_IDLE_AFTER_MS);
    expect(life.logs.usage.ringBytes).toBeLessThanOrEqual(2 * RING_IDLE_BYTES);
    expect((await bytesOf(log)).length).toBe(200 * 16 * 1024);
  });

  test("while all rings take more than a quarter of their bound, a busy one keeps 128 KiB in memory and the rest in its files", async () => {
    const life = await begin({ settings: { ringBytesMax: 4 * 1024 * 1024 } });
    const chunk = "c".repeat(16 * 1024);
    const print = async (id: string, chunks: number) => {
      const log = await life.create(id);
      for (let n = 0; n < chunks; n++) append(log, chunk);
      log.writeOut();
      return log;
    };
    for (const id of ["one", "two", "three", "four"]) await print(id, 20);
    const before = life.logs.usage.ringBytes;
    expect(before).toBeGreaterThan(1024 * 1024);
    const log = await print("five", 60);
    expect(life.logs.usage.ringBytes - before).toBeLessThanOrEqual(RING_CROWDED_BYTES + 32 * 1024);
    expect((await bytesOf(log)).length).toBe(60 * 16 * 1024);
  });

  test("all rings together stay below their bound; what left memory is read from the files", async () => {
    const ringBytesMax = 1024 * 1024;
    const life = await begin({ settings: { ringBytesMax } });
    const logs: FileSessionLog[] = [];
    for (let n = 0; n < 10; n++) logs.push(await life.create(`session-${n}`));
    const chunk = "r".repeat(4 * 1024);
    for (let round = 0; round < 100; round++) {
      for (const log of logs) {
        append(log, chunk);
        log.writeOut();
        expect(life.logs.usage.ringBytes).toBeLessThanOrEqual(ringBytesMax);
      }
    }
    for (const log of logs) expect((await bytesOf(log)).length).toBe(100 * 4 * 1024);
  });

  test("refuses new sessions when all logs together use what they may; running ones go on without growing", async () => {
    const logBytesMax = 1024 * 1024;
    const life = await begin({ settings: { keepBytes: 512 * 1024, logBytesMax } });
    const logs = [await life.create("one"), await life.create("two"), await life.create("three")];
    const chunk = "d".repeat(8 * 1024);
    for (let n = 0; n < 200; n++) for (const log of logs) append(log, chunk);
    for (const log of logs) log.writeOut();
    expect(life.logs.usage.diskBytes).toBeLessThan(logBytesMax + 3 * 40 * 1024);
    await expect(life.create("four")).rejects.toMatchObject({ code: "STORAGE_FULL" });
    expect(existsSync(life.directory("four"))).toBe(false);
    expect(life.logs.usage.notDurable).toBe(0);
  });

  test("refuses new sessions when the file system has too little room left", async () => {
    const life = await begin({ settings: { freeBytesMin: Number.MAX_SAFE_INTEGER } });
    await expect(life.create()).rejects.toMatchObject({ code: "STORAGE_FULL" });
  });
});

describe("readers", () => {
  test("a reader far behind reads every byte from the disk while the session goes on printing", async () => {
    const life = await begin({ settings: { ringBytesMax: 1 } });
    const log = await life.create();
    let printed = "";
    const print = () => {
      const text = `line ${printed.length} ${"q".repeat(700)}\n`;
      printed += text;
      append(log, text);
      log.writeOut();
    };
    for (let n = 0; n < 500; n++) print();
    let cursor = log.cursorAtOldest();
    let seen = "";
    let fromDisk = 0;
    while (seen.length < 600_000) {
      const read = log.read(cursor, 32 * 1024);
      if (read.kind === "loading") fromDisk++;
      const loaded = read.kind === "loading" ? await read.result : read;
      if (loaded.kind === "head" && seen.length === printed.length) print();
      if (loaded.kind !== "output") continue;
      seen += Buffer.from(loaded.bytes).toString("latin1");
      cursor = loaded.next;
      print();
    }
    expect(fromDisk).toBeGreaterThan(5);
    expect(printed.startsWith(seen)).toBe(true);
  });

  test("many readers at different places do not disturb each other, and none waits for another", async () => {
    const life = await begin({ settings: { ringBytesMax: 1 } });
    const log = await life.create();
    const all = Array.from({ length: 40_000 }, (_, n) => `${n},`).join("");
    for (let at = 0; at < all.length; at += 3_000) {
      append(log, all.slice(at, at + 3_000));
      log.writeOut();
    }
    const starts = Array.from({ length: 50 }, (_, n) => n * 4_000);
    const texts = await Promise.all(starts.map((start) => bytesOf(log, start)));
    for (const [index, text] of texts.entries()) expect(text === all.slice(starts[index])).toBe(true);
  });

  test("a reader whose file is dropped while it reads gets the bytes it asked for or is told, and is told next", async () => {
    const life = await begin({ settings: { keepBytes: 256 * 1024, ringBytesMax: 1 } });
    const log = await life.create();
    const chunk = "k".repeat(8 * 1024);
    for (let n = 0; n < 20; n++) append(log, chunk);
    log.writeOut();
    const read = log.read(log.cursorAtOldest(), 100);
    for (let n = 0; n < 60; n++) append(log, "l".repeat(8 * 1024));
    const loaded = read.kind === "loading" ? await read.result : read;
    if (loaded.kind === "output") expect(Buffer.from(loaded.bytes).toString()).toBe("k".repeat(100));
    else expect(loaded).toEqual({ kind: "dropped" });
    expect(await readOnce(log, { offset: 100, mark: 0 }, 100)).toEqual({ kind: "dropped" });
  });
});
