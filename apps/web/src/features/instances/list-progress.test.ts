import type { SourceStatus } from "@causeway/wire-contract/instances";
import { expect, test } from "vitest";
import { listProgress } from "./list-progress.ts";
import { COMPLETE } from "./testing/listed.ts";

const source = (status: Partial<SourceStatus> | undefined, region = "eu-west-1") => ({
  identityId: "first",
  account: "111122223333",
  region,
  refused: undefined,
  status: status && { ...COMPLETE, ...status },
});
const problem = (code: string) => ({
  ok: false,
  problem: { type: "t", title: "T", status: 400, code, cause: "c", remedy: "r", retryable: true, requestId: "1" },
});

test("until every source is complete it says how many are loaded, of how many if all can say", () => {
  const loading = { phase: "loading", loaded: 100, about: 150 } as const;
  const complete = source({ loaded: 20, about: 64 }, "us-east-1");
  expect(listProgress([source(loading), complete]).loading).toEqual({ loaded: 120, about: 214 });
  expect(listProgress([source(undefined), complete]).loading).toEqual({ loaded: 20, about: undefined });
  expect(listProgress([complete]).loading).toBeUndefined();
});

test("the age is that of the oldest part", () => {
  expect(listProgress([source({ fetchedAt: 5 }), source({ fetchedAt: 3 })]).fetchedAtMs).toBe(3);
});

test("it has failed only when every part has", () => {
  const failed = source({ phase: "failed", ec2: problem("AWS_FAILED"), ssm: problem("CREDENTIALS_EXPIRED") });
  expect(listProgress([failed])).toMatchObject({ phase: "failed", problem: { code: "CREDENTIALS_EXPIRED" } });
  expect(listProgress([failed, source({})]).phase).toBe("shown");
  expect(listProgress([{ ...failed, status: undefined, refused: "REGION_NOT_ALLOWED" }]).phase).toBe("failed");
});

test("a refusal is a note, which names the place where there are several; being slowed down is not", () => {
  const denied = source({ ec2: problem("AWS_ACCESS_DENIED") });
  expect(listProgress([denied]).notes[0]?.text).toMatch(/^Stopped and unmanaged/);
  expect(listProgress([denied, source({}, "us-east-1")]).notes[0]?.text).toMatch(/^eu-west-1: /);
  const slowed = source({ ssm: problem("AWS_THROTTLED"), nextTryAt: 9 });
  expect(listProgress([slowed])).toMatchObject({ notes: [], throttled: { nextTryAtMs: 9 } });
});
