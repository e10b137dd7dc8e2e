// @vitest-environment happy-dom
import { expect, test } from "vitest";
import indexHtml from "../../index.html?raw";
import { resolveTheme, THEME_LISTENERS_MAX, THEME_STORAGE_KEY, ThemeController, type ThemeHost } from "./theme.ts";

class FakePreference {
  matches = false;
  readonly listeners = new Set<() => void>();
  addEventListener = (_type: string, listener: unknown): void => void this.listeners.add(listener as () => void);
  removeEventListener = (_type: string, listener: unknown): void => void this.listeners.delete(listener as () => void);
  change(light: boolean): void {
    this.matches = light;
    for (const listener of this.listeners) listener();
  }
}

function page(stored?: string) {
  const values = new Map(stored === undefined ? [] : [[THEME_STORAGE_KEY, stored]]);
  const preference = new FakePreference();
  const root = document.createElement("html");
  const storage = {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  };
  return { root, values, preference, host: { root, storage, prefersLight: preference } as unknown as ThemeHost };
}

test("without a choice the page follows the system, also when it changes", () => {
  const { root, preference, host } = page();
  const theme = new ThemeController(host);
  expect(root.dataset.theme).toBe("dark");
  preference.change(true);
  expect(root.dataset.theme).toBe("light");
  expect(theme.getChoice()).toBe("system");
});

test("a choice wins over the system, survives a reload, and can be taken back", () => {
  const { root, values, preference, host } = page("light");
  const theme = new ThemeController(host);
  expect(root.dataset.theme).toBe("light");
  theme.choose("dark");
  preference.change(true);
  expect(root.dataset.theme).toBe("dark");
  expect(values.get(THEME_STORAGE_KEY)).toBe("dark");
  theme.choose("system");
  expect(root.dataset.theme).toBe("light");
  expect(values.has(THEME_STORAGE_KEY)).toBe(false);
});

test("a browser that forbids storage still gets a theme", () => {
  const { root, host } = page();
  const refusing = {
    getItem: () => {
      throw new Error("denied");
    },
    setItem: () => {
      throw new Error("denied");
    },
    removeItem: () => undefined,
  };
  const theme = new ThemeController({ ...host, storage: refusing });
  theme.choose("light");
  expect(root.dataset.theme).toBe("light");
});

test("after dispose nobody listens to the system any more", () => {
  const { preference, host } = page();
  const theme = new ThemeController(host);
  theme.subscribe(() => undefined);
  theme.dispose();
  expect(preference.listeners.size).toBe(0);
});

test("a leak of theme listeners is refused at the bound", () => {
  const theme = new ThemeController(page().host);
  for (let count = 0; count < THEME_LISTENERS_MAX; count++) theme.subscribe(() => undefined);
  expect(() => theme.subscribe(() => undefined)).toThrow(/leak/);
});

test("the inline script of the page sets what the controller would, before the first paint", () => {
  const script = /<script>([\s\S]*?)<\/script>/.exec(indexHtml)?.[1] ?? "";
  const run = new Function("localStorage", "matchMedia", "document", script);
  for (const stored of ["light", "dark", "system", "nonsense", null])
    for (const prefersLight of [true, false]) {
      const root: { dataset: { theme?: string } } = { dataset: {} };
      run({ getItem: () => stored }, () => ({ matches: prefersLight }), { documentElement: root });
      const choice = stored === "light" || stored === "dark" ? stored : "system";
      expect(root.dataset.theme).toBe(resolveTheme(choice, prefersLight));
    }
});

test("the browser's own bar is told of each theme that is in force", () => {
  const { host, root } = page();
  const told: (string | undefined)[] = [];
  const theme = new ThemeController({ ...host, onApplied: () => void told.push(root.dataset.theme) });
  theme.choose("light");
  theme.choose("dark");
  expect(told.slice(-2)).toEqual(["light", "dark"]);
});
