import { expectAccessibleInBothThemes } from "../support/accessible.ts";
import { expect, test } from "../support/fixtures.ts";

test("a browser that did not come through the link is told where to find it, how the server is, and the keys", async ({
  browser,
  stack,
}) => {
  const page = await browser.newPage();
  await page.goto(stack.url);
  await page.getByRole("tab", { name: "Sandbox" }).click();
  await expect(page.getByText(/link/i).first()).toBeVisible();
  await expect(page.getByRole("button", { name: /enter the sandbox/i })).toBeHidden();
  await expectAccessibleInBothThemes(page);
  await page.getByRole("button", { name: "Status" }).click();
  await expect(page.getByRole("dialog")).toContainText("It can do all of its work.");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Keyboard help" }).click();
  await expect(page.getByRole("dialog").getByRole("listitem").first()).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.close();
});

test("the one-time secret leaves the address bar and works once", async ({ browser, stack }) => {
  const link = stack.launchUrl();
  const first = await browser.newPage();
  await first.goto(link);
  await expect(first.getByRole("button", { name: /enter the sandbox/i })).toBeVisible();
  expect(first.url()).not.toContain("#");
  const second = await (await browser.newContext()).newPage();
  await second.goto(link);
  await expect(second.getByText(/already used or has expired/i)).toBeVisible();
  await first.close();
  await second.close();
});

test("access keys sign in, and never reach the browser's storage, the page or the logs", async ({ browser, stack }) => {
  const page = await (await browser.newContext()).newPage();
  const keys = stack.people[0];
  if (keys === undefined) throw new Error("the sandbox has no people");
  await page.goto(stack.url);
  await page.getByRole("tab", { name: /access keys/i }).click();
  await page.getByLabel("Access key ID").fill(keys.accessKeyId);
  await page.getByLabel("Secret access key").fill(keys.secretAccessKey);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("listbox", { name: /instances/i })).toBeVisible();
  const stored = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, document.documentElement.outerHTML]),
  );
  expect(stored).not.toContain(keys.secretAccessKey);
  expect(stack.logs()).not.toContain(keys.secretAccessKey);
  await page.context().close();
});

test("wrong keys get the cause and the remedy, and AWS's own code", async ({ browser, stack }) => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(stack.url);
  await page.getByRole("tab", { name: /access keys/i }).click();
  await page.getByLabel("Access key ID").fill("AKIAIOSFODNN7EXAMPLE");
  await page.getByLabel("Secret access key").fill("wrong");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByText("AWS did not accept these keys")).toBeVisible();
  await expect(page.getByText(/InvalidClientTokenId/)).toBeVisible();
  await page.context().close();
});

test("no console error, no policy violation and no request to anywhere else while a shell is used", async ({
  dana,
}) => {
  const problems: string[] = [];
  dana.page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  dana.page.on("pageerror", (error) => problems.push(String(error)));
  dana.page.on("request", (request) => {
    if (!request.url().startsWith(dana.stack.url) && !/^(data|blob):/.test(request.url())) problems.push(request.url());
  });
  await dana.page.reload();
  await dana.open("checkout-api-04");
  await dana.enter("ls --color=always -la; echo done-$((1 + 0))");
  await dana.waitForText("done-1");
  expect(problems).toEqual([]);
});
