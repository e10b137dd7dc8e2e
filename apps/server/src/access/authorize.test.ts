import Fastify from "fastify";
import { expect, test } from "vitest";
import type { AwsIdentity, Login } from "../identity/index.ts";
import { guardEveryRoute, refusalOf } from "./authorize.ts";

const identity = { ownerKey: "owner" } as AwsIdentity;
const second = { ownerKey: "second" } as AwsIdentity;
const LAUNCHED: Pick<Login, "launched" | "identities"> = { launched: true, identities: [] };
const SIGNED_IN: typeof LAUNCHED = { launched: false, identities: [identity, second] };
const role = () => "user" as const;

test("nobody gets anywhere but where it is public", () => {
  const ask = (access: Parameters<typeof refusalOf>[0]["access"]) =>
    refusalOf({ access, login: undefined, role, sessionOwnerKey: () => "owner", isViewer: () => true });
  expect([ask("public"), ask("launched"), ask("signed-in"), ask("session-owner")]).toEqual([
    undefined,
    "LAUNCH_REQUIRED",
    "SIGN_IN_REQUIRED",
    "SIGN_IN_REQUIRED",
  ]);
});

test("a launched browser is not a person", () => {
  for (const access of ["signed-in", "session-owner"] as const)
    expect(refusalOf({ access, login: LAUNCHED, role, sessionOwnerKey: () => "owner", isViewer: () => true })).toBe(
      "SIGN_IN_REQUIRED",
    );
});

test("a session is its owner's; a foreign one and none are the same answer", () => {
  const ask = (owner: string | undefined) =>
    refusalOf({ access: "session-owner", login: SIGNED_IN, role, sessionOwnerKey: () => owner, isViewer: () => false });
  expect([ask("owner"), ask("second"), ask("somebody"), ask(undefined)]).toEqual([
    undefined,
    undefined,
    "SESSION_NOT_FOUND",
    "SESSION_NOT_FOUND",
  ]);
});

test("a shared terminal is for who came by its link; any other link and none are the same answer", () => {
  const ask = (viewer: string, login = SIGNED_IN) =>
    refusalOf({
      access: "share-viewer",
      login,
      role,
      sessionOwnerKey: () => undefined,
      isViewer: (key) => key === viewer,
    });
  expect([ask("second"), ask("somebody"), ask("second", LAUNCHED)]).toEqual([
    undefined,
    "SHARE_NOT_FOUND",
    "SIGN_IN_REQUIRED",
  ]);
});

test("whose session it is, is not even asked for somebody who is not signed in", () => {
  const ask = () => {
    throw new Error("asked");
  };
  expect(refusalOf({ access: "session-owner", login: LAUNCHED, role, sessionOwnerKey: ask, isViewer: ask })).toBe(
    "SIGN_IN_REQUIRED",
  );
});

test.each([
  ["user", "ROLE_REQUIRED", "ROLE_REQUIRED"],
  ["auditor", undefined, "ROLE_REQUIRED"],
  ["admin", undefined, undefined],
] as const)(
  "a person who is %s gets to the auditors' and the admins' routes as that role allows",
  (is, audit, admin) => {
    const ask = (access: "auditor" | "admin") =>
      refusalOf({ access, login: SIGNED_IN, role: () => is, sessionOwnerKey: () => undefined, isViewer: () => false });
    expect([ask("auditor"), ask("admin")]).toEqual([audit, admin]);
  },
);

test("a role is not even asked for somebody who is not signed in", () => {
  const asked = () => {
    throw new Error("asked");
  };
  for (const access of ["auditor", "admin"] as const)
    expect(refusalOf({ access, login: LAUNCHED, role: asked, sessionOwnerKey: asked, isViewer: asked })).toBe(
      "SIGN_IN_REQUIRED",
    );
});

function guarded() {
  const app = Fastify();
  guardEveryRoute(app, {
    resolveLogin: async () => undefined,
    loginEndOf: async () => undefined,
    roleOf: () => "user",
    sessions: { ownerKeyOf: () => undefined },
    shares: { isViewer: () => false },
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

test("a route for a link's viewers must name the link", () => {
  expect(() => guarded().get("/theirs", { config: { access: "share-viewer" } }, async () => "")).toThrow(/as :shareId/);
});

test("a route for a session's owner must name the session", () => {
  expect(() => guarded().get("/mine", { config: { access: "session-owner" } }, async () => "")).toThrow(/as :id/);
});
