import { expect, test } from "vitest";
import { serverEnvironment, withoutAws } from "./sandbox-environment.mjs";

const CALLER = {
  HOME: "/home/dana",
  PATH: "/usr/bin",
  AWS_PROFILE: "prod",
  AWS_ACCESS_KEY_ID: "AKIAREAL",
  AWS_SESSION_TOKEN: "real",
  aws_region: "eu-central-1",
  CAUSEWAY_AWS_HOSTS: "ssm.eu-west-1.amazonaws.com",
  NODE_OPTIONS: "--inspect",
};
const DEMO = {
  listen: "127.0.0.1:4123",
  endpointUrl: "http://127.0.0.1:4124",
  dataDir: "/tmp/demo",
  peopleFile: "/tmp/people.json",
};

test("the sandbox gets none of the caller's AWS variables, profiles and settings", () => {
  expect(withoutAws(CALLER)).toEqual({ HOME: "/home/dana", PATH: "/usr/bin" });
});

test("the demo's server knows the sandbox as its only AWS, and refuses every other host", () => {
  const environment = serverEnvironment(CALLER, DEMO);
  expect(environment.AWS_ENDPOINT_URL).toBe("http://127.0.0.1:4124");
  expect(environment.CAUSEWAY_AWS_HOSTS).toBe("127.0.0.1:4124");
  expect(JSON.stringify(environment)).not.toMatch(/AKIAREAL|prod|real|eu-central/);
});

test("the demo's server cannot fall back to the caller's AWS profiles or to instance metadata", () => {
  const environment = serverEnvironment(CALLER, DEMO);
  expect(environment.AWS_CONFIG_FILE).toBe("/tmp/demo/no-aws-profiles");
  expect(environment.AWS_SHARED_CREDENTIALS_FILE).toBe("/tmp/demo/no-aws-profiles");
  expect(environment.AWS_EC2_METADATA_DISABLED).toBe("true");
});
