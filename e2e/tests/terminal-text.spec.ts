import { readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import type { ConsolePage } from "../support/console-page.ts";
import { expect, test } from "../support/fixtures.ts";

const screenOf = (dana: ConsolePage): Locator => dana.pane().locator(".xterm-screen");

/** The middle of a character of the visible screen, in the window's pixels; row and column from 0 on. */
async function cell(dana: ConsolePage, row: number, column: number): Promise<{ x: number; y: number }> {
  const box = await screenOf(dana).boundingBox();
  const size =
    (
      await dana
        .pane()
        .getByText(/^\d+×\d+$/)
        .textContent()
    )
      ?.split("×")
      .map(Number) ?? [];
  const [cols = 80, rows = 24] = size;
  if (!box) throw new Error("the terminal is not on the page");
  return { x: box.x + ((column + 0.5) * box.width) / cols, y: box.y + ((row + 0.5) * box.height) / rows };
}

/** The row that begins with this text, once there is one: the command that was typed holds the text, too. */
async function rowOf(dana: ConsolePage, text: string): Promise<number> {
  const row = async (): Promise<number> => (await dana.text()).split("\n").findIndex((line) => line.startsWith(text));
  await expect.poll(row, { message: `a row begins with ${text}` }).toBeGreaterThanOrEqual(0);
  return row();
}

/** Moves the mouse there, again when the terminal was drawn anew under it, until the pane says this. */
async function pointAt(dana: ConsolePage, at: { x: number; y: number }, said: string): Promise<void> {
  await expect(async () => {
    await dana.page.mouse.move(at.x + 1, at.y);
    await dana.page.mouse.move(at.x, at.y);
    await expect(dana.pane().getByText(said)).toBeVisible({ timeout: 2_000 });
  }).toPass();
}

/** What a browser tab that the page opened was asked to show. */
async function opened(page: Page, act: () => Promise<void>): Promise<string> {
  const [popup] = await Promise.all([page.context().waitForEvent("page"), act()]);
  const url = popup.url();
  await popup.close();
  return url;
}

test.beforeEach(async ({ dana }) => {
  await dana.page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: dana.stack.url });
  // nothing outside this machine is asked for
  await dana.page.context().route(/\.example/, (route) => route.fulfill({ body: "a page" }));
});

test("text is found up and down the scrollback, by letter case and by pattern, and counted", async ({ dana }) => {
  const { page } = dana;
  await dana.open("checkout-api-04");
  await dana.enter(`echo ${"a".repeat(60)}; seq -f 'line-%g Found' 300`);
  await dana.waitForText(/^line-300 Found$/m);
  await page.keyboard.press("Control+Shift+F");
  const field = page.getByRole("textbox", { name: "Find in terminal" });
  await expect(field).toBeFocused();
  const status = page.getByRole("search").getByRole("status");
  await page.keyboard.type("line-30 Found");
  await expect(status).toHaveText("1 of 1");
  await field.fill("^line-\\d0 found$");
  await expect(status).toHaveText("No match");
  await page.getByRole("button", { name: "Regular expression" }).click();
  await expect(status).toHaveText("9 of 9");
  await field.press("Enter");
  await expect(status).toHaveText("8 of 9");
  await field.press("Shift+Enter");
  await expect(status).toHaveText("9 of 9");
  await page.getByRole("button", { name: "Match case" }).click();
  await expect(status).toHaveText("No match");
  await field.fill("(");
  await expect(status).toHaveText("Not a pattern");
  // it would run for ages; the page stays alive, and the next pattern is found
  await field.fill("^(([a-z0-9-])+ ?)+!$");
  await expect(status).toHaveText("This pattern takes too long", { timeout: 30_000 });
  await field.fill("^line-300 ");
  await expect(status).toHaveText("1 of 1");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("search")).toBeHidden();
  await expect(dana.pane().getByRole("textbox", { name: "Terminal input" })).toBeFocused();
});

test("links open with Ctrl and a click, say their target, and are asked about when their text hides it", async ({
  dana,
}) => {
  const { page } = dana;
  await dana.open("checkout-api-04");
  await dana.enter(
    "clear; printf 'https://a.example/x\\n\\033]8;;https://b.example/y\\033\\\\click here\\033]8;;\\033\\\\\\n'",
  );
  const plain = await cell(dana, await rowOf(dana, "https://a.example/x"), 3);
  await pointAt(dana, plain, "https://a.example/x · Ctrl+click opens it");
  const openPlain = async (): Promise<void> => {
    await page.keyboard.down("Control");
    await page.mouse.click(plain.x, plain.y);
    await page.keyboard.up("Control");
  };
  expect(await opened(page, openPlain)).toBe("https://a.example/x");

  const hidden = await cell(dana, await rowOf(dana, "click here"), 3);
  await pointAt(dana, hidden, "https://b.example/y · Ctrl+click opens it");
  await page.keyboard.down("Control");
  await page.mouse.click(hidden.x, hidden.y);
  await page.keyboard.up("Control");
  const ask = page.getByRole("alertdialog", { name: "Open b.example?" });
  await expect(ask).toContainText("click here");
  expect(await opened(page, () => ask.getByRole("button", { name: "Open" }).click())).toBe("https://b.example/y");
});

