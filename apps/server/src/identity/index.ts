/** Public face of the domain: credentials leave it only inside an `AwsIdentity`. */

export type { SessionOwner } from "./absent-person.ts";
export { type AwsCredentials, type AwsIdentity, type CallerIdentity, holdCredentials } from "./aws-identity.ts";
export { type CausewayRole, causewayRoleOf } from "./causeway-roles.ts";
export { CredentialRenewals } from "./credential-renewals.ts";
export { DisabledPeople } from "./disabled-people.ts";
export { identityPlugin } from "./identity-plugin.ts";
export { LaunchSecret, type LaunchSecretReason } from "./launch-secret.ts";
export { cookieHash, cookieHeader, cookieName, linkCookieName, readCookie } from "./login-cookie.ts";
export { type Login, Logins } from "./logins.ts";
export { keysRenewer, sessionNameOf } from "./methods/access-keys/keys-and-role.ts";
export type { IdentityCenter, PollAnswer, SsoTokens } from "./methods/identity-center/identity-center.ts";
export { IdentityCenterSignIn } from "./methods/identity-center/identity-center-sign-in.ts";
export type { OidcProvider } from "./methods/oidc/oidc-provider.ts";
export { OidcSignIn } from "./methods/oidc/oidc-sign-in.ts";
export { OpenIdClientProvider } from "./methods/oidc/openid-client-provider.ts";
export type { LocalProfiles } from "./methods/profile/local-profiles.ts";
export { profileRenewer } from "./methods/profile/profile-renewer.ts";
export { personOfAssumedRole, type RoleAssumer, type RoleToAssume } from "./methods/role-assumer.ts";
export type { MfaProof } from "./mfa-proof.ts";
export { peoplePlugin } from "./people-plugin.ts";
export { type Person, personOf } from "./person.ts";
export { readReadyMadePeople } from "./ready-made-people.ts";
export { readyMadeRenewer } from "./ready-made-renewer.ts";
export { actorOf, contextOf } from "./request-actor.ts";
export { type SessionsOfOwner, SignIn } from "./sign-in.ts";
export type { CredentialRenewer, CredentialRenewers, RenewalMaterial, SignedIn } from "./signed-in-identity.ts";
