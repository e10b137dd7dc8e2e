import { CHECKPOINT_FRAME_BYTES_MAX, READER_CREDIT_BYTES } from "@causeway/wire-contract/terminal-frames";
import type { ServerMessage } from "@causeway/wire-contract/terminal-messages";
import { expect, test } from "vitest";
import { MemoryCheckpoints } from "../log/memory-checkpoints.ts";
import { MemorySessionLog } from "../log/memory-session-log.ts";
import { BLIND_START_BYTES, MOVE_BEHIND_BYTES } from "./attach-point.ts";
import { GuestScreens } from "./guest-screens.ts";
import { SessionReader } from "./session-reader.ts";

const MIB = 1024 * 1024;
const SIZE = { cols: 80, rows: 24 };

/** A page that acknowledges only when told to. */
class Page {
  readonly order: string[] = [];
  output = 0;
  checkpoint = 0;
  sendOutput(bytes: Uint8Array): void {
    this.output += bytes.length;
    this.#note("output");
  }
  sendCheckpoint(bytes: Uint8Array): void {
    expect(bytes.length).toBeLessThanOrEqual(CHECKPOINT_FRAME_BYTES_MAX);
    this.checkpoint += bytes.length;
    this.#note("checkpoint");
  }
  messages: ServerMessage[] = [];
  sendMessage(message: ServerMessage): void {
    this.messages.push(message);
    this.#note(message.type);
  }
  close(): void {}
  #note(what: string): void {
    if (this.order.at(-1) !== what) this.order.push(what);
  }
}

function bench(outputBytesMax = 64 * MIB) {
  const log = new MemorySessionLog(SIZE, outputBytesMax);
  const checkpoints = new MemoryCheckpoints();
  let sequenceNumber = 0;
  const print = (bytes: number) => log.appendReceived(sequenceNumber++, Buffer.alloc(bytes, 120), () => {});
  const page = new Page();
  const reader = new SessionReader(log, checkpoints, { streamId: "s", size: SIZE, visible: true, sink: page }, 0);
  const save = (offset: number, bytes: number, linesSinceMissing: number | null = null) =>
    checkpoints.save({ offset, cols: 100, rows: 40, linesSinceMissing }, Buffer.alloc(bytes, 99));
  return { log, checkpoints, print, page, reader, save };
}

