/** Pictures of a terminal whose connection is not as it should be (DESIGN §8), each brought about by a fault: docs/states.md. */
import { setPreferences } from "../support/account-preferences.ts";
import { expect, testOn } from "../support/fixtures.ts";
import { knowTheHints, shoot, shootInBothThemes, THEMES } from "../support/pictures.ts";
import { ENDED, inEach, mend, TROUBLED } from "../support/states.ts";

const test = testOn({});
const SIZE = { width: 1100, height: 700 };
/** A minute without contact, and a minute without a key, side by side; then the pictures. */
const MINUTE_SEEN_MS = 100_000;

test.afterEach(async ({ stack }) => mend(stack));

test("a minute without contact, and an idle limit of one minute", async ({ dana, signInAs, stack }) => {
  test.setTimeout(240_000);
  const noor = await signInAs("noor");
  for (const { page } of [dana, noor]) {
    await page.setViewportSize(SIZE);
    await knowTheHints(page);
  }
  const strip = (text: RegExp | string) => noor.pane().getByText(text);
  await noor.choose("checkout-api-02");
  await noor.waitForText(/\$$/m);
  await expect(strip(/20.min left/)).toBeVisible();
  await noor.enter("tail -n 5 logs/*.log");
  await noor.waitForText(/Z .*\n.*\$$/);
  for (const theme of THEMES) {
    await noor.page.emulateMedia({ colorScheme: theme });
    await noor.page.context().setOffline(false);
    await expect(strip("Reconnecting.")).toBeHidden();
    await noor.page.context().setOffline(true);
    await expect(strip("The server does not answer.")).toBeVisible();
    await shoot(noor.pane(), "unanswered", theme); // it is said for 3.5 seconds
  }
  await expect(strip("Reconnecting.")).toBeVisible();
  await noor.enter("svc status");
  await expect(strip(/keys held/)).toBeVisible();
  await shootInBothThemes(noor.page, "reconnecting", noor.pane());

  await setPreferences(stack, { idleSessionTimeout: "1" });
  try {
    await dana.choose("checkout-api-04");
    await dana.waitForText(/\$$/m);
    const endNear = dana.pane().getByText(/ends this shell in/);
    await expect(endNear).toBeVisible({ timeout: MINUTE_SEEN_MS });
    await shootInBothThemes(dana.page, "idle-near", dana.pane());
    await expect(strip("Still no contact.")).toBeVisible({ timeout: MINUTE_SEEN_MS });
    await shootInBothThemes(noor.page, "no-contact", noor.pane());
    await expect(dana.pane().getByText(/idle for 1.min/)).toBeVisible({ timeout: MINUTE_SEEN_MS });
    await shootInBothThemes(dana.page, "ended-idle", dana.pane());
  } finally {
    await setPreferences(stack, {});
  }

  await noor.page.context().setOffline(false);
  await expect(strip(/you typed .*keys while away/i)).toBeVisible();
  await expect(noor.page.locator(".return-mark").last()).toBeVisible();
  await shootInBothThemes(noor.page, "back", noor.pane());
});

for (const [title, states] of [
  ["a shell in trouble", TROUBLED],
  ["a shell that is over", ENDED],
] as const)
  test(title, async ({ dana, stack }) => {
    await dana.page.setViewportSize(SIZE);
    await inEach(states, dana, stack, async ({ picture }) => {
      // what is slow says so in one line
      const part = picture === "slow" ? dana.pane().getByRole("group", { name: "Session status" }) : dana.pane();
      await shootInBothThemes(dana.page, picture, part);
    });
  });
