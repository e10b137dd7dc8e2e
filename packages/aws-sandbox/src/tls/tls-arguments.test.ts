import { expect, test } from "vitest";
import { AWS_NAMES_MAX, readTlsArguments } from "./tls-arguments.ts";

test("without any of the options there is no TLS; each of them asks for it", () => {
  expect(readTlsArguments({})).toEqual({ tls: undefined });
  expect(readTlsArguments({ tls: true })).toEqual({ tls: {} });
  expect(readTlsArguments({ "tls-port": "0" })).toEqual({ tls: { port: 0 } });
  expect(readTlsArguments({ "ca-file": "ca.pem" })).toEqual({ tls: { caFile: "ca.pem" } });
  const awsNames = ["kms.eu-west-1.amazonaws.com", "ssm.cn-north-1.amazonaws.com.cn"];
  expect(readTlsArguments({ "aws-name": awsNames })).toEqual({ tls: { awsNames } });
});

test("a name that a web page could have is refused, and so is a port that is none", () => {
  const bad = [
    "evil.example",
    "amazonaws.com",
    "amazonaws.com.evil.example",
    "xamazonaws.com",
    "*.amazonaws.com",
    "K.amazonaws.com",
    "a..amazonaws.com",
  ];
  for (const name of bad) expect(readTlsArguments({ "aws-name": [name] })).toHaveProperty("problem");
  for (const port of ["many", "65536", "-1", ""])
    expect(readTlsArguments({ "tls-port": port })).toHaveProperty("problem");
});

test("there is a bound on names", () => {
  const names = Array.from({ length: AWS_NAMES_MAX + 1 }, (_, index) => `s${index}.amazonaws.com`);
  expect(readTlsArguments({ "aws-name": names })).toHaveProperty("problem");
  expect(readTlsArguments({ "aws-name": names.slice(1) })).not.toHaveProperty("problem");
});
