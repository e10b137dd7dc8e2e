/** The public face of this domain: the list of machines a person may see, and what keeps a page's list up to date. */
export { AwsInstanceDirectory } from "./aws-instance-directory.ts";
export { eventsPlugin } from "./events-plugin.ts";
export type { InstanceDirectory, InstanceFacts, InstancePages } from "./instance-directory.ts";
export { instancesPlugin } from "./instances-plugin.ts";
export { Inventory } from "./inventory.ts";
export type { CallBudget } from "./inventory-source.ts";
export { plainText } from "./join-instances.ts";
export { personTurn } from "./person-turn.ts";
