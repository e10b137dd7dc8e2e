// The Condition element: operators, `…IfExists`, and `ForAnyValue:`/`ForAllValues:` for keys with several values.
// Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "… Multivalued context keys". Of the published
// operators those on addresses and binary values are not here: what is not known makes an Allow not match and a Deny match.
import { expandPattern, expandText, type RequestContext } from "./policy-variables.ts";
import { matchesWildcard, type PatternPart } from "./wildcard.ts";

type OneOrMany = string | readonly string[];
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, OneOrMany>>>>;

interface Operator {
  /** `…Not…`: holds when no value of the policy fits, also when the request does not have the key. */
  negated: boolean;
  test(actual: string, wanted: string, context: RequestContext): boolean;
}

/** @param whenUnknown what an operator counts as that is not known: false in an Allow, true in a Deny */
export function conditionsHold(condition: ConditionBlock, context: RequestContext, whenUnknown: boolean): boolean {
  return Object.entries(condition).every(([name, keys]) => {
    const { quantifier, operator, ifExists } = parseOperator(name);
    return Object.entries(keys).every(([key, wanted]) => {
      const actual = context.get(key.toLowerCase());
      const values = typeof wanted === "string" ? [wanted] : wanted;
      if (operator === "Null") return values.includes(String(actual === undefined));
      const found = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
      if (found === undefined) return whenUnknown;
      // Not there: negated operators hold and so does ForAllValues, all others do not (unless …IfExists).
      if (actual === undefined)
        return ifExists || quantifier === "ForAllValues" || (found.negated && quantifier !== "ForAnyValue");
      const fits = (value: string) => values.some((each) => found.test(value, each, context)) !== found.negated;
      return quantifier === "ForAnyValue" ? actual.some(fits) : actual.every(fits);
    });
  });
}

function parseOperator(name: string) {
  const [, quantifier, operator = "", ifExists] =
    /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  return { quantifier, operator, ifExists: ifExists !== undefined };
}

const equals: Operator["test"] = (actual, wanted, context) => expandText(wanted, context) === actual;
const equalsIgnoringCase: Operator["test"] = (actual, wanted, context) =>
  expandText(wanted, context)?.toLowerCase() === actual.toLowerCase();
const like: Operator["test"] = (actual, wanted, context) => {
  const pattern = expandPattern(wanted, context);
  return pattern !== undefined && matchesWildcard(pattern, actual);
};

/** Each of an ARN's six parts by itself: a `*` does not reach over a colon, but for the last part, which may hold some. */
const arnLike: Operator["test"] = (actual, wanted, context) => {
  const pattern = expandPattern(wanted, context);
  if (pattern === undefined) return false;
  const patterns = arnParts(pattern, ":");
  const parts = arnParts(actual.split(""), ":");
  if (patterns.length !== ARN_PARTS || parts.length !== ARN_PARTS) return false;
  return patterns.every((part, index) => matchesWildcard(part, (parts[index] ?? []).join("")));
};

const ARN_PARTS = 6;

function arnParts<Part extends PatternPart>(parts: readonly Part[], separator: string): Part[][] {
  const split: Part[][] = [[]];
  for (const part of parts)
    if (part === separator && split.length < ARN_PARTS) split.push([]);
    else split.at(-1)?.push(part);
  return split;
}

const compared =
  (read: (text: string) => number, compare: (actual: number, wanted: number) => boolean): Operator["test"] =>
  (actual, wanted, context) => {
    const [left, right] = [read(actual), read(expandText(wanted, context) ?? "")];
    return !Number.isNaN(left) && !Number.isNaN(right) && compare(left, right);
  };

const numberOf = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text));
/** A date as ISO 8601, or as seconds since the epoch. */
const dateOf = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text));

const ORDERS: Readonly<Record<string, (actual: number, wanted: number) => boolean>> = {
  LessThan: (actual, wanted) => actual < wanted,
  LessThanEquals: (actual, wanted) => actual <= wanted,
  GreaterThan: (actual, wanted) => actual > wanted,
  GreaterThanEquals: (actual, wanted) => actual >= wanted,
};

function ordered(prefix: "Numeric" | "Date", read: (text: string) => number): [string, Operator][] {
  const same = compared(read, (actual, wanted) => actual === wanted);
  return [
    [`${prefix}Equals`, { negated: false, test: same }],
    [`${prefix}NotEquals`, { negated: true, test: same }],
    ...Object.entries(ORDERS).map(([name, compare]): [string, Operator] => [
      `${prefix}${name}`,
      { negated: false, test: compared(read, compare) },
    ]),
  ];
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { negated: false, test: equals },
  StringNotEquals: { negated: true, test: equals },
  StringEqualsIgnoreCase: { negated: false, test: equalsIgnoringCase },
  StringNotEqualsIgnoreCase: { negated: true, test: equalsIgnoringCase },
  StringLike: { negated: false, test: like },
  StringNotLike: { negated: true, test: like },
  ArnEquals: { negated: false, test: arnLike },
  ArnLike: { negated: false, test: arnLike },
  ArnNotEquals: { negated: true, test: arnLike },
  ArnNotLike: { negated: true, test: arnLike },
  Bool: { negated: false, test: equalsIgnoringCase },
  ...Object.fromEntries([...ordered("Numeric", numberOf), ...ordered("Date", dateOf)]),
};
