import { expect, test } from "vitest";
import { settle } from "../../test-support/fake-terminal.ts";
import { opened } from "../../test-support/session-bench.ts";

test("Ctrl held on the screen is for the next key only, wherever that is pressed", async () => {
  const b = await opened();
  b.session.toggleModifier("ctrl");
  expect(b.session.getStatus().held).toBe("ctrl");
  b.surface.type("c");
  b.surface.type("c");
  await settle();
  expect(b.socket().typed).toBe("\x03c");
  expect(b.session.getStatus().held).toBeUndefined();
  b.session.toggleModifier("alt");
  b.session.pressKey("left");
  b.session.pressKey("left");
  await settle();
  expect(b.socket().typed).toBe("\x03c\x1b[1;3D\x1b[D");
  b.session.dispose();
});

test("an arrow on the screen is what the program asked for", async () => {
  const b = await opened();
  b.surface.isApplication = true;
  b.session.pressKey("up");
  await settle();
  expect(b.socket().typed).toBe("\x1bOA");
  b.session.dispose();
});

test("what the emulator answers by itself, and a mouse, use no held key up", async () => {
  const b = await opened();
  b.session.toggleModifier("ctrl");
  b.surface.events.onEmit("reply", new TextEncoder().encode("\x1b[1;1R"), 1);
  b.surface.type("\x1b[<0;3;4M");
  expect(b.session.getStatus().held).toBe("ctrl");
  b.surface.type("d");
  await settle();
  expect(b.socket().typed.endsWith("\x04")).toBe(true);
  b.session.dispose();
});
