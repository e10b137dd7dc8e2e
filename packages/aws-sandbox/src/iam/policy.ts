// A small evaluator of identity policies, with AWS's rule: an explicit deny wins, else one allow is needed, else it is denied.
// Source: IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements". Knows the elements and operators below; what
// it does not know makes an Allow not match and a Deny match, so that a gap never opens a door.
import { matchesWildcard, type PatternPart, wildcardPattern } from "./wildcard.ts";

type OneOrMany = string | readonly string[];

export interface PolicyStatement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Action?: OneOrMany;
  NotAction?: OneOrMany;
  Resource?: OneOrMany;
  NotResource?: OneOrMany;
  Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMany>>>>;
}

export interface PolicyDocument {
  Version: "2012-10-17";
  Statement: readonly PolicyStatement[];
}

export interface PolicyQuestion {
  /** e.g. `ssm:StartSession` */
  action: string;
  /** An ARN, or `*` for calls that have no resource. */
  resource: string;
  /** Condition keys and policy variables by name, e.g. `ssm:resourceTag/tier`, `aws:username`. Names compare case-insensitively. */
  context: Readonly<Record<string, string>>;
}

export type PolicyDecision = "allow" | "explicit_deny" | "implicit_deny";

export function evaluatePolicies(policies: readonly PolicyDocument[], question: PolicyQuestion): PolicyDecision {
  const context = new Map(Object.entries(question.context).map(([name, value]) => [name.toLowerCase(), value]));
  let decision: PolicyDecision = "implicit_deny";
  for (const policy of policies)
    for (const statement of policy.Statement) {
      if (!applies(statement, question, context)) continue;
      if (statement.Effect === "Deny") return "explicit_deny";
      decision = "allow";
    }
  return decision;
}

type Context = ReadonlyMap<string, string>;

function applies(statement: PolicyStatement, question: PolicyQuestion, context: Context): boolean {
  return (
    matchesAction(statement, question.action) &&
    matchesResource(statement, question.resource, context) &&
    conditionsHold(statement, context)
  );
}

function matchesAction(statement: PolicyStatement, action: string): boolean {
  // Actions compare without case and know no variables.
  const matches = (patterns: OneOrMany) =>
    list(patterns).some((pattern) => matchesWildcard(wildcardPattern(pattern.toLowerCase()), action.toLowerCase()));
  if (statement.Action !== undefined) return matches(statement.Action);
  return statement.NotAction !== undefined && !matches(statement.NotAction);
}

function matchesResource(statement: PolicyStatement, resource: string, context: Context): boolean {
  const matches = (patterns: OneOrMany) =>
    list(patterns).some((text) => {
      const pattern = expand(text, context);
      return pattern !== undefined && matchesWildcard(pattern, resource);
    });
  if (statement.Resource !== undefined) return matches(statement.Resource);
  return statement.NotResource !== undefined && !matches(statement.NotResource);
}

function conditionsHold(statement: PolicyStatement, context: Context): boolean {
  for (const [name, keys] of Object.entries(statement.Condition ?? {})) {
    const ifExists = name.endsWith("IfExists");
    const operator = OPERATORS[ifExists ? name.slice(0, -"IfExists".length) : name];
    if (operator === undefined) {
      if (statement.Effect === "Allow") return false;
      continue;
    }
    for (const [key, wanted] of Object.entries(keys)) {
      const actual = context.get(key.toLowerCase());
      if (actual === undefined) {
        // A key that the request does not have: negated operators hold, all others do not (unless …IfExists).
        if (!ifExists && !operator.negated) return false;
        continue;
      }
      const some = list(wanted).some((value) => operator.test(actual, value, context));
      if (some === operator.negated) return false;
    }
  }
  return true;
}

interface Operator {
  negated: boolean;
  test(actual: string, wanted: string, context: Context): boolean;
}

const equals = (actual: string, wanted: string, context: Context): boolean => expandLiteral(wanted, context) === actual;
const equalsIgnoringCase = (actual: string, wanted: string, context: Context): boolean =>
  expandLiteral(wanted, context)?.toLowerCase() === actual.toLowerCase();
const like = (actual: string, wanted: string, context: Context): boolean => {
  const pattern = expand(wanted, context);
  return pattern !== undefined && matchesWildcard(pattern, actual);
};

const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { negated: false, test: equals },
  StringNotEquals: { negated: true, test: equals },
  StringEqualsIgnoreCase: { negated: false, test: equalsIgnoringCase },
  StringNotEqualsIgnoreCase: { negated: true, test: equalsIgnoringCase },
  StringLike: { negated: false, test: like },
  StringNotLike: { negated: true, test: like },
  ArnEquals: { negated: false, test: like },
  ArnLike: { negated: false, test: like },
  ArnNotEquals: { negated: true, test: like },
  ArnNotLike: { negated: true, test: like },
  Bool: { negated: false, test: equalsIgnoringCase },
};

/**
 * Puts the variables in. What a variable stands for is literal: a person who is called `*` must not match everything.
 * @returns undefined when the text names a variable that the request does not have: then nothing matches
 */
function expand(text: string, context: Context): PatternPart[] | undefined {
  const pattern: PatternPart[] = [];
  let at = 0;
  while (at < text.length) {
    const variable = /^\$\{([^}]*)\}/.exec(text.slice(at));
    if (variable === null) {
      pattern.push(...wildcardPattern(text[at] as string));
      at++;
      continue;
    }
    const value = variableValue(variable[1] as string, context);
    if (value === undefined) return undefined;
    pattern.push(...value.split(""));
    at += variable[0].length;
  }
  return pattern;
}

/** Like `expand` where `*` and `?` mean themselves. */
function expandLiteral(text: string, context: Context): string | undefined {
  let known = true;
  const expanded = text.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = variableValue(name, context);
    known &&= value !== undefined;
    return value ?? "";
  });
  return known ? expanded : undefined;
}

/** `${*}`, `${?}` and `${$}` are how a policy writes these characters themselves. */
const variableValue = (name: string, context: Context): string | undefined =>
  name === "*" || name === "?" || name === "$" ? name : context.get(name.toLowerCase());

const list = (value: OneOrMany): readonly string[] => (typeof value === "string" ? [value] : value);
