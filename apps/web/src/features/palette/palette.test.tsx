// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { Palette } from "./palette.tsx";
import type { PaletteSource } from "./palette-groups.ts";
import { findEntries, type PaletteEntry, searchable } from "./palette-search.ts";

afterEach(cleanup);

const entry = (label: string, more: Partial<PaletteEntry> = {}): PaletteEntry => ({
  id: label,
  label,
  also: "",
  mark: { icon: "terminal" },
  choose: () => undefined,
  ...more,
});
const source = (heading: string, labels: readonly string[], more: Partial<PaletteSource> = {}): PaletteSource => {
  const entries = labels.map((label) => entry(label, heading === "Instances" ? { details: () => undefined } : {}));
  return {
    heading,
    rows: { among: 5, alone: 9 },
    find: (words, limit) => findEntries(searchable(entries), words, limit),
    ...more,
  };
};
const sources = [
  source("Instances", ["checkout-api-01", "checkout-api-02", "orders-db"], { outOf: 3 }),
  source("Commands", ["Split right", "Split down"], { prefix: ">" }),
];

function shown(initialQuery = "") {
  const chosen: string[] = [];
  render(
    <Palette
      sources={sources}
      initialQuery={initialQuery}
      scope="harbor-prod"
      splitCaps={["Ctrl", "↵"]}
      onCancel={() => chosen.push("cancelled")}
      onChoose={({ label }, how) => chosen.push(`${label} ${how}`)}
    />,
  );
  const input = screen.getByRole("combobox");
  return {
    chosen,
    input,
    type: (value: string) => fireEvent.change(input, { target: { value } }),
    press: (key: string, held: object = {}) => fireEvent.keyDown(input, { key, ...held }),
    options: () => screen.queryAllByRole("option").map(({ textContent }) => textContent),
    marked: () => {
      const id = input.getAttribute("aria-activedescendant");
      return id === null ? undefined : document.getElementById(id)?.textContent;
    },
  };
}

test("the first fit is marked, and Enter chooses it", () => {
  const { type, press, marked, chosen } = shown();
  type("api 02");
  expect(marked()).toBe("checkout-api-02");
  press("Enter");
  expect(chosen).toEqual(["checkout-api-02 go"]);
});

test("Ctrl+Enter means a split, Shift+Enter another one, the right arrow at the end of the text more about it", () => {
  const { type, press, chosen } = shown();
  type("orders");
  press("Enter", { ctrlKey: true });
  press("Enter", { shiftKey: true });
  press("ArrowRight");
  expect(chosen).toEqual(["orders-db split", "orders-db new", "orders-db details"]);
});

test("arrows go around, pages to the ends, over the groups", () => {
  const { press, marked } = shown();
  press("ArrowUp");
  expect(marked()).toBe("Split down");
  press("ArrowDown");
  expect(marked()).toBe("checkout-api-01");
  press("PageDown");
  expect(marked()).toBe("Split down");
  press("PageUp");
  expect(marked()).toBe("checkout-api-01");
});

test("typing marks the first fit again", () => {
  const { type, press, marked } = shown();
  press("ArrowDown");
  type("o");
  press("ArrowDown");
  type("split");
  expect(marked()).toBe("Split right");
});

test("what is found is said, and so is nothing", () => {
  const { type, options, press, chosen } = shown();
  expect(screen.getByRole("group", { name: "Commands" })).toBeTruthy();
  type("api");
  expect(screen.getByRole("group", { name: /Instances 2 of 3/ })).toBeTruthy();
  type("zzz");
  expect(options()).toEqual([]);
  expect(screen.getByText("Nothing matches “zzz”.")).toBeTruthy();
  expect(screen.getByRole("status").textContent).toBe("Nothing found");
  press("Enter");
  expect(chosen).toEqual([]);
});

test("Enter that ends a composition chooses nothing", () => {
  const { press, chosen } = shown();
  press("Enter", { isComposing: true });
  expect(chosen).toEqual([]);
});

test("Escape closes it, a click chooses", () => {
  const { chosen } = shown(">");
  fireEvent.click(screen.getByText("Split down"), { ctrlKey: false });
  expect(chosen).toEqual(["Split down go"]);
  fireEvent.keyDown(document, { key: "Escape" });
  expect(chosen.at(-1)).toBe("cancelled");
});

test("it has the keyboard as long as it is open, and readers find nothing under it; a click beside it closes it", async () => {
  const { container } = render(<button type="button">Under it</button>);
  const { input, chosen } = shown();
  expect(document.activeElement).toBe(input);
  screen.getByText("Under it").focus();
  expect(document.activeElement).toBe(input);
  expect(container.getAttribute("aria-hidden")).toBe("true");
  expect(screen.getByRole("dialog", { name: "Go to or run" }).getAttribute("aria-modal")).toBe("true");
  const scrim = document.querySelector(".palette-scrim") as Element;
  await new Promise((resolve) => setTimeout(resolve)); // Radix listens from the next task on
  fireEvent.pointerDown(scrim);
  fireEvent.click(scrim);
  expect(chosen).toEqual(["cancelled"]);
  cleanup();
  expect(container.hasAttribute("aria-hidden")).toBe(false);
});

test("what opens over it keeps the keyboard", () => {
  shown();
  render(
    <div role="alertdialog" aria-label="Over it">
      <button type="button">Answer</button>
    </div>,
  );
  screen.getByText("Answer").focus();
  expect(document.activeElement).toBe(screen.getByText("Answer"));
});

test("the letters that fit are marked", () => {
  const { type } = shown();
  type("chk api");
  expect([...document.querySelectorAll("mark")].map(({ textContent }) => textContent).slice(0, 3)).toEqual([
    "ch",
    "k",
    "api",
  ]);
});

test("a row ends with how many are open, its environment, and where it is", () => {
  const entries = [
    entry("checkout-api-04", { aside: "2 open", environment: { word: "PROD", colour: "prod" }, place: "1a" }),
  ];
  render(
    <Palette
      sources={[source("Instances", [], { find: (words, limit) => findEntries(searchable(entries), words, limit) })]}
      initialQuery=""
      scope="harbor-prod"
      splitCaps={["Ctrl", "↵"]}
      onCancel={() => undefined}
      onChoose={() => undefined}
    />,
  );
  expect(screen.getByRole("option").textContent).toBe("checkout-api-042 openPROD1a");
});
