/** The public face of this domain: the list of machines a person may see. */
export { AwsInstanceDirectory } from "./aws-instance-directory.ts";
export type { InstanceDirectory, InstancePage } from "./instance-directory.ts";
export { instancesPlugin } from "./instances-plugin.ts";
export { plainText } from "./join-instances.ts";
