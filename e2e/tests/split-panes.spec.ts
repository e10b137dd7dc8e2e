import type { Locator } from "@playwright/test";
import { expectAccessibleInBothThemes } from "../support/accessible.ts";
import type { ConsolePage } from "../support/console-page.ts";
import { expect, test } from "../support/fixtures.ts";

const typing = (of: Locator): Locator => of.getByRole("textbox", { name: "Terminal input" });

async function widths(dana: ConsolePage): Promise<number[]> {
  return Promise.all((await dana.panes().all()).map(async (one) => Math.round((await one.boundingBox())?.width ?? 0)));
}

async function broadcastToBoth(dana: ConsolePage): Promise<void> {
  await dana.page.keyboard.press("Control+Shift+K");
  await dana.page.keyboard.type("broadcast");
  await dana.page.keyboard.press("Enter");
  await dana.page.getByRole("button", { name: "Broadcast to 2 panes" }).click();
  await expect(dana.page.locator(".pane.broadcast")).toHaveCount(2);
}

/** Marks the emulator's element: a terminal that is made anew has lost the mark. */
const mark = (of: Locator) =>
  of.locator(".terminal-surface").evaluate((element) => element.setAttribute("data-was", "1"));
const isMarked = (of: Locator) => of.locator('.terminal-surface[data-was="1"]');

test("one keyboard splits, moves between panes, zooms, closes and takes back, and no terminal is made anew", async ({
  dana,
}) => {
  test.slow(); // four shells, one after the other
  const { keyboard } = dana.page;
  await dana.open("checkout-api-04");
  await dana.enter("echo first-$((40 + 1))");
  await dana.waitForText("first-41");
  await mark(dana.pane());

  await keyboard.press("Control+Shift+D");
  await expect(dana.panes()).toHaveCount(2);
  await expect(typing(dana.paneAt(2))).toBeFocused();
  await expect(dana.page.getByRole("tab", { name: /2 panes/ })).toBeVisible();
  await dana.waitForTextIn(dana.paneAt(2), /\$$/m);
  await dana.enter("echo second-$((40 + 2))");
  await dana.waitForTextIn(dana.paneAt(2), "second-42");
  await keyboard.press("Control+Shift+O");
  await expect(typing(dana.paneAt(3))).toBeFocused();
  await dana.waitForTextIn(dana.paneAt(3), /\$$/m);

  await keyboard.press("Control+Shift+ArrowLeft");
  await expect(typing(dana.paneAt(1))).toBeFocused();
  await dana.enter("echo typed-$((40 + 3))");
  await dana.waitForTextIn(dana.paneAt(1), "typed-43");
  await expect(isMarked(dana.paneAt(1))).toHaveCount(1);

  const [narrow] = await widths(dana);
  await keyboard.press("Control+Shift+Enter");
  await expect(dana.panes()).toHaveCount(1);
  expect((await widths(dana))[0]).toBeGreaterThan((narrow ?? 0) * 1.8);
  await keyboard.press("Control+Shift+Enter");
  await expect(dana.panes()).toHaveCount(3);

  await keyboard.press("Control+Shift+X");
  await expect(dana.panes()).toHaveCount(2);
  await keyboard.press("Control+Shift+Z");
  await expect(dana.panes()).toHaveCount(3);
  await expect(typing(dana.paneAt(1))).toBeFocused();
  await dana.waitForTextIn(dana.paneAt(1), "typed-43");
  await dana.enter("echo still-$((40 + 4))");
  await dana.waitForTextIn(dana.paneAt(1), "still-44");
  await expect(isMarked(dana.paneAt(1))).toHaveCount(1);

  // broadcast: only what was ticked, and seen in red
  await keyboard.press("Control+Shift+K");
  await keyboard.type("broadcast");
  await keyboard.press("Enter");
  const ask = dana.page.getByRole("alertdialog", { name: "Type into several panes at once?" });
  await ask.getByRole("checkbox", { name: /Pane 3/ }).uncheck();
  await expectAccessibleInBothThemes(dana.page);
  await ask.getByRole("button", { name: "Broadcast to 2 panes" }).click();
  await expect(typing(dana.paneAt(1))).toBeFocused();
  await expect(dana.page.getByText("Broadcasting to 2 of 3 panes")).toBeVisible();
  await expect(dana.page.locator(".pane.broadcast")).toHaveCount(2);
  await expectAccessibleInBothThemes(dana.page);
  await dana.enter("echo cast-$((40 + 5))");
  for (const ordinal of [1, 2]) await dana.waitForTextIn(dana.paneAt(ordinal), "cast-45");
  await dana
    .paneAt(2)
    .getByRole("button", { name: /^Broadcast: / })
    .click();
  await expect(dana.page.getByText("Broadcasting stopped")).toBeVisible();
  await dana.enter("echo alone-$((40 + 6))");
  await dana.waitForTextIn(dana.paneAt(1), "alone-46");
  for (const ordinal of [2, 3]) expect(await dana.textOf(dana.paneAt(ordinal))).not.toContain("alone-46");
  expect(await dana.textOf(dana.paneAt(3))).not.toContain("cast-45");
});

