import { READER_CREDIT_BYTES } from "@causeway/wire-contract/terminal-frames";
import { beforeEach, expect, test } from "vitest";
import { QUEUED_INPUT_BYTES_MAX } from "./input/input-queue.ts";
import { READERS_MAX } from "./readers/reader-set.ts";
import { FakePage, SessionHarness } from "./testing/session-harness.ts";

let harness: SessionHarness;
beforeEach(async () => {
  harness = new SessionHarness();
  await harness.start();
});
const agent = () => harness.aws.last;

test("what is typed reaches the agent, and its echo the page", async () => {
  const page = harness.attach(new FakePage());
  page.type("echo é漢字🎉\r");
  await harness.settle();
  expect(agent().input.toString()).toBe("echo é漢字🎉\r");
  expect(page.text).toBe("$ echo é漢字🎉\r");
});

test("input is acknowledged when stored and when the agent has it, with the round trip", async () => {
  const page = harness.attach(new FakePage());
  page.type("abc");
  await harness.settle();
  expect(page.last("input-ack")).toEqual({
    type: "input-ack",
    stored: 3,
    agentAcknowledged: 3,
    agentRoundTripMs: expect.any(Number),
  });
});

test("an echo is on its way before its page is told how far the input is", async () => {
  const page = harness.attach(new FakePage());
  const sendOutput = page.sendOutput.bind(page);
  const wasTold: boolean[] = [];
  page.sendOutput = (bytes) => {
    sendOutput(bytes);
    // Behind all that is done at once with what a socket read; its websocket writes there, too.
    queueMicrotask(() => wasTold.push(page.last("input-ack") !== undefined));
  };
  page.type("a");
  await harness.settle();
  expect([wasTold[0], page.last("input-ack")?.stored]).toEqual([false, 1]);
});

test("input sent twice reaches the agent once", async () => {
  const page = harness.attach(new FakePage());
  page.type("rm x\r");
  page.attachment?.input(0, "human", Buffer.from("rm x\r"));
  page.attachment?.input(3, "human", Buffer.from("x\ry"));
  await harness.settle();
  expect(agent().input.toString()).toBe("rm x\ry");
});

test("a gap in the input is refused, and nothing of it is sent", async () => {
  const page = harness.attach(new FakePage());
  expect(page.attachment?.input(5, "human", Buffer.from("late"))).toBe("INPUT_GAP");
  await harness.settle();
  expect(agent().input.length).toBe(0);
});

test("a page that comes back is told what was stored, and resends only the rest", async () => {
  const page = harness.attach(new FakePage());
  page.type("first");
  await harness.settle();
  page.attachment?.detach();
  const again = harness.attach(new FakePage(page.streamId), { offset: page.offset });
  expect(again.last("attached")?.inputStored).toBe(5);
  again.attachment?.input(0, "human", Buffer.from("first second"));
  await harness.settle();
  expect(agent().input.toString()).toBe("first second");
});

test("a page that is reloaded sees the earlier output again, and the same shell", async () => {
  const page = harness.attach(new FakePage());
  page.type("ls\r");
  await harness.settle();
  page.attachment?.detach();
  const reloaded = harness.attach(new FakePage());
  await harness.settle();
  expect(reloaded.text).toBe(page.text);
  expect(reloaded.last("attached")).toMatchObject({ offset: 0, headOffset: page.offset, inputStored: 0 });
});

test("a page that attaches at an offset gets the bytes after it, and none twice", async () => {
  const page = harness.attach(new FakePage());
  agent().print("0123456789");
  await harness.settle();
  page.attachment?.detach();
  agent().print("abc");
  await harness.settle();
  const again = harness.attach(new FakePage(page.streamId), { offset: page.offset });
  await harness.settle();
  expect(page.text + again.text).toBe("$ 0123456789abc");
});

test("the first page's size holds until another page types", async () => {
  const first = harness.attach(new FakePage(), { cols: 100, rows: 30 });
  const second = harness.attach(new FakePage(), { cols: 140, rows: 50 });
  await harness.pass(300);
  expect(agent().sizes).toEqual(["80x24", "100x30"]);
  second.attachment?.resize({ cols: 141, rows: 50 });
  await harness.pass(300);
  expect(agent().sizes.at(-1)).toBe("100x30");
  second.type("x");
  await harness.pass(300);
  expect(agent().sizes.at(-1)).toBe("141x50");
  first.attachment?.resize({ cols: 90, rows: 20 });
  await harness.pass(300);
  expect(agent().sizes.at(-1)).toBe("141x50");
  expect(first.last("size")).toEqual({ type: "size", cols: 141, rows: 50 });
});

