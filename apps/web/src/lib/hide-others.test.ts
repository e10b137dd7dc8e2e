// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import { hideOthers } from "./hide-others.ts";

afterEach(() => document.body.replaceChildren());

const page = (html: string): ((id: string) => Element) => {
  document.body.innerHTML = html;
  return (id) => {
    const found = document.getElementById(id);
    if (found === null) throw new Error(`no #${id}`);
    return found;
  };
};
const hiddenIds = (): string[] => [...document.querySelectorAll("[aria-hidden=true]")].map(({ id }) => id);

test("everything beside what is shown is hidden, but what speaks by itself, and shown again afterwards", () => {
  const at = page(`
    <div id="root"><nav id="rail"></nav><div id="toasts" aria-live="polite"></div><p id="told" role="status"></p></div>
    <div id="portal"><div id="palette"><ul id="list"></ul></div><div id="scrim"></div></div>
    <div id="menu"></div>`);
  const showAgain = hideOthers(at("palette"));
  expect(hiddenIds()).toEqual(["rail", "scrim", "menu"]);
  showAgain();
  expect(hiddenIds()).toEqual([]);
});

test("what was hidden before stays hidden", () => {
  const at = page(`<div id="icons" aria-hidden="true"></div><div id="root"></div><div id="palette"></div>`);
  const showAgain = hideOthers(at("palette"));
  expect(hiddenIds()).toEqual(["icons", "root"]);
  showAgain();
  expect(hiddenIds()).toEqual(["icons"]);
});
