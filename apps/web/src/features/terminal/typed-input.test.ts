import { expect, test } from "vitest";
import { fakeWorld, settle } from "../../test-support/fake-terminal.ts";
import { make, opened, reconnect } from "../../test-support/session-bench.ts";

test("keys leave as human input, numbered; what is stored is never sent again after a reconnect", async () => {
  const b = await opened();
  b.surface.type("l");
  b.surface.type("s");
  await settle();
  expect(b.socket().frames).toMatchObject([{ kind: "input", origin: "human", offset: 0 }]);
  b.surface.type("!");
  await settle();
  b.socket().drop();
  await reconnect(b, { inputStored: 2 });
  expect(b.socket().frames).toMatchObject([{ kind: "input", offset: 2 }]);
  expect(b.socket().typed).toBe("!");
  b.session.dispose();
});

test("keys of a gap that are older than 5 s are not sent until the person says so", async () => {
  const b = await opened();
  b.socket().drop();
  b.surface.type("rm -rf x");
  await settle();
  expect(b.session.getStatus().heldKeys).toEqual({ keys: 8, refused: 0, asking: false });
  b.clock.sleep(6_000);
  await reconnect(b);
  expect(b.session.getStatus().heldKeys).toEqual({ keys: 8, refused: 0, asking: true });
  expect(b.socket().typed).toBe("");
  b.session.sendHeldKeys();
  expect(b.socket().typed).toBe("rm -rf x");
  expect(b.session.getStatus().heldKeys.asking).toBe(false);
  b.session.dispose();
});

test("an Enter among the keys of a gap is asked about, and dropping them sends nothing but what is typed next", async () => {
  const b = await opened();
  b.socket().drop();
  b.surface.type("reboot\r");
  await reconnect(b);
  expect(b.session.getStatus().heldKeys.asking).toBe(true);
  b.session.dropHeldKeys();
  b.surface.type("ls");
  await settle();
  expect(b.socket().typed).toBe("ls");
  expect(b.socket().frames).toMatchObject([{ offset: 0 }]);
  b.session.dispose();
});

test("keys beyond 256 bytes of a gap are refused, and counted", async () => {
  const b = await opened();
  b.socket().drop();
  b.surface.type("x".repeat(256));
  b.surface.type("y");
  await settle();
  expect(b.session.getStatus().heldKeys).toEqual({ keys: 256, refused: 1, asking: false });
  b.session.dispose();
});

test("only a visible page that was told to may answer a query, and never while it is cut off", async () => {
  const b = await opened();
  const reply = (): void => b.surface.events.onEmit("reply", new TextEncoder().encode("\u001b[?1;2c"), 1);
  reply();
  await settle();
  expect(b.socket().frames).toMatchObject([{ kind: "input", origin: "reply" }]);
  b.page.signal("hidden");
  expect(b.socket().sentOf("visibility")).toEqual([{ type: "visibility", visible: false }]);
  reply();
  b.page.signal("visible");
  b.socket().say({ type: "control", answersQueries: false, fromOffset: 0 });
  reply();
  b.surface.events.onEmit("stale", new TextEncoder().encode("\u001b[?1;2c"), 1);
  await settle();
  expect(b.socket().frames).toHaveLength(1);
  b.socket().drop();
  reply();
  await reconnect(b);
  expect(b.socket().frames).toHaveLength(0);
  b.session.dispose();
});

test("keys typed while a session is being opened reach its shell, in order, Enter included", async () => {
  const world = fakeWorld();
  const release = world.api.holdStart();
  const b = make(undefined, world);
  b.surface.type("uptime");
  await b.clock.advance(8_000);
  b.surface.type("\r");
  release();
  await settle();
  b.socket().open();
  b.socket().attached();
  expect(b.socket().typed).toBe("uptime\r");
  b.session.dispose();
});

test("what is pasted into a session that is being opened and cannot wait is said to be left out", async () => {
  const world = fakeWorld();
  world.api.holdStart();
  const b = make(undefined, world);
  b.surface.type("x".repeat(257));
  expect(b.session.getStatus().notices).toMatchObject([{ code: "INPUT_NOT_HELD" }]);
  b.session.dispose();
});

test("a paste larger than 64 KiB waits for the server to store what was sent", async () => {
  const b = await opened();
  b.surface.type("x".repeat(100_000));
  await settle();
  expect(b.socket().typed).toHaveLength(65_536);
  b.socket().say({ type: "input-ack", stored: 65_536, agentAcknowledged: 0, agentRoundTripMs: 27 });
  expect(b.socket().typed).toHaveLength(100_000);
  expect(b.session.getStatus()).toMatchObject({ agentLatencyMs: 27 });
  b.session.dispose();
});
