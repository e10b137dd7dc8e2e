import { expect, test } from "vitest";
import { fakeSession, fakeWorld, settle } from "../../test-support/fake-terminal.ts";
import { type Bench, make } from "../../test-support/session-bench.ts";
import { BELL_SHOWN_MS } from "./program-signals.ts";

class FakeClipboard {
  text = "";
  isRefused = false;
  async readText(): Promise<string> {
    if (this.isRefused) throw new Error("not allowed");
    return this.text;
  }
  async writeText(text: string): Promise<void> {
    if (this.isRefused) throw new Error("not allowed");
    this.text = text;
  }
}

async function open(): Promise<{ b: Bench; clipboard: FakeClipboard; opened: string[] }> {
  const world = fakeWorld();
  const clipboard = new FakeClipboard();
  const opened: string[] = [];
  Object.assign(world.deps, { clipboard, openLink: (uri: string) => opened.push(uri) });
  const b = make(fakeSession(), world);
  await settle();
  b.socket().open();
  b.socket().attached();
  await settle();
  return { b, clipboard, opened };
}

test("a program's first text for the clipboard is asked about; allowed, it and all that follow are written", async () => {
  const { b, clipboard } = await open();
  b.surface.events.onProgramCopy("first");
  expect(b.session.getStatus().copyAsk).toEqual({ text: "first" });
  expect(clipboard.text).toBe("");
  b.session.allowCopies(true);
  await settle();
  expect(clipboard.text).toBe("first");
  b.surface.events.onProgramCopy("second");
  await settle();
  expect(clipboard.text).toBe("second");
  expect(b.session.getStatus()).not.toHaveProperty("copyAsk");
  b.session.dispose();
});

test("refused, no program of this session writes the clipboard, nor asks again; the next session asks anew", async () => {
  const { b, clipboard } = await open();
  b.surface.events.onProgramCopy("first");
  b.session.allowCopies(false);
  b.surface.events.onProgramCopy("second");
  await settle();
  expect(clipboard.text).toBe("");
  expect(b.session.getStatus()).not.toHaveProperty("copyAsk");
  b.socket().say({ type: "ended", end: { by: "shell", at: 0 } });
  b.session.restart();
  b.surface.events.onProgramCopy("third");
  expect(b.session.getStatus().copyAsk).toEqual({ text: "third" });
  b.session.dispose();
});

test("a browser that refuses is named, for writing and for reading", async () => {
  const { b, clipboard } = await open();
  clipboard.isRefused = true;
  b.surface.events.onProgramCopy("x");
  b.session.allowCopies(true);
  b.session.pasteFromClipboard();
  await settle();
  expect(b.session.getStatus().notices.map(({ code }) => code)).toEqual([
    "CLIPBOARD_NOT_WRITTEN",
    "CLIPBOARD_NOT_READ",
  ]);
  b.session.dispose();
});

test("pasting from the menu goes the way of every paste", async () => {
  const { b, clipboard } = await open();
  clipboard.text = "one\ntwo";
  b.session.pasteFromClipboard();
  await settle();
  expect(b.session.getStatus().pasteAsk).toMatchObject({ lines: 2 });
  b.session.dispose();
});

test("a link that says where it goes opens at once, another one only on the person's word", async () => {
  const { b, opened } = await open();
  b.surface.events.onLink({ text: "https://a.example", uri: "https://a.example/" }, true);
  expect(opened).toEqual(["https://a.example/"]);
  const hidden = { text: "click here", uri: "https://b.example/" };
  b.surface.events.onLink(hidden, false);
  expect(b.session.getStatus().linkAsk).toEqual(hidden);
  b.session.answerLink(false);
  b.session.openLink(hidden);
  expect(opened).toHaveLength(1);
  b.session.answerLink(true);
  expect(opened).toEqual(["https://a.example/", "https://b.example/"]);
  b.session.dispose();
});

test("a bell in a hidden terminal stays until it is seen; one that rings on and on is one bell", async () => {
  const { b } = await open();
  b.detach();
  for (let ring = 0; ring < 100; ring++) b.surface.events.onBell();
  expect(b.session.getStatus()).toMatchObject({ bell: true, unread: true });
  await b.clock.advance(60_000);
  expect(b.session.getStatus().bell).toBe(true);
  b.session.attach({} as HTMLElement);
  await b.clock.advance(BELL_SHOWN_MS);
  expect(b.session.getStatus()).not.toHaveProperty("bell");
  b.session.dispose();
  expect(b.clock.pending).toBe(0);
});
