/** What sharing needs of the server, in the words of the contract; every call rejects with what the API client throws. */
import type {
  ChangeShareRequest,
  CreateShareRequest,
  SessionShares,
  Share,
  ShareCreated,
  SharesRevoked,
} from "@causeway/wire-contract/sharing";

export interface ShareApi {
  sessionShares(sessionId: string, signal?: AbortSignal): Promise<SessionShares>;
  createShare(sessionId: string, body: CreateShareRequest): Promise<ShareCreated>;
  changeShare(sessionId: string, shareId: string, body: ChangeShareRequest): Promise<Share>;
  revokeShare(sessionId: string, shareId: string): Promise<void>;
  revokeShares(sessionId: string): Promise<SharesRevoked>;
}
