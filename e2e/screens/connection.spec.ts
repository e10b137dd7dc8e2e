/** Pictures of a terminal whose connection is not as it should be (DESIGN §8), each brought about by a fault: docs/states.md. */
import { setPreferences } from "../support/account-preferences.ts";
import { expect, testOn } from "../support/fixtures.ts";
import { knowTheHints, shoot, shootInBothThemes, THEMES } from "../support/pictures.ts";

const test = testOn({});
const SIZE = { width: 1100, height: 700 };
/** A minute without contact, and a minute without a key, side by side; then the pictures. */
const MINUTE_SEEN_MS = 100_000;

test.afterEach(async ({ stack }) => {
  await stack.setFaults({});
});

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

test("opening takes its time", async ({ dana, stack }) => {
  await dana.page.setViewportSize(SIZE);
  await stack.setFaults({
    api: [{ operation: "CreateDataChannel", effect: { kind: "hang", ms: 8_000, when: "before" } }],
  });
  await dana.choose("checkout-api-04");
  await expect(dana.pane().getByText("Waiting for the shell")).toBeVisible();
  await shootInBothThemes(dana.page, "connecting", dana.pane());
  await dana.waitForText(/\$$/m);
});

test("the agent is away, and an instance that does not answer", async ({ dana, stack }) => {
  await dana.page.setViewportSize(SIZE);
  for (const { id, name, act, words, picture } of [
    {
      id: "i-0a1f6c83e5d2b7940",
      name: "checkout-api-04",
      act: "lose",
      words: /agent is away/,
      picture: "agent-away",
    },
    {
      id: "i-0c41b7e92fa03d518",
      name: "checkout-api-01",
      act: "vanish",
      words: "The instance does not answer.",
      picture: "instance-silent",
    },
  ]) {
    await dana.choose(name);
    await dana.waitForText(/\$$/m);
    await dana.enter("uptime");
    await dana.waitForText("load average");
    await stack.admin("POST", `instances/${id}/${act}`);
    await dana.type("date");
    await expect(dana.pane().getByText(words).first()).toBeVisible({ timeout: 60_000 });
    await shootInBothThemes(dana.page, picture, dana.pane());
    await stack.admin("POST", `instances/${id}/find`);
  }
});

test("the channel to AWS is lost, and what stands in its way", async ({ dana, stack }) => {
  await dana.page.setViewportSize(SIZE);
  for (const { name, code, words, picture } of [
    {
      name: "checkout-api-04",
      code: "InternalServerError",
      words: "The connection between the server and AWS broke.",
      picture: "aws-connection-lost",
    },
    {
      name: "checkout-api-01",
      code: "AccessDeniedException",
      words: "AWS does not allow this session to be resumed.",
      picture: "resume-refused",
    },
    {
      name: "checkout-api-02",
      code: "ExpiredTokenException",
      words: "Your AWS sign-in ended.",
      picture: "sign-in-ended",
    },
  ]) {
    await dana.choose(name);
    await dana.waitForText(/\$$/m);
    await stack.setFaults({ api: [{ operation: "ResumeSession", effect: { kind: "error", code } }] });
    const { awsSessionId } = await dana.session();
    await stack.admin("POST", "faults/cut", { session: awsSessionId, end: "client", how: "abrupt" });
    await expect(dana.pane().getByText(words)).toBeVisible();
    await shootInBothThemes(dana.page, picture, dana.pane());
    await stack.setFaults({});
  }
});

test("slow, ended at the longest session, and ended by somebody else", async ({ dana, stack }) => {
  await dana.page.setViewportSize(SIZE);
  await stack.setFaults({ agents: [{ acknowledgeDelayMs: 1_000 }] });
  await dana.choose("checkout-api-04");
  await dana.waitForText(/\$$/m);
  await dana.enter("uptime");
  await expect(dana.pane().getByText(/ms slow/)).toBeVisible();
  await shootInBothThemes(dana.page, "slow", dana.pane().getByRole("group", { name: "Session status" }));
  await stack.setFaults({ limits: [{ durationSeconds: 5 }] });
  await dana.choose("checkout-api-02");
  await expect(
    dana
      .pane()
      .getByText(/longest session/)
      .first(),
  ).toBeVisible();
  await shootInBothThemes(dana.page, "ended-longest", dana.pane());
  await stack.setFaults({});
  await dana.choose("checkout-api-01");
  await dana.waitForText(/\$$/m);
  await stack.admin("POST", `sessions/${(await dana.session()).awsSessionId}/terminate`);
  await expect(dana.pane().getByText("Ended outside Causeway.")).toBeVisible();
  await shootInBothThemes(dana.page, "ended-elsewhere", dana.pane());
});