test("the right button opens our menu: what is copied has its wrapped lines joined and no blanks at line ends", async ({
  dana,
}) => {
  const { page } = dana;
  await dana.open("checkout-api-04");
  // a line of 206 characters with blanks in its middle and at its end; the screen wraps it
  await dana.enter("clear; printf '%0150d   %053d    \\n' 7 8; echo 'end  '");
  const line = `${"7".padStart(150, "0")}   ${"8".padStart(53, "0")}`;
  await dana.waitForText(/^end$/m);
  await screenOf(dana).click({ button: "right" });
  await page.getByRole("menuitem", { name: "Select all" }).click();
  await screenOf(dana).click({ button: "right" });
  await page.getByRole("menuitem", { name: /^Copy Ctrl/ }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(new RegExp(`^${line}\nend\n`));

  await screenOf(dana).click({ button: "right" });
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "Save as HTML, with colours" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("checkout-api-04.html");
  expect(readFileSync(await download.path(), "utf8")).toContain(`<pre>${line}\nend\n`);
});

test("a bell and progress are seen on the pane, and go; where the shell marks its commands one goes from one to the next, copies the last output, and is asked before a close", async ({
  dana,
}) => {
  test.slow(); // one shell for what would be three
  const { page } = dana;
  const hasKeyboard = () => expect(dana.pane().getByRole("textbox", { name: "Terminal input" })).toBeFocused();
  const act = async (words: string): Promise<void> => {
    await page.keyboard.press("Control+Shift+K");
    await page.keyboard.type(words);
    await page.keyboard.press("Enter");
    await hasKeyboard();
  };
  await dana.open("checkout-api-04");
  await dana.enter("printf '\\a\\033]9;4;1;40\\a'");
  await expect(dana.pane().getByRole("img", { name: "Bell" })).toBeVisible();
  await expect(dana.pane().getByRole("progressbar", { name: "Progress of the program" })).toHaveAttribute(
    "value",
    "40",
  );
  await dana.enter("printf '\\033]9;4;0\\a'");
  await expect(dana.pane().getByRole("progressbar")).toBeHidden();
  await expect(dana.pane().getByRole("img", { name: "Bell" })).toBeHidden();

  await act("previous command");
  await expect(dana.pane().getByText(/^No commands are marked here/)).not.toHaveCount(0);
  await dana.enter("marks");
  await dana.enter("seq 300");
  await dana.waitForText(/^300$/m);
  await dana.enter("printf 'no line end'; false");
  await expect(dana.pane().locator(".command-mark.failed > span")).toHaveAttribute("title", /^ended with 1 after/);
  await act("copy the last output");
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe("no line end");
  await act("previous command");
  await expect(dana.pane().getByText(/^Command 2 of 2: ended with 1/)).not.toHaveCount(0);
  await act("previous command");
  await expect(dana.pane().getByText(/^Command 1 of 2: ended with 0/)).not.toHaveCount(0);
  await expect(dana.pane().locator(".command-mark.ended > span")).toBeInViewport();
  await dana.enter("sleep 600");
  await expect(dana.pane().locator(".command-mark.running > span")).toBeVisible();
  await page.keyboard.press("Control+Shift+X");
  await expect(page.getByRole("alertdialog")).toContainText("A command runs on checkout-api-04.");
  await page.keyboard.press("Escape");
  await hasKeyboard();
  await page.keyboard.press("Control+c");
  await expect(dana.pane().locator(".command-mark.running > span")).toBeHidden();
});

test("a program writes the clipboard only once the person has allowed it for this session", async ({ dana }) => {
  const { page } = dana;
  await dana.open("checkout-api-04");
  const copy = (text: string): string => `printf '\\033]52;c;%s\\a' $(printf '${text}' | base64)`;
  await page.evaluate(() => navigator.clipboard.writeText("before"));
  await dana.pane().getByRole("textbox", { name: "Terminal input" }).focus();
  await dana.enter(`${copy("first")}; echo asked-$((1 + 1))`);
  await dana.waitForText("asked-2");
  await expect(dana.pane().getByText("A program here wants to write your clipboard:")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("before");
  await dana.pane().getByRole("button", { name: "Allow" }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe("first");
  await dana.enter(copy("second"));
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe("second");
});

test("an imitated graphics card draws a terminal only for whoever chose it; one whose context is lost goes on drawing", async ({
  dana,
}) => {
  const { page } = dana;
  await dana.open("checkout-api-04");
  const isDrawnByGpu = () => page.locator(".xterm-screen canvas").count();
  await expect.poll(isDrawnByGpu).toBeGreaterThan(0);
  const choose = async (choice: string, says: RegExp): Promise<void> => {
    await page.keyboard.press("Control+Shift+Comma");
    await page
      .getByRole("group", { name: "Drawing with the graphics card" })
      .getByRole("radio", { name: choice })
      .check();
    await expect(page.getByText(says)).toBeVisible();
    await page.getByRole("link", { name: "Terminals" }).click();
  };
  await choose("Automatic", /only imitates a graphics card/);
  await expect(page.locator(".xterm-rows")).toContainText("$");
  await expect.poll(isDrawnByGpu).toBe(0);
  await choose("Always", /imitation of a graphics card/);
  await expect.poll(isDrawnByGpu).toBeGreaterThan(0);
  await page.evaluate(() => {
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>(".xterm-screen canvas"))
      canvas.getContext("webgl2")?.getExtension("WEBGL_lose_context")?.loseContext();
  });
  await expect.poll(isDrawnByGpu).toBe(0);
  await dana.enter("echo drawn-$((30 + 4))");
  await expect(page.locator(".xterm-rows")).toContainText("drawn-34");
});
