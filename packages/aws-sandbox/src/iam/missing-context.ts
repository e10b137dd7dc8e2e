import type { PolicyStatement } from "./policy.ts";
import { type AuthorizationQuestion, contextOf, type Principal } from "./principal.ts";
import { matchesWildcardText } from "./wildcard.ts";

/** @returns condition keys that statements about this action read, and that the request does not have */
export function missingContextKeys(source: Principal, asked: AuthorizationQuestion): readonly string[] {
  const known = new Set(Object.keys(contextOf(source, asked)).map((name) => name.toLowerCase()));
  const statements = [source, ...(source.limits ?? [])]
    .flatMap(({ policies }) => policies)
    .flatMap(({ Statement }) => Statement)
    .filter((statement) => concerns(statement, asked.action));
  const read = statements.flatMap(({ Condition = {} }) =>
    Object.values(Condition).flatMap((keys) => Object.keys(keys)),
  );
  return [...new Set(read)].filter((key) => !known.has(key.toLowerCase())).sort();
}

function concerns({ Action, NotAction }: PolicyStatement, action: string): boolean {
  const matches = (patterns: string | readonly string[]) =>
    [patterns].flat().some((pattern) => matchesWildcardText(pattern.toLowerCase(), action.toLowerCase()));
  return Action === undefined ? NotAction !== undefined && !matches(NotAction) : matches(Action);
}
