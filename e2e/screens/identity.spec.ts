/** Ways in, and the pages about people (screens 01 and 08), with accounts that have names and environments. */
import { ConsolePage } from "../support/console-page.ts";
import { expect, testOn } from "../support/fixtures.ts";
import { shoot, THEMES } from "../support/pictures.ts";

const test = testOn({
  CAUSEWAY_ADMINS: "*/user/kofi",
  CAUSEWAY_ACCOUNTS: [
    "111122223333=harbor-prod:prod",
    "444455556666=harbor-staging:staging",
    "777788889999=harbor-dev:dev",
    "123456789012=harbor-data:prod",
  ].join(","),
});

for (const theme of THEMES) {
  test(`sign-in, ${theme}`, async ({ browser, stack }) => {
    const page = await browser.newPage({ colorScheme: theme, viewport: { width: 1440, height: 900 } });
    await page.goto(stack.launchUrl());
    await expect(page.getByRole("button", { name: /enter the sandbox/i })).toBeVisible();
    await shoot(page, "sign-in-sandbox", theme);
    await page.getByRole("tab", { name: /access keys/i }).click();
    await page.getByLabel("Access key ID").fill("AKIAIOSFODNN7EXAMPLE");
    await page.getByLabel("Secret access key", { exact: true }).fill("x".repeat(40));
    await page.getByLabel(/^MFA code/).fill("418 0");
    await shoot(page, "sign-in-keys", theme);
    await page.close();
  });

  test(`people and audit, ${theme}`, async ({ browser, dana, stack }) => {
    const sizes = { colorScheme: theme, viewport: { width: 1440, height: 900 } };
    await dana.open("checkout-api-04");
    const page = await browser.newPage(sizes);
    await page.goto(`${stack.url}/sign-in`);
    await page.getByRole("tab", { name: "Identity Center" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    const code = page.locator("[data-code]");
    await expect(code).toHaveText(/^[A-Z]{4}-[A-Z]{4}$/);
    await shoot(page, "sign-in-code", theme);
    await stack.admin("POST", `portal/codes/${await code.textContent()}/allow/dana`);
    await expect(page.getByRole("dialog").getByText("7 accounts · 15 roles", { exact: true })).toBeVisible();
    await shoot(page, "account", theme);
    await page.close();

    const admin = await browser.newPage(sizes);
    await new ConsolePage(admin, stack).signInThroughLink("kofi");
    await admin.getByRole("link", { name: "Audit" }).click();
    const started = admin.getByRole("row", { name: /session\.started/ }).first();
    await started.getByRole("button").click();
    await shoot(admin, "audit", theme);
    await admin.getByRole("link", { name: "People" }).click();
    await expect(admin.getByRole("row", { name: /dana/ }).first()).toBeVisible();
    await shoot(admin, "people", theme);
    await admin.getByRole("button", { name: "Signed in as kofi" }).click();
    await admin.getByRole("menuitem", { name: "Where you are signed in" }).click();
    await expect(admin.getByRole("row", { name: /this browser/ })).toBeVisible();
    await shoot(admin, "logins", theme);
    await admin.close();
  });
}
