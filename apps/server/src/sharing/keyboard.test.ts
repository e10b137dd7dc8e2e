import { ANSWER_WITHIN_MS, ASK_AGAIN_AFTER_MS, KEYBOARD_IDLE_MS, OWNER_AWAY_MS } from "@causeway/wire-contract/sharing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { KEYBOARD_TABLE, Keyboard, type KeyboardMove, VIEWER_GONE_MS } from "./keyboard.ts";

const T = 1_000_000;

function holding(who = "kofi", keyboard = new Keyboard()): Keyboard {
  keyboard.move(who, "ask", T);
  keyboard.move(who, "allow", T);
  keyboard.pollEvents();
  return keyboard;
}
/** Lets time pass as a caller with one timer does. */
function wait(keyboard: Keyboard, untilMs: number): void {
  for (let at = keyboard.pollTimeoutMs(); at !== undefined && at <= untilMs; at = keyboard.pollTimeoutMs())
    keyboard.handleTimeout(at);
}
const events = (keyboard: Keyboard) => keyboard.pollEvents().map(({ who, event }) => `${who} ${event}`);

test("whoever asks and is allowed has the keyboard, and gives it back", () => {
  const keyboard = new Keyboard();
  expect(keyboard.move("kofi", "ask", T)).toBe(true);
  expect([keyboard.stateOf("kofi"), keyboard.untilOf("kofi")]).toEqual(["asked", T + ANSWER_WITHIN_MS]);
  expect(keyboard.move("kofi", "allow", T)).toBe(true);
  expect(keyboard.holder).toBe("kofi");
  expect(keyboard.move("kofi", "give-back", T)).toBe(true);
  expect(keyboard.holder).toBeUndefined();
  expect(events(keyboard)).toEqual(["kofi asked", "kofi allowed", "kofi given-back"]);
});

test("nobody is allowed who did not ask", () => {
  const keyboard = new Keyboard();
  expect(keyboard.move("kofi", "allow", T)).toBe(false);
  keyboard.move("kofi", "ask", T);
  keyboard.move("kofi", "cancel", T);
  expect(keyboard.move("kofi", "allow", T)).toBe(false);
  expect(keyboard.holder).toBeUndefined();
});

test("a question that nobody answers for 30 seconds is over, and so is one's turn to ask for 60 more", () => {
  const keyboard = new Keyboard();
  keyboard.move("kofi", "ask", T);
  wait(keyboard, T + ANSWER_WITHIN_MS - 1);
  expect(keyboard.stateOf("kofi")).toBe("asked");
  wait(keyboard, T + ANSWER_WITHIN_MS);
  expect(events(keyboard)).toEqual(["kofi asked", "kofi no-answer"]);
  expect(keyboard.move("kofi", "ask", T + ANSWER_WITHIN_MS + 1)).toBe(false);
});

test("after not now one may ask again after 60 seconds, not before", () => {
  const keyboard = new Keyboard();
  keyboard.move("kofi", "ask", T);
  keyboard.move("kofi", "refuse", T);
  wait(keyboard, T + ASK_AGAIN_AFTER_MS - 1);
  expect([keyboard.move("kofi", "ask", T), keyboard.untilOf("kofi")]).toEqual([false, T + ASK_AGAIN_AFTER_MS]);
  wait(keyboard, T + ASK_AGAIN_AFTER_MS);
  expect(keyboard.move("kofi", "ask", T + ASK_AGAIN_AFTER_MS)).toBe(true);
});

test("only one holds the keyboard: who gets it next takes it from who had it", () => {
  const keyboard = holding("kofi");
  holding("eve", keyboard);
  expect([keyboard.holder, keyboard.stateOf("kofi")]).toEqual(["eve", "watching"]);
});

test("the owner's first key takes the keyboard back, the second finds nothing to take", () => {
  const keyboard = holding();
  expect(keyboard.takeBack(T)).toBe("kofi");
  expect([keyboard.stateOf("kofi"), keyboard.holder]).toEqual(["taken-back", undefined]);
  expect(keyboard.takeBack(T)).toBeUndefined();
  expect(events(keyboard)).toEqual(["kofi taken-back"]);
  expect(keyboard.move("kofi", "ask", T)).toBe(true);
});

test("five minutes without a key of the holder return the keyboard, and each key begins them anew", () => {
  const keyboard = holding();
  keyboard.handleTyped("kofi", T + KEYBOARD_IDLE_MS - 1);
  wait(keyboard, T + 2 * KEYBOARD_IDLE_MS - 2);
  expect(keyboard.holder).toBe("kofi");
  wait(keyboard, T + 2 * KEYBOARD_IDLE_MS - 1);
  expect(keyboard.holder).toBeUndefined();
  expect(events(keyboard)).toEqual(["kofi returned"]);
});

