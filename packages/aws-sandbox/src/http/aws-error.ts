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

/** IAM said no. Each service has its own code for it, the text names person, action and resource in AWS's words. */
export class AccessDeniedError extends Error {
  readonly action: string;

  constructor(denial: { callerArn: string; action: string; resource?: string; explicit: boolean }) {
    const { callerArn, action, resource, explicit } = denial;
    const where = resource === undefined ? "" : ` on resource: ${resource}`;
    const why = explicit
      ? "with an explicit deny in an identity-based policy"
      : `because no identity-based policy allows the ${action} action`;
    super(`User: ${callerArn} is not authorized to perform: ${action}${where} ${why}`);
    this.name = "AccessDeniedError";
    this.action = action;
  }
}
