import { createHash } from "node:crypto";
import type { ConsolePage } from "../support/console-page.ts";
import { expect, test } from "../support/fixtures.ts";

/** As the system clipboard would hand it over: Chromium lets no test write the real one without a person. */
async function paste(dana: ConsolePage, text: string): Promise<void> {
  await dana
    .pane()
    .getByRole("textbox", { name: "Terminal input" })
    .evaluate((field, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", pasted);
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, text);
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hasKeyboard = (dana: ConsolePage) =>
  expect(dana.pane().getByRole("textbox", { name: "Terminal input" })).toBeFocused();
const guard = (dana: ConsolePage) => dana.page.getByRole("alertdialog");

test("several lines for a program that runs each are shown first; Esc pastes nothing, Enter pastes all", async ({
  dana,
}) => {
  await dana.open("checkout-api-04");
  await dana.enter("cat > small.txt");
  await paste(dana, "first\nsecond\n");
  await expect(guard(dana)).toHaveAccessibleName("Paste 2 lines into checkout-api-04?");
  await dana.page.keyboard.press("Escape");
  await expect(guard(dana)).toBeHidden();
  await paste(dana, "first\nsecond\n");
  await expect(guard(dana).getByRole("button", { name: /^Paste/ })).toBeFocused();
  await dana.page.keyboard.press("Enter");
  await hasKeyboard(dana);
  await dana.page.keyboard.press("Control+d");
  await dana.enter("sha256sum small.txt");
  await dana.waitForText(sha256("first\nsecond\n"));
});

test("5,000 lines and 1 MB arrive byte for byte, with progress", async ({ dana }) => {
  // lines up to what a terminal's line may hold, 4,095 bytes with the line end; é and 漢 are cut across frames
  const word = "pasted é漢 ";
  const longest = `${"0123456789abcde ".repeat(255)}0123456789abcd`;
  const many = Array.from({ length: 5_000 }, (_, n) => `${n} ${word.repeat(n % 20)}`);
  const text = `${[...many, ...Array<string>(130).fill(longest)].join("\n")}\n`;
  expect(Buffer.byteLength(text)).toBeGreaterThan(1_000_000);
  await dana.open("checkout-api-04");
  await dana.enter("stty -echo; cat > large.txt");
  await paste(dana, text);
  await guard(dana)
    .getByRole("button", { name: /^Paste/ })
    .click();
  await expect(dana.pane().getByRole("progressbar", { name: "Paste" })).toBeVisible();
  await expect(dana.pane().getByRole("progressbar", { name: "Paste" })).toBeHidden({ timeout: 45_000 });
  await hasKeyboard(dana);
  await dana.page.keyboard.press("Control+d");
  await dana.enter("stty echo; wc -lc large.txt; sha256sum large.txt");
  await dana.waitForText(new RegExp(`5130 ${Buffer.byteLength(text)} large.txt`));
  await dana.waitForText(sha256(text));
});

test("Stop drops the rest: the machine got a beginning of the text and no more", async ({ dana }) => {
  const lines = Array.from({ length: 60_000 }, (_, n) => `line ${n} of a paste that is stopped`);
  await dana.open("checkout-api-04");
  await dana.enter("stty -echo; cat > stopped.txt");
  await paste(dana, `${lines.join("\n")}\n`);
  await guard(dana)
    .getByRole("button", { name: /^Paste/ })
    .click();
  await dana.pane().getByRole("button", { name: "Stop" }).click();
  await expect(dana.pane().getByText("Paste stopped.")).toBeVisible();
  await hasKeyboard(dana);
  await dana.page.keyboard.press("Enter");
  await dana.page.keyboard.press("Control+d");
  await dana.enter("stty echo; echo lines-$(wc -l < stopped.txt)-end");
  await dana.waitForText(/^lines-\d+-end$/m);
  const count = Number(/^lines-(\d+)-end$/m.exec(await dana.text())?.[1]);
  expect(count).toBeGreaterThan(1);
  expect(count).toBeLessThan(lines.length);
  // all but the line that was cut
  const begun = `${lines.slice(0, count - 1).join("\n")}\n`;
  await dana.enter(`head -n ${count - 1} stopped.txt | sha256sum`);
  await dana.waitForText(sha256(begun));
});
