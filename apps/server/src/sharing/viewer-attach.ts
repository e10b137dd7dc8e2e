/** A viewer's page comes: whether it may, from where on it sees the output, and what it begins with. */

import { createHash } from "node:crypto";
import type { ShareEndReason } from "@causeway/wire-contract/sharing";
import { CLOSE_SHARE_ENDED } from "@causeway/wire-contract/sharing";
import type { ServerMessage } from "@causeway/wire-contract/terminal-messages";
import type { AwsIdentity } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import {
  type Attachment,
  type AttachRequest,
  GuestScreens,
  type ReaderSink,
  type RequestOrigin,
  type Screen,
  type SessionService,
} from "../sessions/index.ts";
import type { ShareRecord, ViewerRecord } from "./share-record.ts";
import type { ShareClass } from "./share-secret.ts";
import type { ViewerWire } from "./shared-terminal.ts";
import { actorOf } from "./sharing-audit.ts";
import type { SharingService } from "./sharing-service.ts";
import { ViewerInput, viewerSink } from "./viewer-attachment.ts";

/** Pages of one viewer on one link at a time; at the bound a further one is refused. */
export const PAGES_PER_VIEWER_MAX = 4;
/** The page is to come again (RFC 6455's registry: service restart). */
const CLOSE_COME_AGAIN = 1012;

export interface ViewerAttachDeps {
  sharing: SharingService;
  sessions: Pick<SessionService, "attachGuest" | "shareable">;
  /** The current grid at that offset of the session's log. Rejects when there is none. */
  screenAt(sessionId: string, offset: number): Promise<Screen>;
}

/** What the page brings; the sink is where its output goes. */
export type PageRequest = Omit<AttachRequest, "person" | "guest" | "typing">;

/**
 * @param shareClass of the ticket that opened the socket: a view-only one opens no way for keys, whatever the link is now
 * @throws CatalogError SHARE_NOT_FOUND, SHARE_ENDED, SHARE_NOT_ALLOWED, SHARE_NOT_FOR_YOU, SHARE_NEEDS_START_SESSION, SHARE_FULL,
 *   READERS_LIMIT_REACHED, SHARE_SCREEN_NOT_READY
 */
export async function attachViewer(
  deps: ViewerAttachDeps,
  identity: AwsIdentity,
  { shareId, shareClass }: { shareId: string; shareClass: ShareClass },
  request: PageRequest,
  origin: RequestOrigin,
): Promise<Attachment> {
  const { sessions, sharing } = deps;
  const { share, viewer } = sharing.membership(identity, shareId);
  if (share.shareClass !== shareClass) throw new CatalogError("SHARE_NOT_FOUND");
  await sharing.checkMayWatch(share, identity);
  const begin = await beginningOf(deps, share, viewer, request.offset);
  // Much may have happened meanwhile: the link ended, others came.
  sharing.membership(identity, shareId);
  sharing.checkRoom(share, viewer);
  const terminal = sharing.terminalOf(share.sessionId);
  if (terminal.pagesOf(viewer.id) >= PAGES_PER_VIEWER_MAX) throw new CatalogError("READERS_LIMIT_REACHED");
  const sink = viewerSink(request.sink);
  const seat = terminal.viewerSeat(viewer, share, actorOf(identity, origin), wireOf(request.sink));
  const input = new ViewerInput(seat);
  let attachment: Attachment;
  try {
    attachment = sessions.attachGuest(share.sessionId, {
      ...request,
      offset: begin.offset,
      streamId: ownStream(viewer, request.streamId),
      sink,
      person: { ownerKey: identity.ownerKey, name: identity.name },
      typing: input.typing,
      guest: {
        fromOffset: begin.fromOffset,
        screens: begin.screens,
        fits: () => share.fitSmallest,
      },
    });
  } catch (error) {
    seat.close();
    throw error;
  }
  seat.open();
  return input.attachment(shareClass, attachment);
}

interface Beginning {
  fromOffset: number;
  offset: number | null;
  screens: GuestScreens | undefined;
}

async function beginningOf(
  { sessions, screenAt, sharing }: ViewerAttachDeps,
  share: ShareRecord,
  viewer: ViewerRecord,
  pageOffset: number | null,
): Promise<Beginning> {
  const head = (): number => {
    const session = sessions.shareable(share.sessionId);
    if (session === undefined) throw new CatalogError("SHARE_ENDED");
    return session.headOffset;
  };
  if (share.earlierOutput) {
    if (viewer.joinOffset === undefined) await sharing.setJoinOffset(viewer, head());
    return { fromOffset: 0, offset: pageOffset, screens: undefined };
  }
  const screens = new GuestScreens(async () => screenAt(share.sessionId, head()));
  const { joinOffset } = viewer;
  const hasAll = joinOffset !== undefined && pageOffset !== null && pageOffset >= joinOffset;
  if (!hasAll && !(await screens.renew())) throw new CatalogError("SHARE_SCREEN_NOT_READY");
  const fromOffset = joinOffset ?? (await sharing.setJoinOffset(viewer, screens.newest?.offset ?? head()));
  return { fromOffset, offset: hasAll ? pageOffset : null, screens };
}

function wireOf(sink: ReaderSink): ViewerWire {
  return {
    send: (message: ServerMessage) => sink.sendMessage(message),
    end(why: ShareEndReason) {
      sink.sendMessage({ type: "share-ended", why });
      sink.close(CLOSE_SHARE_ENDED, "SHARE_ENDED");
    },
    reconnect: () => sink.close(CLOSE_COME_AGAIN, "SHARE_CHANGED"),
  };
}

/**
 * The stream of a viewer's page under a name that nobody else's page has: one who knew the owner's could otherwise put her off, or
 * go on where she stopped.
 */
function ownStream(viewer: ViewerRecord, streamId: string): string {
  return createHash("sha256").update(`${viewer.id}\0${streamId}`).digest("hex").slice(0, 32);
}
