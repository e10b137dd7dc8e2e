import { afterEach, beforeEach, expect, test } from "vitest";
import { AwsEndpoint, awsError, testIdentity } from "../../aws/testing/aws-endpoint.ts";
import { CatalogError } from "../../platform/catalog-error.ts";
import { AwsSessionPreferences } from "./aws-session-preferences.ts";
import { DEFAULT_PREFERENCES, UNKNOWN_PREFERENCES } from "./session-preferences.ts";

const DOCUMENT = "SSM-SessionManagerRunShell";

let aws: AwsEndpoint;
const dana = testIdentity();
beforeEach(async () => {
  aws = await AwsEndpoint.start();
});
afterEach(() => aws.close());
const read = (documentName: string | undefined, identity = dana) =>
  new AwsSessionPreferences(aws.factory).readPreferences(identity, "eu-west-1", documentName);

test("the session's own document is read with the person's credentials, once", async () => {
  const inputs = { idleSessionTimeout: "15", maxSessionDuration: "480", s3BucketName: "logs" };
  aws.operations.GetDocument = () => ({ body: { Name: DOCUMENT, Content: JSON.stringify({ inputs }) } });
  expect(await read(DOCUMENT)).toEqual({
    source: "document",
    idleLimitMs: 900_000,
    longestMs: 28_800_000,
    awsLog: { s3: "logs" },
  });
  expect(aws.calls).toMatchObject([
    { operation: "GetDocument", input: { Name: DOCUMENT, DocumentFormat: "JSON" }, accessKeyId: "AKIADANA00000000" },
  ]);
});

test("an account that never saved preferences has AWS's defaults", async () => {
  aws.operations.GetDocument = () => awsError("InvalidDocument");
  expect(await read(DOCUMENT)).toEqual(DEFAULT_PREFERENCES);
});

test("a session that AWS started without a document has AWS's defaults, and nothing is asked", async () => {
  expect(await read(undefined)).toEqual(DEFAULT_PREFERENCES);
  expect(aws.calls).toEqual([]);
});

test("a document of another name that is gone is unknown, not a default", async () => {
  aws.operations.GetDocument = () => awsError("InvalidDocument");
  expect(await read("Team-Shell")).toEqual(UNKNOWN_PREFERENCES);
});

test.each(["AccessDeniedException", "UnknownOperationException", "ExpiredTokenException"])(
  "%s leaves the preferences unknown and fails nothing",
  async (code) => {
    aws.operations.GetDocument = () => awsError(code);
    expect(await read(DOCUMENT)).toEqual(UNKNOWN_PREFERENCES);
  },
);

test("an answer without content, and credentials that are gone, leave them unknown", async () => {
  aws.operations.GetDocument = () => ({ body: { Name: DOCUMENT } });
  expect(await read(DOCUMENT)).toEqual(UNKNOWN_PREFERENCES);
  const expired = testIdentity(async () => {
    throw new CatalogError("CREDENTIALS_EXPIRED");
  });
  expect(await read(DOCUMENT, expired)).toEqual(UNKNOWN_PREFERENCES);
});
