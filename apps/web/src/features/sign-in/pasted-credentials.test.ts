import { expect, test } from "vitest";
import { PASTE_LENGTH_MAX, readPastedCredentials } from "./pasted-credentials.ts";

const ALL = { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "se/cr+et=", sessionToken: "IQoJb3//==" };

test("a pasted export block fills all three fields", () => {
  const block = [
    'export AWS_ACCESS_KEY_ID="ASIAEXAMPLE"',
    'export AWS_SECRET_ACCESS_KEY="se/cr+et="',
    "export AWS_SESSION_TOKEN=IQoJb3//==",
  ].join("\n");
  expect(readPastedCredentials(block)).toEqual(ALL);
});

test("Windows forms are understood as well", () => {
  expect(
    readPastedCredentials(
      '$Env:AWS_ACCESS_KEY_ID="ASIAEXAMPLE"\r\n$Env:AWS_SECRET_ACCESS_KEY="se/cr+et="\r\n$Env:AWS_SESSION_TOKEN="IQoJb3//=="',
    ),
  ).toEqual(ALL);
  expect(readPastedCredentials("SET AWS_ACCESS_KEY_ID=ASIAEXAMPLE\r\nSET AWS_SECRET_ACCESS_KEY=se/cr+et=")).toEqual({
    accessKeyId: "ASIAEXAMPLE",
    secretAccessKey: "se/cr+et=",
  });
});

test("a profile of the credentials file and the JSON of the AWS CLI are understood", () => {
  expect(
    readPastedCredentials(
      "[default]\naws_access_key_id = ASIAEXAMPLE\naws_secret_access_key = se/cr+et=\naws_session_token = IQoJb3//==",
    ),
  ).toEqual(ALL);
  expect(
    readPastedCredentials(
      '{ "Credentials": { "AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": "se/cr+et=", "SessionToken": "IQoJb3//==", "Expiration": "2026-01-01" } }',
    ),
  ).toEqual(ALL);
});

test("an ordinary value is left to the field it was pasted into", () => {
  expect(readPastedCredentials("AKIAIOSFODNN7EXAMPLE")).toBeUndefined();
  expect(readPastedCredentials("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")).toBeUndefined();
});

test("text longer than the bound is not searched", () => {
  expect(readPastedCredentials(`AWS_ACCESS_KEY_ID=A${" ".repeat(PASTE_LENGTH_MAX)}`)).toBeUndefined();
});
