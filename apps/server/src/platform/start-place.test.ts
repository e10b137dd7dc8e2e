import { expect, test } from "vitest";
import { normalStartUrl, parseStartPlace } from "./start-place.ts";

test("a place is a region and a start URL; slashes, fragments and capitals of the host do not matter", () => {
  const place = { region: "eu-west-1", startUrl: "https://d-1234567890.awsapps.com/start" };
  expect(parseStartPlace("eu-west-1 https://d-1234567890.awsapps.com/start")).toEqual(place);
  expect(parseStartPlace("  eu-west-1  https://D-1234567890.awsapps.com/start/#/ ")).toEqual(place);
});

test.each([
  "eu-west-1",
  "https://d-1234567890.awsapps.com/start eu-west-1",
  "eu-west-1 http://d-1234567890.awsapps.com/start",
  "eu-west-1 https://user:secret@d-1.awsapps.com/start",
  "evil.example/#-1 https://d-1234567890.awsapps.com/start",
  "eu-west-1 javascript:alert(1)",
])("%s is no place", (text) => {
  expect(parseStartPlace(text)).toBeUndefined();
});

test("plain HTTP is for an emulated AWS on this machine only", () => {
  expect(parseStartPlace("eu-west-1 http://127.0.0.1:4124/start")).toBeDefined();
});

test("an address that is too long, or has a query, is none", () => {
  expect(normalStartUrl(`https://a.awsapps.com/${"a".repeat(256)}`)).toBeUndefined();
  expect(normalStartUrl("https://a.awsapps.com/start?next=x")).toBeUndefined();
});