test("while the owner is away the holder keeps the keyboard for 60 seconds, then nobody has it", () => {
  const keyboard = holding();
  keyboard.handleOwnerLeft(T);
  expect([keyboard.stateOf("kofi"), keyboard.untilOf("kofi")]).toEqual(["owner-away", T + OWNER_AWAY_MS]);
  wait(keyboard, T + OWNER_AWAY_MS - 1);
  expect(keyboard.holder).toBe("kofi");
  wait(keyboard, T + OWNER_AWAY_MS);
  expect([keyboard.holder, keyboard.isOwnerAway]).toEqual([undefined, true]);
});

test("an owner who reloads finds the holder where he was", () => {
  const keyboard = holding();
  keyboard.handleOwnerLeft(T);
  keyboard.handleOwnerBack(T + 5_000);
  expect(keyboard.stateOf("kofi")).toBe("holding");
  wait(keyboard, T + OWNER_AWAY_MS + 1);
  expect(keyboard.holder).toBe("kofi");
});

test("a holder's broken connection keeps his place for a while, a longer one does not", () => {
  for (const [backAfterMs, holder] of [
    [VIEWER_GONE_MS - 1, "kofi"],
    [VIEWER_GONE_MS, undefined],
  ] as const) {
    const keyboard = holding();
    keyboard.handleGone("kofi", T);
    wait(keyboard, T + backAfterMs);
    keyboard.handleBack("kofi");
    wait(keyboard, T + VIEWER_GONE_MS + 1);
    expect(keyboard.holder).toBe(holder);
  }
});

test("who was refused is not asked for again by coming anew", () => {
  const keyboard = new Keyboard();
  keyboard.move("kofi", "ask", T);
  keyboard.move("kofi", "refuse", T);
  keyboard.handleGone("kofi", T);
  keyboard.move("kofi", "leave", T);
  keyboard.handleBack("kofi");
  expect(keyboard.move("kofi", "ask", T + 1)).toBe(false);
});

test("a restart keeps holder, questions and refusals, and gives everybody the time to come back", () => {
  const keyboard = holding("kofi");
  keyboard.move("eve", "ask", T);
  keyboard.move("mia", "ask", T);
  keyboard.move("mia", "refuse", T);
  const again = Keyboard.restore(JSON.parse(JSON.stringify(keyboard.snapshot)), T + 10_000);
  expect(["kofi", "eve", "mia"].map((who) => again.stateOf(who))).toEqual(["owner-away", "asked", "refused"]);
  again.handleOwnerBack(T + 11_000);
  again.handleBack("kofi");
  wait(again, T + 10_000 + VIEWER_GONE_MS);
  expect([again.holder, again.stateOf("eve")]).toEqual(["kofi", "refused"]);
});

test("nothing leaves an ended state, and every state ends when the link does", () => {
  for (const [state, moves] of Object.entries(KEYBOARD_TABLE)) {
    const isEnd = state === "revoked" || state === "expired";
    expect([state, moves.revoke, moves.expire]).toEqual([
      state,
      ...(isEnd ? [undefined, undefined] : ["revoked", "expired"]),
    ]);
    if (isEnd) expect(moves).toEqual({});
  }
});

test("whatever happens in whatever order, at most one holds, and all that is timed ends", () => {
  const moves = Object.keys(Object.assign({}, ...Object.values(KEYBOARD_TABLE))) as KeyboardMove[];
  const step = fc.oneof(
    fc.record({ who: fc.constantFrom("a", "b", "c"), move: fc.constantFrom(...moves) }),
    fc.constantFrom("owner-left", "owner-back", "take-back", "wait"),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const keyboard = new Keyboard();
      let nowMs = T;
      for (const each of steps) {
        nowMs += 7_000;
        wait(keyboard, nowMs);
        if (each === "owner-left") keyboard.handleOwnerLeft(nowMs);
        else if (each === "owner-back") keyboard.handleOwnerBack(nowMs);
        else if (each === "take-back") keyboard.takeBack(nowMs);
        else if (typeof each === "object") keyboard.move(each.who, each.move, nowMs);
        const holders = ["a", "b", "c"].filter((who) => ["holding", "owner-away"].includes(keyboard.stateOf(who)));
        expect(holders.length).toBeLessThanOrEqual(1);
        expect(keyboard.holder).toBe(holders[0]);
      }
      keyboard.handleOwnerLeft(nowMs);
      wait(keyboard, nowMs + KEYBOARD_IDLE_MS + ASK_AGAIN_AFTER_MS + ANSWER_WITHIN_MS);
      expect(keyboard.holder).toBeUndefined();
      expect(keyboard.pollTimeoutMs()).toBeUndefined();
    }),
  );
});
