import { expect, test } from "vitest";
import { settle } from "../../test-support/fake-terminal.ts";
import { type Bench, bench, opened, reconnect } from "../../test-support/session-bench.ts";
import { asTypedThere, isForOthers } from "./broadcast-target.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (sent: Uint8Array): string => new TextDecoder().decode(sent);

/** Two terminals; what is typed into the first goes to the second as well. */
async function broadcasting(): Promise<{ from: Bench; to: Bench }> {
  const [from, to] = [await opened(), await opened()];
  from.deps.alsoTypesInto = () => [to.session];
  return { from, to };
}

test("keys, keys on the screen and keys that the browser keeps reach the other terminal, each once", async () => {
  const { from, to } = await broadcasting();
  from.surface.type("l");
  from.session.sendKey("\x17");
  from.session.pressKey("escape");
  from.session.toggleModifier("ctrl");
  from.surface.type("c");
  await settle();
  expect(from.socket().typed).toBe("l\x17\x1b\x03");
  expect(to.socket().typed).toBe("l\x17\x1b\x03");
});

test("what a terminal answers by itself, and reports of the mouse, reach no other one", async () => {
  const { from, to } = await broadcasting();
  from.surface.events.onEmit("reply", bytes("\x1b[1;1R"), 0);
  from.surface.events.onEmit("stale", bytes("\x1b[1;2R"), 0);
  from.surface.type("\x1b[<0;3;4M");
  from.surface.type("\x1b[M !!");
  from.surface.type("x");
  await settle();
  expect(to.socket().typed).toBe("x");
});

test("a key that was held on the screen of the other terminal stays held there", async () => {
  const { from, to } = await broadcasting();
  to.session.toggleModifier("ctrl");
  from.surface.type("c");
  await settle();
  expect(to.socket().typed).toBe("c");
  expect(to.session.getStatus().held).toBe("ctrl");
});

test("cursor keys arrive in the form that the program there asked for", () => {
  expect(text(asTypedThere(bytes("\x1b[A"), true))).toBe("\x1bOA");
  expect(text(asTypedThere(bytes("\x1bOD"), false))).toBe("\x1b[D");
  expect(text(asTypedThere(bytes("\x1b[1;5C"), true))).toBe("\x1b[1;5C");
  expect(text(asTypedThere(bytes("ls"), true))).toBe("ls");
});

test("reports of the mouse are known in all their forms", () => {
  for (const report of ["\x1b[<35;10;4M", "\x1b[<0;1;1m", "\x1b[0;3;4M", "\x1b[M ab"])
    expect([report, isForOthers(bytes(report))]).toEqual([report, false]);
  for (const key of ["a", "\x1b", "\x1b[A", "\x1b[5~", "\x1b[1;5A", "\x1bM"])
    expect([key, isForOthers(bytes(key))]).toEqual([key, true]);
});

test("a paste is asked about once, names how many get it, and each gets it as its shell takes a paste", async () => {
  const { from, to } = await broadcasting();
  from.surface.isBracketed = true;
  to.surface.isBracketed = false;
  from.surface.paste("a\nb\n");
  expect(from.session.getStatus().pasteAsk).toMatchObject({ reasons: ["lines"], panes: 2 });
  expect(to.session.getStatus().pasteAsk).toBeUndefined();
  from.session.answerPaste(from.session.getStatus().pasteAsk?.text);
  await settle();
  expect(from.socket().typed).toBe("\x1b[200~a\rb\r\x1b[201~");
  expect(to.socket().typed).toBe("a\rb\r");
});

test("production in one of them asks for all", async () => {
  const { from, to } = await broadcasting();
  from.surface.isBracketed = to.surface.isBracketed = true;
  to.session.setProduction(true);
  from.surface.paste("a\nb");
  expect(from.session.getStatus().pasteAsk?.reasons).toEqual(["production"]);
});

test("a terminal that left, or came, between question and answer gets nothing of the paste", async () => {
  const { from, to } = await broadcasting();
  const late = await opened();
  from.surface.paste("a\nb\n");
  from.deps.alsoTypesInto = () => [late.session];
  from.session.answerPaste("a\nb\n");
  await settle();
  expect([to.socket().typed, late.socket().typed]).toEqual(["", ""]);
  expect(from.socket().typed).toBe("a\rb\r");
});

test("a terminal takes typing only while its shell is reached and nothing is asked about its keys", async () => {
  const b = await opened();
  expect(b.session.takesTyping()).toBe(true);
  b.socket().say({ type: "channel", channel: "lost" });
  expect(b.session.takesTyping()).toBe(false);
  b.socket().say({ type: "channel", channel: "open" });
  b.socket().say({ type: "input-storage", state: "refused", inputStored: 0 });
  expect(b.session.takesTyping()).toBe(false);
  b.socket().say({ type: "input-storage", state: "stored", inputStored: 0 });
  b.socket().drop();
  expect(b.session.takesTyping()).toBe(false);
  b.surface.type("ls\r");
  await reconnect(b);
  expect(b.session.getStatus().heldKeys.asking).toBe(true);
  expect(b.session.takesTyping()).toBe(false);
  b.session.dropHeldKeys();
  expect(b.session.takesTyping()).toBe(true);
  expect(bench().session.takesTyping()).toBe(false);
});