test("a divider goes by one cell with the arrows, evens out, and follows the pointer only when it is let go", async ({
  dana,
}) => {
  const { page } = dana;
  await dana.open("checkout-api-04");
  await page.keyboard.press("Control+Shift+D");
  await dana.waitForTextIn(dana.paneAt(2), /\$$/m);
  const divider = page.getByRole("separator", { name: /panes beside/ });
  const [even = 0] = await widths(dana);
  await divider.focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(async () => ((await widths(dana))[0] ?? 0) - even).toBeGreaterThanOrEqual(6);
  expect(((await widths(dana))[0] ?? 0) - even).toBeLessThanOrEqual(12);
  await divider.dblclick();
  await expect.poll(async () => (await widths(dana))[0]).toBe(even);

  const box = await divider.boundingBox();
  if (box === null) throw new Error("no divider");
  expect(box.width).toBe(7);
  await page.mouse.move(box.x + 3, box.y + 200);
  await page.mouse.down();
  await page.mouse.move(box.x - 67, box.y + 200, { steps: 5 });
  expect((await widths(dana))[0]).toBe(even);
  await page.mouse.up();
  await expect.poll(async () => (await widths(dana))[0]).toBe(even - 70);
  await page.mouse.move(box.x - 67, box.y + 200);
  await page.mouse.down();
  await page.mouse.move(box.x - 1_000, box.y + 200, { steps: 5 });
  await page.mouse.up();
  await expect.poll(async () => (await widths(dana))[0]).toBeLessThan(even - 70);
  await dana.paneAt(1).click({ position: { x: 60, y: 200 } });
  // the shell itself waits for the new size: what is typed at once may arrive ahead of it
  await dana.enter("until [ $(stty size | cut -d' ' -f2) -le 41 ]; do sleep 0.1; done; clear; stty size");
  await dana.waitForTextIn(dana.paneAt(1), /^\d+ (40|41)$/m);
});

test("a split that would go below 40 x 8 cells is refused in the status bar", async ({ dana }) => {
  const { page } = dana;
  await page.setViewportSize({ width: 1000, height: 700 });
  await dana.open("checkout-api-04");
  await page.keyboard.press("Control+Shift+D");
  await page.keyboard.press("Control+Shift+D");
  await expect(
    page
      .getByRole("group", { name: "Session status" })
      .getByText(/No room: a pane needs 40 × 8/)
      .last(),
  ).toBeVisible();
  await expect(dana.tabs()).toHaveCount(1);
});

test("closing a pane with a full-screen program asks first; Ctrl+Enter in the list opens beside it", async ({
  dana,
}) => {
  await dana.open("checkout-api-04");
  await dana.enter("less /etc/passwd");
  await dana.waitForText("root:");
  await expect.poll(() => dana.grid()).toContain("alternate");
  await dana.page.keyboard.press("Control+Shift+X");
  await expect(dana.page.getByRole("alertdialog", { name: /Close checkout-api-04/ })).toBeVisible();
  await dana.page.getByRole("button", { name: "Cancel" }).click();
  await expect(dana.panes()).toHaveCount(1);
  const { keyboard } = dana.page;
  await keyboard.press("Control+Shift+L");
  await keyboard.press("/");
  await keyboard.type("edge-proxy-11");
  await keyboard.press("Control+Enter");
  await expect(dana.paneAt(2)).toHaveAttribute("aria-label", "Pane 2: edge-proxy-11");
  await expect(dana.tabs()).toHaveCount(1);
});

