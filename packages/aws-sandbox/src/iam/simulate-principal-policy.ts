// iam:SimulatePrincipalPolicy: the evaluator's own answer to "may this user or role do that", with what the asker says of the
// request. It knows no tags of resources unless it is told them, as in AWS. Source: IAM API Reference.
import { AwsError } from "../http/aws-error.ts";
import type { Call, QueryOperation } from "../http/operation.ts";
import type { Pager } from "../http/paging.ts";
import type { QueryInput } from "../http/query-input.ts";
import type { XmlValue } from "../http/xml.ts";
import { missingContextKeys } from "./missing-context.ts";
import { authorize, judgeEach, type Principal, policySourceArn } from "./principal.ts";

/** All bounds of the API Reference but the first two, which are not published. */
const ACTIONS_MAX = 200;
const RESOURCES_MAX = 1_000;
const ITEMS_MAX = 1_000;
const ITEMS_DEFAULT = 100;

export interface SimulationDeps {
  pager: Pager;
  /** The users and roles of an account; a role once, however many sessions it has. */
  principalsOf(account: string): readonly Principal[];
}

const DECISIONS = { allow: "allowed", explicit_deny: "explicitDeny", implicit_deny: "implicitDeny" } as const;

export function simulatePrincipalPolicy(deps: SimulationDeps): QueryOperation {
  return (input, call) => {
    const sourceArn = required(input.text("PolicySourceArn"), "policySourceArn");
    const actions = input.members("ActionNames");
    if (actions.length === 0) required(undefined, "actionNames");
    const resources = input.members("ResourceArns");
    if (actions.length > ACTIONS_MAX || resources.length > RESOURCES_MAX)
      throw new AwsError("InvalidInput", `At most ${ACTIONS_MAX} actions and ${RESOURCES_MAX} resources.`);
    for (const action of actions)
      if (!/^[a-z0-9-]+:[A-Za-z*?]+$/.test(action))
        throw new AwsError("InvalidInput", `Invalid ActionName: ${action.slice(0, 128)}`);
    const context = contextEntries(input);
    const { caller, region } = call;
    authorize(caller, { action: "iam:SimulatePrincipalPolicy", resource: sourceArn, region });
    const source = findSource(deps, call, sourceArn);

    const pairs = actions.flatMap((action) =>
      (resources.length === 0 ? ["*"] : resources).map((resource) => ({ action, resource })),
    );
    const itemsMax = input.integer("MaxItems") ?? ITEMS_DEFAULT;
    if (itemsMax < 1 || itemsMax > ITEMS_MAX) throw new AwsError("ValidationError", "MaxItems must be from 1 to 1000");
    const page = deps.pager.page({
      items: pairs.map((pair, index) => ({ ...pair, index })),
      keyOf: ({ index }) => String(index).padStart(7, "0"),
      itemsMax,
      nextToken: input.text("Marker"),
      query: ["SimulatePrincipalPolicy", sourceArn, actions, resources],
    });
    if (page === undefined) throw new AwsError("InvalidInput", "The marker is not valid.");
    return {
      IsTruncated: page.nextToken !== undefined,
      Marker: page.nextToken,
      EvaluationResults: page.items.map(({ action, resource }) =>
        result(source, { action, resource, region, context }),
      ),
    };
  };
}

type Asked = Parameters<typeof judgeEach>[1];

function result(source: Principal, asked: Asked): XmlValue {
  const answers = judgeEach(source, asked);
  const denial =
    answers.find(({ decision }) => decision === "explicit_deny") ??
    answers.find(({ decision }) => decision === "implicit_deny");
  const of = (kind: string) => answers.find(({ by }) => by === kind)?.decision;
  const [organization, boundary] = [of("service control policy"), of("permissions boundary")];
  return {
    EvalActionName: asked.action,
    EvalResourceName: asked.resource,
    EvalDecision: DECISIONS[denial?.decision ?? "allow"],
    MatchedStatements: [],
    MissingContextValues: missingContextKeys(source, asked),
    ...(organization === undefined
      ? {}
      : { OrganizationsDecisionDetail: { AllowedByOrganizations: organization === "allow" } }),
    ...(boundary === undefined
      ? {}
      : { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: boundary === "allow" } }),
  };
}

/** @throws AwsError NoSuchEntity */
function findSource(deps: SimulationDeps, { caller }: Call, arn: string): Principal {
  // Who asks about herself is asked about as she is, with her session's name and MFA.
  if (policySourceArn(caller) === arn) return caller;
  const found = deps.principalsOf(caller.account).find((principal) => policySourceArn(principal) === arn);
  if (found !== undefined) return found;
  const [, kind = "user", name = arn] = /:(user|role|group)\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  throw new AwsError("NoSuchEntity", `The ${kind} with name ${name.slice(0, 128)} cannot be found.`, 404);
}

function contextEntries(input: QueryInput): Record<string, readonly string[]> {
  const entries: Record<string, readonly string[]> = Object.create(null);
  for (const prefix of input.memberPrefixes("ContextEntries")) {
    const name = input.text(`${prefix}.ContextKeyName`);
    if (name !== undefined) entries[name] = input.members(`${prefix}.ContextKeyValues`);
  }
  return entries;
}

function required(value: string | undefined, at: string): string {
  if (value !== undefined && value !== "") return value;
  throw new AwsError(
    "ValidationError",
    `1 validation error detected: Value null at '${at}' failed to satisfy constraint: Member must not be null`,
  );
}
