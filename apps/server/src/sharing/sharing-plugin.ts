/** The routes of sharing. Who may use which is decided before any of this runs (access/authorize.ts). */

import { ERROR_CATALOG } from "@causeway/wire-contract/error-catalog";
import { AttachTicket, SessionId } from "@causeway/wire-contract/sessions";
import {
  CarriedShare,
  CarryShareRequest,
  ChangeShareRequest,
  CreateShareRequest,
  JoinShareRequest,
  SessionShares,
  Share,
  ShareCreated,
  SharedSession,
  ShareId,
  ShareLists,
  SharesRevoked,
} from "@causeway/wire-contract/sharing";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { AttachTickets } from "../access/index.ts";
import { contextOf, cookieHeader, linkCookieName, readCookie } from "../identity/index.ts";
import { AttemptLimiter } from "../platform/attempt-limiter.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { PublicAddress } from "../platform/http/public-address.ts";
import { BrowserSocket, type SessionService } from "../sessions/index.ts";
import { CARRIED_MS, type CarriedLinks } from "./carried-links.ts";
import type { ShareRecord } from "./share-record.ts";
import { guessOf } from "./share-secret.ts";
import type { SharingService } from "./sharing-service.ts";
import { attachViewer, type ViewerAttachDeps } from "./viewer-attach.ts";

/** Links left before a sign-in, per address: each is kept for ten minutes. An office shares an address. */
const CARRY_LIMITS = { attemptsMax: 60, windowMs: 60_000, addressesMax: 10_000 };
/** Links made and changed per person, and comings of a viewer: each writes to the disk, or makes a screen. */
const ACT_LIMITS = { attemptsMax: 60, windowMs: 60_000, addressesMax: 10_000 };

const OfSession = Type.Object({ id: SessionId }, { additionalProperties: false });
const OfShare = Type.Object({ id: SessionId, shareId: ShareId }, { additionalProperties: false });
const Shared = Type.Object({ shareId: ShareId }, { additionalProperties: false });
/** Any text is an id here: one that cannot be is answered like one that is not. */
const AnyLink = Type.Object({ shareId: Type.String({ maxLength: 200 }) }, { additionalProperties: false });

export interface SharingPluginDeps {
  sharing: SharingService;
  carried: CarriedLinks;
  publicAddress(): PublicAddress;
  sessions: Pick<SessionService, "attachGuest" | "shareable">;
  screenAt: ViewerAttachDeps["screenAt"];
  tickets: Pick<AttachTickets, "issue" | "redeem">;
  clock: Clock;
}

