import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expectAccessibleInBothThemes } from "../support/accessible.ts";
import { expect, test } from "../support/fixtures.ts";

declare global {
  interface Window {
    notified?: string[];
  }
}

/** The page believes that another tab is in front of it, or no more. */
const setHidden = (page: Page, isHidden: boolean) =>
  page.evaluate(
    (state) => {
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
      document.dispatchEvent(new Event("visibilitychange"));
    },
    isHidden ? "hidden" : "visible",
  );

/** Titles of the notifications that the page has made, which are real ones. */
const notified = (page: Page): Promise<string[]> => page.evaluate(() => window.notified ?? []);

test("settings are reached by their chord, are in force in the terminal behind them, and follow a reload", async ({
  dana,
}) => {
  const { page } = dana;
  await page.context().grantPermissions(["notifications"]);
  await page.addInitScript(() => {
    const seen: string[] = [];
    window.notified = seen;
    window.Notification = class extends Notification {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        seen.push(title);
      }
    };
  });
  await dana.open("checkout-api-04");
  const size = dana.pane().getByText(/^\d+×\d+$/);
  const before = await size.textContent();
  await page.keyboard.press("Control+Shift+Comma");
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
  await expectAccessibleInBothThemes(page);
  const stored = page.waitForResponse(
    (answer) =>
      answer.request().method() === "PUT" &&
      answer.url().endsWith("/me/preferences") &&
      answer.ok() &&
      (answer.request().postData() ?? "").includes('"fontSizePx":20'),
  );
  await page.getByLabel("Font size").fill("20");
  await page.getByLabel("Font size").press("Enter");
  await page.getByRole("group", { name: "Terminal theme" }).getByRole("radio", { name: "Light" }).check();
  await stored;
  await page.getByRole("switch", { name: /^Notify me/ }).click();

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export" }).click(),
  ]);
  const exported = readFileSync(await download.path(), "utf8");
  expect(JSON.parse(exported)).toMatchObject({ settings: { fontSizePx: 20, terminalTheme: "light" } });

  await page.reload();
  await expect(page.getByLabel("Font size")).toHaveValue("20");
  // the keyboard is on the page, not nowhere: the next stop is its first control, and Escape leads back to the shell
  await expect(page.getByRole("main")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: /back to terminals/ })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("textbox", { name: "Terminal input" })).toBeFocused();
  await expect(size).not.toHaveText(before ?? "");
  const larger = (await size.textContent()) ?? "";
  await expect(page.locator("[data-term-theme=light]")).toBeVisible();
  // whoever reads earlier output reads on at the same place
  const rows = dana.pane().locator(".xterm-rows");
  await dana.pane().getByRole("textbox", { name: "Terminal input" }).focus();
  await dana.enter("seq 300");
  await dana.waitForText(/^300$/m);
  await page.keyboard.press("Shift+Home");
  await expect(rows).toContainText("seq 300");
  await page.reload();
  await expect(size).toHaveText(larger);
  await expect(rows).toContainText("seq 300");

  // a long command that ends while nobody looks is told; meanwhile the settings are looked at
  await dana.pane().getByRole("textbox", { name: "Terminal input" }).focus();
  await dana.type("sleep 11");
  await setHidden(page, true);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^You, signed in as/ }).click();
  await page.getByRole("menuitem", { name: "Settings" }).click();
  const file = page.getByLabel("File of settings");
  const importing = (text: string) =>
    file.setInputFiles({ name: "mine.json", mimeType: "application/json", buffer: Buffer.from(text) });
  await importing(exported.replace("20", "200"));
  await expect(page.getByText(/mine\.json was not taken\. It does not fit at “settings\.fontSizePx”/)).toBeVisible();
  await expect(page.getByLabel("Font size")).toHaveValue("20");
  await importing(exported.replace("20", "13"));
  await expect(page.getByText("The settings of mine.json are in force.")).toBeVisible();
  await expect(page.getByLabel("Font size")).toHaveValue("13");
  await expect.poll(() => notified(page)).toEqual(["A command on checkout-api-04 is over"]);
  await setHidden(page, false);
  await page.getByRole("link", { name: "Terminals" }).click();
  await expect(size).toHaveText(before ?? "");

  // the wheel with Ctrl changes the text, not the page
  await dana.pane().locator(".xterm-screen").hover();
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -200);
  await expect(size).not.toHaveText(before ?? "");
  await page.mouse.wheel(0, 200);
  await page.keyboard.up("Control");
  await expect(size).toHaveText(before ?? "");

  // the first thing that the Tab key reaches, for whoever sees nothing
  const listen = page.getByRole("button", { name: "Turn on screen reader mode" });
  await listen.focus();
  await page.keyboard.press("Enter");
  await expect(listen).toBeHidden();
  await expect(page.getByText("Screen reader mode is on")).toBeVisible();
  await dana.pane().getByRole("textbox", { name: "Terminal input" }).focus();
  // no prompt follows: on a slow machine that would be the next announcement
  await dana.enter("echo heard-$((40 + 2)); cat");
  await expect(dana.pane().locator(".announced-output")).toContainText("heard-42");
  await expect(
    dana
      .pane()
      .getByRole("listitem")
      .filter({ hasText: /^heard-42/ }),
  ).toHaveCount(1);
  await expectAccessibleInBothThemes(page);
});
