/** The websocket of a page (architecture §5), and the ticket that opens it. Who may do so is decided before this runs. */
import { EventsTicket, type ServerEvent } from "@causeway/wire-contract/events";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { AttachTickets } from "../access/index.ts";
import type { AwsIdentity } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import { catalogErrorOf } from "../platform/http/problem.ts";
import { type AuditFeed, AuditNews } from "./audit-news.ts";
import { EventsSocket } from "./events-socket.ts";
import type { Inventory } from "./inventory.ts";
import { PageReader } from "./page-reader.ts";

/** Pages of one login that are kept up to date. */
export const PAGES_PER_LOGIN_MAX = 20;
/** What a ticket is for; no session has this id (a session's has 22 characters). */
const TICKET_PURPOSE = "events";
/** The login's first identity, for a page that knows of only one. */
export const FIRST_IDENTITY = "first";

export interface EventsDependencies {
  inventory: Inventory;
  tickets: Pick<AttachTickets, "issue" | "redeem">;
  clock: Clock;
  regions: readonly string[];
  /** The audit as far as these identities may read it. @throws CatalogError ROLE_REQUIRED */
  auditFor(identities: readonly AwsIdentity[]): AuditFeed;
}

export const eventsPlugin = (deps: EventsDependencies): FastifyPluginAsyncTypebox =>
  async function events(app) {
    const pages = new Map<string, number>();

    app.post(
      "/events/ticket",
      { config: { access: "signed-in" }, schema: { response: { 201: EventsTicket } } },
      async (request, reply) => reply.code(201).send(deps.tickets.issue(request.awsIdentity.loginId, TICKET_PURPOSE)),
    );

    app.get("/events", { websocket: true, config: { access: "signed-in" } }, (socket, request) => {
      const { awsIdentities } = request;
      const { loginId } = request.awsIdentity;
      new EventsSocket(socket, {
        clock: deps.clock,
        log: request.log,
        redeemTicket: (ticket) => deps.tickets.redeem(ticket, loginId, TICKET_PURPOSE),
        open: (page) => {
          const count = pages.get(loginId) ?? 0;
          if (count >= PAGES_PER_LOGIN_MAX) return undefined;
          pages.set(loginId, count + 1);
          const reader = new PageReader({
            inventory: deps.inventory,
            clock: deps.clock,
            identityOf: (id) => identityOf(awsIdentities, id),
            checkRegion,
            send: (event) => page.send(event),
            isKeepingUp: () => page.isKeepingUp,
            requestId: request.id,
          });
          let news: AuditNews | undefined;
          const showAudit = (on: boolean): void => {
            news?.end();
            news = undefined;
            if (!on) return;
            try {
              const send = (event: ServerEvent): void => page.send(event);
              news = new AuditNews({ feed: deps.auditFor(awsIdentities), clock: deps.clock, send });
              news.begin();
            } catch (error) {
              page.send({ type: "audit-live-refused", code: catalogErrorOf(error).code });
            }
          };
          return {
            handle(message) {
              if (message.type === "watch") reader.watch(message.sources);
              else if (message.type === "refresh") reader.refresh();
              else showAudit(message.on);
            },
            close: () => {
              news?.end();
              reader.close();
              const left = (pages.get(loginId) ?? 1) - 1;
              if (left > 0) pages.set(loginId, left);
              else pages.delete(loginId);
            },
          };
        },
      });
    });

    function checkRegion(region: string): void {
      if (!deps.regions.includes(region)) throw new CatalogError("REGION_NOT_ALLOWED");
    }
  };

/** An identity that is not the login's is none, like any foreign object. */
function identityOf(identities: readonly AwsIdentity[], id: string): AwsIdentity {
  const identity = id === FIRST_IDENTITY ? identities[0] : identities.find(({ identityId }) => identityId === id);
  if (identity === undefined) throw new CatalogError("IDENTITY_NOT_FOUND");
  return identity;
}
