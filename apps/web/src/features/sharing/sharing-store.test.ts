import type { KeyboardState, PresentPerson, ShareMode } from "@causeway/wire-contract/sharing";
import { expect, test } from "vitest";
import { HAPPENED_MAX, SHARING_LISTENERS_MAX, type SharingEvent, SharingStore } from "./sharing-store.ts";

const NOW = 5_000_000;
const PERSON = { account: "111122223333", role: "IAM user", proven: true, connected: true } as const;
const DANA: PresentPerson = { ...PERSON, key: "owner", name: "dana", colour: 0, keyboard: "watching" };
const kofi = (keyboard: KeyboardState = "watching", mode: ShareMode = "ask"): PresentPerson => ({
  ...PERSON,
  ...{ key: "k1", name: "kofi", colour: 1, mode, keyboard },
});

function store(you: string, ...people: PresentPerson[]) {
  const made = new SharingStore(() => NOW);
  const tell = (...told: PresentPerson[]) =>
    made.handleMessage({ type: "sharing", nowMs: NOW - 1_000, you, people: told, ownerAway: false, expiresAt: NOW });
  if (people.length > 0) tell(...people);
  return { made, tell };
}

test("times of the server are on the page's clock", () => {
  const { made } = store("k1", DANA, { ...kofi("asked"), until: NOW + 29_000 });
  expect(made.me?.until).toBe(NOW + 30_000);
  expect(made.getView().expiresAt).toBe(NOW + 1_000);
});

test.each<[KeyboardState, ShareMode, boolean]>([
  ["watching", "ask", false],
  ["asked", "ask", false],
  ["refused", "ask", false],
  ["taken-back", "ask", false],
  ["holding", "ask", true],
  ["owner-away", "ask", true],
  ["watching", "type", true],
  ["holding", "view", false],
])("a viewer who is %s by a link to %s may type: %s", (keyboard, mode, may) => {
  expect(store("k1", DANA, kofi(keyboard, mode)).made.mayType()).toBe(may);
});

test("nobody may type before the server has told who is who, in a gap, and after the end", () => {
  const { made } = store("k1");
  expect(made.mayType()).toBe(false);
  const held = store("k1", DANA, kofi("holding")).made;
  held.handleGap();
  expect(held.mayType()).toBe(false);
  const over = store("k1", DANA, kofi("holding")).made;
  over.handleMessage({ type: "share-ended", why: "revoked" });
  expect(over.mayType()).toBe(false);
  expect(over.getView()).toMatchObject({ ended: { why: "revoked" }, people: [] });
});

test("an event of somebody who is not known yet waits until the server has told who she is", () => {
  const { made, tell } = store("owner", DANA);
  const events: SharingEvent[] = [];
  made.onEvent((event) => events.push(event));
  made.handleMessage({ type: "sharing-event", event: "joined", who: "k1" });
  expect(events).toEqual([]);
  tell(DANA, kofi());
  expect(events).toEqual([{ event: "joined", who: "k1", swallowed: false }]);
  expect(made.getView().happened).toMatchObject([{ event: "joined", name: "kofi" }]);
});

test("why a question was not taken stands until the next news, and other notices are not its matter", () => {
  const { made, tell } = store("k1", DANA, kofi());
  made.handleMessage({ type: "notice", code: "OUTPUT_NOT_KEPT" });
  expect(made.getView().refusal).toBeUndefined();
  made.handleMessage({ type: "notice", code: "KEYBOARD_OWNER_AWAY" });
  expect(made.getView().refusal).toBe("KEYBOARD_OWNER_AWAY");
  tell(DANA, kofi());
  expect(made.getView().refusal).toBeUndefined();
});

test("the newest of what happened are kept, as many as the bound", () => {
  const { made } = store("owner", DANA, kofi());
  for (let count = 0; count <= HAPPENED_MAX; count++)
    made.handleMessage({ type: "sharing-event", event: count === 0 ? "joined" : "asked", who: "k1" });
  expect(made.getView().happened).toHaveLength(HAPPENED_MAX);
  expect(made.getView().happened.every(({ event }) => event === "asked")).toBe(true);
});

test("more listeners than the bound are a leak", () => {
  const { made } = store("owner");
  const leave = Array.from({ length: SHARING_LISTENERS_MAX }, () => made.subscribe(() => undefined));
  expect(() => made.subscribe(() => undefined)).toThrow("leaks");
  for (const each of leave) each();
  expect(made.listeners).toBe(0);
});
