import { expect, test } from "vitest";
import { settle } from "../../../test-support/fake-terminal.ts";
import { type Bench, opened, reconnect } from "../../../test-support/session-bench.ts";
import { BEHIND_PASTE_BYTES_MAX } from "./paste-control.ts";
import { AHEAD_OF_AGENT_BYTES_MAX } from "./paste-queue.ts";

/** 100 kB in one line: asked about, because it is large. */
const LONG = "0123456789".repeat(10_000);

async function pasting(text = LONG, isBracketed = false): Promise<Bench> {
  const b = await opened();
  b.surface.isBracketed = isBracketed;
  b.surface.paste(text);
  b.session.answerPaste(b.session.getStatus().pasteAsk?.text);
  await settle();
  return b;
}

async function acknowledge(b: Bench, offset: number): Promise<void> {
  b.socket().say({ type: "input-ack", stored: offset, agentAcknowledged: offset });
  await settle();
}

test("a short text goes at once, with line ends as a keyboard sends them", async () => {
  const b = await opened();
  b.surface.paste("ls -l\n");
  await settle();
  expect(b.socket().typed).toBe("ls -l\r");
  expect(b.session.getStatus()).not.toHaveProperty("pasteAsk");
  b.session.dispose();
});

test("nothing of what is asked about leaves before the answer, and nothing at all after a no", async () => {
  const b = await opened();
  b.surface.paste("stop\nstart\n");
  await settle();
  expect(b.session.getStatus().pasteAsk).toMatchObject({ lines: 2, reasons: ["lines"] });
  expect(b.socket().typed).toBe("");
  b.session.answerPaste(undefined);
  await settle();
  expect(b.socket().typed).toBe("");
  expect(b.session.getStatus()).not.toHaveProperty("pasteAsk");
  b.session.dispose();
});

test("in production also what the shell takes as one text is asked about", async () => {
  const b = await opened();
  b.surface.isBracketed = true;
  b.surface.paste("a\nb");
  expect(b.session.getStatus()).not.toHaveProperty("pasteAsk");
  b.session.setProduction(true);
  b.surface.paste("a\nb");
  expect(b.session.getStatus().pasteAsk?.reasons).toEqual(["production"]);
  b.session.dispose();
});

test("a large paste keeps 16 KiB ahead of the agent, whatever the server has stored, and says how much arrived", async () => {
  const b = await pasting();
  expect(b.socket().typed).toHaveLength(AHEAD_OF_AGENT_BYTES_MAX);
  b.socket().say({ type: "input-ack", stored: AHEAD_OF_AGENT_BYTES_MAX, agentAcknowledged: 0 });
  await settle();
  expect(b.socket().typed).toHaveLength(AHEAD_OF_AGENT_BYTES_MAX);
  await b.clock.advance(1_000);
  await acknowledge(b, 5_000);
  expect(b.socket().typed).toHaveLength(AHEAD_OF_AGENT_BYTES_MAX + 5_000);
  expect(b.session.getStatus().paste).toEqual({ arrivedBytes: 5_000, totalBytes: 100_000 });
  for (let offset = 10_000; offset <= 100_000; offset += 10_000) await acknowledge(b, offset);
  expect(b.socket().typed).toBe(LONG);
  expect(b.session.getStatus()).not.toHaveProperty("paste");
  b.session.dispose();
});

test("Stop drops the rest, closes the bracket, and says what went", async () => {
  const b = await pasting(LONG, true);
  b.session.stopPaste();
  await acknowledge(b, AHEAD_OF_AGENT_BYTES_MAX);
  expect(b.socket().typed).toHaveLength(AHEAD_OF_AGENT_BYTES_MAX + 6);
  expect(b.socket().typed.endsWith("\x1b[201~")).toBe(true);
  expect(b.session.getStatus().notices).toMatchObject([{ code: "PASTE_STOPPED" }]);
  b.session.dispose();
});

