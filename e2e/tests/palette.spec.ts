import { expectAccessibleInBothThemes } from "../support/accessible.ts";
import { expect, test } from "../support/fixtures.ts";

test("the palette opens a machine, splits, finds a tab and runs a command, by keyboard alone", async ({ dana }) => {
  const { page } = dana;
  const { keyboard } = page;
  const input = page.getByRole("combobox", { name: /search instances/i });
  const marked = page.getByRole("option", { selected: true });
  await keyboard.press("Control+Shift+K");
  await expect(input).toBeFocused();
  await keyboard.type("check api 04");
  await expect(marked).toContainText("checkout-api-04");
  await keyboard.press("Enter");
  await expect(input).toBeHidden();
  await dana.waitForText(/\$$/m);
  await dana.enter("echo typed-$((30 + 1))");
  await dana.waitForText("typed-31");

  await keyboard.press("Control+Shift+K");
  await keyboard.type("edge 11");
  await expect(marked).toContainText("edge-proxy-11");
  await keyboard.press("Control+Enter");
  await expect(page.getByRole("region", { name: "Pane 2: edge-proxy-11" })).toBeVisible();

  await keyboard.press("Control+Shift+K");
  await keyboard.type("> own tab");
  await expect(marked).toContainText("Move the pane to its own tab");
  await keyboard.press("Enter");
  await expect(dana.tabs()).toHaveCount(2);
  await expect(dana.pane()).toHaveAttribute("aria-label", /edge-proxy-11/);

  await keyboard.press("Control+Shift+K");
  await expect(page.getByRole("group", { name: "Tabs" }).getByRole("option")).toHaveText(/checkout-api-04/);
  await keyboard.type("tab 1");
  await keyboard.press("Enter");
  await expect(dana.pane()).toHaveAttribute("aria-label", /checkout-api-04/);
  await expect(page.getByRole("textbox", { name: "Terminal input" })).toBeFocused();

  // what was run is offered first, also in another browser
  await keyboard.press("Control+Shift+D");
  await expect(page.getByRole("region", { name: /^Pane 2/ })).toBeVisible();
  await keyboard.press("Control+Shift+K");
  await keyboard.type(">");
  await expect(page.getByRole("group", { name: "Commands" }).getByRole("option").first()).toContainText("own tab");
  await keyboard.press("Escape");
  await expect(page.getByRole("textbox", { name: "Terminal input" }).last()).toBeFocused();
});

test("the palette is accessible in both themes, and ? lists the keys", async ({ dana }) => {
  const { page } = dana;
  await dana.instances().focus();
  await page.keyboard.press("Control+Shift+K");
  await page.keyboard.type("?");
  await expect(page.getByRole("group", { name: "Keys" }).getByRole("option", { name: /Split right/ })).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.getByRole("combobox").fill("");
  await page.keyboard.type("check");
  await expect(page.getByRole("option", { selected: true })).toContainText("checkout-api");
  await expectAccessibleInBothThemes(page);
});
