import { expect, test } from "vitest";
import { QueryInput } from "./query-input.ts";

const input = (text: string) => new QueryInput(Buffer.from(text));

test("numbered parameters are read in order of their number, whatever their order and gaps", () => {
  const read = input("InstanceId.10=c&InstanceId.2=b&InstanceId.1=a&InstanceId=x&InstanceIdx.1=y");
  expect(read.texts("InstanceId")).toEqual(["a", "b", "c"]);
});

test("filters are names with lists of values", () => {
  expect(
    input(
      "Filter.1.Name=tag%3Aenv&Filter.1.Value.1=prod&Filter.1.Value.2=a+b&Filter.2.Name=instance-state-name",
    ).filters(),
  ).toEqual([
    { name: "tag:env", values: ["prod", "a b"] },
    { name: "instance-state-name", values: [] },
  ]);
});

test("a number that is none is refused by name", () => {
  expect(input("MaxResults=50").integer("MaxResults")).toBe(50);
  expect(input("").integer("MaxResults")).toBeUndefined();
  for (const text of ["", "5x", "1e3", "99999999999", "0x10"])
    expect(() => input(`MaxResults=${text}`).integer("MaxResults")).toThrow("MaxResults");
});

test("a list of more than 1,000 numbers is refused", () => {
  const list = (count: number) => Array.from({ length: count }, (_, i) => `InstanceId.${i}=x`).join("&");
  expect(input(list(1_000)).texts("InstanceId")).toHaveLength(1_000);
  expect(() => input(list(1_001)).texts("InstanceId")).toThrow("maximum number of values");
});
