/** Pictures of the instance list and of a machine's details, beside `design/screens/02-*`: docs/states.md. */
import { expect, testOn } from "../support/fixtures.ts";
import { knowTheHints, shootInBothThemes } from "../support/pictures.ts";

const test = testOn({ CAUSEWAY_REGIONS: "eu-west-1,us-east-1,ap-southeast-2" });
const SIZE = { width: 1440, height: 900 };

test("the list with favourites, recent ones and chips; groups folded; its menus", async ({ dana }) => {
  const { page } = dana;
  await page.setViewportSize(SIZE);
  await knowTheHints(page);
  const panel = page.getByRole("complementary", { name: "Instances" });
  const filter = page.getByRole("textbox", { name: "Filter instances" });
  for (const name of ["checkout-api-04", "orders-db-bastion"]) {
    await dana.instance(name).hover();
    await dana
      .instance(name)
      .getByTitle(/^Favourite/)
      .click();
  }
  for (const name of ["edge-proxy-11", "checkout-api-04"]) await dana.open(name);
  await page.mouse.move(900, 500);
  await shootInBothThemes(page, "list", panel);
  await dana.instance("orders-worker-02").click({ button: "right" });
  await expect(page.getByRole("menuitem", { name: "Copy the id" })).toBeVisible();
  await shootInBothThemes(page, "list-row-menu");
  await page.keyboard.press("Escape");
  await filter.fill("env=prod");
  await filter.press("Enter");
  await filter.fill("chec");
  await shootInBothThemes(page, "list-filtered", panel);
  await filter.fill("");
  await page.getByRole("button", { name: "Remove filter env=prod" }).click();
  await page.getByText("checkout", { exact: true }).first().click();
  await page.getByText("orders", { exact: true }).first().click();
  await expect(page.getByRole("option", { name: /checkout.*folded/ })).toBeVisible();
  await page.mouse.move(900, 500);
  await shootInBothThemes(page, "list-folded", panel);
  await page.getByText("checkout", { exact: true }).first().click();
  await page.getByText("orders", { exact: true }).first().click();
  await filter.fill("state:lost");
  await filter.press("Enter");
  await page.getByRole("button", { name: /group and views/i }).click();
  await page.getByRole("menuitem", { name: "Save this view" }).click();
  await shootInBothThemes(page, "list-view-name", panel);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Remove filter state:lost" }).click();
  await page.getByRole("button", { name: /group and views/i }).click();
  await shootInBothThemes(page, "list-views");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Filter by tag" }).click();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await shootInBothThemes(page, "list-tags");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await filter.fill("chekout-api");
  await expect(page.getByRole("button", { name: "Search “checkout-api”" })).toBeVisible();
  await shootInBothThemes(page, "list-near-miss", panel);
  await page.getByRole("button", { name: "Clear the filter" }).click();
  await page.getByRole("button", { name: /^Region/ }).click();
  await page.getByRole("menuitem", { name: "All regions" }).click();
  await page.getByRole("button", { name: /group and views/i }).click();
  await page.getByRole("menuitemradio", { name: "Region" }).click();
  await expect(dana.instance("checkout-api-01")).toBeVisible();
  await page.mouse.move(900, 500);
  await shootInBothThemes(page, "list-regions", panel);
});

test("an ended sign-in over a list that was read before", async ({ signInAs, stack }) => {
  const dana = await signInAs("dana");
  const { page } = dana;
  await page.setViewportSize({ width: 1100, height: 700 });
  await expect(dana.instances()).toBeVisible();
  await stack.setFaults({
    api: ["DescribeInstances", "DescribeInstanceInformation"].map((operation) => ({
      operation,
      effect: { kind: "error", code: "ExpiredTokenException" },
    })),
  });
  await page.getByRole("button", { name: "Refresh now" }).click();
  await expect(page.getByText(/The list stays as it was until you sign in again/)).toBeVisible({ timeout: 60_000 });
  await shootInBothThemes(page, "list-sign-in-ended");
  await stack.setFaults({});
});

test("the details of a machine: what is known, its tags, my sessions", async ({ dana }) => {
  const { page } = dana;
  await page.setViewportSize(SIZE);
  await knowTheHints(page);
  await dana.open("checkout-api-04");
  await page.goto(`${dana.stack.url}/?region=eu-west-1&instance=checkout-api-04`);
  const drawer = page.getByRole("dialog", { name: "checkout-api-04" });
  await expect(drawer.getByText("Forwarding to another host")).toBeVisible();
  await shootInBothThemes(page, "drawer");
  await drawer.getByRole("tab", { name: /Tags/ }).click();
  await shootInBothThemes(page, "drawer-tags", drawer);
  await drawer.getByRole("tab", { name: /Sessions/ }).click();
  await shootInBothThemes(page, "drawer-sessions", drawer);
  await page.goto(`${dana.stack.url}/?region=eu-west-1&instance=orders-worker-02`);
  const lost = page.getByRole("dialog", { name: "orders-worker-02" });
  await expect(lost.getByText("Not connected.")).toBeVisible();
  await shootInBothThemes(page, "drawer-lost", lost);
});
