import { expect, test } from "vitest";
import { FakeClock } from "../platform/fake-clock.ts";
import { TYPING_AUDITED_EVERY_MS, TYPING_TOLD_EVERY_MS, TypingTold } from "./typing-told.ts";

function bench() {
  const clock = new FakeClock();
  const told: string[] = [];
  const audited: string[] = [];
  const typing = new TypingTold(
    clock,
    (who) => told.push(who),
    (who, bytes) => audited.push(`${who} ${bytes}`),
  );
  return { clock, told, audited, typing };
}

test("another typist is told at once, the same one twice a second", () => {
  const { clock, told, typing } = bench();
  for (let n = 0; n < 10; n++) {
    typing.handleTyped("a", 1, true);
    clock.advance(TYPING_TOLD_EVERY_MS / 5);
  }
  expect(told).toEqual(["a", "a"]);
  typing.handleTyped("b", 1, true);
  typing.handleTyped("a", 1, true);
  expect(told).toEqual(["a", "a", "b", "a"]);
});

test("the audit has every byte a viewer typed, in a line a minute, and the rest when she leaves", () => {
  const { clock, audited, typing } = bench();
  for (let n = 0; n < 90; n++) {
    typing.handleTyped("a", 2, true);
    clock.advance(1_000);
  }
  expect(audited).toEqual(["a 2", `a ${2 * (TYPING_AUDITED_EVERY_MS / 1_000)}`]);
  typing.handleLeft("a");
  typing.handleLeft("a");
  expect(audited.map((line) => Number(line.split(" ")[1])).reduce((sum, bytes) => sum + bytes)).toBe(180);
});

test("the owner's own keys are no lines of the audit", () => {
  const { audited, typing } = bench();
  typing.handleTyped("owner", 5, false);
  typing.handleLeft("owner");
  expect(audited).toEqual([]);
});