test("the mouse splits, moves a pane to its own tab and back, and sends what the browser keeps", async ({ dana }) => {
  const { page } = dana;
  await dana.open("checkout-api-04");
  await page.getByRole("button", { name: "Split right" }).click();
  await dana.waitForTextIn(dana.paneAt(2), /\$$/m);
  await mark(dana.paneAt(2));
  await expectAccessibleInBothThemes(page);
  await page.getByRole("button", { name: /^Pane 2 menu/ }).click();
  await expectAccessibleInBothThemes(page);
  await page.getByRole("menuitem", { name: "Move to its own tab" }).click();
  await expect(dana.tabs()).toHaveCount(2);
  await expect(typing(dana.pane())).toBeFocused();
  await expect(isMarked(dana.pane())).toHaveCount(1);
  await dana.enter("echo moved-$((40 + 7))");
  await dana.waitForText("moved-47");
  await dana.type("echo kept gone");
  await page.getByRole("button", { name: /^Pane menu/ }).click();
  await page.getByRole("menuitem", { name: "Send Ctrl+W" }).click();
  await expect(typing(dana.pane())).toBeFocused();
  await page.keyboard.press("Enter");
  await dana.waitForText(/^kept$/m);
  await page.getByRole("button", { name: /^Pane menu/ }).click();
  await page.getByRole("menuitem", { name: "Move into another tab" }).press("ArrowRight");
  await page.getByRole("menuitem", { name: "checkout-api-04", exact: true }).press("Enter");
  await expect(dana.tabs()).toHaveCount(1);
  await expect(isMarked(dana.paneAt(2))).toHaveCount(1);
});

test("panes come back after a reload, and on another device, each with its shell", async ({ dana, signInAs }) => {
  await dana.open("checkout-api-04");
  await dana.enter("echo left-$((40 + 5))");
  await dana.waitForText("left-45");
  await dana.page.keyboard.press("Control+Shift+D");
  await dana.waitForTextIn(dana.paneAt(2), /\$$/m);
  await dana.enter("echo right-$((40 + 6))");
  await dana.waitForTextIn(dana.paneAt(2), "right-46");

  // what is broadcast survives neither a lost connection nor a reload
  const cast = dana.page.locator(".pane.broadcast");
  await broadcastToBoth(dana);
  await dana.page.context().setOffline(true);
  await expect(cast).toHaveCount(0);
  await dana.page.context().setOffline(false);
  for (const ordinal of [1, 2])
    await expect(dana.paneAt(ordinal).getByRole("img", { name: "Connected" })).toBeVisible();
  await expect(cast).toHaveCount(0);
  await broadcastToBoth(dana);
  await dana.page.reload();
  await expect(dana.panes()).toHaveCount(2);
  await expect(cast).toHaveCount(0);
  await dana.waitForTextIn(dana.paneAt(1), "left-45");
  await dana.waitForTextIn(dana.paneAt(2), "right-46");
  await dana.enter("echo only-$((40 + 7))");
  await dana.waitForTextIn(dana.paneAt(2), "only-47");
  expect(await dana.textOf(dana.paneAt(1))).not.toContain("only");
  const unstored = () =>
    dana.page.evaluate(async () => {
      const ask = async (path: string) => (await fetch(`/api/v1${path}`)).json();
      const layout = JSON.stringify((await ask("/me/preferences")).parts.workspace ?? {}); // not there before it is stored
      const { sessions } = (await ask("/sessions")) as { sessions: { id: string; ended?: object }[] };
      return sessions.filter(({ id, ended }) => ended === undefined && !layout.includes(id)).length;
    });
  await expect.poll(unstored).toBe(0);

  const elsewhere = await signInAs("dana");
  await expect(elsewhere.panes()).toHaveCount(2);
  await elsewhere.waitForTextIn(elsewhere.paneAt(1), "left-45");
});
