import { expect, test } from "../support/fixtures.ts";
import { REPLIES } from "../support/terminal-replies.ts";

/** A query that every terminal answers (primary device attributes), and what xterm answers. */
const REPLY = "\u001b[?1;2c";

test("vi runs, survives a reload and a second window, and nothing reaches the shell that nobody typed", async ({
  dana,
}) => {
  await dana.open("checkout-api-04");
  const { awsSessionId } = await dana.session();
  const typed = async () => (await dana.stack.shellInput(awsSessionId)).replaceAll(REPLIES, "");
  await dana.enter("vi notes.txt");
  await dana.waitForText("~");
  await dana.page.keyboard.type("ihello");
  await dana.waitForText("hello");
  let repliesBefore = 0;
  const isAtRest = async () => {
    const before = repliesBefore;
    repliesBefore = (await dana.stack.shellInput(awsSessionId)).length;
    return repliesBefore === before;
  };
  await expect.poll(isAtRest, { intervals: [1_000] }).toBe(true); // vi asks more once its first questions are answered

  await dana.page.reload();
  await dana.waitForText("hello");
  const second = await dana.page.context().newPage();
  await second.goto(dana.stack.url);
  await expect(second.locator('section[aria-label^="Pane"]:visible').first()).toBeVisible();
  await dana.page.bringToFront();
  await dana.page.keyboard.type(" world");
  await dana.waitForText("hello world");

  expect(await typed()).toBe("vi notes.txt\rihello world");
  expect((await dana.stack.shellInput(awsSessionId)).length).toBe(repliesBefore + " world".length);
  await second.close();
});

test("a live query is answered once, however many windows show the session", async ({ dana }) => {
  await dana.open("checkout-api-04");
  const { awsSessionId } = await dana.session();
  const second = await dana.page.context().newPage();
  await second.goto(dana.stack.url);
  await expect(second.locator('section[aria-label^="Pane"]:visible').first()).toBeVisible();
  await dana.page.bringToFront();
  await dana.enter("printf '\\033[c'; read -rs -d c; echo answered-$((3 + 4))");
  await dana.waitForText("answered-7");
  const input = await dana.stack.shellInput(awsSessionId);
  expect(input.split(REPLY).length - 1).toBe(1);

  await dana.page.reload();
  await dana.waitForText("answered-7");
  await dana.enter("echo reloaded-$((4 + 4))");
  await dana.waitForText("reloaded-8");
  expect((await dana.stack.shellInput(awsSessionId)).split(REPLY).length - 1).toBe(1);
  await second.close();
});
