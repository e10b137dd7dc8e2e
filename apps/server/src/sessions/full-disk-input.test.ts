/** What becomes of keys while the disk takes nothing: a real file system that is full, and the session above it. */
import { mkdirSync, rmdirSync, unlinkSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DISK_RETRY_MS } from "./log/file-session-log.ts";
import { UNSTORED_MARK_FILE } from "./log/unstored-mark.ts";
import { LastingPage, RestartHarness } from "./testing/restart-harness.ts";
import { DISK_BYTES, describeOnSmallDisk, mountSmallDisk, unmountSmallDisks } from "./testing/small-disk.ts";

let harness: RestartHarness;
let page: LastingPage;
let disk: string;
const shell = () => harness.aws.last;
const typedInShell = () => shell().input.toString();
const storage = () => page.last("input-storage");

/** The disk takes nothing more, to the last byte. */
function fill(): void {
  for (let bytes = 64 * 1024; bytes >= 1; bytes = Math.floor(bytes / 2)) {
    for (let n = 0; n < 100; n++) {
      try {
        writeFileSync(`${disk}/fill`, Buffer.alloc(bytes), { flag: "a" });
      } catch {
        break;
      }
    }
  }
}
/** More than the last page of the log's file can take. */
const printMuch = () => shell().print("o".repeat(20_000));

async function goOn(milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 50) await harness.turn(50);
}
async function makeRoom(): Promise<void> {
  unlinkSync(`${disk}/fill`);
  await goOn(DISK_RETRY_MS + 100);
}
async function refused(): Promise<void> {
  fill();
  printMuch();
  await harness.until(() => storage()?.state === "refused");
}

