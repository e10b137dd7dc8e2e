/** Public face of the domain: credentials leave it only inside an `AwsIdentity`. */
export type { AwsCredentials, AwsIdentity, CallerIdentity } from "./aws-identity.ts";
