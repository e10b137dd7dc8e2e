import type { AccessKeysRequest, ReadyMadeRequest, SignInMode, SignInOptions } from "@causeway/wire-contract/identity";
import type {
  PortalAccounts,
  PortalRoleRequest,
  SignInCode,
  StartPlace,
} from "@causeway/wire-contract/identity-center";

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
  choosePortalRole(portalId: string, role: PortalRoleRequest): Promise<void>;
}
