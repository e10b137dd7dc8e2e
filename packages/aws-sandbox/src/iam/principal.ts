// Who made a call, and the question that is asked about it: of the person's own policies, and of what limits those.
import { AccessDeniedError, type DenyingPolicy } from "../http/aws-error.ts";
import { type ContextEntries, evaluatePolicies, type PolicyDecision, type PolicyDocument } from "./policy.ts";

/** What policies beside the person's own leave of them: nothing is allowed that one of these does not allow as well. */
export interface PermissionLimit {
  kind: Exclude<DenyingPolicy, "identity-based policy">;
  policies: readonly PolicyDocument[];
}

export interface Principal {
  kind: "user" | "assumed_role";
  account: string;
  arn: string;
  /** `AIDA…` for a user, `AROA…:session-name` for a role. */
  userId: string;
  /** IAM user name or role session name; session ids begin with it. */
  sessionName: string;
  policies: readonly PolicyDocument[];
  limits?: readonly PermissionLimit[];
  /** Of the user or role, as `aws:PrincipalTag/…` sees them. */
  tags?: Readonly<Record<string, string>>;
  /** Set for the role of a machine: which one. */
  instanceId?: string;
  /** Keys of a session (GetSessionToken); it may have been opened with an MFA code. */
  isTemporary?: boolean;
  mfa?: boolean;
  /** Set for a role that one of the ready-made people has: which one, as fault plans name her. */
  personId?: string;
}

export interface AuthorizationQuestion {
  action: string;
  /** An ARN, or undefined for EC2's list calls, whose denials name none. */
  resource?: string;
  region: string;
  /** Tags of the resource, as `ssm:resourceTag/…` and `aws:ResourceTag/…` see them. */
  resourceTags?: Readonly<Record<string, string>>;
  /** Condition keys of this action alone. */
  context?: ContextEntries;
}

export interface Judgement {
  decision: PolicyDecision;
  /** Whose word it is; of an implicit denial the first kind that does not allow it. */
  by: DenyingPolicy;
}

/** @throws AccessDeniedError in AWS's wording */
export function authorize(caller: Principal, question: AuthorizationQuestion): void {
  authorizeAll(caller, [question]);
}

/**
 * An action on several resources: every one must be allowed. An explicit deny of any is told before what only is not allowed.
 * @throws AccessDeniedError naming the first resource in the way
 */
export function authorizeAll(caller: Principal, questions: readonly AuthorizationQuestion[]): void {
  const judged = questions.map((question) => ({ question, ...judge(caller, question) }));
  const denial =
    judged.find(({ decision }) => decision === "explicit_deny") ?? judged.find(({ decision }) => decision !== "allow");
  if (denial === undefined) return;
  const { action, resource } = denial.question;
  throw new AccessDeniedError({
    callerArn: caller.arn,
    action,
    explicit: denial.decision === "explicit_deny",
    by: denial.by,
    ...(resource === undefined ? {} : { resource }),
  });
}

export const isAuthorized = (caller: Principal, question: AuthorizationQuestion): boolean =>
  judge(caller, question).decision === "allow";

/** In which order AWS asks them, and so names the first that does not allow. */
const ASKED_IN_ORDER: readonly DenyingPolicy[] = [
  "service control policy",
  "identity-based policy",
  "permissions boundary",
  "session policy",
];

/** Denies of every kind first, then an allow of every kind is needed. Source: IAM User Guide, "Policy evaluation logic". */
export function judge(caller: Principal, question: AuthorizationQuestion): Judgement {
  const answers = judgeEach(caller, question);
  return (
    answers.find(({ decision }) => decision === "explicit_deny") ??
    answers.find(({ decision }) => decision === "implicit_deny") ?? { by: "identity-based policy", decision: "allow" }
  );
}

/** What each kind of policy says by itself, in the order in which AWS asks them. */
export function judgeEach(caller: Principal, question: AuthorizationQuestion): Judgement[] {
  const asked = {
    action: question.action,
    resource: question.resource ?? "*",
    context: contextOf(caller, question),
  };
  const kinds = [{ kind: "identity-based policy" as const, policies: caller.policies }, ...(caller.limits ?? [])];
  return kinds
    .toSorted((a, b) => ASKED_IN_ORDER.indexOf(a.kind) - ASKED_IN_ORDER.indexOf(b.kind))
    .map(({ kind, policies }): Judgement => ({ by: kind, decision: evaluatePolicies(policies, asked) }));
}

/** The user or role whose policies count: of a role session the role's. Source: IAM User Guide, `aws:PrincipalArn`. */
export function policySourceArn({ kind, account, arn }: Principal): string {
  if (kind === "user") return arn;
  const role = arn.split("/")[1] ?? "";
  const path = role.startsWith("AWSReservedSSO_") ? "aws-reserved/sso.amazonaws.com/" : "";
  return `arn:aws:iam::${account}:role/${path}${role}`;
}

// Long-term keys carry no `aws:MultiFactorAuthPresent` at all, hence it is absent here, not "false".
export function contextOf(caller: Principal, question: AuthorizationQuestion): ContextEntries {
  const context: Record<string, string | readonly string[]> = {
    "aws:userid": caller.userId,
    "aws:PrincipalArn": policySourceArn(caller),
    "aws:PrincipalAccount": caller.account,
    "aws:PrincipalType": caller.kind === "user" ? "User" : "AssumedRole",
    "aws:RequestedRegion": question.region,
    ...question.context,
  };
  if (caller.isTemporary) context["aws:MultiFactorAuthPresent"] = String(caller.mfa === true);
  if (caller.kind === "user") context["aws:username"] = caller.sessionName;
  for (const [name, value] of Object.entries(caller.tags ?? {})) context[`aws:PrincipalTag/${name}`] = value;
  for (const [name, value] of Object.entries(question.resourceTags ?? {})) {
    context[`ssm:resourceTag/${name}`] = value;
    context[`aws:ResourceTag/${name}`] = value;
  }
  return context;
}
