import path from "node:path";
import type { Page } from "@playwright/test";
import Database from "libsql";
import { expectAccessibleInBothThemes } from "../support/accessible.ts";
import type { ConsolePage } from "../support/console-page.ts";
import { expect, test } from "../support/fixtures.ts";
import type { Stack } from "../support/stack.ts";

/** Makes a link as its owner does. @returns it, whole */
async function share(dana: ConsolePage, mode: "View only" | "Ask to type" | "Can type"): Promise<string> {
  const { page } = dana;
  await page.getByRole("button", { name: "Share this terminal" }).click();
  const dialog = page.getByRole("dialog", { name: "Share this session" });
  await dialog.getByRole("radio", { name: mode }).check();
  await dialog.getByRole("button", { name: "Make link" }).click();
  return dialog.getByRole("textbox", { name: "Link to this terminal" }).inputValue();
}

async function closeShare(dana: ConsolePage): Promise<void> {
  const dialog = dana.page.getByRole("dialog", { name: "Share this session" });
  await dialog.getByRole("button", { name: "Close", exact: true }).click();
  await expect(dialog).toBeHidden();
}

// Two people sign in and a shell is opened for each test: on a slow machine that alone takes most of a minute.
test.describe.configure({ timeout: 240_000 });

const keyboard = (page: Page) => page.getByRole("region", { name: "Keyboard" });

async function openLink(viewer: ConsolePage, link: string): Promise<void> {
  // as from a chat: a page of its own, not a step inside the console
  await viewer.page.goto("about:blank");
  await viewer.page.goto(link);
  await expect(viewer.pane()).toBeVisible();
}

test("a viewer sees the screen of the moment, asks, is allowed, types, and the owner's key takes the keyboard back", async ({
  dana,
  signInAs,
}) => {
  await dana.open("checkout-api-04");
  await dana.enter("clear; echo now-$((40 + 2))");
  await dana.waitForText("now-42");
  const link = await share(dana, "Ask to type");
  await closeShare(dana);

  const kofi = await signInAs("kofi");
  await openLink(kofi, link);
  expect(kofi.page.url()).not.toContain("#");
  await kofi.waitForText("now-42");
  await expect(dana.page.getByText("kofi joined")).toBeVisible();
  await expect(keyboard(kofi.page)).toContainText("You are watching.");

  // what a viewer types goes nowhere, and the first key says what to do instead
  await kofi.pane().getByTestId("terminal").click();
  await kofi.type("x");
  await expect(kofi.page.getByRole("button", { name: "Request control" })).toBeFocused();
  await kofi.page.getByRole("button", { name: "Request control" }).click();
  await expect(keyboard(kofi.page)).toContainText("Asked dana for the keyboard.");
  await dana.page.getByRole("button", { name: "Allow" }).click();
  await expect(keyboard(kofi.page)).toContainText("You have the keyboard.");
  await kofi.pane().getByTestId("terminal").click();
  await kofi.enter("echo typed-by-$((3 * 4))");
  await dana.waitForText("typed-by-12");

  await dana.pane().getByTestId("terminal").click();
  await dana.type("q");
  await expect(keyboard(kofi.page)).toContainText("dana took the keyboard back.");
  await expect(dana.page.getByText("You took the keyboard back")).toBeVisible();
  await dana.enter("echo owner-$((5 + 6))");
  await dana.waitForText("owner-11");
  expect(await dana.text()).not.toContain("qecho");
  await kofi.waitForText("owner-11");

  // closing would take the terminal away from somebody: asked first, and the keyboard is back where it was
  await dana.page.keyboard.press("Control+Shift+X");
  const closing = dana.page.getByRole("alertdialog", { name: "Close checkout-api-04?" });
  await expect(closing).toContainText("kofi watches it. The shell ends with it.");
  await expectAccessibleInBothThemes(dana.page);
  await closing.getByRole("button", { name: "Cancel" }).click();
  await expect(dana.page.getByRole("textbox", { name: "Terminal input" })).toBeFocused();

  // on a phone the grid is too large even at half its size: it is panned to where the cursor is
  await kofi.page.setViewportSize({ width: 400, height: 800 });
  const panned = () =>
    kofi
      .pane()
      .getByTestId("terminal")
      .evaluate(({ scrollLeft }) => scrollLeft);
  await dana.type("x".repeat(104));
  await expect.poll(panned).toBeGreaterThan(0);
});

