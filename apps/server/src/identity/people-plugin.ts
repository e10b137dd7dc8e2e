import { PeopleList, type PersonEntry, PersonRequest, PutOut } from "@causeway/wire-contract/people";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { AuditEventName, AuditWriter } from "../audit/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { DisabledPeople } from "./disabled-people.ts";
import type { Login, Logins } from "./logins.ts";
import { personKeyOf } from "./person.ts";
import { actorOf } from "./request-actor.ts";
import type { SignIn } from "./sign-in.ts";

/** Logins whose people are listed; older ones are left out, and the list says so. */
export const LISTED_LOGINS_MAX = 1_000;

export interface PeoplePluginDeps {
  logins: Pick<Logins, "signedIn">;
  disabled: DisabledPeople;
  signIn: Pick<SignIn, "kick">;
  sessions: { openCountOf(personKey: string): number };
  audit: Pick<AuditWriter, "write">;
  clock: Clock;
  /** By configuration. */
  accountName(account: string): string | undefined;
}

/** What admins do to people: see who is there, put somebody out, keep somebody out. Each act is audited. */
export const peoplePlugin = (deps: PeoplePluginDeps): FastifyPluginAsyncTypebox =>
  async function people(app) {
    app.get(
      "/people",
      { config: { access: "admin" }, schema: { response: { 200: PeopleList } } },
      async (): Promise<PeopleList> => {
        const logins = await deps.logins.signedIn(LISTED_LOGINS_MAX + 1);
        const found = peopleIn(logins.slice(0, LISTED_LOGINS_MAX));
        for (const { personKey, name, byName, atMs } of await deps.disabled.list()) {
          const [account = "", userId = ""] = personKey.split("/");
          const accountName = deps.accountName(account);
          const absent = {
            ...{ account, userId, name, role: "", proven: false, logins: 0, sessions: 0 },
            ...(accountName === undefined ? {} : { accountName }),
          };
          found.set(personKey, { ...(found.get(personKey) ?? absent), disabled: { by: byName, at: atMs } });
        }
        for (const [personKey, entry] of found) entry.sessions = deps.sessions.openCountOf(personKey);
        return { people: [...found.values()], truncated: logins.length > LISTED_LOGINS_MAX };
      },
    );

    app.post(
      "/people/kick",
      { config: { access: "admin" }, schema: { body: PersonRequest, response: { 200: PutOut } } },
      async (request) => putOut(request, "person.kicked", "LOGIN_ENDED_BY_ADMIN", request.body),
    );

    app.post(
      "/people/disable",
      { config: { access: "admin" }, schema: { body: PersonRequest, response: { 200: PutOut } } },
      async (request) => {
        const personKey = personKeyOf(request.body);
        if (request.awsIdentities.some((identity) => personKeyOf(identity) === personKey))
          throw new CatalogError("REQUEST_INVALID", { detail: "an admin cannot disable herself" });
        const { name: byName } = request.awsIdentity;
        const name = await nameOf(personKey);
        // First: nobody signs in between being put out and being kept out.
        const added = await deps.disabled.add({ personKey, name, byName, atMs: deps.clock.nowMs() });
        if (!added) throw new CatalogError("REQUEST_INVALID", { detail: "1,000 people are disabled already" });
        return putOut(request, "person.disabled", "LOGIN_ENDED_DISABLED", request.body);
      },
    );

    app.post(
      "/people/enable",
      { config: { access: "admin" }, schema: { body: PersonRequest, response: { 204: Type.Null() } } },
      async (request, reply) => {
        const personKey = personKeyOf(request.body);
        if (!(await deps.disabled.has(personKey))) throw new CatalogError("PERSON_NOT_FOUND");
        await deps.disabled.remove(personKey);
        await write(request, "person.enabled", personKey);
        return reply.code(204).send(null);
      },
    );

    async function putOut(
      request: FastifyRequest,
      event: AuditEventName,
      told: Parameters<SignIn["kick"]>[1],
      person: PersonRequest,
    ): Promise<PutOut> {
      const personKey = personKeyOf(person);
      const ended = await deps.signIn.kick(personKey, told);
      await write(request, event, `${personKey}; logins ended: ${ended.logins}; sessions ended: ${ended.sessions}`);
      return ended;
    }

    async function write(request: FastifyRequest, event: AuditEventName, detail: string): Promise<void> {
      await deps.audit.write({ event, ...actorOf(request), detail });
    }

    async function nameOf(personKey: string): Promise<string> {
      const found = peopleIn(await deps.logins.signedIn(LISTED_LOGINS_MAX)).get(personKey);
      return found?.name ?? personKey.split("/")[1] ?? "";
    }
  };

function peopleIn(logins: readonly Login[]): Map<string, PersonEntry> {
  const people = new Map<string, PersonEntry>();
  for (const login of logins)
    for (const { account, accountName, userId, name, role, proven } of login.identities) {
      const key = personKeyOf({ account, userId });
      const before = people.get(key);
      people.set(key, {
        ...{ account, userId, name, role, sessions: 0 },
        ...(accountName === undefined ? {} : { accountName }),
        proven: proven || before?.proven === true,
        logins: (before?.logins ?? 0) + 1,
        lastSeenAt: Math.max(before?.lastSeenAt ?? 0, login.lastSeenAtMs),
      });
    }
  return people;
}
