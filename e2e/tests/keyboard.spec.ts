import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../support/fixtures.ts";

const terminal = (page: Page) => page.getByRole("textbox", { name: "Terminal input" });

test("a person opens, switches, closes, takes back and leaves with the keyboard alone", async ({ dana }) => {
  const { page } = dana;
  const { keyboard } = page;
  await keyboard.press("/");
  await keyboard.type("checkout-api-04");
  await keyboard.press("Enter");
  await expect(terminal(page)).toBeFocused();
  await dana.waitForText(/\$$/m);

  await keyboard.press("Control+Shift+L");
  await expect(dana.instances()).toBeFocused();
  await keyboard.press("Escape");
  await expect(terminal(page)).toBeFocused();
  await keyboard.press("Control+Shift+L");
  await keyboard.press("/");
  await keyboard.press("Control+a");
  await keyboard.type("edge-proxy-11");
  await keyboard.press("Enter");
  await expect(dana.tabs()).toHaveCount(2);
  await dana.waitForText(/\$$/m);
  await dana.enter("seq 90"); // the cursor is at the foot
  await dana.waitForText(/^90\n.*\$$/m);
  await keyboard.press("Control+Shift+BracketLeft");
  await expect(dana.pane()).toHaveAttribute("aria-label", /checkout-api-04/);
  await dana.enter("echo typed-$((20 + 1))");
  await dana.waitForText("typed-21");

  await keyboard.press("Control+Shift+X");
  await expect(dana.pane()).toHaveAttribute("aria-label", /edge-proxy-11/);
  await expect(terminal(page)).toBeFocused();
  // the notice keeps clear of the line that is typed on
  const notice = page.getByRole("region", { name: "Notices" }).getByText("Closed checkout-api-04.");
  const cursor = dana.pane().locator(".xterm-cursor");
  const foot = async (of: Locator) => ((box) => (box ? box.y + box.height : 0))(await of.boundingBox());
  await expect.poll(async () => (await cursor.boundingBox())?.y ?? 0).toBeGreaterThan(await foot(notice));
  await keyboard.press("Control+Shift+Z");
  await expect(dana.pane()).toHaveAttribute("aria-label", /checkout-api-04/);
  await dana.enter("echo again-$((20 + 2))");
  await dana.waitForText("again-22");

  await page.getByRole("button", { name: /signed in as/i }).focus();
  await keyboard.press("Enter");
  await expect(page.getByRole("menuitemradio", { name: "System" })).toBeFocused();
  await keyboard.press("End");
  await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeFocused();
  await keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Cancel" })).toBeFocused();
  await keyboard.press("Escape");
  await expect(terminal(page)).toBeFocused();

  await keyboard.press("Control+Shift+X");
  await keyboard.press("Control+Shift+X");
  await expect(page.getByRole("button", { name: /find an instance/i })).toBeFocused();
});

test("what is typed right after opening waits for the shell and reaches it, Enter included", async ({ dana }) => {
  await dana.page.keyboard.press("/");
  await dana.page.keyboard.type("checkout-api-04");
  await dana.page.keyboard.press("Enter");
  await dana.enter("echo ahead-$((20 + 3))");
  await dana.waitForText(/^ahead-23$/m);
});

test("Tab goes to the shell until the person asks for a way out", async ({ dana }) => {
  const { page } = dana;
  await dana.open("checkout-api-04");
  await dana.enter("exit");
  await expect(dana.pane().getByText("The shell exited.", { exact: true })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(terminal(page)).toBeFocused();
  await page.keyboard.press("Control+Shift+M");
  await expect(dana.pane().getByText("Tab moves focus")).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(dana.pane().getByRole("button", { name: /start again/i })).toBeFocused();
});

test("after a region is chosen the keyboard is where it was, and the step back leads to the first region", async ({
  dana,
}) => {
  const { page } = dana;
  const region = page.getByRole("button", { name: /^Region/ });
  await region.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitemradio", { name: /us-east-1/ }).press("Enter");
  await expect(page.getByRole("listbox", { name: "Instances in us-east-1" })).toBeVisible();
  await expect(region).toBeFocused();
  await page.goBack();
  await expect(page.getByRole("listbox", { name: "Instances in eu-west-1" })).toBeVisible();
});
