/** What a terminal says when something is not as it should be (DESIGN §8, §9): each state by its fault, in words, to everybody. */
import { expectAccessibleInBothThemes } from "../support/accessible.ts";
import { PANES } from "../support/console-page.ts";
import { expect, test } from "../support/fixtures.ts";
import { ENDED, inEach, mend, NO_SHELLS, REFUSED_STARTS, TROUBLED } from "../support/states.ts";

// a state every few seconds, each looked at in both themes
test.describe.configure({ timeout: 240_000 });

test.afterEach(async ({ stack }) => mend(stack));

for (const [title, states] of [
  ["a shell that cannot be started says what happened, why, and what to do", REFUSED_STARTS],
  ["a shell that the agent does not give says what is wrong with the instance or the account's settings", NO_SHELLS],
  ["a shell in trouble says what stands between it and the page, and goes on", TROUBLED],
  ["a shell that is over says who ended it", ENDED],
] as const)
  test(title, async ({ dana, stack }) => {
    await inEach(states, dana, stack, () => expectAccessibleInBothThemes(dana.page, PANES));
  });

test("a page without contact says so, counts what is held, and after a minute says when the shell ends; so it does two minutes ahead", async ({
  dana,
}) => {
  const { page } = dana;
  // only the page's clock is moved: the network is really gone, and the server need not know
  await page.clock.install();
  await page.reload();
  await expect(dana.instances()).toBeVisible();
  await dana.choose("checkout-api-04");
  await dana.waitForText(/\$$/m);
  const pane = dana.pane();
  await expect(pane).toContainText(/20.min left/);
  // while all is well, and by less than a ping may take: nothing is given up in the leap
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 4_000));
  await page.context().setOffline(true);
  await dana.type("x");
  await page.clock.runFor(2_000);
  await expect(pane).toContainText("The server does not answer.");
  await page.clock.runFor(12_000); // the next ping, and its five seconds
  await expect(pane).toContainText("Reconnecting.");
  await dana.type("y");
  await expect(pane).toContainText(/\d.keys? held/);
  await page.clock.runFor(60_000);
  await expect(pane).toContainText("Still no contact.");
  await expect(pane).toContainText(/AWS ends the shell in 19.min without a key/);
  await page.clock.resume();
  await page.context().setOffline(false);
  await expect(pane).toContainText(/You typed \d.keys? while away/);
  await pane.getByRole("button", { name: "Drop" }).click();
  await expect(pane).not.toContainText("Still no contact.");
  await page.clock.setSystemTime(await page.evaluate(() => Date.now() + 18.5 * 60_000));
  await expect(pane).toContainText(/ends this shell in 2.min without a key/);
  await expectAccessibleInBothThemes(page, PANES);
});
