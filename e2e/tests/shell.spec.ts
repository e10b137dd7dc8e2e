import { expect, test } from "../support/fixtures.ts";

test("a person signs in through the printed link, opens a machine and runs a command", async ({ dana }) => {
  await dana.open("checkout-api-04");
  await dana.enter("echo shell-$((40 + 2))");
  await dana.waitForText("shell-42");
});

test("the shell has the size of the pane, and follows the window", async ({ dana }) => {
  await dana.open("checkout-api-04");
  await dana.enter("stty size");
  await dana.waitForText(/^\d+ \d+$/m);
  const before = (await dana.text()).match(/^(\d+) (\d+)$/m);
  await dana.page.setViewportSize({ width: 1100, height: 620 });
  await expect
    .poll(async () => {
      await dana.enter("clear; stty size");
      await dana.waitForText(/^\d+ \d+$/m);
      const now = (await dana.text()).match(/^(\d+) (\d+)$/m);
      return Number(now?.[1]) < Number(before?.[1]) && Number(now?.[2]) < Number(before?.[2]);
    })
    .toBe(true);
});

test("Ctrl-C stops a running command", async ({ dana }) => {
  await dana.open("checkout-api-04");
  await dana.enter("sleep 600; echo slept");
  await dana.waitForText("sleep 600");
  await dana.page.keyboard.press("Control+c");
  await dana.enter("echo after-$((1 + 1))");
  await dana.waitForText("after-2");
  expect(await dana.text()).not.toMatch(/^slept$/m);
});

test("typed UTF-8 arrives at the shell and comes back: é, 漢字, 🎉", async ({ dana }) => {
  await dana.open("checkout-api-04");
  await dana.page.keyboard.insertText("printf '%s|' é 漢字 🎉; echo");
  await dana.page.keyboard.press("Enter");
  await dana.waitForText("é|漢字|🎉|");
});

test("a reload shows the same shell with its earlier output", async ({ dana }) => {
  await dana.open("checkout-api-04");
  await dana.enter("kept=$((6 * 7)); echo before-reload-$kept");
  await dana.waitForText("before-reload-42");
  const before = await dana.session();
  await dana.page.reload();
  await dana.waitForText("before-reload-42");
  await dana.enter("echo after-reload-$kept");
  await dana.waitForText("after-reload-42");
  expect((await dana.session()).id).toBe(before.id);
});

test("three tabs are three shells, each with its own screen", async ({ dana }) => {
  for (const name of ["checkout-api-04", "orders-db-bastion", "edge-proxy-11"]) {
    await dana.open(name);
    await dana.enter("echo on-$(hostname || true)-$((1 + 2))");
    await dana.waitForText(/on-.*-3/);
  }
  await expect(dana.tabs()).toHaveCount(3);
  await dana.enter("only_here=1; echo third-$only_here");
  await dana.waitForText("third-1");
  await dana.tabs().first().click();
  await expect.poll(() => dana.text()).not.toContain("third-1");
});

test("exit ends the session, and the pane says that the shell exited", async ({ dana }) => {
  await dana.open("checkout-api-04");
  await dana.enter("exit");
  await expect(dana.pane().getByText("The shell exited.", { exact: true })).toBeVisible();
  await expect(dana.pane().getByRole("button", { name: /start again/i })).toBeVisible();
  await dana.page.keyboard.press("Enter");
  await expect(dana.pane().getByText("The shell exited.", { exact: true })).toBeHidden();
  await dana.waitForText(/^\S+:~\$$/);
  await dana.enter("echo again-$((2 + 3))");
  await dana.waitForText("again-5");
});
