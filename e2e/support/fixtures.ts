import { test as base, type Page } from "@playwright/test";
import { ConsolePage } from "./console-page.ts";
import { type Stack, startStack } from "./stack.ts";

/** One running product per worker; every test signs in anew. */
export const test = base.extend<
  { dana: ConsolePage; signInAs: (id: string) => Promise<ConsolePage> },
  { stack: Stack }
>({
  stack: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
    async ({}, use) => {
      const stack = await startStack();
      await use(stack);
      await stack.stop();
    },
    { scope: "worker" },
  ],
  signInAs: async ({ browser, stack }, use) => {
    const pages: Page[] = [];
    await use(async (id) => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      pages.push(page);
      const console = new ConsolePage(page, stack);
      await console.signInThroughLink(id);
      return console;
    });
    for (const page of pages) {
      await new ConsolePage(page, stack).endAllSessions();
      await page.context().close();
    }
  },
  dana: async ({ signInAs }, use) => use(await signInAs("dana")),
});

export { expect } from "@playwright/test";