/** Lets what is read meanwhile arrive. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
}

test("a checkpoint goes out as far as the credit reaches, and output only once all of it was applied", async () => {
  const { log, print, page, reader, save } = bench();
  print(3 * MIB);
  await save(3 * MIB - 1000, 600 * 1024);
  const placed = reader.place(null);
  expect(placed).toEqual({
    offset: 3 * MIB - 1000,
    size: { cols: 100, rows: 40 },
    missing: false,
    checkpoint: { id: 1, bytes: 600 * 1024 },
  });
  reader.pump();
  await settle();
  expect(page.checkpoint).toBe(READER_CREDIT_BYTES);
  expect(reader.acknowledgeCheckpoint(1, READER_CREDIT_BYTES)).toBe(true);
  reader.pump();
  await settle();
  expect(page.checkpoint).toBe(2 * READER_CREDIT_BYTES);
  reader.acknowledgeCheckpoint(1, 2 * READER_CREDIT_BYTES);
  reader.pump();
  await settle();
  expect(page.checkpoint).toBe(600 * 1024);
  expect(page.output).toBe(0);
  expect(reader.isCaughtUp).toBe(false);
  reader.acknowledgeCheckpoint(1, 600 * 1024);
  reader.pump();
  expect(page.output).toBe(1000);
  expect(page.order).toEqual(["checkpoint", "output"]);
  reader.acknowledge(log.headOffset);
  expect(reader.isCaughtUp).toBe(true);
});

test("who acknowledges more of a checkpoint than was sent, or one that was never sent, breaks the contract", async () => {
  const { print, reader, save } = bench();
  print(3 * MIB);
  await save(3 * MIB - 1, 1000);
  reader.place(null);
  expect(reader.acknowledgeCheckpoint(1, 1)).toBe(false);
  expect(reader.acknowledgeCheckpoint(2, 0)).toBe(false);
  reader.pump();
  await settle();
  expect(reader.acknowledgeCheckpoint(1, 1000)).toBe(true);
  expect(reader.acknowledgeCheckpoint(1, 5000)).toBe(true); // of one that is done: late, and harmless
});

test("whoever takes a checkpoint is not behind meanwhile, so that it never slows the shell", async () => {
  const { print, reader, save } = bench();
  print(3 * MIB);
  await save(3 * MIB, 2 * MIB);
  reader.place(null);
  reader.pump();
  await settle();
  expect(reader.behindBytes).toBe(0);
});

test("a slow reader is moved to the newest checkpoint with its next acknowledgement, never while it is stalled", async () => {
  const { log, print, page, reader, save } = bench();
  reader.place(null);
  print(MOVE_BEHIND_BYTES + 3 * MIB);
  reader.pump();
  expect(page.output).toBe(READER_CREDIT_BYTES);
  const head = log.headOffset;
  await save(head - 10, 1000);
  reader.pump();
  expect(page.messages).toEqual([]);
  reader.acknowledge(32 * 1024);
  reader.pump();
  await settle();
  expect(page.messages).toEqual([
    { type: "reset", offset: head - 10, headOffset: head, cols: 100, rows: 40, checkpoint: { id: 1, bytes: 1000 } },
  ]);
  expect(reader.acknowledge(READER_CREDIT_BYTES)).toBe(true); // sent before the page knew
  reader.acknowledgeCheckpoint(1, 1000);
  reader.pump();
  expect(page.output).toBe(READER_CREDIT_BYTES + 10);
});

test("a reader who interrupts a flood is moved to a checkpoint that spares her less, and only until she has caught up", async () => {
  const { log, print, page, reader, save } = bench();
  reader.place(null);
  print(MIB);
  reader.pump();
  reader.handleInterrupt();
  expect(reader.isFarBehind).toBe(true);
  await save(MIB - 10, 1000);
  reader.acknowledge(READER_CREDIT_BYTES);
  reader.pump();
  await settle();
  expect(page.messages[0]).toMatchObject({ type: "reset", offset: MIB - 10 });
  reader.acknowledgeCheckpoint(1, 1000);
  reader.pump();
  reader.acknowledge(log.headOffset);
  expect(reader.isFarBehind).toBe(false);
});

test("a reader who needs bytes that are gone gets the newest checkpoint without a word of loss", async () => {
  const { log, print, page, reader, save } = bench(MIB);
  reader.place(null);
  for (let n = 0; n < 48; n++) print(64 * 1024);
  expect(log.oldestOffset).toBeGreaterThan(0);
  await save(log.headOffset - 100, 1000);
  reader.pump();
  await settle();
  expect(page.messages).toMatchObject([{ type: "reset", checkpoint: { id: 1, bytes: 1000 } }]);
});

test("a checkpoint that cannot be read is replaced by the oldest output, and nobody is sent to it again", async () => {
  const { checkpoints, print, page, reader, save } = bench();
  print(3 * MIB);
  await save(3 * MIB - 5, 1000);
  checkpoints.read = () => ({ next: async () => undefined, close() {} });
  reader.place(null);
  reader.pump();
  await settle();
  expect(page.messages).toMatchObject([{ type: "reset", offset: 0 }]);
  expect(checkpoints.newest).toBeUndefined();
  expect(page.output).toBe(READER_CREDIT_BYTES);
});

test("a size that stands behind the checkpoint in the log is told, one that it holds is not", async () => {
  const { log, print, page, reader, save } = bench();
  print(2 * MIB);
  log.appendMark({ kind: "size", cols: 100, rows: 40 });
  print(MIB);
  await save(2 * MIB, 1000); // the size at this offset is part of it
  log.appendMark({ kind: "size", cols: 120, rows: 50 });
  reader.place(null);
  reader.pump();
  await settle();
  reader.acknowledgeCheckpoint(1, 1000);
  for (let acked = 2 * MIB; acked <= log.headOffset; acked += READER_CREDIT_BYTES) {
    reader.pump();
    reader.acknowledge(acked);
  }
  reader.pump();
  reader.acknowledge(log.headOffset);
  reader.pump();
  expect(page.messages).toEqual([{ type: "size", cols: 120, rows: 50 }]);
});

test("who is moved past a hole is told of it, and so is who comes later, until nothing of the place is left", async () => {
  const { log, print, page, reader, save } = bench();
  print(MIB);
  reader.place(0);
  reader.pump();
  log.appendMark({ kind: "notice", code: "OUTPUT_NOT_KEPT" });
  print(READER_CREDIT_BYTES + 2 * MOVE_BEHIND_BYTES);
  await save(log.headOffset - 1000, 1000, 40);
  reader.acknowledge(READER_CREDIT_BYTES);
  reader.pump();
  expect(page.messages.map((message) => message.type)).toEqual(["reset", "notice"]);
  expect(reader.place(null)).toMatchObject({ missing: true });
  await save(log.headOffset - 500, 1000);
  expect(reader.place(null)).toMatchObject({ missing: false });
});

/** A viewer who came at `fromOffset`; its screens are 5,000 bytes long, made at the end. */
function guestBench(fromOffset: number) {
  const { log, checkpoints, print, page, save } = bench();
  let isRefused = false;
  const screens = new GuestScreens(async () => {
    if (isRefused) throw new Error("the worker failed");
    return { bytes: Buffer.alloc(5_000, 115), cols: 90, rows: 30, cursor: log.cursorAt(log.headOffset) };
  });
  const guest = { fromOffset, screens, fits: () => false };
  const options = { streamId: "s", size: SIZE, visible: true, sink: page, guest };
  const reader = new SessionReader(log, checkpoints, options, 0);
  return { log, print, page, reader, save, screens, refuse: () => (isRefused = true) };
}

