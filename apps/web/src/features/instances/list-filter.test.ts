import fc from "fast-check";
import { expect, test } from "vitest";
import { filterInstances, formatCondition, parseFilter } from "./instance-filter.ts";
import { groupIndex } from "./instance-groups.ts";
import { type FilteredList, ListFilter, RESULTS_KEPT_MAX } from "./list-filter.ts";
import { indexOf, listed } from "./testing/listed.ts";

const FLEET = indexOf(
  ["api", "db", "web", "cron"].flatMap((service, s) =>
    Array.from({ length: 6 }, (_, n) =>
      listed(`${service}-${n}`, {
        tags: { service, env: n % 2 ? "prod" : "dev" },
        state: n === s ? "stopped" : "online",
        region: n > 3 ? "us-east-1" : "eu-west-1",
      }),
    ),
  ),
);
const grouped = groupIndex(FLEET, undefined);
const names = ({ groups }: FilteredList) =>
  groups.flatMap(({ count, at }) => Array.from({ length: count }, (_, number) => at(number)?.name));

test("groups of which nothing fits are left out, the others say how many of what is shown is online", () => {
  const shown = new ListFilter(grouped).show([], parseFilter("api prod"));
  expect(shown.count).toBe(3);
  expect(shown.groups.map(({ title, summary }) => [title, summary])).toEqual([["api", "3 of 3 online"]]);
  expect(new ListFilter(grouped).show([], parseFilter("")).groups.map(({ summary }) => summary)).toEqual(
    Array(4).fill("5 of 6 online"),
  );
});

test("beyond the ends of a group there is nothing", () => {
  const [group] = new ListFilter(grouped).show([], parseFilter("api")).groups;
  expect([group?.at(-1), group?.at(group.count)]).toEqual([undefined, undefined]);
});

test("the same filter again is the same result, also after others", () => {
  const filter = new ListFilter(grouped);
  const first = filter.show([], parseFilter("ap"));
  filter.show([], parseFilter("api"));
  expect(filter.show([], parseFilter("ap "))).toBe(first);
});

test("at the bound of results the oldest is forgotten and found anew", () => {
  const filter = new ListFilter(grouped);
  const first = filter.show([], parseFilter("api"));
  for (let n = 0; n < RESULTS_KEPT_MAX; n++) filter.show([], parseFilter(`word${n}`));
  const again = filter.show([], parseFilter("api"));
  expect(again).not.toBe(first);
  expect(names(again)).toEqual(names(first));
});

test("however one gets to a filter, by typing, erasing or chips, what is shown is what a search from scratch finds", () => {
  const token = fc.constantFrom(
    "api",
    "a",
    "prod",
    "env=",
    "env=p",
    "env=prod",
    "service=db",
    "state:online",
    "state:st",
    "region:us",
    "region:eu-west-1",
    "-1",
    "x",
  );
  const step = fc.record({
    text: fc.array(token, { maxLength: 3 }),
    cut: fc.nat(8),
    chips: fc.subarray(["env=prod", "env=dev", "region:us"]),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, prepared) => {
      const filter = new ListFilter(grouped);
      if (prepared) for (const _ of filter.prepare());
      for (const { text, cut, chips: chipTexts } of steps) {
        const whole = text.join(" ");
        const typed = parseFilter(whole.slice(0, Math.max(0, whole.length - cut)));
        const chips = parseFilter(chipTexts.join(" ")).conditions;
        const plain = filterInstances(grouped.entries, chips, typed).map(({ instance }) => instance.name);
        expect(names(filter.show(chips, typed)), chips.map(formatCondition).join(" ")).toEqual(plain);
      }
    }),
  );
});

test("other states of the same list are counted and found in the order of its groups", () => {
  const before = new ListFilter(grouped);
  before.show([], parseFilter("api"));
  const stopped = FLEET.map((entry) => ({ ...entry, instance: { ...entry.instance, state: "stopped" as const } }));
  const after = before.again(stopped);
  expect(after.show([], parseFilter("api")).groups.map(({ summary }) => summary)).toEqual(["0 of 6 online"]);
  expect(names(after.show([], parseFilter("")))).toEqual(names(before.show([], parseFilter(""))));
  expect(after.show(parseFilter("state:stopped").conditions, parseFilter("")).count).toBe(FLEET.length);
});
