// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ApiProblem } from "../../lib/api-client.ts";
import { UnheldList } from "./unheld-list.tsx";
import { gather, type Place, type PlaceAnswer } from "./unheld-places.ts";

const HOUR_MS = 3_600_000;
const IRELAND: Place = { identityId: "p", region: "eu-west-1" };
const VIRGINIA: Place = { identityId: "d", region: "us-east-1" };
const ours = { awsSessionId: "dana-1", instanceId: "i-ours", status: "Connected", startedAt: 0 };
const theirs = { awsSessionId: "dana-2", instanceId: "mi-theirs", status: "Disconnected" };
const full = { region: "eu-west-1", startedHere: [ours], others: [theirs], truncated: false };
const empty = { region: "us-east-1", startedHere: [], others: [], truncated: false };
const denied = new ApiProblem({
  type: "about:blank",
  code: "AWS_ACCESS_DENIED",
  title: "AWS did not allow this",
  cause: "No policy allows ssm:DescribeSessions.",
  remedy: "Ask your admin.",
  retryable: false,
  status: 403,
} as never);

let acts: string[];
beforeEach(() => {
  acts = [];
});
afterEach(cleanup);

function show(
  answers: PlaceAnswer[],
  more: { words?: [string, string][]; notAsked?: Place[]; expired?: string[] } = {},
) {
  render(
    <UnheldList
      gathered={gather(answers)}
      identityWords={new Map(more.words ?? [])}
      notAsked={more.notAsked ?? []}
      expired={more.expired ?? []}
      nowMs={3 * HOUR_MS}
      onEnd={({ awsSessionId, place }) => acts.push(`end ${awsSessionId} in ${place.region}`)}
      onRetry={() => acts.push("ask again")}
    />,
  );
}

test("while AWS is asked that is said, and nothing is called empty", () => {
  show([{ place: IRELAND }, { place: VIRGINIA }]);
  expect(screen.getByRole("heading", { name: "Asking AWS" })).toBeTruthy();
  expect(screen.queryByText(/No other sessions/)).toBeNull();
  expect(screen.getByRole("region", { name: "Sessions in AWS" }).getAttribute("aria-busy")).toBe("true");
});

test("with nothing found it says where it looked", () => {
  show([
    { place: IRELAND, list: { ...empty, region: "eu-west-1" } },
    { place: { ...VIRGINIA, identityId: "p" }, list: empty },
  ]);
  expect(screen.getByRole("heading", { name: "No other sessions" })).toBeTruthy();
  expect(screen.getByText(/in eu-west-1 and us-east-1/)).toBeTruthy();
});

test("what Causeway started stands in a table of its own, with age, state and whose it is", () => {
  show([{ place: IRELAND, list: full }], { words: [["p", "harbor-prod"]] });
  const cells = (table: string) =>
    within(screen.getByRole("table", { name: table }))
      .getAllByRole("cell")
      .slice(0, 6)
      .map(({ textContent }) => textContent);
  expect(cells("Started by Causeway")).toEqual([
    "i-ours",
    "eu-west-1",
    "harbor-prod",
    "3\u00a0h ago",
    "Connected",
    "dana-1",
  ]);
  expect(cells("Started elsewhere")).toEqual(["mi-theirs", "eu-west-1", "harbor-prod", "", "Disconnected", "dana-2"]);
});

test("only a click on its own button asks to end a session", () => {
  show([{ place: IRELAND, list: full }]);
  expect(acts).toEqual([]);
  fireEvent.click(screen.getByRole("button", { name: "End dana-2 on mi-theirs" }));
  expect(acts).toEqual(["end dana-2 in eu-west-1"]);
});

test("where AWS denied the list that is said with its cause, beside what the other places have", () => {
  show(
    [
      { place: IRELAND, list: full },
      { place: VIRGINIA, error: denied },
    ],
    {
      words: [
        ["p", "harbor-prod"],
        ["d", "harbor-dev"],
      ],
    },
  );
  expect(screen.getByText(/Not known for harbor-dev: us-east-1/)).toBeTruthy();
  expect(screen.getByRole("alert").textContent).toContain("No policy allows ssm:DescribeSessions.");
  expect(screen.getByRole("table", { name: "Started by Causeway" })).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Ask again" }));
  expect(acts).toEqual(["ask again"]);
});

test("denied everywhere is never called empty", () => {
  show([{ place: IRELAND, error: denied }]);
  expect(screen.queryByText(/No other sessions/)).toBeNull();
});

test("what was not asked, and what AWS cut, is said", () => {
  show([{ place: IRELAND, list: { ...full, truncated: true } }], {
    notAsked: [VIRGINIA],
    expired: ["SRE in harbor-dev"],
  });
  expect(screen.getByText(/more sessions in eu-west-1/)).toBeTruthy();
  expect(screen.getByText(/too many places: us-east-1/)).toBeTruthy();
  expect(screen.getByText(/credentials of SRE in harbor-dev ended/)).toBeTruthy();
});
