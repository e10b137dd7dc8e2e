import { expect, test } from "vitest";
import { allowedPlace } from "./start-places.ts";

const LISTED = { startUrl: "http://127.0.0.1:4124/start", region: "eu-west-1" };
const region = "eu-west-1";

test("a listed place is taken as the operator wrote it", () => {
  expect(allowedPlace({ listed: [LISTED], typed: false }, { ...LISTED, startUrl: `${LISTED.startUrl}/` })).toBe(LISTED);
});

test("a typed place of AWS is taken where typing is allowed", () => {
  for (const startUrl of ["https://harbor.awsapps.com/start", "https://ssoins-72.portal.eu-west-1.app.aws"])
    expect(allowedPlace({ listed: [], typed: true }, { startUrl, region })).toEqual({ startUrl, region });
});

test.each([
  ["http://169.254.169.254/start", region],
  ["https://169.254.169.254/start", region],
  ["http://harbor.awsapps.com/start", region],
  ["https://harbor.awsapps.com.evil.example/start", region],
  ["https://evil.example/harbor.awsapps.com", region],
  ["https://harbor.awsapps.com:8443/start", region],
  ["https://x@harbor.awsapps.com/start", region],
  ["https://harbor.awsapps.com/start", "evil.example/x"],
  ["https://harbor.awsapps.com/start", "eu-west-1.evil.example"],
  ["not an address", region],
])("%s in %s is not asked for", (startUrl, asked) => {
  expect(() => allowedPlace({ listed: [LISTED], typed: true }, { startUrl, region: asked })).toThrow(/not allowed/);
});

test("where typing is not allowed even AWS's own other places are not asked for", () => {
  const asked = { startUrl: "https://harbor.awsapps.com/start", region };
  expect(() => allowedPlace({ listed: [LISTED], typed: false }, asked)).toThrow(/not allowed/);
});
