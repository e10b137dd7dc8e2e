// @vitest-environment happy-dom
import type { ShareLists as Lists } from "@causeway/wire-contract/sharing";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { ShareLists } from "./share-lists.tsx";

const NOW = 1_000_000;
const SHARED = {
  ...{ shareId: "S".repeat(22), mode: "ask", account: "111122223333", region: "eu-west-1", instanceId: "i-0a1" },
  ...{ instanceName: "checkout-api-04", earlierOutput: false, startedAt: 0, joinedAt: 0, expiresAt: NOW + 52 * 60_000 },
  owner: { name: "dana", account: "111122223333", role: "SRE-Operator", proven: true },
} satisfies Lists["withMe"][number];
const MINE = {
  ...{ id: "M".repeat(22), sessionId: "x", mode: "view", audience: "named", createdAt: 0, earlierOutput: false },
  people: [{ account: "111122223333", name: "mira" }],
  ...{ fitSmallest: false, viewersMax: 50, watching: 2, joined: 3, instanceId: "i-0b2", instanceName: "orders-db" },
} satisfies Lists["mine"][number];

afterEach(cleanup);

function shown(lists: Lists) {
  const done: string[] = [];
  render(
    <ShareLists
      lists={lists}
      nowMs={NOW}
      onOpen={(id) => done.push(`open ${id}`)}
      onGoTo={({ sessionId }) => done.push(`go ${sessionId}`)}
      onEnd={({ id }) => done.push(`end ${id}`)}
    />,
  );
  return done;
}

test("what others share is told with who shares it, what one may do, and when it ends; it opens without the secret", () => {
  const done = shown({ mine: [], withMe: [SHARED] });
  const row = within(screen.getByRole("table", { name: "Shared with me" })).getAllByRole("row")[1] as HTMLElement;
  expect(row.textContent).toMatch(/checkout-api-04.*dana.*Ask to type.*eu-west-1.*ends in 52.min/);
  fireEvent.click(within(row).getByRole("button", { name: "Watch checkout-api-04" }));
  expect(done).toEqual([`open ${SHARED.shareId}`]);
  screen.getByText("You share no terminal now");
});

test("one's own links are told with whom they are for and who watches, and each is ended from here", () => {
  const done = shown({ mine: [MINE], withMe: [] });
  const row = within(screen.getByRole("table", { name: "My shares" })).getAllByRole("row")[1] as HTMLElement;
  expect(row.textContent).toMatch(/orders-db.*View only.*mira.*ends with the session.*23/);
  fireEvent.click(within(row).getByRole("button", { name: "Go to the terminal on orders-db" }));
  fireEvent.click(within(row).getByRole("button", { name: "End the link to orders-db" }));
  expect(done).toEqual(["go x", `end ${MINE.id}`]);
  screen.getByText("Nobody shares a terminal with you now");
});
