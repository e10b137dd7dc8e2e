import type { ConsolePage } from "../support/console-page.ts";
import { expect, testOn } from "../support/fixtures.ts";
import { shoot, THEMES } from "../support/pictures.ts";

const test = testOn({ CAUSEWAY_ADMINS: "*/user/kofi" });

for (const theme of THEMES) {
  test(`workspace, ${theme}`, async ({ dana }) => {
    await dana.page.emulateMedia({ colorScheme: theme });
    await expect(dana.instance("checkout-api-01")).toBeVisible();
    await shoot(dana.page, "workspace-empty", theme);
    for (const name of ["checkout-api-04", "orders-db-bastion"]) await markFavourite(dana, name);
    for (const name of ["edge-proxy-11", "orders-db-bastion", "checkout-api-04"]) await dana.open(name);
    const pane = (ordinal: number) => dana.paneAt(ordinal);
    await dana.page.keyboard.press("Control+Shift+D");
    await dana.waitForTextIn(pane(2), /\$$/m);
    const divider = dana.page.getByRole("separator", { name: "Width of the panes beside" });
    for (let cells = 0; cells < 14; cells++) await divider.press("ArrowRight");
    await pane(2).getByTestId("terminal").click();
    await dana.enter("top -d 2");
    await dana.waitForTextIn(pane(2), "PID USER");
    await dana.page.keyboard.press("Control+Shift+O");
    await dana.waitForTextIn(pane(3), /\$$/m);
    await dana.enter("ls --color=always");
    await dana.waitForTextIn(pane(3), /README.*\s[^$]*\$ ?$/);
    await pane(1).getByTestId("terminal").click();
    await dana.enter("svc status");
    await dana.waitForTextIn(pane(1), /running since[^$]*\$ ?$/);
    await dana.enter("svc logs");
    await dana.waitForTextIn(pane(1), /(INFO[\s\S]*){8}/);
    await shoot(dana.page, "workspace", theme);
    await dana.open("edge-proxy-11");
    await dana.enter("exit");
    await expect(dana.pane().getByText("The shell exited.", { exact: true })).toBeVisible();
    await shoot(dana.page, "ended", theme);
    await dana.page.setViewportSize({ width: 700, height: 900 });
    await shoot(dana.page, "narrow", theme);
  });

  test(`console, ${theme}`, async ({ dana }) => {
    const { page } = dana;
    await page.emulateMedia({ colorScheme: theme });
    await dana.open("orders-db-bastion");
    await dana.open("checkout-api-04");
    await page.keyboard.press("Control+Shift+D");
    await page.keyboard.press("Control+Shift+K");
    await page.keyboard.type("check api prod");
    await expect(page.getByRole("option", { selected: true })).toContainText("checkout-api");
    await shoot(page, "palette", theme);
    await page.keyboard.press("Escape");
    await dana.instances().focus();
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
    await shoot(page, "keys", theme);
    await page.keyboard.press("Escape");
    await page.setViewportSize({ width: 400, height: 860 });
    await expect(page.getByRole("toolbar", { name: "Terminal keys" })).toBeVisible();
    await page.getByRole("button", { name: "Ctrl", exact: true }).click();
    await shoot(page, "narrow-terminal", theme);
  });

  test(`sharing, ${theme}`, async ({ dana, signInAs }) => {
    const { page } = dana;
    await page.emulateMedia({ colorScheme: theme });
    await dana.open("orders-db-bastion");
    await dana.open("checkout-api-04");
    await dana.enter("svc status; tail -n 12 logs/*.log");
    await dana.waitForText(/Z .*\n.*\$$/);
    await page.keyboard.press("Control+Shift+S");
    const dialog = page.getByRole("dialog", { name: "Share this session" });
    await shoot(page, "share-new", theme);
    await dialog.getByRole("button", { name: "Make link" }).click();
    const link = await dialog.getByRole("textbox", { name: "Link to this terminal" }).inputValue();
    await dialog.getByRole("button", { name: "QR code" }).click();
    await expect(dialog.getByRole("img", { name: "The link as a QR code" })).toBeVisible();
    const kofi = await signInAs("kofi");
    await kofi.page.emulateMedia({ colorScheme: theme });
    await kofi.page.goto("about:blank");
    await kofi.page.goto(link);
    await kofi.waitForText(/\$$/m);
    await expect(dialog.getByText("Watching", { exact: false }).first()).toBeVisible();
    await dialog.getByRole("button", { name: "Hide the QR code" }).scrollIntoViewIfNeeded();
    await shoot(page, "share", theme);
    await page.keyboard.press("Escape");
    await dana.type("uptime");
    await expect(kofi.page.locator(".presence-cursor")).toBeVisible();
    await shoot(kofi.page, "viewer-watching", theme);
    await kofi.page.getByRole("button", { name: "Request control" }).click();
    await expect(kofi.page.getByRole("region", { name: "Keyboard" })).toContainText("Asked dana");
    await shoot(kofi.page, "viewer-asked", theme);
    await page.getByRole("button", { name: "Allow" }).click();
    await expect(kofi.page.getByRole("region", { name: "Keyboard" })).toContainText("You have the keyboard.");
    await kofi.pane().getByTestId("terminal").click();
    await kofi.type(" -p");
    await expect(kofi.page.locator(".presence-cursor")).toBeVisible();
    await shoot(kofi.page, "viewer-typing", theme);
    await shoot(page, "shared-workspace", theme);
    await page.keyboard.press("Control+Shift+X");
    const closing = page.getByRole("alertdialog", { name: "Close checkout-api-04?" });
    await expect(closing).toContainText("kofi watches it.");
    await shoot(page, "close-asked", theme);
    await closing.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: /^You, signed in as/ }).click();
    await page.getByRole("menuitem", { name: "Shared terminals" }).click();
    await expect(page.getByRole("table", { name: "My shares" })).toBeVisible();
    await shoot(page, "shares", theme);
  });
}

async function markFavourite(person: ConsolePage, name: string): Promise<void> {
  const filter = person.page.getByRole("textbox", { name: "Filter instances" });
  await filter.fill(name);
  await person.instances().focus();
  await person.page.keyboard.press("Home");
  await person.page.keyboard.press("f");
  await filter.fill("");
}
