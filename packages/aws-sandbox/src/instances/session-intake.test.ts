import { expect, test } from "vitest";
import { KNOWN_SESSIONS_MAX, SESSIONS_MAX, SessionIntake } from "./session-intake.ts";

test("an agent runs a thousand sessions, and refuses one more until one has ended", () => {
  const intake = new SessionIntake();
  expect(intake.take("the last", SESSIONS_MAX - 1)).toBe("new");
  expect(intake.take("one more", SESSIONS_MAX)).toBe("full");
  expect(intake.take("after an end", SESSIONS_MAX - 1)).toBe("new");
});

test("a message that comes twice starts nothing again, also when it was refused", () => {
  const intake = new SessionIntake();
  intake.take("a", 0);
  intake.take("b", SESSIONS_MAX);
  expect([intake.take("a", 0), intake.take("b", 0)]).toEqual(["repeated", "repeated"]);
});

test("at the bound of ids remembered the oldest is forgotten, and no other", () => {
  const intake = new SessionIntake();
  for (let n = 0; n <= KNOWN_SESSIONS_MAX; n++) intake.take(`session ${n}`, 0);
  expect(intake.take("session 1", 0)).toBe("repeated");
  expect(intake.take("session 0", 0)).toBe("new");
});
