import type { ServerMessage } from "@causeway/wire-contract/terminal-messages";
import { afterEach, expect, test } from "vitest";
import { SessionReader } from "../readers/session-reader.ts";
import { LogLife, SIZE, until } from "../testing/file-log-harness.ts";

let life: LogLife;
afterEach(() => life.dispose());

/** A page that acknowledges all it gets. */
class Page {
  text = "";
  bytes = 0;
  readonly messages: ServerMessage[] = [];
  sendOutput(bytes: Uint8Array): void {
    this.text += Buffer.from(bytes).toString("latin1");
    this.bytes += bytes.length;
  }
  sendCheckpoint(): void {}
  sendMessage(message: ServerMessage): void {
    this.messages.push(message);
  }
  close(): void {}
}

test("a page that is far behind gets everything from the files in order, also what is printed meanwhile, and once", async () => {
  life = await LogLife.begin({ settings: { ringBytesMax: 1 } });
  const log = await life.create();
  let printed = "";
  const print = () => {
    const text = `${printed.length} ${"p".repeat(900)}\n`;
    printed += text;
    log.appendReceived(log.lastSequenceNumber + 1, Buffer.from(text), () => {});
    log.writeOut();
  };
  for (let n = 0; n < 600; n++) print();
  const page = new Page();
  const reader = new SessionReader(log, log.checkpoints, { streamId: "s", size: SIZE, visible: true, sink: page }, 0);
  reader.place(0);
  reader.pump();
  expect(page.bytes).toBe(0); // the first bytes are being read
  for (let n = 0; n < 200; n++) {
    print();
    reader.pump();
    reader.acknowledge(page.bytes);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => {
    reader.acknowledge(page.bytes);
    reader.pump();
    return page.bytes >= printed.length;
  });
  expect(page.text === printed).toBe(true);
  reader.acknowledge(page.bytes);
  expect(reader.isCaughtUp).toBe(true);
  expect(page.messages).toEqual([]);
});
