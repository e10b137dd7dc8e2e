// An evaluator of policies of one kind, with AWS's rule: an explicit deny wins, else one allow is needed, else it is denied.
// Source: IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements". What it does not know makes an Allow not match
// and a Deny match, so that a gap never opens a door.
import { type ConditionBlock, conditionsHold } from "./policy-conditions.ts";
import { expandPattern, type RequestContext } from "./policy-variables.ts";
import { matchesWildcard, wildcardPattern } from "./wildcard.ts";

type OneOrMany = string | readonly string[];

export interface PolicyStatement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Action?: OneOrMany;
  NotAction?: OneOrMany;
  Resource?: OneOrMany;
  NotResource?: OneOrMany;
  Condition?: ConditionBlock;
}

export interface PolicyDocument {
  Version: "2012-10-17";
  Statement: readonly PolicyStatement[];
}

/** Condition keys and policy variables by name, e.g. `ssm:resourceTag/tier`, `aws:username`. Names compare case-insensitively. */
export type ContextEntries = Readonly<Record<string, string | readonly string[]>>;

export interface PolicyQuestion {
  /** e.g. `ssm:StartSession` */
  action: string;
  /** An ARN, or `*` for calls that have no resource. */
  resource: string;
  context: ContextEntries;
}

export type PolicyDecision = "allow" | "explicit_deny" | "implicit_deny";

export function evaluatePolicies(policies: readonly PolicyDocument[], question: PolicyQuestion): PolicyDecision {
  const context: RequestContext = new Map(
    Object.entries(question.context).map(([name, value]) => [
      name.toLowerCase(),
      typeof value === "string" ? [value] : value,
    ]),
  );
  let decision: PolicyDecision = "implicit_deny";
  for (const policy of policies)
    for (const statement of policy.Statement) {
      if (!applies(statement, question, context)) continue;
      if (statement.Effect === "Deny") return "explicit_deny";
      decision = "allow";
    }
  return decision;
}

function applies(statement: PolicyStatement, question: PolicyQuestion, context: RequestContext): boolean {
  return (
    matchesAction(statement, question.action) &&
    matchesResource(statement, question.resource, context) &&
    conditionsHold(statement.Condition ?? {}, context, statement.Effect === "Deny")
  );
}

function matchesAction(statement: PolicyStatement, action: string): boolean {
  // Actions compare without case and know no variables.
  const matches = (patterns: OneOrMany) =>
    list(patterns).some((pattern) => matchesWildcard(wildcardPattern(pattern.toLowerCase()), action.toLowerCase()));
  if (statement.Action !== undefined) return matches(statement.Action);
  return statement.NotAction !== undefined && !matches(statement.NotAction);
}

function matchesResource(statement: PolicyStatement, resource: string, context: RequestContext): boolean {
  const matches = (patterns: OneOrMany) =>
    list(patterns).some((text) => {
      const pattern = expandPattern(text, context);
      return pattern !== undefined && matchesWildcard(pattern, resource);
    });
  if (statement.Resource !== undefined) return matches(statement.Resource);
  return statement.NotResource !== undefined && !matches(statement.NotResource);
}

const list = (value: OneOrMany): readonly string[] => (typeof value === "string" ? [value] : value);
