/** Pictures of the built product, for `docs/screens`. */
import path from "node:path";
import { expect, type Locator, type Page } from "@playwright/test";

const FOLDER = path.resolve(import.meta.dirname, "../../docs/screens");
export const THEMES = ["light", "dark"] as const;

/** @param part the page, or what of it matters */
export async function shoot(part: Locator | Page, name: string, theme: string): Promise<void> {
  await part.screenshot({ path: path.join(FOLDER, `${name}-${theme}.png`), animations: "disabled" });
}

/** The same state in the light and in the dark theme, of one visit: a state that passes would be dear to have twice. */
export async function shootInBothThemes(page: Page, name: string, part: Locator | Page = page): Promise<void> {
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    // the terminal draws its new colours with the next frame
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined)))),
    );
    await shoot(part, name, colorScheme);
  }
}

/** She is no newcomer: no hint stands over what else is to be seen. Loads the page again. */
export async function knowTheHints(page: Page): Promise<void> {
  const isStored = await page.evaluate(async () => {
    const address = "/api/v1/me/preferences";
    const preferences = await (await fetch(address)).json();
    // drawn as with a graphics card, also where there is none
    const settings = { ...preferences.parts.settings, graphicsCard: "always" };
    const parts = { ...preferences.parts, settings, hints: { shown: ["split", "palette"] } };
    const headers = { "content-type": "application/json" };
    return (await fetch(address, { method: "PUT", headers, body: JSON.stringify({ ...preferences, parts }) })).ok;
  });
  expect(isStored).toBe(true);
  await page.reload();
  await expect(page.getByRole("listbox", { name: /instances/i })).toBeVisible();
}