async function signInAtLink(page: Page, link: string, { people }: Stack): Promise<void> {
  const keys = people.find(({ id }) => id === "kofi");
  await page.goto(link);
  await page.getByRole("tab", { name: "Access keys" }).click();
  await page.getByLabel("Access key ID").fill(keys?.accessKeyId ?? "");
  await page.getByLabel("Secret access key", { exact: true }).fill(keys?.secretAccessKey ?? "");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

test("a link that is ended takes the text off the viewer's page, and lets nobody in again", async ({
  dana,
  signInAs,
}) => {
  await dana.open("checkout-api-04");
  await dana.enter("echo secret-$((70 + 7))");
  await dana.waitForText("secret-77");
  const link = await share(dana, "View only");
  // opened while signed out: she signs in there, and is at the terminal
  const kofi = await signInAs("kofi", (page) => signInAtLink(page, link, dana.stack));
  await kofi.waitForText("secret-77");
  await expect(keyboard(kofi.page)).toContainText("for watching only");
  await expectAccessibleInBothThemes(kofi.page);
  await expectAccessibleInBothThemes(dana.page);

  await dana.page.getByRole("button", { name: "Stop sharing" }).click();
  await expect(kofi.page.getByRole("heading", { name: "This link has ended" })).toBeVisible();
  await expect(kofi.page.locator("body")).not.toContainText("secret-77");
  expect(await kofi.page.evaluate(() => window.__causewayTerminals?.size ?? 0)).toBe(0);
  await kofi.page.reload();
  await expect(kofi.page.getByRole("button", { name: "Your own terminals" })).toBeVisible();
  await expect(kofi.pane()).toHaveCount(0);
});

/** The server is stopped: all links end at that time. */
function endLinksAt(stack: Stack, atMs: number): void {
  const database = new Database(path.join(stack.dataDir, "causeway.db"));
  database.prepare("UPDATE shares SET expires_at = ? WHERE ended_at IS NULL").run(atMs);
  database.close();
}

test("whoever has the keyboard keeps it when both pages are loaded again, lose the network, and when the server starts again", async ({
  dana,
  signInAs,
  stack,
}) => {
  await dana.open("checkout-api-04");
  const link = await share(dana, "Ask to type");
  await closeShare(dana);
  const kofi = await signInAs("kofi");
  await openLink(kofi, link);
  await kofi.page.getByRole("button", { name: "Request control" }).click();
  await dana.page.getByRole("button", { name: "Allow" }).click();
  await expect(keyboard(kofi.page)).toContainText("You have the keyboard.");

  // a reload needs no secret
  await kofi.page.reload();
  await expect(keyboard(kofi.page)).toContainText("You have the keyboard.");
  await dana.page.reload();
  await dana.waitForText(/\$$/m);
  await expect(keyboard(kofi.page)).toContainText("You have the keyboard.");

  const contexts = [dana.page.context(), kofi.page.context()];
  for (const context of contexts) await context.setOffline(true);
  await expect(keyboard(kofi.page)).toContainText("typing here does nothing", { timeout: 30_000 });
  for (const context of contexts) await context.setOffline(false);
  await expect(keyboard(kofi.page)).toContainText("You have the keyboard.");

  await stack.stopServer("SIGKILL");
  await expect(keyboard(kofi.page)).toContainText("typing here does nothing");
  await stack.startServer();
  await expect(keyboard(kofi.page)).toContainText("You have the keyboard.");
  await kofi.pane().getByTestId("terminal").click();
  await kofi.enter("echo after-$((50 + 5))");
  await dana.waitForText("after-55");

  await stack.stopServer("SIGKILL");
  endLinksAt(stack, Date.now() + 4_000);
  await stack.startServer();
  await expect(kofi.page.getByRole("heading", { name: "This link has ended" })).toBeVisible({ timeout: 45_000 });
  await expect(kofi.page.getByText("Its time is over")).toBeVisible();
  await expect(kofi.page.locator("body")).not.toContainText("after-55");
});
