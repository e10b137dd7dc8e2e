/** docs/states.md is under test: the tests and pictures that it names are there, and no picture is taken without being told of. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const ROOT = new URL("../../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), "utf8");

interface State {
  name: string;
  tests: { file: string; title: string }[];
  picture: string | undefined;
}

function statesOf(page: string): State[] {
  const rows = page.split("\n").filter((line) => /^\| (?!state |---)/.test(line));
  return rows.map((row) => {
    const [name = "", , tests = "", picture = ""] = row.slice(2, -2).split(" | ");
    return {
      name,
      tests: [...tests.matchAll(/`([^`]+)`: "([^"]+)"/g)].map(([, file = "", title = ""]) => ({ file, title })),
      picture: /\(screens\/([a-z-]+)-light\.png\)/.exec(picture)?.[1],
    };
  });
}

/** Names of the pictures that a file of `e2e` takes of states, or has for those that take them. */
function takenBy(file: string): string[] {
  const source = read(file);
  const named = source.matchAll(/(?:picture: |shootInBothThemes\([\w.]+, )"([a-z-]+)"/g);
  return [...named].map(([, name = ""]) => name);
}

const STATES = statesOf(read("docs/states.md"));
const SCREENS = [
  "e2e/support/states.ts",
  ...readdirSync(new URL("e2e/screens/", ROOT))
    .filter((file) => file.endsWith(".spec.ts"))
    .map((file) => `e2e/screens/${file}`),
];

test("docs/states.md names tests that are there, by file and title", () => {
  expect(STATES.length).toBeGreaterThan(40);
  for (const { name, tests } of STATES) {
    expect([name, tests.length > 0]).toEqual([name, true]);
    for (const { file, title } of tests)
      expect([file, title, read(file).includes(`"${title}"`)]).toEqual([file, title, true]);
  }
});

test("docs/states.md names pictures that are there in both themes and taken by `pnpm screens`, and none is left out", () => {
  const sources = SCREENS.map(read).join("\n");
  const named = STATES.flatMap(({ picture }) => (picture === undefined ? [] : [picture]));
  for (const name of named) {
    const isThere = ["light", "dark"].map((theme) => existsSync(new URL(`docs/screens/${name}-${theme}.png`, ROOT)));
    expect([name, ...isThere, sources.includes(`"${name}"`)]).toEqual([name, true, true, true]);
  }
  expect(named.length).toBeGreaterThan(30);
  expect(SCREENS.flatMap(takenBy).filter((name) => !named.includes(name))).toEqual([]);
});
