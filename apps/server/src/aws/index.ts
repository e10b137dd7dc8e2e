/** The public face of this domain: how everything else reaches AWS. */
export {
  type AwsClientFactory,
  type AwsClients,
  type AwsEndpoints,
  type AwsLogin,
  createAwsClientFactory,
  endpointsFromEnvironment,
} from "./aws-clients.ts";
export { callAws, toCatalogError } from "./aws-errors.ts";
export { getCallerIdentity } from "./caller-identity.ts";
export { OutboundAgents, type OutboundOptions, outboundOptionsFromEnvironment } from "./outbound-agents.ts";
