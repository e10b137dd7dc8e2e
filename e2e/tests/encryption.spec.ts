// Sessions of an account whose preferences name a KMS key, and what each side sees that lacks a permission.
import { setPreferences } from "../support/account-preferences.ts";
import { expect, test } from "../support/fixtures.ts";
import type { Stack } from "../support/stack.ts";

const encryptWith = (stack: Stack, kmsKeyId: string) => setPreferences(stack, { kmsKeyId });

test.afterEach(async ({ stack }) => {
  await stack.setFaults({});
  await encryptWith(stack, "");
});

test("an encrypted shell opens, survives a cut, and is the same to whoever types", async ({ dana, stack }) => {
  await encryptWith(stack, "alias/session-manager");
  await dana.open("checkout-api-01");
  await dana.enter("echo sealed-$((40+2))");
  await dana.waitForText("sealed-42");
  await stack.admin("POST", "faults/cut", { end: "client", how: "abrupt" });
  await dana.enter("echo again-$((1+1))");
  await dana.waitForText("again-2");
});

test("who may not use the key reads what to allow, and gets the statement to copy", async ({ signInAs, stack }) => {
  await encryptWith(stack, "alias/session-manager");
  const kofi = await signInAs("kofi");
  await kofi.instance("checkout-api-01").click();
  await expect(kofi.pane()).toContainText("Allow kms:GenerateDataKey on the key for this identity.");
  await kofi.pane().getByText("Policy statement").click();
  await expect(kofi.pane()).toContainText('"Action":"kms:GenerateDataKey"');
});

test("an instance that may not decrypt is told from a person who may not", async ({ dana, stack }) => {
  await encryptWith(stack, "alias/session-manager");
  await stack.setFaults({
    api: [{ operation: "Decrypt", effect: { kind: "error", code: "AccessDeniedException" } }],
  });
  await dana.instance("checkout-api-01").click();
  await expect(dana.pane()).toContainText("The instance cannot use the encryption key.");
  await expect(dana.pane()).toContainText("Allow kms:Decrypt on the key for the instance's role.");
});

test("a key that somebody switched off is said to be that", async ({ dana, stack }) => {
  await encryptWith(stack, "alias/session-manager-paused");
  await dana.instance("checkout-api-01").click();
  await expect(dana.pane()).toContainText("The encryption key does not work any more.");
});

test("an old policy without OpenDataChannel ends with the action that is missing, not in endless waiting", async ({
  signInAs,
}) => {
  const tariq = await signInAs("tariq");
  await tariq.instance("checkout-api-01").click();
  await expect(tariq.pane()).toContainText("Allow ssmmessages:OpenDataChannel on own sessions for this identity.");
});
