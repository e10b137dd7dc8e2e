/** The public face of this domain: links to terminals, who watches, who may type. Answers questions; never sees terminal bytes. */
export { AwsStartPermission } from "./aws-start-permission.ts";
export { CarriedLinks } from "./carried-links.ts";
export { policyOf } from "./share-rules.ts";
export { ShareStore } from "./share-store.ts";
export { sharingPlugin } from "./sharing-plugin.ts";
export { SharingService } from "./sharing-service.ts";
