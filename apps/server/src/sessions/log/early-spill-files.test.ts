/** Early frames on the disk, and a session whose first frame of a flood is lost. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import {
  AGENT_BUFFER_MESSAGES_MAX,
  decodeAgentMessage,
  EARLY_FRAMES_BEFORE_SPILL_MAX,
} from "@causeway/ssm-data-channel";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KEY, SESSION } from "../testing/file-log-harness.ts";
import { LastingPage, RestartHarness } from "../testing/restart-harness.ts";
import { DiskBudget } from "./disk-budget.ts";
import { EarlySpillFiles } from "./early-spill-files.ts";

let directory: string;
let budget: DiskBudget;
let opened: EarlySpillFiles[];
beforeEach(() => {
  directory = mkdtempSync(`${tmpdir()}/causeway-spill-`);
  opened = [];
});
afterEach(() => {
  for (const spill of opened) spill.close();
  rmSync(directory, { recursive: true });
});

function open(options: { bytesMax?: number; logBytesMax?: number } = {}): EarlySpillFiles {
  const { bytesMax, ...limits } = options;
  budget = new DiskBudget({ directory, ...limits });
  const spill = new EarlySpillFiles({ directory, sessionId: SESSION, masterKey: KEY, randomBytes, budget }, bytesMax);
  opened.push(spill);
  return spill;
}
const frame = (number: number) => Buffer.from(`frame ${number} that somebody may read`);
const read = (spill: EarlySpillFiles, number: number) => {
  const bytes = spill.get(number);
  return bytes && Buffer.from(bytes).toString();
};
const files = () => readdirSync(directory);

describe("early frames on the disk", () => {
  test("come back byte for byte; the file is 0600, nothing readable is in it, and its bytes are counted", () => {
    const spill = open();
    expect(spill.put(7, frame(7))).toBe(true);
    expect(spill.put(9, frame(9))).toBe(true);
    expect([read(spill, 9), read(spill, 7), read(spill, 8)]).toEqual([`${frame(9)}`, `${frame(7)}`, undefined]);
    const path = `${directory}/${files()[0]}`;
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path).includes("somebody")).toBe(false);
    expect(budget.usedBytes).toBe(statSync(path).size);
  });

  test("are deleted once all of them are stored elsewhere, and a later one begins a new file", () => {
    const spill = open();
    spill.put(7, frame(7));
    spill.put(9, frame(9));
    spill.handleStoredBelow(9);
    expect(files()).toHaveLength(1);
    spill.handleStoredBelow(10);
    expect([files(), budget.usedBytes, spill.numbers]).toEqual([[], 0, []]);
    spill.put(20, frame(20));
    expect(read(spill, 20)).toBe(`${frame(20)}`);
    expect(files()).toEqual(["early-00000002"]);
  });

  test("are found by the next process, which adds its own in another file", async () => {
    open().put(7, frame(7));
    const next = open();
    expect(await next.recover()).toEqual([]);
    next.put(8, frame(8));
    expect([next.numbers, read(next, 7), read(next, 8), files().length]).toEqual([
      [7, 8],
      `${frame(7)}`,
      `${frame(8)}`,
      2,
    ]);
    next.handleStoredBelow(9);
    expect([files(), budget.usedBytes]).toEqual([[], 0]);
  });

  test("a last write that did not come to its end costs that frame only; a changed one is said and not believed", async () => {
    const spill = open();
    for (const number of [1, 2, 3]) spill.put(number, frame(number));
    const path = `${directory}/${files()[0]}`;
    truncateSync(path, statSync(path).size - 1);
    const torn = open();
    expect([await torn.recover(), torn.numbers]).toEqual([[], [1, 2]]);
    const bytes = readFileSync(path);
    const inTheSecond = bytes.length - 100;
    bytes[inTheSecond] = (bytes[inTheSecond] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const changed = open();
    expect(await changed.recover()).toEqual(["early-00000001 is not what was written there"]);
    expect(read(changed, 1)).toBe(`${frame(1)}`);
    expect(read(changed, 2)).toBeUndefined();
    expect(read(torn, 2)).toBeUndefined();
  });

  test("are refused at the bound of bytes, and when the logs have used all they may", () => {
    const spill = open({ bytesMax: 300 });
    expect([spill.put(1, frame(1)), spill.put(2, Buffer.alloc(300))]).toEqual([true, false]);
    expect(read(spill, 1)).toBe(`${frame(1)}`);
    expect(open({ logBytesMax: 0 }).put(1, frame(1))).toBe(false);
  });
});

describe("a session that loses one frame in a flood", () => {
  const FRAMES = 3 * EARLY_FRAMES_BEFORE_SPILL_MAX;
  const flood = Array.from({ length: FRAMES }, (_, line) => String(line).padEnd(1_023, ".")).join("\n");
  let harness: RestartHarness;
  let page: LastingPage;
  const sessionFiles = () =>
    readdirSync(`${harness.dataDir}/sessions/${harness.sessionId}`).filter((name) => name.startsWith("early"));

  beforeEach(async () => {
    harness = new RestartHarness();
    harness.aws.agentOptions = { unackedMessagesMax: AGENT_BUFFER_MESSAGES_MAX };
    await harness.boot();
    await harness.start();
    page = new LastingPage(harness);
    page.attach();
    harness.aws.last.print("$ ");
    await harness.until(() => page.text === "$ ");
  });
  afterEach(() => harness.dispose());

  /** The first frame of the flood does not arrive, however often it is sent, until the function returned is called. */
  async function loseFirst(): Promise<() => void> {
    let lost: bigint | undefined;
    harness.aws.last.losesFrame = (bytes) => {
      const decoded = decodeAgentMessage(bytes);
      if (!decoded.ok || decoded.message.messageType !== "output_stream_data") return false;
      lost ??= decoded.message.sequenceNumber;
      return decoded.message.sequenceNumber === lost;
    };
    harness.aws.last.print(flood);
    await harness.until(() => sessionFiles().length > 0);
    for (let turn = 0; turn < 50; turn++) await harness.turn(1);
    expect(page.text).toBe("$ ");
    return () => {
      harness.aws.last.losesFrame = () => false;
    };
  }

  test("shows all of it in order when the frame comes, and keeps no spill", async () => {
    const find = await loseFirst();
    find();
    await harness.until(() => page.text.length === flood.length + 2);
    expect(page.text === `$ ${flood}`).toBe(true);
    await harness.until(() => sessionFiles().length === 0);
  });

  test("and whose server is killed meanwhile: the next one has what was acknowledged, and nothing twice", async () => {
    const find = await loseFirst();
    harness.kill();
    page.detach();
    await harness.boot();
    expect(sessionFiles().length).toBeGreaterThan(0);
    page.attach();
    find();
    await harness.until(() => page.text.length === flood.length + 2);
    expect(page.text === `$ ${flood}`).toBe(true);
    await harness.until(() => sessionFiles().length === 0);
  });
});
