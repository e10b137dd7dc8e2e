import type { SessionStartRules } from "@causeway/wire-contract/identity";
import {
  SessionDocumentsQuery,
  SessionDocuments as SessionDocumentsView,
} from "@causeway/wire-contract/session-documents";
import { AttachTicket, Session, SessionId, SessionList, StartSessionRequest } from "@causeway/wire-contract/sessions";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import type { AttachTickets } from "../access/index.ts";
import { contextOf } from "../identity/index.ts";
import { AttemptLimiter } from "../platform/attempt-limiter.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import { problemOf } from "../platform/http/problem.ts";
import type { SessionDocuments } from "./calls/session-documents.ts";
import { checkStartRules } from "./calls/start-rules.ts";
import { BrowserSocket } from "./readers/browser-socket.ts";
import type { SessionService } from "./session-service.ts";

/** Starts per person: AWS throttles StartSession per account, and one person must not use it up for all. */
const START_LIMITS = { attemptsMax: 60, windowMs: 60_000, addressesMax: 10_000 };

/** Looks at the account's documents per person: each is up to 22 calls to AWS. */
const DOCUMENT_LIMITS = { attemptsMax: 20, windowMs: 60_000, addressesMax: 10_000 };

const SessionParams = Type.Object({ id: SessionId }, { additionalProperties: false });

export interface SessionsDependencies {
  sessions: SessionService;
  tickets: Pick<AttachTickets, "issue" | "redeem">;
  clock: Clock;
  /** Regions of the configuration; a start elsewhere is refused. */
  regions: readonly string[];
  /** What may and must be said when a shell is opened. */
  startRules: SessionStartRules;
  documents: Pick<SessionDocuments, "list" | "check">;
}

/** Start, see, end sessions, and attach to them. Who may do so is decided before any of this runs. */
export const sessionsPlugin = (deps: SessionsDependencies): FastifyPluginAsyncTypebox =>
  async function sessionRoutes(app) {
    const { sessions, tickets, clock, startRules, documents } = deps;
    const starts = new AttemptLimiter(START_LIMITS, clock);
    const looks = new AttemptLimiter(DOCUMENT_LIMITS, clock);

    app.post(
      "/sessions",
      { config: { access: "signed-in" }, schema: { body: StartSessionRequest, response: { 201: Session } } },
      async (request, reply) => {
        if (!deps.regions.includes(request.body.region)) throw new CatalogError("REGION_NOT_ALLOWED");
        checkStartRules(request.body, startRules);
        starts.admit(request.awsIdentity.ownerKey);
        const { documentName, region } = request.body;
        if (documentName !== undefined && !startRules.documents.includes(documentName))
          await documents.check(request.awsIdentity, region, documentName);
        const session = await sessions.start(request.awsIdentity, request.body, contextOf(request));
        return reply.code(201).send(session);
      },
    );

    app.get(
      "/sessions",
      { config: { access: "signed-in" }, schema: { response: { 200: SessionList } } },
      async (request) => ({ sessions: sessions.listFor(...request.awsIdentities) }),
    );

    app.get(
      "/sessions/documents",
      {
        config: { access: "signed-in" },
        schema: { querystring: SessionDocumentsQuery, response: { 200: SessionDocumentsView } },
      },
      async ({ awsIdentity, query, id }) => {
        if (!deps.regions.includes(query.region)) throw new CatalogError("REGION_NOT_ALLOWED");
        if (!startRules.accountDocuments) return { documents: [], more: false };
        looks.admit(awsIdentity.ownerKey);
        const { error, ...found } = await documents.list(awsIdentity, query.region);
        return { ...found, ...(error && { problem: problemOf(error, id) }) };
      },
    );

    app.get(
      "/sessions/:id",
      { config: { access: "session-owner" }, schema: { params: SessionParams, response: { 200: Session } } },
      async (request) => sessions.get(request.params.id, request.awsIdentity),
    );

    app.delete(
      "/sessions/:id",
      { config: { access: "session-owner" }, schema: { params: SessionParams, response: { 204: Type.Null() } } },
      async (request, reply) => {
        await sessions.end(request.params.id, request.awsIdentity, contextOf(request));
        return reply.code(204).send(null);
      },
    );

    app.post(
      "/sessions/:id/attach-ticket",
      { config: { access: "session-owner" }, schema: { params: SessionParams, response: { 201: AttachTicket } } },
      async (request, reply) => reply.code(201).send(tickets.issue(request.awsIdentity.loginId, request.params.id)),
    );

    app.get(
      "/sessions/:id/attach",
      { websocket: true, config: { access: "session-owner" }, schema: { params: SessionParams } },
      (socket, request) => {
        const { id } = request.params;
        const { awsIdentity } = request;
        new BrowserSocket(socket, {
          stream: request.raw.socket,
          clock,
          log: request.log.child({ sessionId: id }),
          redeemTicket: (ticket) => tickets.redeem(ticket, awsIdentity.loginId, id),
          attach: (attach) => sessions.attach(id, awsIdentity, attach, contextOf(request)),
        });
      },
    );
  };
