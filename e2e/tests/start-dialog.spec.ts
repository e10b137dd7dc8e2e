// What is said when a shell is opened: why, and with which session document of the account.
import { expectAccessibleInBothThemes } from "../support/accessible.ts";
import { awsCall } from "../support/aws-call.ts";
import { ConsolePage } from "../support/console-page.ts";
import { expect, test } from "../support/fixtures.ts";
import { startStack } from "../support/stack.ts";

const MACHINE = "checkout-api-01";

async function openWith(person: ConsolePage) {
  const { page } = person;
  await person.instance(MACHINE).hover();
  await person.instance(MACHINE).getByTitle("Details (i)").click();
  await page.getByRole("dialog", { name: MACHINE }).getByRole("button", { name: "Open with…" }).click();
  return page.getByRole("alertdialog", { name: `Open a shell on ${MACHINE}` });
}

test("session documents of the account that open a shell may be chosen, those that forward ports are not offered", async ({
  signInAs,
  stack,
}) => {
  const create = (Name: string, document: object) =>
    awsCall(stack, "amira", "ssm", "CreateDocument", {
      Name,
      DocumentType: "Session",
      DocumentFormat: "JSON",
      Content: JSON.stringify({ schemaVersion: "1.0", description: `${Name} of the team`, ...document }),
    });
  await create("Team-Shell", { sessionType: "Standard_Stream", inputs: {} });
  await create("Team-Tunnel", { sessionType: "Port", properties: { portNumber: "80", type: "LocalPortForwarding" } });
  const amira = await signInAs("amira");
  const dialog = await openWith(amira);
  await expect(dialog.getByRole("radio", { name: /Team-Shell/ })).toBeVisible();
  await expect(dialog.getByText("Team-Shell of the team")).toBeVisible();
  await expect(dialog.getByRole("radio", { name: /Team-Tunnel/ })).toBeHidden();
  await expectAccessibleInBothThemes(amira.page);
  await dialog.getByRole("radio", { name: /Team-Shell/ }).check();
  await dialog.getByLabel(/^Reason/).fill("INC-4711: pool exhausted");
  await amira.page.keyboard.press("Enter");
  await amira.waitForText(/\$$/m);
  expect(await amira.session()).toMatchObject({ documentName: "Team-Shell" });
});

test("who may not list the account's documents is told so, opens the usual one, and can name another", async ({
  dana,
}) => {
  const dialog = await openWith(dana);
  await expect(dialog.getByText(/ssm:ListDocuments AccessDeniedException/)).toBeVisible();
  await expectAccessibleInBothThemes(dana.page);
  await dialog.getByLabel(/^Another document/).fill("No-Such-Shell");
  await dialog.getByRole("button", { name: "Open" }).click();
  await expect(
    dana
      .pane()
      .getByText(/ssm:StartSession/)
      .first(),
  ).toBeVisible();
});

test("where a reason is required every way to open a shell asks for one", async ({ browser }) => {
  const stack = await startStack({ CAUSEWAY_SESSION_REASON: "required" });
  const page = await (await browser.newContext()).newPage();
  try {
    const dana = new ConsolePage(page, stack);
    await dana.signInThroughLink("dana");
    await dana.instance(MACHINE).click();
    const dialog = page.getByRole("alertdialog", { name: `Open a shell on ${MACHINE}` });
    await page.keyboard.press("Enter");
    await expect(dialog.getByText(/Say why/)).toBeVisible();
    await expectAccessibleInBothThemes(page);
    await dialog.getByLabel("Reason").fill("INC-4711");
    await page.keyboard.press("Enter");
    await dana.waitForText(/\$$/m);
    await dana.endAllSessions();
  } finally {
    await page.context().close();
    await stack.stop();
  }
});
