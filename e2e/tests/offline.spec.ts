import { expectAccessibleInBothThemes } from "../support/accessible.ts";
import { expect, testOfRestarts as test } from "../support/fixtures.ts";

test.use({ serviceWorkers: "allow" });

test("a newcomer is told of splitting and of the palette, each once; without the server the offline page says what goes on, and then her shell is back", async ({
  person,
  restartable,
}) => {
  const { page } = person;
  const notices = page.getByRole("region", { name: "Notices" });
  await person.open("checkout-api-04");
  await expect(notices).toContainText("Split this terminal");
  await expect(notices).toContainText("beside");
  await notices.getByRole("button", { name: "Dismiss" }).click();
  await expect(notices).toContainText("Go anywhere by typing");
  await page.keyboard.press("Control+Shift+K");
  await expect(page.getByRole("combobox")).toBeFocused();
  await expect(notices).not.toContainText("Go anywhere by typing");
  await page.keyboard.press("Escape");
  // what was told can be read again
  const bell = page.getByRole("button", { name: /^Notices/ });
  await bell.click();
  const kept = page.getByRole("dialog", { name: "Notices" });
  await expect(kept.getByRole("listitem").filter({ hasText: "Go anywhere by typing" })).toHaveCount(1);
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press("Escape");
  await expect(kept).toBeHidden();
  await expect(bell).toBeFocused();
  await person.pane().getByTestId("terminal").click();
  const shown = () =>
    page.evaluate(async () => (await (await fetch("/api/v1/me/preferences")).json()).parts.hints?.shown);
  await expect.poll(shown).toEqual(["split", "palette"]);
  await person.enter("echo kept-$((40 + 2))");
  await person.waitForText("kept-42");

  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const devtools = await page.context().newCDPSession(page);
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
  // a browser of a test is a private one, which installs nothing; manifest, icons and worker it looks at all the same
  expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(["in-incognito"]);
  await page.reload();
  await person.waitForText("kept-42");
  await expect(notices).not.toContainText("Split this terminal");
  const cached = () =>
    page.evaluate(async () => {
      const names = await caches.keys();
      const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return kept.flat().map(({ url }) => new URL(url).pathname);
    });
  expect(await cached()).toEqual(["/offline.html"]);

  await restartable.stopServer("SIGTERM");
  await page.reload();
  await expect(page.getByRole("heading", { name: "Causeway does not answer" })).toBeVisible();
  await expect(page.getByText("Your shells go on in AWS.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Try now" })).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await restartable.startServer();
  // as the network comes back; by then the page may have tried by itself, and found the server
  await page.evaluate(() => void window.dispatchEvent(new Event("online")));
  await person.waitForText("kept-42");
  await person.enter("echo on-$((40 + 3))");
  await person.waitForText("on-43");
  expect(await cached()).toEqual(["/offline.html"]);
});
