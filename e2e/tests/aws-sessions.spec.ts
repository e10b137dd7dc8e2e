/** Sessions in AWS that the console does not hold: seen apart from its own, and ended on the person's word only. */
import { expectAccessible, expectAccessibleInBothThemes } from "../support/accessible.ts";
import { awsCall } from "../support/aws-call.ts";
import { expect, test } from "../support/fixtures.ts";
import type { Stack } from "../support/stack.ts";

/** A session as the AWS CLI would start it. @returns its id in AWS */
async function startedElsewhere(stack: Stack, instanceId: string): Promise<string> {
  const answer = await awsCall(stack, "dana", "ssm", "StartSession", { Target: instanceId });
  return (answer as { SessionId: string }).SessionId;
}

async function activeIds(stack: Stack): Promise<string[]> {
  const answer = await awsCall(stack, "dana", "ssm", "DescribeSessions", { State: "Active" });
  return (answer as { Sessions: { SessionId: string }[] }).Sessions.map(({ SessionId }) => SessionId);
}

test("a session of another tool is listed, what Causeway holds is not, and it ends only when she says so", async ({
  dana,
  stack,
}) => {
  const { page } = dana;
  await dana.open("checkout-api-04");
  const held = await dana.session();
  const target = await page.evaluate(
    async () => (await (await fetch("/api/v1/sessions")).json()).sessions.at(-1).instanceId,
  );
  const foreign = await startedElsewhere(stack, target);

  await page.getByRole("button", { name: "Signed in as dana" }).click();
  await page.getByRole("menuitem", { name: "Your other sessions in AWS" }).click();
  const table = page.getByRole("table", { name: "Started elsewhere" });
  await expect(table.getByRole("row", { name: new RegExp(foreign) })).toBeVisible();
  await expect(page.getByText(held.awsSessionId)).toHaveCount(0);
  await expectAccessibleInBothThemes(page);

  const end = page.getByRole("button", { name: new RegExp(`^End ${foreign}`) });
  await end.click();
  await expectAccessible(page);
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();
  expect(await activeIds(stack)).toContain(foreign);
  await end.click();
  await page.getByRole("alertdialog").getByRole("button", { name: "End session" }).click();
  await expect(page.getByText(foreign)).toHaveCount(0);
  await expect.poll(() => activeIds(stack)).not.toContain(foreign);
  expect(await activeIds(stack)).toContain(held.awsSessionId);

  await page.getByRole("link", { name: "Terminals" }).click();
  await dana.waitForText(/\$$/m);
});
