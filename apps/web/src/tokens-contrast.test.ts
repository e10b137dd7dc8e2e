/**
 * Every pair of colours that the console relies on, in each theme of `tokens.css`, against WCAG 2.2 AA (DESIGN §12); text that
 * is read for long against AAA. What one pair lies on may be several layers: a hovered row on a panel.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

type Tokens = ReadonlyMap<string, string>;
type Colour = readonly [red: number, green: number, blue: number, alpha: number];
interface Pair {
  text: string;
  on: readonly string[];
  least: number;
}

const READ = 7;
const TEXT = 4.5;
const SHAPE = 3;
/** Comments and the like: dim by a program's own wish. */
const DIM = 3.5;
const STATES = ["accent", "ok", "warn", "bad", "live"] as const;
const SURFACES = ["bg-frame", "bg-side", "bg-raised", "bg-inset", "term-bg"] as const;

const pair = (least: number, text: string, ...on: string[]): Pair => ({ text, on, least });
const onSurface = (surface: string): Pair[] => [
  ...["text", "text-2"].map((text) => pair(READ, text, surface)),
  pair(TEXT, "text-3", surface),
  ...["bg-hover", "bg-selected"].flatMap((row) => [
    pair(READ, "text", surface, row),
    ...["text-2", "text-3"].map((text) => pair(TEXT, text, surface, row)),
  ]),
  ...["text-2", "text-3"].map((text) => pair(TEXT, text, surface, "bg-active")),
  ...STATES.flatMap((state) => [
    pair(TEXT, `${state}-text`, surface),
    pair(TEXT, `${state}-text`, surface, "bg-hover"),
  ]),
  ...STATES.slice(1).map((state) => pair(SHAPE, `${state}-dot`, surface)),
  ...["line-control", "focus", "icon"].map((shape) => pair(SHAPE, shape, surface)),
  ...["prod", "staging", "dev", "sandbox"].map((environment) => pair(SHAPE, `env-${environment}`, surface)),
];
const ofPerson = (n: number): Pair[] => [
  pair(TEXT, "on-solid", `presence-${n}`),
  ...["bg-raised", "bg-side"].map((surface) => pair(TEXT, `presence-${n}-text`, surface)),
  pair(TEXT, `term-presence-${n}`, "term-bg"),
  pair(TEXT, "term-cursor-text", `term-presence-${n}`),
];
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
const PAIRS: readonly Pair[] = [
  ...SURFACES.flatMap(onSurface),
  ...STATES.flatMap((state) => [
    pair(TEXT, `${state}-text`, `${state}-bg`),
    pair(READ, "text", `${state}-bg`),
    pair(TEXT, "text-2", `${state}-bg`),
  ]),
  ...["accent", "accent-hover", "ok", "bad", "live"].map((solid) => pair(TEXT, "on-solid", solid)),
  pair(TEXT, "on-amber", "warn"),
  ...upTo(8).flatMap(ofPerson),
  pair(READ, "term-fg", "term-bg"),
  pair(TEXT, "term-fg", "term-selection"),
  pair(SHAPE, "term-cursor", "term-bg"),
  pair(TEXT, "term-cursor-text", "term-cursor"),
  ...upTo(15).map((n) => pair(n === 8 ? DIM : TEXT, `ansi-${n}`, "term-bg")),
  pair(TEXT, "term-fg", "term-hit"),
  pair(TEXT, "term-hit-active-text", "term-hit-active"),
];

/** Rules of a sheet at its top level, media queries whole. */
function rulesOf(css: string): { selectors: string[]; body: string }[] {
  const rules = css.matchAll(/([^{}]+)\{((?:[^{}]|\{[^{}]*\})*)\}/g);
  return [...rules].map(([, selectors = "", body = ""]) => ({
    selectors: selectors.split(",").map((one) => one.trim()),
    body,
  }));
}

const tokensOf = (body: string): [string, string][] =>
  [...body.matchAll(/--([\w-]+)\s*:\s*([^;]+);/g)].map(([, name = "", value = ""]) => [name, value.trim()]);

/** As the browser would see them: "dark", "light", and each with more contrast. */
function themesOf(sheet: string): Record<string, Tokens> {
  const rules = rulesOf(sheet.replace(/\/\*[\s\S]*?\*\//g, ""));
  const of = (theme: "dark" | "light", from: typeof rules): [string, string][] =>
    from
      .filter(({ selectors }) =>
        selectors.some((one) => one === `[data-theme="${theme}"]` || one === "[data-theme]" || one === ":root"),
      )
      // the root's colours are the dark theme's; the light one replaces each
      .flatMap(({ body }) => tokensOf(body));
  const more = rulesOf(rules.find(({ selectors }) => selectors.join().includes("prefers-contrast"))?.body ?? "");
  const themes = (["dark", "light"] as const).flatMap((theme) => [
    [theme, new Map(of(theme, rules))] as const,
    [`${theme}, more contrast`, new Map([...of(theme, rules), ...of(theme, more)])] as const,
  ]);
  return Object.fromEntries(themes);
}

function colourOf(tokens: Tokens, name: string): Colour {
  const value = tokens.get(name) ?? "";
  const reference = /^var\(--([\w-]+)\)$/.exec(value)?.[1];
  if (reference !== undefined) return colourOf(tokens, reference);
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(value);
  if (hex) {
    const [red = 0, green = 0, blue = 0] = hex.slice(1).map((part) => Number.parseInt(part, 16));
    return [red, green, blue, 1];
  }
  const rgb = /^rgb\((\d+) (\d+) (\d+) \/ ([\d.]+)\)$/.exec(value);
  const [red, green, blue, alpha] = rgb?.slice(1).map(Number) ?? [];
  if (red === undefined || green === undefined || blue === undefined || alpha === undefined)
    throw new Error(`--${name} is no colour: "${value}"`);
  return [red, green, blue, alpha];
}

function over(top: Colour, under: Colour): Colour {
  const mixed = (index: 0 | 1 | 2): number => top[index] * top[3] + under[index] * (1 - top[3]);
  return [mixed(0), mixed(1), mixed(2), 1];
}

/** WCAG 2.2, "relative luminance". */
function luminance([red, green, blue]: Colour): number {
  const [r = 0, g = 0, b = 0] = [red, green, blue].map((part) =>
    part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Pairs with less contrast than they need, in words. */
function failuresOf(tokens: Tokens): string[] {
  return PAIRS.flatMap(({ text, on, least }) => {
    const ground = on.map((name) => colourOf(tokens, name)).reduce((under, top) => over(top, under));
    const [light = 0, dark = 0] = [luminance(over(colourOf(tokens, text), ground)), luminance(ground)].sort(
      (one, other) => other - one,
    );
    const ratio = (light + 0.05) / (dark + 0.05);
    return ratio < least ? [`${text} on ${on.join(" + ")}: ${ratio.toFixed(2)}, needs ${least}`] : [];
  });
}

const SHEET = readFileSync(path.join(import.meta.dirname, "tokens.css"), "utf8");

test.each(Object.entries(themesOf(SHEET)))("text and shapes have the contrast that they need: %s", (_name, tokens) => {
  expect(PAIRS.length).toBe(242);
  expect(failuresOf(tokens)).toEqual([]);
});

test("a colour that is too pale is found, in its theme", () => {
  const { light = new Map(), dark = new Map() } = themesOf(`${SHEET}\n[data-theme="light"] { --text-3: #b0b8c0; }`);
  expect(failuresOf(light)).toContainEqual(expect.stringMatching(/^text-3 on bg-frame: /));
  expect(failuresOf(dark)).toEqual([]);
});
