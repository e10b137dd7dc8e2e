import type { AccessKeysRequest, ReadyMadeRequest, SignInOptions } from "@causeway/wire-contract/identity";

/** What this feature needs from the server. */
export interface SignInApi {
  signInOptions(signal?: AbortSignal): Promise<SignInOptions>;
  signInWithAccessKeys(body: AccessKeysRequest): Promise<void>;
  signInAsReadyMade(body: ReadyMadeRequest): Promise<void>;
}
