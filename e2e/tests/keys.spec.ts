import { expectAccessible } from "../support/accessible.ts";
import { expect, test } from "../support/fixtures.ts";

test("a chord is chosen by pressing it, counts in another browser too, and the old one reaches the shell", async ({
  dana,
  signInAs,
}) => {
  const { page } = dana;
  await dana.instances().focus();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Change the keys: Split right" }).press("Enter");
  await page.keyboard.press("Control+Shift+U");
  const row = page.getByRole("listitem").filter({ hasText: "Split right" });
  await expect(row).toContainText("U");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();

  await dana.open("checkout-api-04");
  await page.keyboard.press("Control+Shift+D");
  await page.keyboard.press("Control+Shift+U");
  await expect(page.getByRole("region", { name: /^Pane 2/ })).toBeVisible();
  await expect(page.getByRole("region", { name: /^Pane/ })).toHaveCount(2);

  const elsewhere = await signInAs("dana");
  await elsewhere.instances().focus();
  await elsewhere.page.keyboard.press("?");
  await elsewhere.page.getByRole("button", { name: "Reset: Split right" }).click();
  await expect(elsewhere.page.getByRole("listitem").filter({ hasText: "Split right" })).toContainText("D");
});

test("focus mode shows terminals only, and Ctrl+Shift+F11 leads out of it again", async ({ dana }) => {
  const { page } = dana;
  await dana.open("checkout-api-04");
  await page.keyboard.press("Control+Shift+F11");
  await expect(page.getByRole("navigation", { name: "Main" })).toBeHidden();
  await expect(dana.instances()).toBeHidden();
  expect(await page.evaluate(() => document.fullscreenElement !== null)).toBe(true);
  // a chord of the console is a key like any other now
  await page.keyboard.press("Control+Shift+D");
  await dana.enter("echo full-$((50 + 1))");
  await dana.waitForText("full-51");
  await expect(page.getByRole("region", { name: /^Pane/ })).toHaveCount(1);
  await page.keyboard.press("Control+Shift+F11");
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Terminal input" })).toBeFocused();
});
