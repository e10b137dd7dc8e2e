import { expect, test } from "vitest";
import { fakeWorld, settle } from "../../test-support/fake-terminal.ts";
import { bench, make, TARGET } from "../../test-support/session-bench.ts";
import { problemFromCode } from "./problems.ts";

test("a new session starts at the size of its pane, shows its steps, and is open when the shell is", async () => {
  const world = fakeWorld();
  const release = world.api.holdStart();
  const b = make(undefined, world);
  expect(b.session.getStatus()).toMatchObject({ kind: "starting" });
  expect(b.api.started).toEqual([{ region: "eu-west-1", target: TARGET.instanceId, cols: 80, rows: 24 }]);
  await b.clock.advance(212);
  release();
  await settle();
  b.socket().open();
  b.socket().attached({ channel: "connecting" });
  await b.clock.advance(96);
  b.socket().say({ type: "channel", channel: "handshaking" });
  expect(b.session.getStatus()).toMatchObject({
    kind: "connecting",
    steps: [
      { name: "session", state: "done", tookMs: 212 },
      { name: "channel", state: "done", tookMs: 96 },
      { name: "shell", state: "active" },
    ],
  });
  b.socket().say({ type: "channel", channel: "open" });
  expect(b.session.getStatus().kind).toBe("open");
  b.session.dispose();
});

test("a refused start shows the problem, and trying again starts anew", async () => {
  const world = fakeWorld();
  world.api.startError = { problem: problemFromCode("INSTANCE_STOPPED") };
  const b = make(undefined, world);
  await settle();
  expect(b.session.getStatus()).toMatchObject({ kind: "failed", problem: { code: "INSTANCE_STOPPED" } });
  world.api.startError = undefined;
  b.session.retryNow();
  await settle();
  expect(b.session.getStatus().kind).toBe("connecting");
  b.session.dispose();
});

test("a start that got no answer says so, instead of naming a cause nobody knows", async () => {
  const world = fakeWorld();
  world.api.startError = new Error("socket hang up");
  const b = make(undefined, world);
  await settle();
  expect(b.session.getStatus()).toMatchObject({ kind: "failed", problem: { code: "SERVER_UNREACHABLE" } });
  b.session.dispose();
});

test("ending while it is still being started ends the session once it has an id", async () => {
  const world = fakeWorld();
  const release = world.api.holdStart();
  const b = make(undefined, world);
  const ended = b.session.end();
  b.session.dispose();
  release();
  await ended;
  expect(b.api.ended).toEqual(["session-1"]);
  expect(b.api.lastSignal?.aborted).toBe(false);
});

test("where the account demands encryption, agreeing on a key is a step of its own", async () => {
  const b = bench();
  await settle();
  b.socket().open();
  b.socket().attached({ channel: "connecting" });
  b.socket().say({ type: "channel", channel: "handshaking" });
  await b.clock.advance(30);
  b.socket().say({ type: "channel", channel: "encrypting" });
  await b.clock.advance(120);
  const names = () => {
    const status = b.session.getStatus();
    return status.kind === "connecting" ? status.steps.map(({ name, state }) => `${name} ${state}`) : [];
  };
  expect(names()).toEqual(["session done", "channel done", "encryption active", "shell waiting"]);
  b.socket().say({ type: "channel", channel: "open" });
  expect(b.session.getStatus().kind).toBe("open");
  b.session.dispose();
});
