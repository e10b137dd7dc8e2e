import { expectAccessible } from "../support/accessible.ts";
import { expect, test } from "../support/fixtures.ts";

test.slow();

const key = (name: string) => ({ name, exact: true });

test("in a narrow window one pane is shown, with the keys that a phone lacks", async ({ dana }) => {
  const { page } = dana;
  await dana.open("checkout-api-04");
  await page.keyboard.press("Control+Shift+D");
  await dana.waitForTextIn(page.getByRole("region", { name: /^Pane 2/ }), /\$$/m);
  await page.setViewportSize({ width: 400, height: 800 });
  const panes = page.getByRole("region", { name: /^Pane/ });
  await expect(panes).toHaveCount(1);
  const keys = page.getByRole("toolbar", { name: "Terminal keys" });
  await expect(keys).toBeVisible();
  await expectAccessible(page);
  for (const button of await keys.getByRole("button").all()) {
    await expect(button).toBeInViewport({ ratio: 1 });
    const box = await button.boundingBox();
    expect(box?.height).toBeGreaterThanOrEqual(44);
    expect(box?.width).toBeGreaterThanOrEqual(24);
  }

  const terminal = page.getByRole("textbox", { name: "Terminal input" });
  await expect(terminal).toBeFocused();
  await dana.type("sleep 600");
  await page.keyboard.press("Enter");
  await keys.getByRole("button", key("Ctrl")).click();
  await expect(keys.getByRole("button", key("Ctrl"))).toHaveAttribute("aria-pressed", "true");
  await expect(terminal).toBeFocused();
  await dana.type("c");
  await dana.waitForText("^C");
  await expect(keys.getByRole("button", key("Ctrl"))).toHaveAttribute("aria-pressed", "false");
  await dana.enter("echo again-$((70 + 1))");
  await dana.waitForText("again-71");
  await keys.getByRole("button", key("Up")).click();
  await page.keyboard.press("Enter");
  await dana.waitForText(/again-71[\s\S]*again-71/);
  await dana.type("echo a");
  await keys.getByRole("button", key("Pipe")).click();
  await dana.enter("tr a b");
  await dana.waitForText(/^b$/m);

  await keys.getByRole("button", { name: "2/2, go to the next pane" }).click();
  await expect(page.getByRole("region", { name: /^Pane 1/ })).toBeVisible();

  // one page at a time: the terminal, or the list that it came from
  await expect(page.getByRole("navigation", { name: "Main" })).toBeHidden();
  await page.getByRole("button", { name: "Back to the instances" }).click();
  await expect(dana.instances()).toBeFocused();
  await dana.open("checkout-api-01");
  await page.getByRole("button", { name: "2/2, go to another terminal" }).click();
  await page.getByRole("menuitem", { name: /^checkout-api-04/ }).click();
  await expect(terminal).toBeFocused();
  await dana.waitForText(/\$$/m);
  await page.getByRole("button", { name: /^Pane 1 menu/ }).click();
  await expect(page.getByRole("menu")).toContainText("ssm-user as dana (IAM user) in 111122223333");
  await expectAccessible(page);
  await page.getByRole("menuitem", { name: "Go to or run…" }).click();
  await expect(page.getByRole("combobox", { name: /search instances/i })).toBeFocused();
  await expectAccessible(page);
});

test("at 200 % zoom, with forced colours and without motion, everything is there", async ({ dana }) => {
  const { page } = dana;
  // 1440 px wide at 200 % are 720 for the page
  await page.setViewportSize({ width: 720, height: 450 });
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await dana.open("checkout-api-04"); // the list is the first page
  await expect(page.getByRole("group", { name: "Session status" })).toBeVisible();
  await page.keyboard.press("Control+Shift+K");
  const option = page.getByRole("option").first();
  await expect(option).toBeInViewport();
  await expect(page.getByRole("combobox", { name: /search instances/i })).toBeInViewport();
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await dana.type("checkout");
  await expect(option.locator("mark").first()).toHaveCSS("color", "rgb(255, 255, 255)"); // CanvasText, on Canvas
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
