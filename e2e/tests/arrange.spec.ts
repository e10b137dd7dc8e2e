import type { Locator, Page } from "@playwright/test";
import type { ConsolePage } from "../support/console-page.ts";
import { expect, test } from "../support/fixtures.ts";

test.slow();

const names = async (dana: ConsolePage): Promise<string[]> =>
  dana.tabs().evaluateAll((tabs) => tabs.map((tab) => (tab.getAttribute("title") ?? "").split(" · ")[0] ?? ""));

async function drag(page: Page, from: Locator, to: Locator, at: { x: number; y: number }): Promise<void> {
  const [start, end] = [await from.boundingBox(), await to.boundingBox()];
  if (start === null || end === null) throw new Error("nothing to drag");
  await page.mouse.move(start.x + 40, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(end.x + end.width * at.x, end.y + end.height * at.y, { steps: 4 });
  await expect(page.locator(".drop-mark")).toBeVisible();
  await page.mouse.up();
}

test("a pane is dragged by its bar to another side, and into the strip, and its terminal lives on", async ({
  dana,
}) => {
  const { page } = dana;
  await dana.open("checkout-api-04");
  await page.keyboard.press("Control+Shift+D");
  await dana.waitForTextIn(dana.paneAt(2), /\$$/m);
  await dana.enter("echo mine-$((60 + 1))");
  await dana.waitForTextIn(dana.paneAt(2), "mine-61");
  await drag(page, dana.paneAt(2).locator(".pane-bar"), dana.paneAt(1), { x: 0.5, y: 0.1 });
  await dana.waitForTextIn(dana.paneAt(1), "mine-61");
  const [upper, lower] = [await dana.paneAt(1).boundingBox(), await dana.paneAt(2).boundingBox()];
  expect(upper?.width).toBe(lower?.width);

  await drag(page, dana.paneAt(1).locator(".pane-bar"), dana.tabs().first(), { x: 0.1, y: 0.5 });
  await expect(dana.tabs()).toHaveCount(2);
  await expect(dana.tabs().first()).toHaveAttribute("aria-selected", "true");
  await dana.waitForText("mine-61");
});

test("a tab is dragged to another place, and beside a pane", async ({ dana }) => {
  const { page } = dana;
  await dana.instance("checkout-api-04").click();
  await dana.instance("edge-proxy-11").click();
  await expect.poll(() => names(dana)).toEqual(["checkout-api-04", "edge-proxy-11"]);
  await drag(page, dana.tabs().first(), dana.tabs().last(), { x: 0.9, y: 0.5 });
  await expect.poll(() => names(dana)).toEqual(["edge-proxy-11", "checkout-api-04"]);
  await dana.tabs().first().click();
  await dana.waitForText(/\$$/m);
  await drag(page, dana.tabs().last(), dana.pane(), { x: 0.9, y: 0.5 });
  await expect(dana.paneAt(2)).toHaveAttribute("aria-label", /checkout-api-04/);
  await expect(dana.tabs()).toHaveCount(1);
});

test("a tab's new name is there after a reload", async ({ dana }) => {
  const { page } = dana;
  await dana.open("checkout-api-04");
  await page.keyboard.press("Control+Shift+K");
  await page.keyboard.type("> rename");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Name" })).toBeFocused();
  await page.keyboard.type("pool incident");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tab", { name: /^pool incident/ })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Terminal input" })).toBeFocused();
  await page.reload();
  await expect(page.getByRole("tab", { name: /^pool incident/ })).toBeVisible();
});
