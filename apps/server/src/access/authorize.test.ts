import Fastify from "fastify";
import { expect, test } from "vitest";
import type { Login } from "../identity/index.ts";
import { guardEveryRoute, refusalOf } from "./authorize.ts";

const identity = { ownerKey: "owner" } as Login["identity"] & object;
const LAUNCHED: Login = { id: "l", launched: true, createdAtMs: 0, endsAtMs: 1 };
const SIGNED_IN: Login = { ...LAUNCHED, launched: false, identity };

test("nobody gets anywhere but where it is public", () => {
  const ask = (access: Parameters<typeof refusalOf>[0]["access"]) =>
    refusalOf({ access, login: undefined, sessionOwnerKey: () => "owner" });
  expect([ask("public"), ask("launched"), ask("signed-in"), ask("session-owner")]).toEqual([
    undefined,
    "LAUNCH_REQUIRED",
    "SIGN_IN_REQUIRED",
    "SIGN_IN_REQUIRED",
  ]);
});

test("a launched browser is not a person", () => {
  for (const access of ["signed-in", "session-owner"] as const)
    expect(refusalOf({ access, login: LAUNCHED, sessionOwnerKey: () => "owner" })).toBe("SIGN_IN_REQUIRED");
});

test("a session is its owner's; a foreign one and none are the same answer", () => {
  const ask = (owner: string | undefined) =>
    refusalOf({ access: "session-owner", login: SIGNED_IN, sessionOwnerKey: () => owner });
  expect([ask("owner"), ask("somebody"), ask(undefined)]).toEqual([
    undefined,
    "SESSION_NOT_FOUND",
    "SESSION_NOT_FOUND",
  ]);
});

test("whose session it is, is not even asked for somebody who is not signed in", () => {
  const ask = () => {
    throw new Error("asked");
  };
  expect(refusalOf({ access: "session-owner", login: LAUNCHED, sessionOwnerKey: ask })).toBe("SIGN_IN_REQUIRED");
});

function guarded() {
  const app = Fastify();
  guardEveryRoute(app, {
    resolveLogin: async () => undefined,
    sessions: { ownerKeyOf: () => undefined },
    isStopping: () => false,
    onSocketAdmitted: () => undefined,
  });
  return app;
}

test("a route that declares no access stops the server from being built", () => {
  expect(() => guarded().get("/open-door", async () => "secret")).toThrow(/GET \/open-door declares no access/);
});

test("an access level that does not exist is none", () => {
  const config = { access: "everybody" as "public" };
  expect(() => guarded().get("/open-door", { config }, async () => "")).toThrow(/declares no access/);
});

test("a route for a session's owner must name the session", () => {
  expect(() => guarded().get("/mine", { config: { access: "session-owner" } }, async () => "")).toThrow(/as :id/);
});
