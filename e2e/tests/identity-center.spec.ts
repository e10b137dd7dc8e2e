/** Signing in through IAM Identity Center: a code, AWS's page (the sandbox's), an account and a role. */
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { expectAccessibleInBothThemes } from "../support/accessible.ts";
import { ConsolePage } from "../support/console-page.ts";
import { expect, test } from "../support/fixtures.ts";
import type { Stack } from "../support/stack.ts";

async function openSignIn(page: Page, stack: Stack): Promise<void> {
  await page.goto(`${stack.url}/sign-in`);
  await page.getByRole("tab", { name: "Identity Center" }).click();
}

/** @returns the code that the page shows */
async function startCode(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Continue" }).click();
  const code = page.locator("[data-code]");
  await expect(code).toHaveText(/^[A-Z]{4}-[A-Z]{4}$/);
  return (await code.textContent()) ?? "";
}

/** Follows the link of our page, as a person does, and decides there. */
async function decideAtAws(
  page: Page,
  stack: Stack,
  decision: "Allow" | "Deny",
  passcode = stack.portalPasscode,
): Promise<Page> {
  const opened = page.context().waitForEvent("page");
  await page.getByRole("link", { name: /open aws sign-in/i }).click();
  const aws = await opened;
  await aws.getByLabel(/passcode/i).fill(passcode);
  await aws.getByRole("button", { name: decision }).click();
  return aws;
}

async function inContext(browser: Browser, act: (page: Page, context: BrowserContext) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    await act(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

test("an approved code, an account and a role open the console, and a shell on a machine of that account", async ({
  browser,
  stack,
}) => {
  await inContext(browser, async (page) => {
    await openSignIn(page, stack);
    const code = await startCode(page);
    const aws = await decideAtAws(page, stack, "Allow");
    await expect(aws.getByRole("status")).toHaveText(/request approved/i);
    await aws.close();
    const picker = page.getByRole("dialog", { name: "Where do you want to work?" });
    await expect(picker.getByRole("status").first()).toHaveText("7 accounts · 15 roles");
    const search = picker.getByRole("combobox");
    await search.fill("prod operator");
    await expect(picker.getByRole("option")).toHaveCount(1);
    await search.press("Enter");
    const console = new ConsolePage(page, stack);
    await expect(console.instances()).toBeVisible();
    await console.open("checkout-api-04");
    await console.enter("echo in-$((6*7))");
    await console.waitForText("in-42");
    await console.endAllSessions();
    expect(stack.logs()).not.toContain(code);
  });
});

test("a denied code says so, and a new code can be had at once", async ({ browser, stack }) => {
  await inContext(browser, async (page) => {
    await openSignIn(page, stack);
    const first = await startCode(page);
    await decideAtAws(page, stack, "Deny");
    await expect(page.getByRole("alert")).toContainText("The request was refused in AWS.");
    await page.getByRole("button", { name: "New code" }).click();
    await expect(page.locator("[data-code]")).not.toHaveText(first);
  });
});

test("a code that nobody approves in time runs out, in words", async ({ browser, stack }) => {
  await stack.admin("PUT", "portal/lifetimes", { codeSeconds: 2 });
  try {
    await inContext(browser, async (page) => {
      await openSignIn(page, stack);
      // Not startCode: on a slow machine the code is over before anybody has read it.
      await page.getByRole("button", { name: "Continue" }).click();
      await expect(page.getByRole("alert")).toContainText("The code ran out.");
    });
  } finally {
    await stack.admin("PUT", "portal/lifetimes", { codeSeconds: 600 });
  }
});

test("who approves a code of another browser signs that one in nowhere else", async ({ browser, stack }) => {
  await inContext(browser, async (attacker) => {
    await openSignIn(attacker, stack);
    const code = await startCode(attacker);
    await inContext(browser, async (victim) => {
      await victim.goto(`${stack.url}/sign-in`);
      await stack.admin("POST", `portal/codes/${code}/allow/dana`);
      await expect(attacker.getByRole("dialog", { name: "Where do you want to work?" })).toBeVisible();
      const me = await victim.request.get(`${stack.url}/api/v1/me`);
      expect(me.status()).toBe(401);
    });
  });
});

test("code and picker are accessible in both themes; what is ticked opens by itself the next time, in the region chosen", async ({
  browser,
  stack,
}) => {
  await inContext(browser, async (page, context) => {
    await openSignIn(page, stack);
    await expectAccessibleInBothThemes(page);
    const code = await startCode(page);
    await expectAccessibleInBothThemes(page);
    await stack.admin("POST", `portal/codes/${code}/allow/dana`);
    const picker = page.getByRole("dialog", { name: "Where do you want to work?" });
    await expect(picker.getByText("7 accounts · 15 roles", { exact: true })).toBeVisible();
    await expectAccessibleInBothThemes(page);
    await picker.getByRole("button", { name: "Region eu-west-1" }).click();
    await page.getByRole("menuitemradio", { name: /us-east-1/ }).click();
    await picker.getByRole("checkbox", { name: "Open here next time" }).check();
    await picker.getByRole("combobox").fill("prod operator");
    await expect(picker.getByRole("option")).toHaveCount(1);
    await picker.getByRole("combobox").press("Enter");
    const console = new ConsolePage(page, stack);
    await expect(console.instance("stg-bastion")).toBeVisible();
    expect(new URL(page.url()).searchParams.get("region")).toBe("us-east-1");

    await context.clearCookies();
    await openSignIn(page, stack);
    await stack.admin("POST", `portal/codes/${await startCode(page)}/allow/dana`);
    await expect(console.instance("stg-bastion")).toBeVisible();
    expect(new URL(page.url()).searchParams.get("region")).toBe("us-east-1");
  });
});

test("the sandbox's own page does to machines and faults what one asks, in both themes and by keyboard", async ({
  browser,
  stack,
}) => {
  await inContext(browser, async (page) => {
    await page.goto(`${stack.sandboxUrl}/_sandbox/`);
    await expectAccessibleInBothThemes(page);
    await page.getByLabel("Passcode of this sandbox").fill("wrong");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("alert")).toHaveText("The passcode is wrong.");
    await page.getByLabel("Passcode of this sandbox").fill(stack.portalPasscode);
    await page.keyboard.press("Enter");
    const row = page.getByRole("row").filter({ hasText: "edge-proxy-11" });
    await expect(row).toContainText("Online");

    await row.getByRole("button", { name: "stop edge-proxy-11" }).focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("status")).toContainText("Done: stop");
    await expect(row).toContainText("stopped");
    await row.getByRole("button", { name: "start edge-proxy-11" }).click();
    await expect(row).toContainText("running");

    await page.getByLabel("Ready-made").selectOption({ label: "Throttling: calls beyond AWS's rates" });
    await page.getByRole("button", { name: "Put in force" }).first().click();
    await expect(page.getByRole("listitem").filter({ hasText: "StartSession: 5 a second" })).toBeVisible();
    await page.getByText("The whole plan").click();
    await page.getByLabel(/^Plan/).fill('{"rate": []}');
    await page.getByRole("button", { name: "Put in force" }).last().click();
    await expect(page.getByRole("alert")).toContainText('"rate" is not known here');
    await page.getByLabel(/^Plan/).fill("{}");
    await page.getByRole("button", { name: "Put in force" }).last().click();
    await expect(page.getByText("None is on.")).toBeVisible();
    // rows are alike: three of forty machines tell as much in a tenth of the time
    await page.locator("tbody tr:nth-child(n+4)").evaluateAll((rows) => {
      for (const one of rows) one.remove();
    });
    await expectAccessibleInBothThemes(page);
  });
});
