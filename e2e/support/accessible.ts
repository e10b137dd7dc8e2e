import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Page } from "@playwright/test";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * axe finds nothing against WCAG 2.2 A and AA.
 * @param part CSS selector of what is looked at, where the rest of the page was looked at before; default: all of it
 */
export async function expectAccessible(page: Page, part = ":root"): Promise<void> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axeSource);
  const violations = await page.evaluate(async (selector) => {
    const { axe } = window as unknown as {
      axe: {
        run(part: string, options: unknown): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
      };
    };
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const result = await axe.run(selector, { runOnly: { type: "tag", values: tags } });
    return result.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`);
  }, part);
  expect(violations).toEqual([]);
}

/** The same page in the light and in the dark theme, without signing in twice. */
export async function expectAccessibleInBothThemes(page: Page, part?: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page, part);
  }
}
