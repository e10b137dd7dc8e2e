/** Pictures of shells that do not open, and of sign-ins that AWS refuses (DESIGN §9): docs/states.md. */
import { setPreferences } from "../support/account-preferences.ts";
import { expect, testOn } from "../support/fixtures.ts";
import { knowTheHints, shootInBothThemes } from "../support/pictures.ts";
import { inEach, NO_SHELLS, REFUSED_STARTS } from "../support/states.ts";

const test = testOn({});
const SIZE = { width: 1100, height: 700 };

const refused = (operation: string, code: string) => ({ api: [{ operation, effect: { kind: "error", code } }] });
test.beforeEach(async ({ dana }) => dana.page.setViewportSize(SIZE));
test.afterEach(async ({ stack }) => {
  await stack.setFaults({});
});

for (const [title, states] of [
  ["AWS refuses the start", REFUSED_STARTS],
  ["the agent refuses the shell", NO_SHELLS],
] as const)
  test(title, async ({ dana, stack }) => {
    await inEach(states, dana, stack, ({ picture }) => shootInBothThemes(dana.page, picture, dana.pane()));
  });

/** Whoever is denied reads which permission is missing, with a statement of policy to hand on. */
const DENIALS = [
  { picture: "key-refused", person: "kofi", plan: {}, words: "Allow kms:GenerateDataKey" },
  {
    picture: "instance-key-refused",
    person: "dana",
    plan: refused("Decrypt", "AccessDeniedException"),
    words: "Allow kms:Decrypt",
  },
];

test("an encryption key that one side may not use, and a channel that may not be opened", async ({
  signInAs,
  stack,
}) => {
  const refusedShellOf = async (personId: string) => {
    const person = await signInAs(personId);
    await person.page.setViewportSize(SIZE);
    await person.choose("checkout-api-01");
    return person;
  };
  await setPreferences(stack, { kmsKeyId: "alias/session-manager" });
  try {
    for (const { person, picture, plan, words } of DENIALS) {
      await stack.setFaults(plan);
      const denied = await refusedShellOf(person);
      await expect(denied.pane()).toContainText(words);
      await denied.pane().getByText("Policy statement").click();
      await shootInBothThemes(denied.page, picture, denied.pane());
    }
  } finally {
    await setPreferences(stack, {});
  }
  const tariq = await refusedShellOf("tariq");
  await expect(tariq.pane()).toContainText("Allow ssmmessages:OpenDataChannel");
  await shootInBothThemes(tariq.page, "channel-denied", tariq.pane());
});

test("a code that ran out, one that was refused, keys that AWS does not know, and a sign-in that ended", async ({
  browser,
  dana,
  stack,
}) => {
  const page = await browser.newPage({ viewport: SIZE });
  for (const { code, words, picture } of [
    { code: "ExpiredTokenException", words: "The code ran out.", picture: "sign-in-code-over" },
    { code: "AccessDeniedException", words: "The request was refused in AWS.", picture: "sign-in-code-refused" },
  ]) {
    await stack.setFaults(refused("CreateToken", code));
    await page.goto(`${stack.url}/sign-in`);
    await page.getByRole("tab", { name: "Identity Center" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(page.getByRole("alert")).toContainText(words);
    await shootInBothThemes(page, picture);
  }
  await stack.setFaults({});
  await page.goto(`${stack.url}/sign-in`);
  await page.getByRole("tab", { name: /access keys/i }).click();
  await page.getByLabel("Access key ID").fill("AKIAIOSFODNN7EXAMPLE");
  await page.getByLabel("Secret access key").fill("x".repeat(40));
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("AWS did not accept these keys");
  await shootInBothThemes(page, "sign-in-keys-refused");
  await page.close();

  await knowTheHints(dana.page);
  await dana.choose("checkout-api-04");
  await dana.waitForText(/\$$/m);
  await stack.admin("POST", "people/dana/expire");
  try {
    await dana.page.getByRole("button", { name: "Refresh now" }).click();
    await expect(dana.page.getByRole("button", { name: "Sign in again" })).toBeVisible();
    await shootInBothThemes(dana.page, "credentials-ended");
  } finally {
    await stack.admin("POST", "people/dana/renew", {});
  }
});
