// Who made a call, and the one question that is asked about it.
import { AccessDeniedError } from "../http/aws-error.ts";
import { evaluatePolicies, type PolicyDocument } from "./policy.ts";

export interface Principal {
  kind: "user" | "assumed_role";
  account: string;
  arn: string;
  /** `AIDA…` for a user, `AROA…:session-name` for a role. */
  userId: string;
  /** IAM user name or role session name; session ids begin with it. */
  sessionName: string;
  policies: readonly PolicyDocument[];
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
}

/** @throws AccessDeniedError in AWS's wording */
export function authorize(caller: Principal, question: AuthorizationQuestion): void {
  const { action, resource } = question;
  const decision = evaluatePolicies(caller.policies, {
    action,
    resource: resource ?? "*",
    context: contextOf(caller, question),
  });
  if (decision === "allow") return;
  throw new AccessDeniedError({
    callerArn: caller.arn,
    action,
    explicit: decision === "explicit_deny",
    ...(resource === undefined ? {} : { resource }),
  });
}

// Long-term keys carry no `aws:MultiFactorAuthPresent` at all, hence it is absent here, not "false".
function contextOf(caller: Principal, question: AuthorizationQuestion): Record<string, string> {
  const context: Record<string, string> = {
    "aws:userid": caller.userId,
    "aws:PrincipalArn": caller.arn,
    "aws:PrincipalAccount": caller.account,
    "aws:PrincipalType": caller.kind === "user" ? "User" : "AssumedRole",
    "aws:RequestedRegion": question.region,
  };
  if (caller.isTemporary) context["aws:MultiFactorAuthPresent"] = String(caller.mfa === true);
  if (caller.kind === "user") context["aws:username"] = caller.sessionName;
  for (const [name, value] of Object.entries(question.resourceTags ?? {})) {
    context[`ssm:resourceTag/${name}`] = value;
    context[`aws:ResourceTag/${name}`] = value;
  }
  return context;
}
