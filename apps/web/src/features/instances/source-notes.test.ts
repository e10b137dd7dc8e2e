import { ERROR_CATALOG, isErrorCode } from "@causeway/wire-contract/error-catalog";
import { expect, test } from "vitest";
import type { SourceView } from "./inventory-store.ts";
import { cutLists, missingLists, PLACES_NAMED_MAX, sourceNotes, type WordsOf } from "./source-notes.ts";
import { COMPLETE } from "./testing/listed.ts";

test("a denied source says what the list lacks and which action is missing", () => {
  const problem = {
    type: "t",
    title: "AWS did not allow this",
    status: 403,
    code: "AWS_ACCESS_DENIED",
    cause: "c",
    remedy: "r",
    retryable: false,
    requestId: "1",
  };
  const [note] = sourceNotes({ ec2: { ok: false, problem }, ssm: { ok: true } });
  expect(note?.text).toContain("ec2:DescribeInstances");
  expect(sourceNotes({ ec2: { ok: true }, ssm: { ok: true } })).toEqual([]);
});

const said = (code: string, title: string) => ({
  ok: false,
  problem: { type: "t", title, status: 400, code, cause: "c", remedy: "r", retryable: true, requestId: "1" },
});
const texts = (ec2: object, ssm: object) =>
  sourceNotes({ ec2: { ok: false, ...ec2 }, ssm: { ok: false, ...ssm } }).map(({ text }) => text);

test("a service that answered before lacks nothing: what it said stays, and the reason is part of the sentence", () => {
  const failed = said("AWS_FAILED", "AWS had a problem");
  expect(texts({ ok: true }, { ...failed, kept: true })).toEqual([
    "SSM could not be asked again: AWS had a problem. What it said before stays.",
  ]);
  expect(texts({ ...said("AWS_ACCESS_DENIED", "t"), kept: true }, { ok: true })).toEqual([
    "EC2 could not be asked again: this role may no longer call ec2:DescribeInstances. What it said before stays.",
  ]);
  expect(texts({ ok: true }, said("CREDENTIALS_EXPIRED", "Your AWS sign-in ended"))).toEqual([
    "Nobody knows which are online, and hybrid nodes are missing: your AWS sign-in ended.",
  ]);
});

test("an ended sign-in is said once, with what goes on: not as two services that miss something", () => {
  const ended = { ...said("CREDENTIALS_EXPIRED", "Your AWS sign-in ended"), kept: true };
  expect(texts(ended, ended)).toEqual([
    "Your AWS sign-in ended. The list stays as it was until you sign in again; open sessions go on.",
  ]);
  const failed = { ...said("AWS_FAILED", "AWS had a problem"), kept: true };
  expect(texts(failed, failed)).toEqual(["AWS had a problem. The list stays as it was."]);
});

const view = (region: string, part: Partial<SourceView>): SourceView => ({
  identityId: "first",
  account: "111122223333",
  region,
  status: { ...COMPLETE, loaded: 7 },
  refused: undefined,
  ...part,
});
const refused = (region: string): SourceView => view(region, { status: undefined, refused: "INVENTORY_LIMIT_REACHED" });

const wordsOf: WordsOf = (code) => (isErrorCode(code) ? ERROR_CATALOG[code] : undefined);

test("lists that are refused are named once for each reason, with what to do", () => {
  const notes = missingLists([view("eu-west-1", {}), refused("us-east-1"), refused("us-west-2")], wordsOf);
  expect(notes.map(({ text }) => text)).toEqual([
    "us-east-1, us-west-2 are not in the list: The server holds as many instance lists as it may. Choose fewer regions, or try again when others have closed their pages.",
  ]);
});

test("until the words of a code are there a refused list has no note, and where there are none the code is said", () => {
  const sources = [view("eu-west-1", {}), refused("us-east-1")];
  expect(missingLists(sources, undefined)).toEqual([]);
  const [note] = missingLists(sources, () => undefined);
  expect(note?.text).toBe("us-east-1 is not in the list: INVENTORY_LIMIT_REACHED.");
});

test("of several accounts a missing list says which; of many lists the first ones are named and the others counted", () => {
  const regions = Array.from({ length: PLACES_NAMED_MAX + 2 }, (_, number) => refused(`r-${number}`));
  const [note] = missingLists([view("eu-west-1", { account: "444455556666" }), ...regions], wordsOf);
  expect(note?.text).toMatch(/^111122223333 r-0, 111122223333 r-1, 111122223333 r-2 and 2 more are not in the list/);
});

test("one list alone has no note: the panel says in its place why there is none", () => {
  expect(missingLists([refused("us-east-1")], wordsOf)).toEqual([]);
});

test("a list that failed beside others is missing, with AWS's evidence", () => {
  const problem = {
    type: "t",
    title: "AWS could not be reached",
    status: 502,
    code: "AWS_UNREACHABLE",
    cause: "c",
    remedy: "Try again.",
    retryable: true,
    requestId: "r1",
  };
  const failed = { ...COMPLETE, phase: "failed", ec2: { ok: false, problem }, ssm: { ok: false, problem } } as const;
  expect(missingLists([view("eu-west-1", {}), view("us-east-1", { status: failed })], wordsOf)).toEqual([
    {
      key: "missing AWS_UNREACHABLE",
      text: "us-east-1 is not in the list: AWS could not be reached. Try again.",
      evidence: "AWS_UNREACHABLE · request r1",
    },
  ]);
});

test("a list that was cut says where it ends", () => {
  const cut = { ...COMPLETE, loaded: 20_000, truncated: true };
  expect(cutLists([view("eu-west-1", { status: cut }), view("us-east-1", {})]).map(({ text }) => text)).toEqual([
    "eu-west-1: the first 20000 instances were kept; the list ends there, and a filter finds only these.",
  ]);
});
