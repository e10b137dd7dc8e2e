/** The public face of this domain: how everything else reaches AWS. */

export { agentFetch } from "./agent-fetch.ts";
export { awsRoleAssumer } from "./assume-role.ts";
export {
  type AwsClientFactory,
  type AwsClients,
  createAwsClientFactory,
  endpointsFromEnvironment,
} from "./aws-clients.ts";
export { callAws } from "./aws-errors.ts";
export { AwsHttpHandler } from "./aws-http-handler.ts";
export { awsIdentityCenter } from "./aws-identity-center.ts";
export { awsLocalProfiles } from "./aws-local-profiles.ts";
export { getCallerIdentity } from "./caller-identity.ts";
export { OutboundAgents, outboundOptionsFromEnvironment } from "./outbound-agents.ts";
export { getSessionToken } from "./session-token.ts";