test("a size is sent only when it changed, and a hundred of them in a moment are two", async () => {
  const page = harness.attach(new FakePage());
  await harness.pass(300);
  const before = agent().sizes.length;
  page.attachment?.resize({ cols: 80, rows: 24 });
  await harness.pass(300);
  expect(agent().sizes.length).toBe(before);
  for (let n = 0; n < 100; n++) page.attachment?.resize({ cols: 100 + n, rows: 24 });
  await harness.pass(500);
  expect(agent().sizes.slice(before)).toEqual(["100x24", "199x24"]);
});

test("sizes come in the order of the log, between the output before and after them", async () => {
  const page = harness.attach(new FakePage());
  agent().print("before");
  await harness.settle();
  page.attachment?.resize({ cols: 120, rows: 40 });
  await harness.settle();
  agent().print("after");
  await harness.settle();
  const order = page.order.filter((item) => item === "<size>" || !item.startsWith("<"));
  expect(order).toEqual(["$ ", "before", "<size>", "after"]);
});

test("only the driver's terminal replies reach the agent; those of others are done with, but not sent", async () => {
  const driver = harness.attach(new FakePage());
  const other = harness.attach(new FakePage());
  expect(driver.last("control")?.answersQueries).toBe(true);
  expect(other.last("control")).toBeUndefined();
  other.type("\u001b[1;1R", "reply");
  driver.type("\u001b[?1;2c", "reply");
  await harness.settle();
  expect(agent().input.toString()).toBe("\u001b[?1;2c");
  expect(other.last("input-ack")).toMatchObject({ stored: 6, agentAcknowledged: 6 });
});

test("typing makes a page the driver, replying does not", async () => {
  const first = harness.attach(new FakePage());
  const second = harness.attach(new FakePage());
  second.type("\u001b[1;1R", "reply");
  expect(second.last("control")).toBeUndefined();
  second.type("x");
  expect(second.last("control")?.answersQueries).toBe(true);
  expect(first.last("control")?.answersQueries).toBe(false);
});

test("whoever becomes the driver is told to answer only what is printed from now on", async () => {
  const first = harness.attach(new FakePage());
  const second = harness.attach(new FakePage());
  agent().print("a query that the first one answers");
  await harness.settle();
  const headOffset = "$ ".length + "a query that the first one answers".length;
  first.attachment?.detach();
  expect(second.last("control")).toEqual({ type: "control", answersQueries: true, fromOffset: headOffset });
});

test("a driver that becomes hidden hands over to a visible page, and takes over again", () => {
  const first = harness.attach(new FakePage());
  const second = harness.attach(new FakePage());
  first.attachment?.setVisible(false);
  expect(first.last("control")?.answersQueries).toBe(false);
  expect(second.last("control")?.answersQueries).toBe(true);
  first.attachment?.setVisible(true);
  expect(first.last("control")?.answersQueries).toBe(true);
});

test("with every page hidden no reply reaches the agent", async () => {
  const page = harness.attach(new FakePage(), { visible: false });
  page.type("\u001b[1;1R", "reply");
  await harness.settle();
  expect(agent().input.length).toBe(0);
});

test("a flood is coalesced into frames of at most 32 KiB and arrives whole", async () => {
  const page = harness.attach(new FakePage());
  const flood = Buffer.alloc(300 * 1024, "0123456789abcdef");
  agent().print(flood);
  await harness.pass(500);
  expect(page.output.subarray(2).equals(flood)).toBe(true);
  expect(page.largestFrameBytes).toBeLessThanOrEqual(32 * 1024);
  expect(page.frames).toBeLessThan(150); // 300 messages came from the agent
});

test("a lone echo leaves without waiting for a tick", async () => {
  const page = harness.attach(new FakePage());
  await harness.pass(100);
  const pending = harness.clock.nowMs();
  page.type("x");
  for (let n = 0; n < 5; n++) await new Promise((resolve) => setImmediate(resolve));
  expect(page.text).toBe("$ x");
  expect(harness.clock.nowMs()).toBe(pending);
});

test("a hidden page that acknowledges nothing gets its credit of 256 KiB, and the session goes on without it", async () => {
  const slow = new FakePage();
  slow.acknowledges = false;
  harness.attach(slow, { visible: false });
  const fast = harness.attach(new FakePage());
  const flood = Buffer.alloc(1024 * 1024, "x");
  agent().print(flood);
  await harness.pass(2_000);
  expect(slow.output.length).toBe(READER_CREDIT_BYTES);
  expect(fast.output.length).toBe(flood.length + 2);
});

test("a driver that is behind stops the reading, for two seconds at most, and loses nothing", async () => {
  const page = new FakePage();
  page.acknowledges = false;
  harness.attach(page);
  agent().print(Buffer.alloc(256 * 1024, "y"));
  await harness.pass(100);
  expect(harness.dialer.readsPaused).toBe(true);
  agent().print(Buffer.alloc(768 * 1024, "y"));
  await harness.pass(500);
  expect(harness.dialer.readsPaused).toBe(true);
  expect(agent().unsentBytes).toBeGreaterThan(500 * 1024);
  await harness.pass(4_000);
  expect(harness.dialer.readsPaused).toBe(false);
  expect(agent().unsentBytes).toBe(0);
  page.acknowledges = true;
  page.attachment?.acknowledge(page.offset);
  await harness.pass(500);
  expect(page.output.length).toBe(1024 * 1024 + 2);
});