describeOnSmallDisk("keys on a full disk", import.meta.url, () => {
  beforeEach(async () => {
    harness = new RestartHarness();
    disk = mountSmallDisk(DISK_BYTES - 1_500 * 1024);
    const { newFolder } = harness;
    harness.newFolder = () => disk;
    await harness.boot();
    harness.newFolder = newFolder;
    await harness.start();
    page = new LastingPage(harness);
    page.attach();
    shell().print("$ ");
    page.type("before ");
    await harness.until(() => typedInShell() === "before " && page.stored === 7);
  });
  afterEach(async () => {
    await harness.dispose();
    unmountSmallDisks();
  });

  test("are neither sent nor acknowledged, and every page is told; output goes on", async () => {
    const other = new LastingPage(harness);
    other.attach();
    await refused();
    page.type("rm -rf x\r");
    shell().print("more");
    await harness.until(() => page.text.endsWith("more"));
    await goOn(2_000);
    expect(typedInShell()).toBe("before ");
    expect(page.stored).toBe(7);
    expect(storage()).toEqual({ type: "input-storage", state: "refused", inputStored: 7 });
    expect(other.last("input-storage")).toMatchObject({ state: "refused", inputStored: 0 });
    expect(page.last("notice")?.code).toBe("LOG_NOT_DURABLE");
  });

  test("that find out that the disk is full are taken back before they leave, in whatever number", async () => {
    fill();
    const much = "k".repeat(60_000);
    page.type(much);
    await harness.until(() => storage()?.state === "refused");
    await goOn(1_000);
    expect(typedInShell()).toBe("before ");
    expect(page.stored).toBe(7);
    await makeRoom();
    expect(storage()).toMatchObject({ state: "stored", inputStored: 7 });
    page.resend();
    await harness.until(() => typedInShell() === `before ${much}` && page.stored === 7 + much.length);
  });

  test("do not come late by themselves: a disk that has room again sends nothing that was refused", async () => {
    await refused();
    page.type("late");
    await makeRoom();
    expect(storage()).toMatchObject({ state: "stored", inputStored: 7 });
    expect(typedInShell()).toBe("before ");
    page.resend();
    await harness.until(() => typedInShell() === "before late" && page.stored === 11);
  });

  test("leave once their person confirms to type without a net, and not any more when she takes that back", async () => {
    await refused();
    page.type("a");
    page.attachment?.typeWithoutNet(true);
    expect(storage()).toEqual({ type: "input-storage", state: "without-net", inputStored: 7 });
    page.resend();
    page.type("b");
    await harness.until(() => typedInShell() === "before ab" && page.stored === 9);
    page.attachment?.typeWithoutNet(false);
    expect(storage()).toMatchObject({ state: "refused", inputStored: 9 });
    page.type("c");
    await goOn(1_000);
    expect(typedInShell()).toBe("before ab");
  });

  test("that were sent without a net are stored when the disk has room, and survive a restart from then on", async () => {
    await refused();
    page.attachment?.typeWithoutNet(true);
    shell().isDeaf = true;
    page.type("unsure");
    await harness.until(() => page.stored === 13);
    await makeRoom();
    expect(storage()?.state).toBe("stored");
    harness.kill();
    page.detach();
    await harness.boot();
    page.attach();
    expect(page.last("attached")).toMatchObject({ inputStored: 13 });
    shell().isDeaf = false;
    page.type(" after");
    await harness.until(() => typedInShell() === "before unsure after");
  });

  test("typed without a net before a kill swallow none of those typed after it", async () => {
    await refused();
    page.attachment?.typeWithoutNet(true);
    page.resend();
    for (const key of "a few keys, each a message of its own ") {
      page.type(key);
      await harness.turn();
    }
    const before = "before a few keys, each a message of its own ";
    await harness.until(() => typedInShell() === before && page.stored === before.length);
    harness.kill();
    page.detach();
    await harness.boot();
    const late = new LastingPage(harness);
    late.attach();
    late.type("and what was typed after the kill");
    await harness.until(() => typedInShell() === `${before}and what was typed after the kill`);
    expect(late.last("channel")?.channel ?? late.last("attached")?.channel).toBe("open");
  });

  test("a size that left without being stored before a kill swallows no key typed after it", async () => {
    await refused();
    for (let cols = 100; cols < 110; cols++) {
      page.attachment?.resize({ cols, rows: 40 });
      await harness.until(() => shell().sizes.includes(`${cols}x40`));
    }
    harness.kill();
    page.detach();
    await harness.boot();
    page.attach();
    page.type("0123456789abcdef");
    await harness.until(() => typedInShell() === "before 0123456789abcdef");
  });

  test("stay refused, whatever their person says, when not even their numbers can be kept; sizes wait for the disk", async () => {
    await refused();
    const mark = `${harness.dataDir}/sessions/${harness.sessionId}/${UNSTORED_MARK_FILE}`;
    unlinkSync(mark);
    mkdirSync(mark);
    expect(page.attachment?.typeWithoutNet(true)).toBe(false);
    page.type("never");
    page.attachment?.resize({ cols: 132, rows: 43 });
    await goOn(1_000);
    expect(storage()?.state).toBe("refused");
    expect(page.last("notice")?.text).toContain("stay refused");
    expect(typedInShell()).toBe("before ");
    expect(shell().sizes).not.toContain("132x43");
    rmdirSync(mark);
    await makeRoom();
    await harness.until(() => shell().sizes.includes("132x43"));
    page.resend();
    await harness.until(() => typedInShell() === "before never");
  });

  test("of a page that attaches meanwhile are refused, too, and it is told as it attaches", async () => {
    await refused();
    const late = new LastingPage(harness);
    late.attach();
    expect(late.last("attached")).toMatchObject({ inputStorage: "refused", inputStored: 0 });
    late.type("x");
    await goOn(500);
    expect(typedInShell()).toBe("before ");
  });

  test("on their way when the gate opened are refused with those before them, without cutting the page", async () => {
    await refused();
    page.type("one");
    const { attachment } = page;
    attachment?.typeWithoutNet(true);
    page.type("two"); // sent before the page knew
    await goOn(500);
    expect(typedInShell()).toBe("before ");
    page.resend();
    await harness.until(() => typedInShell() === "before onetwo");
  });

  test("a restart in the middle finds none of the keys that were refused, and every one that was stored", async () => {
    await refused();
    page.type("never");
    await goOn(200);
    harness.kill();
    page.detach();
    await harness.boot();
    page.attach();
    expect(page.last("attached")).toMatchObject({ inputStored: 7 });
    await harness.until(() => typedInShell() === "before never");
  });

  test("a size still reaches the shell, also one that waited behind refused keys", async () => {
    fill();
    page.type("x".repeat(30_000));
    page.attachment?.resize({ cols: 132, rows: 43 });
    await harness.until(() => storage()?.state === "refused");
    await harness.until(() => shell().sizes.includes("132x43"));
    expect(typedInShell()).toBe("before ");
  });
});
