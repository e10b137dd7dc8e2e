/** What a terminal says when something is not as it should be (DESIGN §8, §9): each state by its fault, in words, to everybody. */
import { expectAccessibleInBothThemes } from "../support/accessible.ts";
import { PANES } from "../support/console-page.ts";
import { test } from "../support/fixtures.ts";
import { ENDED, inEach, mend, NO_SHELLS, REFUSED_STARTS, TROUBLED } from "../support/states.ts";

// a state every few seconds, each looked at in both themes
test.describe.configure({ timeout: 240_000 });

test.afterEach(async ({ stack }) => mend(stack));

for (const [title, states] of [
  ["a shell that cannot be started says what happened, why, and what to do", REFUSED_STARTS],
  ["a shell that the agent does not give says what is wrong with the instance or the account's settings", NO_SHELLS],
  ["a shell in trouble says what stands between it and the page, and goes on", TROUBLED],
  ["a shell that is over says who ended it", ENDED],
] as const)
  test(title, async ({ dana, stack }) => {
    await inEach(states, dana, stack, () => expectAccessibleInBothThemes(dana.page, PANES));
  });
