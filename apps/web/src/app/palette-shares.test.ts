import type { ShareLists } from "@causeway/wire-contract/sharing";
import { expect, test } from "vitest";
import { shareSource } from "./palette-sources.ts";

const OF_DANA = {
  ...{ shareId: "S".repeat(22), mode: "ask", account: "111122223333", region: "eu-west-1", instanceId: "i-0a1" },
  ...{ instanceName: "checkout-api-04", earlierOutput: false, startedAt: 0, joinedAt: 0 },
  owner: { name: "dana", account: "111122223333", role: "SRE-Operator", proven: true },
} satisfies ShareLists["withMe"][number];
const MINE = {
  ...{ id: "M".repeat(22), sessionId: "mine", mode: "view", audience: "account", people: [], createdAt: 0 },
  ...{ earlierOutput: false, fitSmallest: false, viewersMax: 50, watching: 0, joined: 0 },
  ...{ instanceId: "i-0b2", instanceName: "orders-db" },
} satisfies ShareLists["mine"][number];

function found(words: readonly string[]) {
  const went: string[] = [];
  const source = shareSource(
    { withMe: [OF_DANA], mine: [MINE, { ...MINE, id: "another link of it" }] },
    { watch: (shareId) => went.push(`watch ${shareId}`), own: (sessionId) => went.push(`own ${sessionId}`) },
  );
  const { entries } = source.find(words, 10);
  for (const { entry } of entries) entry.choose("go");
  return { labels: entries.map(({ entry }) => entry.label), went };
}

test("terminals that others share are found by machine and by who shares them, and open at their link", () => {
  for (const words of [["checkout"], ["dana"], ["shared", "with", "me"], ["i-0a1"]])
    expect(found(words)).toEqual({
      labels: ["checkout-api-04, shared by dana"],
      went: [`watch ${OF_DANA.shareId}`],
    });
});

test("one's own shares are found once for each terminal, however many links it has, and lead to it", () => {
  expect(found(["my", "shares"])).toEqual({ labels: ["orders-db, shared by you"], went: ["own mine"] });
});

test("before anything is typed the palette offers what others share, not one's own", () => {
  expect(found([]).labels).toEqual(["checkout-api-04, shared by dana"]);
});
