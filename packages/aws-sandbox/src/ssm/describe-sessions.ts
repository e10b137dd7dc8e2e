import { AwsError } from "../http/aws-error.ts";
import type { JsonOperation } from "../http/operation.ts";
import type { Pager } from "../http/paging.ts";
import { authorize } from "../iam/principal.ts";
import type { GatewaySession } from "../ssm-messages/session-types.ts";
import type { SessionStore } from "./session-store.ts";

/** Source: SSM API Reference, DescribeSessions. */
const SESSIONS_PER_PAGE_MAX = 200;
const SESSION_FILTERS_MAX = 6;
export const SESSION_FILTER_KEYS: readonly string[] = [
  "InvokedAfter",
  "InvokedBefore",
  "Target",
  "Owner",
  "Status",
  "SessionId",
  "AccessType",
];

const ENDED: ReadonlySet<string> = new Set(["Terminated", "Failed"]);
const STATUSES = ["Connected", "Connecting", "Disconnected", "Terminated", "Terminating", "Failed"];

/** As in AWS: every session of account and region, whoever may call it at all. Only resume and terminate are per session. */
export function describeSessions(deps: { sessions: SessionStore; pager: Pager }): JsonOperation {
  return (input, { caller, region }) => {
    const state = input.requiredText("State", { oneOf: ["Active", "History"] });
    const itemsMax = input.integer("MaxResults", { min: 1, max: SESSIONS_PER_PAGE_MAX }) ?? SESSIONS_PER_PAGE_MAX;
    const nextToken = input.text("NextToken");
    const filters = input.objects("Filters", { min: 1, max: SESSION_FILTERS_MAX }).map((filter) => ({
      key: filter.requiredText("key", { oneOf: SESSION_FILTER_KEYS }),
      value: filter.requiredText("value", { charsMin: 1, charsMax: 400 }),
    }));
    input.check();
    const tests = filters.map(({ key, value }) => sessionTest(key, value));
    authorize(caller, {
      action: "ssm:DescribeSessions",
      resource: `arn:aws:ssm:${region}:${caller.account}:*`,
      region,
    });

    const page = deps.pager.page({
      items: deps.sessions
        .listSessions()
        .filter((session) => session.region === region && session.owner.account === caller.account)
        .filter((session) => ENDED.has(session.status) === (state === "History"))
        .filter((session) => tests.every((fits) => fits(session)))
        .sort((a, b) => (newestFirst(a) < newestFirst(b) ? -1 : 1)),
      keyOf: newestFirst,
      itemsMax,
      nextToken,
      query: ["DescribeSessions", caller.account, region, state, filters],
    });
    if (page === undefined) throw new AwsError("InvalidNextToken", "The specified token is not valid.");
    return { Sessions: page.items.map(sessionJson), NextToken: page.nextToken };
  };
}

/** Sorts the latest start first; unique by the id. 2^53 ms is beyond any date. */
const newestFirst = ({ startDate, sessionId }: GatewaySession): string =>
  `${String(Number.MAX_SAFE_INTEGER - startDate).padStart(16, "0")} ${sessionId}`;

function sessionTest(key: string, value: string): (session: GatewaySession) => boolean {
  switch (key) {
    case "InvokedAfter": {
      const after = dateOf(key, value);
      return ({ startDate }) => startDate >= after;
    }
    case "InvokedBefore": {
      const before = dateOf(key, value);
      return ({ startDate }) => startDate < before;
    }
    case "Target":
      return ({ target }) => target === value;
    case "Owner":
      return ({ owner }) => owner.arn === value;
    case "Status":
      if (!STATUSES.includes(value)) throw invalidFilter(key, value);
      return ({ status }) => status === value;
    case "SessionId":
      return ({ sessionId }) => sessionId === value;
    default:
      if (value !== "Standard" && value !== "JustInTime") throw invalidFilter(key, value);
      return () => value === "Standard";
  }
}

function dateOf(key: string, value: string): number {
  const ms = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw invalidFilter(key, value);
  return ms;
}

const invalidFilter = (key: string, value: string): AwsError =>
  new AwsError("InvalidFilterValue", `The value ${value.slice(0, 128)} is not valid for the filter ${key}.`);

const sessionJson = (session: GatewaySession) => ({
  SessionId: session.sessionId,
  Target: session.target,
  Status: session.status,
  // Seconds, with the milliseconds as fraction.
  StartDate: session.startDate / 1000,
  EndDate: session.endDate === undefined ? undefined : session.endDate / 1000,
  DocumentName: session.documentName,
  Owner: session.owner.arn,
  Reason: session.reason,
  OutputUrl: {},
  AccessType: "Standard",
});