test("a viewer is given no byte from before she came, whatever she asks for, also without a screen", () => {
  for (const offset of [null, 0, 999, 5_000_000]) {
    const { print, reader } = guestBench(1_000);
    print(2_000);
    expect([offset, reader.place(offset).offset]).toEqual([offset, 1_000]);
  }
  const { print, reader } = guestBench(1_000);
  print(2_000);
  expect(reader.place(1_500).offset).toBe(1_500);
});

test("a viewer who lacks bytes begins with a screen, never with a stored checkpoint: that shows earlier lines", async () => {
  const { print, page, reader, save, screens } = guestBench(1_000_000);
  print(2_000_000);
  await save(1_900_000, 3_000);
  await screens.renew();
  expect(reader.place(0)).toMatchObject({
    offset: 2_000_000,
    size: { cols: 90, rows: 30 },
    checkpoint: { bytes: 5_000 },
  });
  reader.pump();
  await settle();
  expect(page.checkpoint).toBe(5_000);
});

test("a viewer who is far behind is moved to a screen made for that, and not to the newest checkpoint", async () => {
  const { log, print, page, reader, save } = guestBench(0);
  print(1_000);
  reader.place(1_000);
  print(READER_CREDIT_BYTES + MOVE_BEHIND_BYTES + 2 * MIB);
  await save(log.headOffset - 1, 3_000);
  reader.pump();
  expect(reader.inFlightBytes).toBe(READER_CREDIT_BYTES);
  reader.acknowledge(1_000 + READER_CREDIT_BYTES);
  expect(reader.isFarBehind).toBe(true);
  reader.wantCheckpoint(() => expect.unreachable("a stored one is not for her"));
  await settle();
  expect(page.messages.at(-1)).toMatchObject({ type: "reset", offset: log.headOffset, checkpoint: { bytes: 5_000 } });
  expect(page.checkpoint).toBe(5_000);
});

test("a viewer whose next bytes were dropped waits for a screen; without one she is told that output is missing", async () => {
  for (const isRefused of [false, true]) {
    const { log, print, page, reader, refuse } = guestBench(0);
    if (isRefused) refuse();
    print(1_000);
    reader.place(0);
    for (let count = 0; count < 70; count++) print(MIB);
    expect(log.oldestOffset).toBeGreaterThan(0);
    reader.pump();
    await settle();
    const reset = page.messages.find(({ type }) => type === "reset");
    expect(reset).toMatchObject({ offset: isRefused ? log.headOffset - BLIND_START_BYTES : log.headOffset });
    const isTold = page.messages.some((message) => message.type === "notice" && message.code === "OUTPUT_NOT_KEPT");
    expect(isTold).toBe(isRefused);
  }
});
