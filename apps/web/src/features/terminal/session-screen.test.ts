import { ACK_EVERY_BYTES } from "@causeway/wire-contract/terminal-frames";
import { expect, test } from "vitest";
import { settle } from "../../test-support/fake-terminal.ts";
import { bench, HOST, opened, reconnect } from "../../test-support/session-bench.ts";

test("sizes are applied between the output they stand between, behind pending writes", async () => {
  const b = await opened();
  b.surface.isHolding = true;
  b.socket().output("wide");
  b.socket().say({ type: "size", cols: 40, rows: 10 });
  b.socket().output("narrow");
  expect(b.surface.log).toEqual(["wide"]);
  b.surface.parseOne();
  expect(b.surface.log).toEqual(["wide", "<40x10>", "narrow"]);
  expect(b.session.getStatus()).toMatchObject({ cols: 40, rows: 10 });
  b.session.dispose();
});

test("acknowledges every 32 KiB while a flood is parsed, and when nothing is left", async () => {
  const b = await opened();
  b.surface.isHolding = true;
  const chunk = new Uint8Array(ACK_EVERY_BYTES / 2);
  for (let index = 0; index < 5; index++) b.socket().output(chunk);
  for (let index = 0; index < 5; index++) b.surface.parseOne();
  expect(b.socket().acks).toEqual([ACK_EVERY_BYTES, 2 * ACK_EVERY_BYTES, 2.5 * ACK_EVERY_BYTES]);
  b.session.dispose();
});

test("a reset ends the unfinished sequence, clears, and goes on at the server's offset", async () => {
  const b = await opened();
  b.socket().output("old\u001b[3");
  b.socket().say({ type: "reset", offset: 9_000, headOffset: 9_003, cols: 80, rows: 24 });
  b.socket().say({ type: "notice", code: "OUTPUT_NOT_KEPT" });
  b.socket().output("new");
  expect(b.surface.log.slice(1)).toEqual(["\u0018", "<reset>", "new"]);
  expect(b.socket().acks.at(-1)).toBe(9_003);
  expect(b.session.getStatus().notices).toMatchObject([{ code: "OUTPUT_NOT_KEPT" }]);
  b.session.dispose();
});

test("output already parsed is not shown twice when the server goes back further than asked", async () => {
  const b = await opened();
  b.socket().output("abcdef");
  b.socket().drop();
  await reconnect(b, { offset: 3, headOffset: 8 });
  b.socket().output("defgh");
  expect(b.surface.log.join("")).toBe("abcdefgh");
  b.session.dispose();
});

test("a layout is sent 100 ms after it rests, once, only when changed, within the limits, never while hidden", async () => {
  const b = await opened();
  await b.clock.advance(200);
  b.surface.layout(100, 30);
  await b.clock.advance(60);
  b.surface.layout(9_999, 3);
  await b.clock.advance(60);
  expect(b.socket().sentOf("resize")).toEqual([]);
  await b.clock.advance(60);
  b.surface.layout(9_999, 3);
  await b.clock.advance(200);
  expect(b.socket().sentOf("resize")).toEqual([{ type: "resize", cols: 500, rows: 5 }]);
  b.surface.fit = { cols: 60, rows: 20 };
  b.detach();
  await b.clock.advance(200);
  expect(b.socket().sentOf("resize")).toHaveLength(1);
  b.session.dispose();
});

test("the lines that a reconnecting strip takes from the pane do not resize the shell", async () => {
  const b = await opened();
  await b.clock.advance(200);
  b.socket().drop();
  b.surface.layout(80, 22);
  await reconnect(b);
  expect(b.socket().sentOf("attach")).toMatchObject([{ cols: 80, rows: 24 }]);
  b.surface.layout(80, 24);
  await b.clock.advance(200);
  expect(b.socket().sentOf("resize")).toEqual([]);
  b.session.dispose();
});

test("the grid follows the log, not the pane, when another window owns the size", async () => {
  const b = await opened();
  b.surface.layout(100, 30);
  await b.clock.advance(200);
  expect([b.surface.cols, b.surface.rows]).toEqual([80, 24]);
  b.socket().say({ type: "size", cols: 132, rows: 50 });
  expect([b.surface.cols, b.surface.rows]).toEqual([132, 50]);
  b.session.dispose();
});

test("output that nobody sees marks the terminal unread until it is shown", async () => {
  const b = await opened();
  b.socket().output("seen");
  expect(b.session.getStatus().unread).toBe(false);
  b.detach();
  b.socket().output("unseen");
  expect(b.session.getStatus().unread).toBe(true);
  b.session.attach(HOST);
  expect(b.session.getStatus().unread).toBe(false);
  b.session.dispose();
});

test("output from before a reload is no news to a terminal in the background; output of a gap is", async () => {
  const b = bench();
  b.detach();
  await settle();
  b.socket().open();
  b.socket().attached({ offset: 0, headOffset: 6 });
  b.socket().output("before");
  expect(b.session.getStatus().unread).toBe(false);
  b.socket().drop();
  await reconnect(b, { offset: 6, headOffset: 10 });
  b.socket().output("news");
  expect(b.session.getStatus().unread).toBe(true);
  b.session.dispose();
});
