// Errors as AWS services answer them. An operation throws one of these; the protocol of its service gives it a shape.

export class AwsError extends Error {
  /** As the service spells it, e.g. TargetNotConnected. */
  readonly code: string;
  readonly httpStatus: number;

  constructor(code: string, message: string, httpStatus = 400) {
    super(message);
    this.name = "AwsError";
    this.code = code;
    this.httpStatus = httpStatus;
  }
}

/** Kinds of policies, as AWS's denials call them. */
export type DenyingPolicy =
  | "identity-based policy"
  | "permissions boundary"
  | "service control policy"
  | "session policy";

/** IAM said no. Each service has its own code for it, the text names person, action and resource in AWS's words. */
export class AccessDeniedError extends Error {
  readonly action: string;

  /** @param denial.by default: the person's own policies */
  constructor(denial: { callerArn: string; action: string; resource?: string; explicit: boolean; by?: DenyingPolicy }) {
    const { callerArn, action, resource, explicit, by = "identity-based policy" } = denial;
    const where = resource === undefined ? "" : ` on resource: ${resource}`;
    const article = by === "identity-based policy" ? "an" : "a";
    const why = explicit ? `with an explicit deny in ${article} ${by}` : `because no ${by} allows the ${action} action`;
    super(`User: ${callerArn} is not authorized to perform: ${action}${where} ${why}`);
    this.name = "AccessDeniedError";
    this.action = action;
  }
}
