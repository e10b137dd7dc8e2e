import type { AccessKeysRequest, ReadyMadeRequest, SignInMode, SignInOptions } from "@causeway/wire-contract/identity";
import type {
  PortalAccounts,
  PortalRoleRequest,
  Portals,
  SignInCode,
  StartPlace,
} from "@causeway/wire-contract/identity-center";
import type { OidcStart, OidcStartRequest } from "@causeway/wire-contract/oidc";
import type { LocalProfiles, ProfileRequest } from "@causeway/wire-contract/profiles";

export type { SignInMode };

/** What this feature needs from the server. */
export interface SignInApi {
  signInOptions(signal?: AbortSignal): Promise<SignInOptions>;
  signInWithAccessKeys(body: AccessKeysRequest): Promise<void>;
  signInAsReadyMade(body: ReadyMadeRequest): Promise<void>;
  startCode(place: StartPlace): Promise<SignInCode>;
  watchCode(id: string, signal?: AbortSignal): Promise<SignInCode>;
  cancelCode(id: string): Promise<void>;
  portalAccounts(portalId: string, wanted: string | undefined, signal?: AbortSignal): Promise<PortalAccounts>;
  portals(signal?: AbortSignal): Promise<Portals>;
  startOidc(body: OidcStartRequest): Promise<OidcStart>;
  finishOidc(): Promise<void>;
  localProfiles(signal?: AbortSignal): Promise<LocalProfiles>;
  signInWithProfile(body: ProfileRequest): Promise<void>;
  choosePortalRole(portalId: string, role: PortalRoleRequest): Promise<void>;
}
