// AWS Systems Manager, as far as it concerns sessions. Target prefix: AmazonSSM.
import type { JsonOperations } from "../http/operation.ts";
import type { Pager } from "../http/paging.ts";
import { agentOperations } from "./agent-operations.ts";
import { documentChanging } from "./change-documents.ts";
import { documentReading } from "./describe-documents.ts";
import { describeInstanceInformation } from "./describe-instance-information.ts";
import { describeSessions } from "./describe-sessions.ts";
import { resourceTags } from "./resource-tags.ts";
import { type SessionDeps, sessionOperations } from "./session-operations.ts";

export interface SsmDeps extends SessionDeps {
  pager: Pager;
}

export function ssmOperations(deps: SsmDeps): JsonOperations {
  return {
    ...sessionOperations(deps),
    DescribeSessions: describeSessions(deps),
    DescribeInstanceInformation: describeInstanceInformation(deps),
    ...resourceTags(deps),
    ...documentReading(deps),
    ...documentChanging(deps),
    ...agentOperations(deps),
  };
}
