/** The server's routes as functions. Request and answer types come from the wire contract; nothing else is decided here. */
import { AuditActivity, AuditPage } from "@causeway/wire-contract/audit";
import { EventsTicket } from "@causeway/wire-contract/events";
import {
  type AccessKeysRequest,
  type LaunchRequest,
  LoginList,
  Me,
  type ReadyMadeRequest,
  SignInOptions,
  type SignOutElsewhereRequest,
  type SignOutRequest,
} from "@causeway/wire-contract/identity";
import {
  PortalAccounts,
  type PortalRoleRequest,
  Portals,
  SignInCode,
  type StartPlace,
} from "@causeway/wire-contract/identity-center";
import { InstanceDetail, InstanceList } from "@causeway/wire-contract/instances";
import { OidcStart, type OidcStartRequest } from "@causeway/wire-contract/oidc";
import { PeopleList, type PersonRequest, PutOut } from "@causeway/wire-contract/people";
import { Preferences } from "@causeway/wire-contract/preferences";
import type { Problem } from "@causeway/wire-contract/problem";
import { LocalProfiles, type ProfileRequest } from "@causeway/wire-contract/profiles";
import { SessionDocuments } from "@causeway/wire-contract/session-documents";
import { AttachTicket, Session, SessionList, type StartSessionRequest } from "@causeway/wire-contract/sessions";
import {
  CarriedShare,
  type ChangeShareRequest,
  type CreateShareRequest,
  type JoinShareRequest,
  SessionShares,
  Share,
  ShareCreated,
  SharedSession,
  ShareLists,
  SharesRevoked,
} from "@causeway/wire-contract/sharing";
import { UnheldSessions } from "@causeway/wire-contract/unheld-sessions";
import type { ApiClient } from "./api-client.ts";

export class Api {
  readonly #client: ApiClient;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  onSignedOut = (listener: (problem: Problem) => void): (() => void) => this.#client.onSignedOut(listener);

  signInOptions = (signal?: AbortSignal): Promise<SignInOptions> =>
    this.#client.read("GET", "/sign-in", SignInOptions, { signal });
  launch = (body: LaunchRequest): Promise<void> => this.#client.send("POST", "/sign-in/launch", { body });
  signInWithAccessKeys = (body: AccessKeysRequest): Promise<void> =>
    this.#client.send("POST", "/sign-in/access-keys", { body });
  signInAsReadyMade = (body: ReadyMadeRequest): Promise<void> =>
    this.#client.send("POST", "/sign-in/ready-made", { body });
  startCode = (body: StartPlace): Promise<SignInCode> =>
    this.#client.read("POST", "/sign-in/identity-center/codes", SignInCode, { body });
  watchCode = (id: string, signal?: AbortSignal): Promise<SignInCode> =>
    this.#client.read("GET", `/sign-in/identity-center/codes/${encodeURIComponent(id)}`, SignInCode, { signal });
  cancelCode = (id: string): Promise<void> =>
    this.#client.send("DELETE", `/sign-in/identity-center/codes/${encodeURIComponent(id)}`);
  portalAccounts = (id: string, wanted: string | undefined, signal?: AbortSignal): Promise<PortalAccounts> => {
    const query = wanted === undefined ? "" : `?wanted=${encodeURIComponent(wanted)}`;
    const path = `/sign-in/identity-center/portals/${encodeURIComponent(id)}/accounts${query}`;
    return this.#client.read("GET", path, PortalAccounts, { signal });
  };
  portals = (signal?: AbortSignal): Promise<Portals> =>
    this.#client.read("GET", "/sign-in/identity-center/portals", Portals, { signal });
  startOidc = (body: OidcStartRequest): Promise<OidcStart> =>
    this.#client.read("POST", "/sign-in/oidc/start", OidcStart, { body });
  finishOidc = (): Promise<void> => this.#client.send("POST", "/sign-in/oidc/finish");
  localProfiles = (signal?: AbortSignal): Promise<LocalProfiles> =>
    this.#client.read("GET", "/sign-in/profiles", LocalProfiles, { signal });
  signInWithProfile = (body: ProfileRequest): Promise<void> => this.#client.send("POST", "/sign-in/profile", { body });
  choosePortalRole = (id: string, body: PortalRoleRequest): Promise<void> =>
    this.#client.send("POST", `/sign-in/identity-center/portals/${encodeURIComponent(id)}/sign-in`, { body });
  signOut = (body: SignOutRequest): Promise<void> => this.#client.send("POST", "/sign-out", { body });
  logins = (signal?: AbortSignal): Promise<LoginList> => this.#client.read("GET", "/logins", LoginList, { signal });
  signOutElsewhere = (loginId: string, body: SignOutElsewhereRequest): Promise<void> =>
    this.#client.send("POST", `/logins/${encodeURIComponent(loginId)}/sign-out`, { body });
  people = (signal?: AbortSignal): Promise<PeopleList> => this.#client.read("GET", "/people", PeopleList, { signal });
  putOut = (how: "kick" | "disable", body: PersonRequest): Promise<PutOut> =>
    this.#client.read("POST", `/people/${how}`, PutOut, { body });
  enablePerson = (body: PersonRequest): Promise<void> => this.#client.send("POST", "/people/enable", { body });
  /** @param query as the address of the audit page has it */
  audit = (query: URLSearchParams, signal?: AbortSignal): Promise<AuditPage> =>
    this.#client.read("GET", `/audit?${query}`, AuditPage, { signal });
  auditActivity = (query: URLSearchParams, signal?: AbortSignal): Promise<AuditActivity> =>
    this.#client.read("GET", `/audit/activity?${query}`, AuditActivity, { signal });

