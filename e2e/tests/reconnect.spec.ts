import { expect, test } from "../support/fixtures.ts";

test("a lost network keeps screen and keys, asks about an old Enter, and the gap is marked where it was", async ({
  dana,
}) => {
  const { page } = dana;
  await dana.open("checkout-api-04");
  await dana.enter("echo before-$((30 + 1))");
  await dana.waitForText("before-31");
  await page.context().setOffline(true);
  await expect(dana.pane().getByText("Reconnecting.")).toBeVisible({ timeout: 30_000 });
  await expect(page.locator(".hollow-cursor")).toBeVisible();
  await dana.enter("echo held-$((30 + 2))");
  await expect(dana.pane().getByText(/22.keys held/)).toBeVisible();
  expect(await dana.text()).toContain("before-31");

  await page.context().setOffline(false);
  await expect(dana.pane().getByText(/you typed 22.keys while away/i)).toBeVisible();
  await expect(page.locator(".return-mark")).toHaveText(/back after \d+.s, nothing lost/);
  await expect(page.locator(".hollow-cursor")).toHaveCount(0);
  expect(await dana.text()).not.toContain("held");
  await dana.pane().getByRole("button", { name: "Send", exact: true }).click();
  await dana.waitForText(/^held-32$/m);
  expect(await dana.text()).not.toContain("back after");
});

test("after a reload tabs in the background are not called new, and every tab knows its zone and environment", async ({
  dana,
}) => {
  for (const name of ["orders-db-bastion", "checkout-api-04"]) {
    await dana.open(name);
    await dana.enter("echo shown-$((30 + 3))");
    await dana.waitForText("shown-33");
  }
  await dana.page.getByRole("button", { name: /^Region/ }).click();
  await dana.page.getByRole("menuitemradio", { name: /us-east-1/ }).click();
  await expect(dana.page).toHaveURL(/us-east-1/);
  await dana.page.reload();
  await dana.waitForText("shown-33");
  await expect(dana.tabs()).toHaveCount(2);
  for (const tab of await dana.tabs().all()) await expect(tab).toContainText("prod");
  await expect(dana.pane().getByText("eu-west-1a")).toBeVisible();
  await expect(dana.tabs().filter({ hasText: "new output" })).toHaveCount(0);
});
