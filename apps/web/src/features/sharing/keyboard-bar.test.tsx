// @vitest-environment happy-dom
import type { PresentPerson } from "@causeway/wire-contract/sharing";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { createRef } from "react";
import { afterEach, expect, test } from "vitest";
import { KeyboardBar } from "./keyboard-bar.tsx";
import { SharingStore, type SharingView } from "./sharing-store.ts";

afterEach(cleanup);

const NOW = 3_000_000;
const KOFI: PresentPerson = {
  ...{ key: "k1", name: "kofi", account: "111122223333", role: "IAM user", proven: true },
  ...{ connected: true, colour: 1, mode: "ask", keyboard: "watching" },
};

function show(me: Partial<PresentPerson> | undefined, view: Partial<SharingView> = {}) {
  const acts: string[] = [];
  const askButton = createRef<HTMLButtonElement>();
  render(
    <KeyboardBar
      view={{ ...new SharingStore(() => NOW).getView(), you: "k1", ...view }}
      me={me && { ...KOFI, ...me }}
      owner={{ name: "dana", role: "SRE-Operator" }}
      nowMs={NOW}
      askButton={askButton}
      onAct={(act) => acts.push(act)}
    />,
  );
  const bar = screen.getByRole("region", { name: "Keyboard" });
  return {
    acts,
    askButton,
    words: bar.textContent?.replaceAll("\u00a0", " ") ?? "",
    buttons: screen.queryAllByRole("button"),
  };
}

test.each<[string, Partial<PresentPerson> | undefined, Partial<SharingView>, RegExp, string[]]>([
  ["before anything is known", undefined, {}, /connection is being made/, []],
  ["by a view-only link", { mode: "view" }, {}, /for watching only/, []],
  ["while watching", {}, {}, /You are watching\. Typing here does nothing/, ["Request control"]],
  [
    "having asked, by a clock that lags behind",
    { keyboard: "asked", until: NOW + 30_900 },
    {},
    /Waiting, 30 s left/,
    ["Cancel"],
  ],
  ["having asked", { keyboard: "asked", until: NOW + 23_500 }, {}, /Asked dana.*Waiting, 24 s left/, ["Cancel"]],
  ["refused", { keyboard: "refused", until: NOW + 60_000 }, {}, /dana said not now\. You may ask again in 60 s/, []],
  [
    "holding",
    { keyboard: "holding" },
    {},
    /You have the keyboard\..*SRE-Operator through dana's.*your name/,
    ["Give back"],
  ],
  [
    "holding, the owner away",
    { keyboard: "owner-away", until: NOW + 42_000 },
    {},
    /dana is away.*for 42 s/,
    ["Give back"],
  ],
  ["when it was taken back", { keyboard: "taken-back" }, {}, /dana took the keyboard back/, ["Request control"]],
  ["with the owner away", {}, { ownerAway: true }, /dana is away\. Nobody can give/, []],
  ["by a link that types", { mode: "type" }, {}, /You may type\./, []],
])("%s a viewer is told so and offered what is possible", (_when, me, view, words, names) => {
  const shown = show(me, view);
  expect(shown.words).toMatch(words);
  expect(shown.buttons.map(({ textContent }) => textContent)).toEqual(names);
});

test.each<[Partial<PresentPerson>, string]>([
  [{}, "ask"],
  [{ keyboard: "asked", until: NOW }, "cancel"],
  [{ keyboard: "holding" }, "give-back"],
])("the button of %j says %s", (me, act) => {
  const { acts, buttons } = show(me);
  fireEvent.click(buttons[0] as HTMLElement);
  expect(acts).toEqual([act]);
});

test("where all may type, somebody else's keys name her for half a second", () => {
  const people = [KOFI, { ...KOFI, key: "m1", name: "mira" }];
  expect(show({ mode: "type" }, { people, typist: { who: "m1", atMs: NOW - 499 } }).words).toMatch(/^mira is typing/);
  cleanup();
  expect(show({ mode: "type" }, { people, typist: { who: "m1", atMs: NOW - 500 } }).words).toMatch(/^You may type/);
  cleanup();
  expect(show({ mode: "type" }, { people, typist: { who: "k1", atMs: NOW } }).words).toMatch(/^You may type/);
});
