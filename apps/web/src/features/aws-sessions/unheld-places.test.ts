import type { UnheldSession } from "@causeway/wire-contract/unheld-sessions";
import { expect, test } from "vitest";
import { ApiProblem, ApiUnreachable } from "../../lib/api-client.ts";
import { fakeIdentity } from "../../test-support/fake-me.ts";
import { gather, PLACES_MAX, type Place, placesOf, regionWords } from "./unheld-places.ts";

const IRELAND: Place = { identityId: "identity-1", region: "eu-west-1" };
const VIRGINIA: Place = { identityId: "identity-1", region: "us-east-1" };
const session = (awsSessionId: string, startedAt?: number): UnheldSession => ({
  awsSessionId,
  instanceId: "i-0123456789abcdef0",
  status: "Connected",
  ...(startedAt === undefined ? {} : { startedAt }),
});
const list = ({ region }: Place, startedHere: UnheldSession[], others: UnheldSession[] = [], truncated = false) => ({
  region,
  startedHere,
  others,
  truncated,
});
const denied = (requestId: string) =>
  new ApiProblem({ code: "AWS_ACCESS_DENIED", title: "AWS denied this", requestId } as never);

test("every region of every identity is a place, but not of one whose credentials ended", () => {
  const places = placesOf([fakeIdentity(), fakeIdentity({ id: "ended", state: "expired" })]);
  expect(places.asked).toEqual([IRELAND, VIRGINIA]);
  expect(places.expired.map(({ id }) => id)).toEqual(["ended"]);
});

test("at the bound no more places are asked, and which they are is known", () => {
  const regions = Array.from({ length: PLACES_MAX + 2 }, (_, n) => ({ id: `eu-west-${n}`, name: "" }));
  const places = placesOf([fakeIdentity({ regions })]);
  expect(places.asked).toHaveLength(PLACES_MAX);
  expect(regionWords(places.notAsked)).toBe(`eu-west-${PLACES_MAX} and eu-west-${PLACES_MAX + 1}`);
});

test("what Causeway started stands apart from the rest, newest first over all regions", () => {
  const found = gather([
    { place: IRELAND, list: list(IRELAND, [session("a", 1)], [session("b", 5), session("c")]) },
    { place: VIRGINIA, list: list(VIRGINIA, [session("d", 2)], [session("e", 9)]) },
  ]);
  expect(found.startedHere.map(({ awsSessionId }) => awsSessionId)).toEqual(["d", "a"]);
  expect(found.others.map(({ awsSessionId }) => awsSessionId)).toEqual(["e", "b", "c"]);
  expect(found.others.map(({ place }) => place.region)).toEqual(["us-east-1", "eu-west-1", "eu-west-1"]);
  expect([found.asking, found.answered]).toEqual([0, [IRELAND, VIRGINIA]]);
});

test("a place that has not answered is counted; one that failed is not taken for empty", () => {
  const found = gather([{ place: IRELAND }, { place: VIRGINIA, error: denied("r1") }]);
  expect(found).toMatchObject({ asking: 1, answered: [], failures: [{ places: [VIRGINIA] }] });
});

test("the same failure in several places is said once, different ones each", () => {
  const third = { ...IRELAND, region: "eu-north-1" };
  const found = gather([
    { place: IRELAND, error: denied("r1") },
    { place: VIRGINIA, error: denied("r2") },
    { place: third, error: new ApiUnreachable("away") },
  ]);
  expect(found.failures.map(({ places }) => places)).toEqual([[IRELAND, VIRGINIA], [third]]);
});

test("what was known before asking again failed stays, beside the failure", () => {
  const found = gather([{ place: IRELAND, list: list(IRELAND, [session("a")]), error: denied("r1") }]);
  expect([found.startedHere.length, found.failures.length, found.answered]).toEqual([1, 1, []]);
});

test("what was ended here is not shown while AWS still lists it; a list that AWS cut is known", () => {
  const found = gather([{ place: IRELAND, list: list(IRELAND, [session("a")], [session("b")], true) }], new Set(["a"]));
  expect([found.startedHere, found.others.length, found.truncated]).toEqual([[], 1, [IRELAND]]);
});
