/** Several identities in one login: chosen, pinned, renewed in place, and asked for again while terminals go on. */
import type { Page } from "@playwright/test";
import { expectAccessibleInBothThemes } from "../support/accessible.ts";
import type { ConsolePage } from "../support/console-page.ts";
import { expect, testOn } from "../support/fixtures.ts";

/** Lifetimes of credentials, in seconds: they are renewed at 80 %. */
const RENEWED_EVERY_S = 10;
const SHORT_S = 300;

const test = testOn({
  CAUSEWAY_ACCOUNTS: "111122223333=harbor-prod:prod,444455556666=harbor-staging:staging",
});

function scope(page: Page) {
  return page.getByRole("button", { name: /^Work as/ });
}

/** Through the panel beside the terminals, by Identity Center, approved on AWS's side. */
async function addRole(console: ConsolePage, search: string): Promise<void> {
  const { page, stack } = console;
  await scope(page).click();
  await page.getByRole("menuitem", { name: "Sign in with another role" }).click();
  const panel = page.getByRole("dialog", { name: "Sign in with another role" });
  await expect(panel.getByRole("heading", { name: "Sign in with another role" })).toBeFocused();
  await panel.getByRole("tab", { name: "Identity Center" }).click();
  await panel.getByRole("button", { name: "Continue" }).click();
  const code = panel.locator("[data-code]");
  await expect(code).toHaveText(/^[A-Z]{4}-[A-Z]{4}$/);
  await stack.admin("POST", `portal/codes/${await code.textContent()}/allow/dana`);
  const picker = page.getByRole("dialog", { name: "Where do you want to work?" });
  await picker.getByRole("combobox").fill(search);
  await expect(picker.getByRole("option")).toHaveCount(1);
  await picker.getByRole("combobox").press("Enter");
  await expect(panel).toBeHidden();
}

test("a second role stands beside the first: chosen in the scope button, and each shell runs as the one it was opened with", async ({
  dana,
}) => {
  const { page } = dana;
  await expect(scope(page)).toHaveAccessibleName(/^Work as harbor-prod prod IAM user/i);
  await dana.open("checkout-api-04");
  await dana.enter("echo first-$((1 + 1))");
  await dana.waitForText("first-2");

  await addRole(dana, "prod operator");
  await expect(scope(page)).toHaveAccessibleName(/^Work as 2 identities harbor-prod/);
  await dana.enter("echo still-$((2 + 2))");
  await dana.waitForText("still-4");

  await scope(page).click();
  await page.getByRole("menuitemradio", { name: /SRE-Operator/ }).click();
  await expect(scope(page)).toHaveAccessibleName(/^Work as harbor-prod prod SRE-Operator/i);
  await dana.instance("checkout-api-04").click();
  await dana.waitForText(/\$$/m);
  await expect(dana.tabs()).toHaveCount(2);
  await dana.enter("echo second-$((3 + 3))");
  await dana.waitForText("second-6");
  await expect(dana.pane().getByRole("group", { name: "Session status" })).toContainText("SRE-Operator in harbor-prod");
  await expect(dana.pane()).toContainText("harbor-prod · eu-west-1");

  const sessions = (await dana.sessions()) as unknown as { identityId: string; awsSessionId: string }[];
  expect(new Set(sessions.map(({ identityId }) => identityId)).size).toBe(2);
  const me = await page.evaluate(async () => (await fetch("/api/v1/me")).json());
  expect(me.identities.map((one: { person: { role: string } }) => one.person.role)).toEqual([
    "IAM user",
    "SRE-Operator",
  ]);

  await page.reload();
  await expect(dana.tabs()).toHaveCount(2);
  await expect(scope(page)).toHaveAccessibleName(/^Work as harbor-prod prod SRE-Operator/i);
  await dana.waitForText("second-6");
});

test("credentials are renewed in place while a terminal goes on; where nobody can renew them, the page asks and the terminal goes on, too", async ({
  dana,
  signInAs,
  stack,
}) => {
  const me = (page: Page) => page.evaluate(async () => (await fetch("/api/v1/me")).json());
  await stack.admin("POST", "people/kofi/renew", { lifetimeSeconds: RENEWED_EVERY_S });
  const kofi = await signInAs("kofi");
  await kofi.open("checkout-api-04");
  const { id } = await kofi.session();
  const ends: number = (await me(kofi.page)).identities[0].credentialsExpireAt;
  expect(ends).toBeLessThanOrEqual(Date.now() + RENEWED_EVERY_S * 1_000);
  // what renews them in AWS's place: the file has new keys before the old ones end
  await stack.admin("POST", "people/kofi/renew", { lifetimeSeconds: SHORT_S });
  await expect
    .poll(async () => (await me(kofi.page)).identities[0].credentialsExpireAt, { timeout: 30_000 })
    .toBeGreaterThan(ends + 60_000);
  await expect.poll(() => Date.now(), { timeout: 30_000 }).toBeGreaterThan(ends + 1_000);
  await kofi.enter("echo renewed-$((20 + 2))");
  await kofi.waitForText("renewed-22");
  expect((await kofi.session()).id).toBe(id);
  await expect(kofi.page.getByRole("button", { name: "Sign in again" })).toBeHidden();
  await kofi.page.getByRole("button", { name: "Refresh now" }).click();
  await expect(kofi.instance("checkout-api-04")).toBeVisible();
  await stack.admin("POST", "people/kofi/renew", {});

  await dana.open("checkout-api-04");
  await stack.admin("POST", "people/dana/expire");
  await dana.page.getByRole("button", { name: "Refresh now" }).click();
  const strip = dana.page
    .getByRole("status")
    .filter({ hasText: "dana (IAM user) in harbor-prod: your AWS credentials ended." });
  await expect(strip).toBeVisible();
  await dana.pane().getByTestId("terminal").click();
  await dana.enter("echo goes-on-$((30 + 3))");
  await dana.waitForText("goes-on-33");
  await stack.admin("POST", "people/dana/renew", {});
  await strip.getByRole("button", { name: "Sign in again" }).click();
  const panel = dana.page.getByRole("dialog", { name: "Sign in again" });
  await panel.getByRole("radio", { name: /dana/i }).check({ force: true });
  await panel.getByRole("button", { name: /enter the sandbox/i }).click();
  await expect(panel).toBeHidden();
  await expect(strip).toBeHidden();
  await dana.enter("echo the-same-$((40 + 4))");
  await dana.waitForText(/goes-on-33[\s\S]*the-same-44/);
  expect((await me(dana.page)).identities).toHaveLength(1);
});

test("chooser, panel and several identities are accessible in both themes", async ({ dana, stack }) => {
  const { page } = dana;
  await dana.open("checkout-api-04");
  await addRole(dana, "staging operator");
  await scope(page).click();
  await expect(page.getByRole("menuitemradio", { name: /harbor-staging/ })).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press("Escape");
  await stack.admin("POST", "people/dana/expire");
  const ended = page.getByText("your AWS credentials ended", { exact: false });
  await expect(async () => {
    await page.getByRole("button", { name: "Refresh now" }).click();
    await expect(ended).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 }); // a refresh that had begun before still has the old credentials
  await page.getByRole("button", { name: "Sign in again" }).click();
  await expect(page.getByRole("dialog", { name: "Sign in again" })).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await stack.admin("POST", "people/dana/renew", {});
});