export const sharingPlugin = (deps: SharingPluginDeps): FastifyPluginAsyncTypebox =>
  async function sharingRoutes(app) {
    const { carried, clock, publicAddress, sharing, tickets } = deps;
    const carries = new AttemptLimiter(CARRY_LIMITS, clock);
    const changes = new AttemptLimiter(ACT_LIMITS, clock);
    const comings = new AttemptLimiter(ACT_LIMITS, clock);

    app.get(
      "/sessions/:id/shares",
      { config: { access: "session-owner" }, schema: { params: OfSession, response: { 200: SessionShares } } },
      async (request) => sharing.list(request.params.id),
    );

    app.post(
      "/sessions/:id/shares",
      {
        config: { access: "session-owner" },
        schema: { params: OfSession, body: CreateShareRequest, response: { 201: ShareCreated } },
      },
      async (request, reply) => {
        changes.admit(request.awsIdentity.ownerKey);
        const { id } = request.params;
        const created = await sharing.create(request.awsIdentity, id, request.body, contextOf(request));
        return reply.code(201).header("cache-control", "no-store").send(created);
      },
    );

    app.put(
      "/sessions/:id/shares/:shareId",
      {
        config: { access: "session-owner" },
        schema: { params: OfShare, body: ChangeShareRequest, response: { 200: Share } },
      },
      async (request) => {
        changes.admit(request.awsIdentity.ownerKey);
        const { id, shareId } = request.params;
        return sharing.change(request.awsIdentity, id, shareId, request.body, contextOf(request));
      },
    );

    app.delete(
      "/sessions/:id/shares/:shareId",
      { config: { access: "session-owner" }, schema: { params: OfShare, response: { 204: Type.Null() } } },
      async (request, reply) => {
        const { id, shareId } = request.params;
        await sharing.revoke(request.awsIdentity, id, shareId, contextOf(request));
        return reply.code(204).send(null);
      },
    );

    app.delete(
      "/sessions/:id/shares",
      { config: { access: "session-owner" }, schema: { params: OfSession, response: { 200: SharesRevoked } } },
      async (request) => ({
        revoked: await sharing.revokeAll(request.awsIdentity, request.params.id, contextOf(request)),
      }),
    );

    app.get(
      "/shares",
      { config: { access: "signed-in" }, schema: { response: { 200: ShareLists } } },
      async (request) => sharing.lists(request.awsIdentities),
    );

    app.post(
      "/shares/:shareId/join",
      {
        config: { access: "signed-in" },
        schema: { params: AnyLink, body: JoinShareRequest, response: { 200: SharedSession } },
      },
      async (request, reply) => {
        const { shareId } = request.params;
        const { secret, ...body } = request.body;
        const cookie = linkCookieOf(request);
        const left = secret === undefined ? carried.find(cookie) : undefined;
        const guess = secret === undefined && left?.shareId === shareId ? left.guess : guessOf(shareId, secret ?? "");
        const forget = (): void => {
          if (secret !== undefined) return;
          carried.forget(cookie);
          setLinkCookie(reply, "", 0);
        };
        try {
          const shared = await sharing.join(request.awsIdentities, shareId, { ...body, guess }, contextOf(request));
          forget();
          return shared;
        } catch (error) {
          if (!(error instanceof CatalogError && ERROR_CATALOG[error.code].retryable)) forget();
          throw error;
        }
      },
    );

    app.post(
      "/shares/:shareId/carry",
      {
        config: { access: "public" },
        schema: { params: AnyLink, body: CarryShareRequest, response: { 204: Type.Null() } },
      },
      async (request, reply) => {
        carries.admit(request.ip);
        const cookie = carried.carry(request.params.shareId, request.body.secret, linkCookieOf(request));
        setLinkCookie(reply, cookie, CARRIED_MS / 1_000);
        return reply.code(204).send(null);
      },
    );

    app.get(
      "/shares/carried",
      { config: { access: "signed-in" }, schema: { response: { 200: CarriedShare } } },
      async (request) => {
        const left = carried.find(linkCookieOf(request));
        return left === undefined ? {} : { shareId: left.shareId };
      },
    );

    app.get(
      "/shares/:shareId",
      { config: { access: "share-viewer" }, schema: { params: Shared, response: { 200: SharedSession } } },
      async (request) => sharing.viewOf(request.awsIdentity, request.params.shareId),
    );

    app.post(
      "/shares/:shareId/attach-ticket",
      { config: { access: "share-viewer" }, schema: { params: Shared, response: { 201: AttachTicket } } },
      async (request, reply) => {
        const { awsIdentity } = request;
        comings.admit(awsIdentity.ownerKey);
        const { share } = sharing.membership(awsIdentity, request.params.shareId);
        return reply.code(201).send(tickets.issue(awsIdentity.loginId, purposeOf(share)));
      },
    );

    app.get(
      "/shares/:shareId/attach",
      { websocket: true, config: { access: "share-viewer" }, schema: { params: Shared } },
      (socket, request) => {
        const { awsIdentity } = request;
        const { shareId } = request.params;
        // Of which class the link is, the ticket says; a link that is gone has none, and its answer is found when attaching.
        const shareClass = sharing.classOf(shareId);
        new BrowserSocket(socket, {
          stream: request.raw.socket,
          clock,
          log: request.log.child({ shareId }),
          redeemTicket: (ticket) => tickets.redeem(ticket, awsIdentity.loginId, purposeOf({ id: shareId, shareClass })),
          attach: (page) => attachViewer(deps, awsIdentity, { shareId, shareClass }, page, contextOf(request)),
        });
      },
    );

    function linkCookieOf(request: FastifyRequest): string | undefined {
      const address = publicAddress();
      return readCookie(address, request.headers.cookie, linkCookieName(address));
    }

    function setLinkCookie(reply: FastifyReply, value: string, seconds: number): void {
      const address = publicAddress();
      reply.header("set-cookie", cookieHeader(address, value, seconds, linkCookieName(address)));
    }
  };

/** No session's id looks like this, so no ticket of a link opens a session, and none of one class the other's. */
function purposeOf({ id, shareClass }: Pick<ShareRecord, "id" | "shareClass">): string {
  return `share/${shareClass}/${id}`;
}
