import { test as base, type Page } from "@playwright/test";
import { ConsolePage } from "./console-page.ts";
import { type Stack, type StackOptions, startStack } from "./stack.ts";

const ownStack =
  (settings?: Record<string, string>, options?: StackOptions) =>
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
  async ({}, use: (stack: Stack) => Promise<void>) => {
    const stack = await startStack(settings, options);
    await use(stack);
    await stack.stop();
  };

/** One running product per worker; every test signs in anew. */
export const test = base.extend<
  { dana: ConsolePage; signInAs: (id: string, how?: (page: Page) => Promise<void>) => Promise<ConsolePage> },
  { stack: Stack }
>({
  stack: [ownStack(), { scope: "worker" }],
  signInAs: async ({ browser, stack }, use) => {
    const pages: Page[] = [];
    await use(async (id, how) => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      pages.push(page);
      const console = new ConsolePage(page, stack);
      if (how) await how(page);
      else await console.signInThroughLink(id);
      return console;
    });
    for (const page of pages) {
      const console = new ConsolePage(page, stack);
      await console.endAllSessions();
      await console.forgetPreferences();
      await page.context().close();
    }
  },
  dana: async ({ signInAs }, use, { project }) => {
    const dana = await signInAs("dana");
    if (project.name === "webgl") await dana.alwaysDrawWithCard();
    await use(dana);
  },
});

/** As `test`, with a product of its own that is started otherwise. */
export const testOn = (settings: Record<string, string>, options?: StackOptions) =>
  test.extend<object, { stack: Stack }>({ stack: [ownStack(settings, options), { scope: "worker" }] });

/** A product for each test, because the test stops it, and dana in it. */
export const testOfRestarts = base.extend<{ restartable: Stack; person: ConsolePage }>({
  restartable: ownStack(),
  person: async ({ page, restartable }, use) => {
    const person = new ConsolePage(page, restartable);
    await person.signInThroughLink("dana");
    await use(person);
    await person.endAllSessions();
  },
});

export { expect } from "@playwright/test";