test("what is typed during a paste comes behind it; Ctrl-C ends the paste, drops that, and passes", async () => {
  const b = await pasting();
  b.surface.type("behind");
  await settle();
  expect(b.socket().typed).toHaveLength(AHEAD_OF_AGENT_BYTES_MAX);
  for (let offset = 10_000; offset <= 100_000; offset += 10_000) await acknowledge(b, offset);
  expect(b.socket().typed).toBe(`${LONG}behind`);
  b.session.dispose();

  const c = await pasting();
  c.surface.type("behind");
  c.surface.type("\x03");
  await acknowledge(c, AHEAD_OF_AGENT_BYTES_MAX);
  expect(c.socket().typed).toBe(`${LONG.slice(0, AHEAD_OF_AGENT_BYTES_MAX)}\x03`);
  expect(c.session.getStatus().notices[0]?.text).toContain("6\u00a0keys typed meanwhile");
  c.session.dispose();
});

test("keys behind a paste are bounded, and a second paste waits for nobody: both are said", async () => {
  const b = await pasting();
  b.surface.type("k".repeat(BEHIND_PASTE_BYTES_MAX));
  expect(b.session.getStatus().notices).toEqual([]);
  b.surface.type("k");
  expect(b.session.getStatus().notices).toMatchObject([{ code: "PASTE_RUNNING" }]);
  b.session.dismissNotice(b.session.getStatus().notices[0]?.id ?? 0);
  b.surface.paste("more");
  expect(b.session.getStatus().notices).toMatchObject([{ code: "PASTE_RUNNING" }]);
  b.session.dispose();
});

test("a paste outlives a lost connection: it goes on where the agent is, and not a byte is missing or doubled", async () => {
  const b = await pasting("0123456789".repeat(3_000));
  const before = b.socket().typed;
  b.socket().drop();
  await reconnect(b, { inputStored: 8_000, agentAcknowledged: 8_000 });
  await settle();
  let all = before.slice(0, 8_000) + b.socket().typed;
  expect(all).toHaveLength(8_000 + AHEAD_OF_AGENT_BYTES_MAX);
  await acknowledge(b, 24_000);
  await acknowledge(b, 30_000);
  all = before.slice(0, 8_000) + b.socket().typed;
  expect(all).toBe("0123456789".repeat(3_000));
  b.session.dispose();
});

test("after a long gap the person decides about what was on its way; dropping it drops the rest, too", async () => {
  const b = await pasting("line\n".repeat(6_000));
  b.socket().drop();
  b.surface.type("late");
  expect(b.session.getStatus().notices).toMatchObject([{ code: "PASTE_RUNNING" }]);
  b.clock.sleep(60_000);
  await reconnect(b, { inputStored: 8_000, agentAcknowledged: 8_000 });
  expect(b.session.getStatus().heldKeys.asking).toBe(true);
  expect(b.socket().typed).toBe("");
  b.session.dropHeldKeys();
  await settle();
  expect(b.socket().typed).toBe("");
  expect(b.session.getStatus().notices.map(({ code }) => code)).toContain("PASTE_STOPPED");
  b.surface.type("next");
  await settle();
  expect(b.socket().typed).toBe("next");
  expect(b.socket().frames[0]).toMatchObject({ offset: 8_000 });
  b.session.dispose();
});

test("a paste into a session that ended is over, and none of it reaches the next session", async () => {
  const b = await pasting();
  b.socket().say({ type: "ended", end: { by: "shell", at: 0 } });
  expect(b.session.getStatus()).not.toHaveProperty("paste");
  b.session.restart();
  await settle();
  b.socket().open();
  b.socket().attached();
  await settle();
  expect(b.socket().typed).toBe("");
  b.session.dispose();
});

test("64 MiB are too much, and nothing of it is sent", async () => {
  const b = await opened();
  b.surface.paste("x".repeat(64 * 1024 * 1024 + 1));
  expect(b.session.getStatus().notices).toMatchObject([{ code: "PASTE_TOO_LARGE" }]);
  await settle();
  expect(b.socket().typed).toBe("");
  b.session.dispose();
});
