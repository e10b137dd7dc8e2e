import path from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../docs/screens");

const shoot = (page: Page, name: string, theme: string) =>
  page.screenshot({ path: path.join(FOLDER, `${name}-${theme}.png`), animations: "disabled" });

for (const theme of ["light", "dark"] as const) {
  test(`sign-in, ${theme}`, async ({ browser, stack }) => {
    const page = await browser.newPage({ colorScheme: theme, viewport: { width: 1440, height: 900 } });
    await page.goto(stack.launchUrl());
    await expect(page.getByRole("button", { name: /enter the sandbox/i })).toBeVisible();
    await shoot(page, "sign-in-sandbox", theme);
    await page.getByRole("tab", { name: /access keys/i }).click();
    await shoot(page, "sign-in-keys", theme);
    await page.close();
  });

  test(`workspace, ${theme}`, async ({ dana }) => {
    await dana.page.emulateMedia({ colorScheme: theme });
    await expect(dana.instance("checkout-api-01")).toBeVisible();
    await shoot(dana.page, "workspace-empty", theme);
    for (const name of ["orders-db-bastion", "edge-proxy-11", "checkout-api-04"]) await dana.open(name);
    await dana.enter("ls -la --color=always");
    await dana.waitForText("tmp");
    await dana.enter("tail -n 6 logs/*.log");
    await dana.waitForText(/Z .*\n.*\$$/);
    await dana.enter("stty size");
    await dana.waitForText(/^\d+ \d+$/m);
    await shoot(dana.page, "workspace", theme);
    await dana.enter("exit");
    await expect(dana.pane().getByText("The shell exited.", { exact: true })).toBeVisible();
    await shoot(dana.page, "ended", theme);
    await dana.instance("orders-migrate-01").click();
    await expect(dana.page.getByText("The instance is stopped")).toBeVisible();
    await shoot(dana.page, "instance-stopped", theme);
    await dana.page.setViewportSize({ width: 700, height: 900 });
    await shoot(dana.page, "narrow", theme);
  });

  test(`console, ${theme}`, async ({ dana }) => {
    const { page } = dana;
    await page.emulateMedia({ colorScheme: theme });
    await dana.open("orders-db-bastion");
    await dana.open("checkout-api-04");
    await page.keyboard.press("Control+Shift+D");
    await page.keyboard.press("Control+Shift+K");
    await page.keyboard.type("check api prod");
    await expect(page.getByRole("option", { selected: true })).toContainText("checkout-api");
    await shoot(page, "palette", theme);
    await page.keyboard.press("Escape");
    await dana.instances().focus();
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
    await shoot(page, "keys", theme);
    await page.keyboard.press("Escape");
    await page.setViewportSize({ width: 400, height: 860 });
    await expect(page.getByRole("toolbar", { name: "Terminal keys" })).toBeVisible();
    await page.getByRole("button", { name: "Ctrl", exact: true }).click();
    await shoot(page, "narrow-terminal", theme);
  });
}
