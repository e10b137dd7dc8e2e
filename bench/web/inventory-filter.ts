/**
 * `node --import tsx bench/web/inventory-filter.ts`: what a key in the filter of the instance list costs with 20,000 machines,
 * from the text to the rows in view, beside a plainly written filter. Each key's time is the median of its rounds, so that
 * what else the machine does counts little; of those, the median and the 95th percentile. Nothing fails here. React and the
 * document come on top: they see some thirty rows, however many there are.
 */
import {
  groupIndex,
  indexInstance,
  type ListedInstance,
  ListFilter,
  mergeIndex,
  parseFilter,
  RowLayout,
  readsTheSame,
  tagChoices,
  withChanged,
} from "@causeway/web/instance-list";
import { median, quantile } from "../lib/stats.ts";

const MACHINES = 20_000;
const ROUNDS = 5;
const VIEW_PX = 900;
const HEIGHTS = { header: 26, full: 40, compact: 28 };
const SERVICES = ["checkout", "orders", "billing", "search", "ledger", "media", "stock", "profile", "fraud", "returns"];
const TIERS = ["app", "worker", "db", "proxy"];

/** What somebody types, character by character, and then erases again. */
const TYPED = [
  "checkout-app",
  "prod db",
  "env=prod tier=worker",
  "10.97.3",
  "i-0000000000000",
  "state:lost orders",
  "platform:ubuntu",
  "region:us-east-1 search",
  "nothing-like-this",
  "e",
];

const fleet = Array.from({ length: MACHINES }, (_, number) => machine(number));

function machine(number: number): ListedInstance {
  const service = SERVICES[number % SERVICES.length] ?? "";
  const tier = TIERS[(number >> 3) % TIERS.length] ?? "";
  const region = number % 10 === 0 ? "us-east-1" : "eu-west-1";
  const id = `i-${number.toString(16).padStart(17, "0")}`;
  const name = `${service}-${tier}-${String(number).padStart(5, "0")}`;
  return {
    id,
    name,
    kind: "ec2",
    state: number % 25 === 0 ? "connection-lost" : "online",
    platform: number % 3 === 0 ? "Ubuntu 22.04" : "Amazon Linux 2023",
    platformType: "Linux",
    privateIp: `10.${96 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`,
    availabilityZone: `${region}${"abc"[number % 3]}`,
    instanceType: "m7g.large",
    tags: { Name: name, env: number % 5 === 0 ? "staging" : "prod", service, tier, team: "payments" },
    key: `one ${region} ${id}`,
    identityId: "one",
    account: "111122223333",
    region,
  };
}

/** The straight way: every key searches, groups and sorts everything. */
function plainKey(text: string): number {
  const tokens = text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = fleet.filter((each) => {
    const tags = Object.entries(each.tags).map(([key, value]) => `${key}=${value}`);
    const fields = [
      each.name,
      each.id,
      each.privateIp,
      each.platform,
      each.account,
      each.region,
      `state:${each.state}`,
    ];
    const all = [...fields, ...tags].join("\n").toLowerCase();
    return tokens.every((token) => all.includes(token));
  });
  const groups = new Map<string, ListedInstance[]>();
  for (const each of shown) {
    const members = groups.get(each.tags.service ?? "") ?? [];
    members.push(each);
    groups.set(each.tags.service ?? "", members);
  }
  const collator = new Intl.Collator("en", { numeric: true });
  for (const members of groups.values()) members.sort((a, b) => collator.compare(a.name, b.name));
  return [...groups].sort(([a], [b]) => collator.compare(a, b)).length;
}

const index = mergeIndex([], fleet.map(indexInstance), new Set());
const grouped = groupIndex(index, undefined);
const listed = new ListFilter(grouped);

function ourKey(filter: ListFilter, text: string): number {
  const { groups } = filter.show([], parseFilter(text));
  return new RowLayout(groups, HEIGHTS).between(0, VIEW_PX).length;
}

/** As the page does when a new list has been drawn. */
function prepared(): ListFilter {
  const filter = new ListFilter(grouped);
  for (const _ of filter.prepare());
  return filter;
}

const keys = TYPED.flatMap((text) => {
  const growing = Array.from(text, (_, number) => text.slice(0, number + 1));
  return [...growing, ...growing.slice(0, -1).reverse(), ""];
});

/** @returns milliseconds of CPU of each call: a wall clock would measure what else runs on the machine */
function timed(calls: readonly (() => number)[]): number[] {
  return calls.map((call) => {
    const before = process.cpuUsage();
    if (call() < 0) throw new Error("not reached: keeps the result in use");
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
}

const someKeys = keys.filter((_, number) => number % 4 === 0);
const kinds: Record<string, () => number[]> = {
  "as it is typed and erased": () => {
    const filter = prepared();
    ourKey(filter, "zzz");
    return timed(keys.map((text) => () => ourKey(filter, text)));
  },
  "each key without the one before": () =>
    keys.flatMap((text) => {
      const filter = prepared();
      ourKey(filter, "zzz");
      return timed([() => ourKey(filter, text)]);
    }),
  "first key after a change of the list": () =>
    someKeys.flatMap((text) => {
      const filter = prepared();
      return timed([() => ourKey(filter, text)]);
    }),
  "plain filter": () => timed(someKeys.map((text) => () => plainKey(text))),
  "500 pings of a refresh taken in": () =>
    timed(
      Array.from({ length: 4 }, (_, number) => () => {
        const pinged = index.slice(number * 500, (number + 1) * 500).map((entry) => {
          const instance = { ...entry.instance, lastPingAt: number };
          return readsTheSame(entry.instance, instance) ? { ...entry, instance } : indexInstance(instance);
        });
        return ourKey(listed.again(withChanged(index, pinged)), "");
      }),
    ),
  "250 machines that are new taken in": () =>
    timed(
      Array.from({ length: 4 }, (_, number) => () => {
        const added = fleet.slice(number * 250, (number + 1) * 250).map(indexInstance);
        const list = groupIndex(mergeIndex(index, added, new Set()), undefined);
        return ourKey(new ListFilter(list), "") + tagChoices(list.entries).length;
      }),
    ),
  "a slice of what is laid out after that": () => {
    const steps = new ListFilter(grouped).prepare();
    return timed(Array.from({ length: 6 }, () => () => Number(steps.next().done === true)));
  },
};

process.stdout.write(`${MACHINES} machines, Node ${process.versions.node}; milliseconds of CPU\n`);
for (const [name, run] of Object.entries(kinds)) {
  run(); // warms up
  const rounds = Array.from({ length: ROUNDS }, run);
  const values = (rounds[0] ?? []).map((_, key) => median(rounds.map((round) => round[key] ?? Number.NaN)));
  const [p50, p95, max] = [0.5, 0.95, 1].map((share) => quantile(values, share).toFixed(2));
  process.stdout.write(`${name.padEnd(40)} p50 ${p50}  p95 ${p95}  max ${max}  (${values.length} keys)\n`);
}