  me = (signal?: AbortSignal): Promise<Me> => this.#client.read("GET", "/me", Me, { signal });
  /** @param identityId absent: the login's first */
  listInstances = (
    { region, identityId }: { region: string; identityId: string | undefined },
    signal?: AbortSignal,
  ): Promise<InstanceList> => {
    const query = new URLSearchParams({ region, ...(identityId === undefined ? {} : { identityId }) });
    return this.#client.read("GET", `/instances?${query}`, InstanceList, { signal });
  };
  instanceDetail = (
    place: { identityId: string; region: string; id: string },
    signal?: AbortSignal,
  ): Promise<InstanceDetail> => {
    const query = new URLSearchParams({ region: place.region, identityId: place.identityId });
    return this.#client.read("GET", `/instances/${encodeURIComponent(place.id)}?${query}`, InstanceDetail, { signal });
  };
  sessionDocuments = (
    { region, identityId }: { region: string; identityId: string },
    signal?: AbortSignal,
  ): Promise<SessionDocuments> => {
    const query = new URLSearchParams({ region, identityId });
    return this.#client.read("GET", `/sessions/documents?${query}`, SessionDocuments, { signal });
  };
  eventsTicket = (): Promise<EventsTicket> => this.#client.read("POST", "/events/ticket", EventsTicket);

  preferences = (): Promise<Preferences> => this.#client.read("GET", "/me/preferences", Preferences);
  savePreferences = (body: Preferences): Promise<Preferences> =>
    this.#client.read("PUT", "/me/preferences", Preferences, { body });

  listSessions = (signal?: AbortSignal): Promise<SessionList> =>
    this.#client.read("GET", "/sessions", SessionList, { signal });
  unheldSessions = (place: { identityId: string; region: string }, signal?: AbortSignal): Promise<UnheldSessions> =>
    this.#client.read("GET", `/sessions/unheld?${placeQuery(place)}`, UnheldSessions, { signal });
  endUnheldSession = (place: { identityId: string; region: string }, awsSessionId: string): Promise<void> =>
    this.#client.send("DELETE", `/sessions/unheld/${encodeURIComponent(awsSessionId)}?${placeQuery(place)}`);
  startSession = (body: StartSessionRequest, signal?: AbortSignal): Promise<Session> =>
    this.#client.read("POST", "/sessions", Session, { body, signal });
  attachTicket = (sessionId: string, signal?: AbortSignal): Promise<AttachTicket> =>
    this.#client.read("POST", `/sessions/${encodeURIComponent(sessionId)}/attach-ticket`, AttachTicket, { signal });
  endSession = (sessionId: string, options?: { keepalive?: boolean }): Promise<void> =>
    this.#client.send("DELETE", `/sessions/${encodeURIComponent(sessionId)}`, options ?? {});

  sessionShares = (sessionId: string, signal?: AbortSignal): Promise<SessionShares> =>
    this.#client.read("GET", sharesPath(sessionId), SessionShares, { signal });
  createShare = (sessionId: string, body: CreateShareRequest): Promise<ShareCreated> =>
    this.#client.read("POST", sharesPath(sessionId), ShareCreated, { body });
  changeShare = (sessionId: string, shareId: string, body: ChangeShareRequest): Promise<Share> =>
    this.#client.read("PUT", sharesPath(sessionId, shareId), Share, { body });
  revokeShare = (sessionId: string, shareId: string): Promise<void> =>
    this.#client.send("DELETE", sharesPath(sessionId, shareId));
  revokeShares = (sessionId: string): Promise<SharesRevoked> =>
    this.#client.read("DELETE", sharesPath(sessionId), SharesRevoked);
  joinShare = (shareId: string, body: JoinShareRequest): Promise<SharedSession> =>
    this.#client.read("POST", `/shares/${encodeURIComponent(shareId)}/join`, SharedSession, { body });
  /** The page is about to be left for a sign-in elsewhere: the server keeps what opens the link, for this browser. */
  carryShare = (shareId: string, secret: string): Promise<void> =>
    this.#client.send("POST", `/shares/${encodeURIComponent(shareId)}/carry`, { body: { secret } });
  carriedShare = (signal?: AbortSignal): Promise<CarriedShare> =>
    this.#client.read("GET", "/shares/carried", CarriedShare, { signal });
  shareLists = (signal?: AbortSignal): Promise<ShareLists> =>
    this.#client.read("GET", "/shares", ShareLists, { signal });
  sharedSession = (shareId: string, signal?: AbortSignal): Promise<SharedSession> =>
    this.#client.read("GET", `/shares/${encodeURIComponent(shareId)}`, SharedSession, { signal });
  shareTicket = (shareId: string, signal?: AbortSignal): Promise<AttachTicket> =>
    this.#client.read("POST", `/shares/${encodeURIComponent(shareId)}/attach-ticket`, AttachTicket, { signal });
}

function sharesPath(sessionId: string, shareId?: string): string {
  const all = `/sessions/${encodeURIComponent(sessionId)}/shares`;
  return shareId === undefined ? all : `${all}/${encodeURIComponent(shareId)}`;
}

function placeQuery({ identityId, region }: { identityId: string; region: string }): URLSearchParams {
  return new URLSearchParams({ region, identityId });
}
