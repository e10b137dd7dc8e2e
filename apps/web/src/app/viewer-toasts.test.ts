import type { KeyboardState, PresentPerson } from "@causeway/wire-contract/sharing";
import { expect, test } from "vitest";
import { SharingStore } from "../features/sharing/sharing-store.ts";
import { Toasts } from "../ui/toasts.ts";
import { tellOfViewers } from "./viewer-toasts.ts";

const NOW = 9_000_000;
const PERSON = { account: "111122223333", role: "IAM user", proven: true, connected: true } as const;

function owner() {
  const said: string[] = [];
  const timers: number[] = [];
  const toasts = new Toasts({
    nowMs: () => NOW,
    setTimeout: (_run, ms) => timers.push(ms),
    clearTimeout: () => undefined,
  });
  const store = new SharingStore(() => NOW);
  const stop = tellOfViewers(
    { target: { instanceName: "api-04" }, say: ({ act, who }) => said.push(`${act} ${who}`) > 0 },
    store,
    toasts,
    () => NOW,
  );
  const kofiIs = (keyboard: KeyboardState) => {
    const people: PresentPerson[] = [
      { ...PERSON, key: "owner", name: "dana", colour: 0, keyboard: "watching" },
      { ...PERSON, key: "k1", name: "kofi", colour: 1, mode: "ask", keyboard, until: NOW + 24_000 },
    ];
    store.handleMessage({ type: "sharing", nowMs: NOW, you: "owner", people, ownerAway: false });
  };
  const titles = () => toasts.getSnapshot().map(({ title }) => title);
  return { said, timers, toasts, store, kofiIs, titles, stop };
}

test("a question stands as long as it may be answered, and Allow answers it", () => {
  const { said, timers, toasts, kofiIs, titles } = owner();
  kofiIs("asked");
  kofiIs("asked");
  expect(titles()).toEqual(["kofi asks for the keyboard"]);
  expect(timers).toEqual([24_000]);
  toasts.act(toasts.getSnapshot()[0]?.id ?? 0);
  expect(said).toEqual(["allow k1"]);
});

test("Not now refuses", () => {
  const { said, toasts, kofiIs } = owner();
  kofiIs("asked");
  toasts.actOther(toasts.getSnapshot()[0]?.id ?? 0);
  expect(said).toEqual(["refuse k1"]);
});

test("a question that was answered elsewhere, or taken back, leaves", () => {
  const { said, store, kofiIs, titles } = owner();
  kofiIs("asked");
  store.handleGap();
  expect(titles()).toHaveLength(1);
  kofiIs("watching");
  expect(titles()).toEqual([]);
  expect(said).toEqual([]);
});

test("a terminal that was closed is asked about no more, and followed no more", () => {
  const { said, store, kofiIs, titles, stop } = owner();
  kofiIs("asked");
  stop();
  expect(titles()).toEqual([]);
  expect(store.listeners).toBe(0);
  expect(said).toEqual([]);
});

test("newer notices do not push a question out", () => {
  const { toasts, kofiIs, titles } = owner();
  kofiIs("asked");
  for (const title of ["one", "two", "three"]) toasts.show({ title });
  expect(titles()).toEqual(["kofi asks for the keyboard", "two", "three"]);
});

test("the owner learns who joined, and that the key which took the keyboard back was not sent", () => {
  const { toasts, store, kofiIs } = owner();
  kofiIs("watching");
  store.handleMessage({ type: "sharing-event", event: "joined", who: "k1" });
  store.handleMessage({ type: "sharing-event", event: "taken-back", who: "k1", swallowed: true });
  expect(toasts.getSnapshot()).toMatchObject([
    { title: "kofi joined" },
    { title: "You took the keyboard back", detail: "The key that did it was not sent. kofi watches on." },
  ]);
});
