// AWS Identity and Access Management, API version 2010-05-08: the one call by which somebody asks beforehand.
import type { QueryOperations } from "../http/operation.ts";
import { type SimulationDeps, simulatePrincipalPolicy } from "./simulate-principal-policy.ts";

export const IAM_VERSION = "2010-05-08";
export const IAM_NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/";

export const iamOperations = (deps: SimulationDeps): QueryOperations => ({
  SimulatePrincipalPolicy: simulatePrincipalPolicy(deps),
});