test("a page beyond what is kept is reset to the oldest output, and told so", async () => {
  const slow = new FakePage();
  slow.acknowledges = false;
  harness.attach(slow, { visible: false });
  agent().print(Buffer.alloc(10 * 1024 * 1024, "z"));
  await harness.pass(20_000);
  expect(agent().unsentBytes).toBe(0);
  slow.acknowledges = true;
  slow.attachment?.acknowledge(slow.offset);
  await harness.pass(1_000);
  const reset = slow.last("reset");
  expect(reset?.offset).toBeGreaterThan(2 * 1024 * 1024 - 128 * 1024);
  expect(slow.messages).toContainEqual({ type: "notice", code: "OUTPUT_NOT_KEPT" });
  expect(slow.offset).toBe(10 * 1024 * 1024 + 2);
}, 60_000);

test("acknowledging output that was never sent is refused", () => {
  const page = harness.attach(new FakePage());
  expect(page.attachment?.acknowledge(1_000_000)).toBe("ATTACH_PROTOCOL_ERROR");
});

test("an offset that is not of this log starts at the oldest output, and says that something is missing", () => {
  const page = harness.attach(new FakePage(), { offset: 5_000 });
  expect(page.last("attached")?.offset).toBe(0);
  expect(page.last("notice")?.code).toBe("OUTPUT_NOT_KEPT");
});

test("the same page on a second connection replaces its first one", () => {
  const page = harness.attach(new FakePage());
  harness.attach(new FakePage(page.streamId));
  expect(page.closed).toEqual({ code: 4000, reason: "ATTACH_REPLACED" });
});

test("twenty pages may watch, the twenty-first is refused", () => {
  for (let n = 0; n < READERS_MAX; n++) harness.attach(new FakePage());
  expect(() => harness.attach(new FakePage())).toThrow(expect.objectContaining({ code: "READERS_LIMIT_REACHED" }));
});

test("keys that waited for the shell when their page was cut off, and that the person then dropped, never run, and those typed afterwards do", async () => {
  const fresh = new SessionHarness();
  const session = await fresh.service.start(
    fresh.dana,
    { region: "eu-west-1", target: "i-0123456789abcdef0", cols: 80, rows: 24 },
    { ip: "", requestId: "" },
  );
  fresh.sessionId = session.id;
  const page = fresh.attach(new FakePage());
  page.type("rm -r x\r");
  const again = fresh.attach(new FakePage(page.streamId), { offset: page.offset });
  expect(again.last("attached")?.inputStored).toBe(0);
  again.type("ls\r"); // in the place of what was dropped
  await fresh.settle();
  fresh.aws.last.print("$ ");
  await fresh.settle();
  expect(fresh.aws.last.input.toString()).toBe("ls\r");
  expect(again.last("input-ack")?.stored).toBe(3);
});

test("input before the shell runs waits, and goes out in order when it does", async () => {
  const fresh = new SessionHarness();
  const session = await fresh.service.start(
    fresh.dana,
    { region: "eu-west-1", target: "i-0123456789abcdef0", cols: 80, rows: 24 },
    { ip: "", requestId: "" },
  );
  fresh.sessionId = session.id;
  const page = fresh.attach(new FakePage());
  page.type("ls\r");
  await fresh.settle();
  expect(page.last("input-ack")).toBeUndefined();
  fresh.aws.last.print("$ ");
  await fresh.settle();
  expect(fresh.aws.last.input.toString()).toBe("ls\r");
  expect(page.last("input-ack")?.stored).toBe(3);
});

test("input that nobody takes is refused at the bound, and goes on in order afterwards", async () => {
  agent().losesFrame = () => true; // the agent's acknowledgements get lost: nothing of ours is ever done
  agent().echoes = false;
  const page = harness.attach(new FakePage());
  let taken = 0;
  while (page.type(Buffer.alloc(64 * 1024, `${taken}`)) === undefined && taken < 100) taken++;
  expect(taken).toBeGreaterThanOrEqual(QUEUED_INPUT_BYTES_MAX / (64 * 1024));
  expect(taken).toBeLessThan(100);
  await harness.settle();
  expect(page.last("input-ack")?.stored).toBeLessThan(page.typedBytes);
  agent().losesFrame = () => false;
  for (let n = 0; n < 100 && agent().input.length < page.typedBytes; n++) await harness.pass(1_000);
  const expected = Array.from({ length: taken }, (_, n) => Buffer.alloc(64 * 1024, `${n}`));
  expect(agent().input.equals(Buffer.concat(expected))).toBe(true);
  expect(page.type("x")).toBeUndefined();
}, 60_000);
