/** Pictures of lists that load, fail or are empty, and of what the page says by itself (DESIGN §10): docs/states.md. */
import { expect, testOn } from "../support/fixtures.ts";
import { knowTheHints, shootInBothThemes } from "../support/pictures.ts";

const test = testOn({
  CAUSEWAY_ADMINS: "*/user/kofi",
  CAUSEWAY_REGIONS: "eu-west-1,us-east-1,ap-southeast-2,eu-north-1",
});
const SIZE = { width: 1100, height: 700 };

const LISTS = ["DescribeInstances", "DescribeInstanceInformation"];
const throughLists = (effect: object) => ({ api: LISTS.map((operation) => ({ operation, effect })) });

test.afterEach(async ({ stack }) => {
  await stack.setFaults({});
});

test("a list that loads, cannot be had, is throttled, or holds nothing that was asked for", async ({ dana, stack }) => {
  const { page } = dana;
  await page.setViewportSize(SIZE);
  const panel = page.getByRole("complementary", { name: "Instances" });
  const show = async (region: RegExp) => {
    await page.getByRole("button", { name: /^Region/ }).click();
    await page.getByRole("menuitemradio", { name: region }).click();
  };
  await stack.setFaults(throughLists({ kind: "hang", ms: 60_000, when: "before" }));
  await show(/us-east-1/);
  await expect(page.getByRole("status", { name: "Loading instances" })).toBeVisible();
  await shootInBothThemes(page, "list-loading", panel);
  await stack.setFaults(throughLists({ kind: "error", code: "AccessDeniedException" }));
  await show(/ap-southeast-2/);
  await expect(page.getByText("This role cannot list instances here")).toBeVisible();
  await shootInBothThemes(page, "list-denied", panel);
  await stack.setFaults({});
  await show(/eu-north-1/);
  await expect(page.getByText("No instances in eu-north-1")).toBeVisible();
  await shootInBothThemes(page, "list-empty", panel);
  await show(/eu-west-1/);
  await expect(page.getByRole("listbox", { name: "Instances in eu-west-1" })).toBeVisible();
  await stack.setFaults(throughLists({ kind: "error", code: "ThrottlingException" }));
  await page.getByRole("button", { name: "Refresh now" }).click();
  await expect(page.getByText("AWS asked us to slow down.")).toBeVisible({ timeout: 60_000 });
  await shootInBothThemes(page, "list-throttled", panel);
  await page.getByRole("textbox", { name: "Filter instances" }).fill("checkuot-api");
  await expect(page.getByText(/^Nothing matches/)).toBeVisible();
  await shootInBothThemes(page, "list-no-match", panel);
});

test("a list of which one half may not be asked for", async ({ signInAs }) => {
  const { page } = await signInAs("petra");
  await page.setViewportSize(SIZE);
  await expect(page.getByText(/are missing: this role may not call ec2:DescribeInstances/)).toBeVisible();
  await shootInBothThemes(page, "list-half-denied", page.getByRole("complementary", { name: "Instances" }));
});

test("a hint for a newcomer, forced colours, and settings", async ({ signInAs }) => {
  const noor = await signInAs("noor");
  const { page } = noor;
  await page.setViewportSize(SIZE);
  await noor.choose("checkout-api-04");
  await noor.waitForText(/\$$/m);
  const notices = page.getByRole("region", { name: "Notices" });
  await expect(notices).toContainText("Split this terminal");
  await shootInBothThemes(page, "hint");
  await notices.getByRole("button", { name: "Dismiss" }).click();
  await expect(notices).toContainText("Go anywhere by typing");
  await page.emulateMedia({ forcedColors: "active" });
  await page.keyboard.press("Control+Shift+K");
  await expect(page.getByRole("option").first()).toBeVisible();
  await expect(notices).not.toContainText("Go anywhere by typing");
  await shootInBothThemes(page, "forced-colors");
  await page.emulateMedia({ forcedColors: "none" });
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Shift+Comma");
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
  await page.setViewportSize({ width: 1440, height: 900 }); // as the reference has it
  await shootInBothThemes(page, "settings");
});

test("an admin is asked before somebody is signed out, and her page says what happened", async ({ dana, signInAs }) => {
  await knowTheHints(dana.page);
  await dana.choose("checkout-api-04");
  await dana.waitForText(/\$$/m);
  const { page } = await signInAs("kofi");
  await page.setViewportSize(SIZE);
  await page.getByRole("link", { name: "People" }).click();
  await page.getByRole("button", { name: "Sign out dana" }).click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await shootInBothThemes(page, "sign-out-asked");
  await page.getByRole("alertdialog").getByRole("button", { name: "Sign out" }).click();
  await dana.page.setViewportSize(SIZE);
  await expect(dana.pane().getByText("An admin signed you out.")).toBeVisible();
  await expect(dana.page.getByText("An admin signed you out.")).toHaveCount(3);
  await shootInBothThemes(dana.page, "signed-out-by-admin");
});
