import { expectAccessibleInBothThemes } from "../support/accessible.ts";
import { expect, testOn } from "../support/fixtures.ts";

const test = testOn({ CAUSEWAY_REGIONS: "eu-west-1,us-east-1,eu-north-1" });

test("several regions are one list, grouped by region, and each row says where it is", async ({ dana }) => {
  const { page } = dana;
  await page
    .getByRole("button", { name: /^Region/ })
    .first()
    .click();
  await page.getByRole("menuitem", { name: "All regions" }).click();
  await expect(dana.instance("stg-bastion")).toBeVisible();
  await page.getByRole("button", { name: /group and views/i }).click();
  await page.getByRole("menuitemradio", { name: "Region" }).click();
  const virginia = page.getByRole("group", { name: /^region us-east-1, / }).getByRole("option");
  await expect(virginia.first()).toBeVisible();
  await page.reload();
  await expect(virginia.first()).toBeVisible();
});

test("a favourite and a saved view are there again in another browser of the same person", async ({
  dana,
  signInAs,
}) => {
  const { page } = dana;
  await dana.instances().focus();
  await page.keyboard.press("End");
  await page.keyboard.press("f");
  await expect(page.getByRole("group", { name: "Favourites" }).getByRole("option")).toHaveCount(1);
  const filter = page.getByRole("textbox", { name: "Filter instances" });
  await filter.fill("state:lost");
  await filter.press("Enter");
  await page.getByRole("button", { name: /group and views/i }).click();
  await page.getByRole("menuitem", { name: "Save this view" }).click();
  await page.getByRole("textbox", { name: "Name of the view" }).fill("Lost ones");
  await page.keyboard.press("Enter");

  const elsewhere = (await signInAs("dana")).page;
  await expect(elsewhere.getByRole("group", { name: "Favourites" }).getByRole("option")).toHaveCount(1);
  await elsewhere.getByRole("button", { name: /group and views/i }).click();
  await elsewhere.getByRole("menuitem", { name: "Lost ones", exact: true }).click();
  await expect(elsewhere.getByRole("button", { name: "Remove filter state:lost" })).toBeVisible();
  await expect(elsewhere.getByRole("option", { name: /orders-worker-02/ })).toBeVisible();
});

test("the details of a machine open by key, say what both services know, and a link to them opens them again", async ({
  dana,
}) => {
  const { page } = dana;
  const filter = page.getByRole("textbox", { name: "Filter instances" });
  await filter.fill("orders-worker-02");
  await filter.press("ArrowDown");
  await dana.instances().focus();
  await page.keyboard.press("i");
  const drawer = page.getByRole("dialog", { name: "orders-worker-02" });
  await expect(drawer.getByText("Not connected.")).toBeVisible();
  await expect(drawer.getByText(/last ping \d+\smin ago/i)).toBeVisible();
  await expect(drawer.getByText(/^vpc-/)).toBeVisible();
  await expect(drawer.getByText("Forwarding to another host")).toBeVisible();
  await drawer.getByRole("tab", { name: /Tags/ }).click();
  await expect(drawer.getByText("orders", { exact: true }).first()).toBeVisible();
  expect(page.url()).toContain("instance=i-0f7429ac3be81d065");
  await page.reload();
  // at its heading: the keyboard comes there a moment after the drawer is seen
  await page.getByRole("heading", { name: "orders-worker-02" }).press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
});

test("a link by name opens the machine, one by a tag that several have becomes the filter", async ({ dana }) => {
  test.slow(); // loads the page three times
  const { page, stack } = dana;
  await page.goto(`${stack.url}/?region=eu-west-1&instance=edge-proxy-11`);
  await expect(page.getByRole("dialog", { name: "edge-proxy-11" })).toBeVisible();
  await page.goto(`${stack.url}/?region=eu-west-1&instance=${encodeURIComponent("service=checkout")}`);
  await expect(page.getByRole("button", { name: "Remove filter service=checkout" })).toBeVisible();
  await expect(page.getByRole("dialog")).toBeHidden();
});

test("the details are accessible in both themes", async ({ dana }) => {
  await dana.instance("checkout-api-04").hover();
  await dana.instance("checkout-api-04").getByTitle("Details (i)").click();
  await expect(dana.page.getByRole("dialog").getByText("Forwarding to another host")).toBeVisible();
  await expectAccessibleInBothThemes(dana.page);
});

test("who may not ask EC2 has the nodes of SSM, and is told what is missing", async ({ signInAs }) => {
  const petra = await signInAs("petra");
  const { page } = petra;
  await expect(petra.instance("checkout-api-04")).toBeVisible();
  await expect(page.getByText(/are missing: this role may not call ec2:DescribeInstances/)).toBeVisible();
  await expect(petra.instance("batch-nightly-02")).toBeHidden(); // only EC2 knows it
  await expectAccessibleInBothThemes(page);
});

test("who may not ask SSM has the machines of EC2, and is told that nobody knows their state", async ({ signInAs }) => {
  const emil = await signInAs("emil");
  const { page } = emil;
  await expect(emil.instance("batch-nightly-02")).toBeVisible();
  await expect(page.getByText(/this role may not call ssm:DescribeInstanceInformation/)).toBeVisible();
  await expect(emil.instance("checkout-api-04")).toContainText("state unknown");
  await expectAccessibleInBothThemes(page);
});

test("a filter without a hit is accessible, and leads to the region that it names", async ({ dana }) => {
  const { page } = dana;
  const filter = page.getByRole("textbox", { name: "Filter instances" });
  await filter.fill("region:us-east-1");
  await filter.press("Enter");
  await expect(page.getByText(/^Nothing matches/)).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.getByRole("button", { name: "Show us-east-1" }).click();
  await expect(dana.instance("stg-bastion")).toBeVisible();
});

test("a region without machines says so and what was searched, and leads to one that has some", async ({ dana }) => {
  const { page } = dana;
  await expect(dana.instance("checkout-api-04")).toBeVisible();
  await page.getByRole("button", { name: /^Region/ }).click();
  await page.getByRole("menuitemradio", { name: /eu-north-1/ }).click();
  await expect(page.getByRole("heading", { name: "No instances in eu-north-1" })).toBeVisible();
  await expect(page.getByText(/There were 16 in/)).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.getByRole("button", { name: "Switch to eu-west-1" }).click();
  await expect(dana.instance("checkout-api-04")).toBeVisible();
});
