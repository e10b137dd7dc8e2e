import { Type } from "typebox";
import { expect, test } from "vitest";
import { ApiClient, ApiProblem, ApiUnreachable, SIGNED_OUT_LISTENERS_MAX } from "./api-client.ts";

const Answer = Type.Object({ name: Type.String() });
const problem = (code: string, status = 401) => ({
  type: `docs/errors.md#${code}`,
  title: "t",
  status,
  code,
  cause: "c",
  remedy: "r",
  retryable: false,
  requestId: "id",
});

class FakeServer {
  readonly requests: { url: string; init: RequestInit }[] = [];
  answer: () => Response = () => Response.json({ name: "dana" });
  readonly client = new ApiClient({
    fetch: async (input, init) => {
      this.requests.push({ url: String(input), init: init ?? {} });
      return this.answer();
    },
  });
}

test("an answer that fits the contract is given on", async () => {
  const server = new FakeServer();
  await expect(server.client.read("GET", "/me", Answer)).resolves.toEqual({ name: "dana" });
  expect(server.requests[0]?.url).toBe("/api/v1/me");
});

test("credentials go to the own origin only, and redirects are not followed", async () => {
  const server = new FakeServer();
  await server.client.send("POST", "/sign-out");
  expect(server.requests[0]?.init).toMatchObject({ credentials: "same-origin", redirect: "error", cache: "no-store" });
});

test("an answer that does not fit the contract counts as no answer", async () => {
  const server = new FakeServer();
  server.answer = () => Response.json({ name: 7 });
  await expect(server.client.read("GET", "/me", Answer)).rejects.toBeInstanceOf(ApiUnreachable);
});

test("a problem of the catalog is thrown whole", async () => {
  const server = new FakeServer();
  server.answer = () => Response.json(problem("AWS_ACCESS_DENIED", 403), { status: 403 });
  const error = await server.client.read("GET", "/instances", Answer).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiProblem);
  expect((error as ApiProblem).problem.code).toBe("AWS_ACCESS_DENIED");
});

test("a proxy's own error page and a dead network are both unreachable", async () => {
  const server = new FakeServer();
  server.answer = () => new Response("<h1>502</h1>", { status: 502 });
  await expect(server.client.send("GET", "/me")).rejects.toBeInstanceOf(ApiUnreachable);
  server.answer = () => {
    throw new TypeError("fetch failed");
  };
  await expect(server.client.send("GET", "/me")).rejects.toBeInstanceOf(ApiUnreachable);
});

test.each(["SIGN_IN_REQUIRED", "CREDENTIALS_EXPIRED", "LOGIN_ENDED_BY_ADMIN"])(
  "%s on any call says that the login is gone",
  async (code) => {
    const server = new FakeServer();
    const told: string[] = [];
    const stop = server.client.onSignedOut((gone) => told.push(gone.code));
    server.answer = () => Response.json(problem(code), { status: 401 });
    await server.client.send("GET", "/instances").catch(() => undefined);
    stop();
    await server.client.send("GET", "/instances").catch(() => undefined);
    expect(told).toEqual([code]);
  },
);

test("keys that AWS refuses are a failed sign-in, not a lost login", async () => {
  const server = new FakeServer();
  const told: string[] = [];
  server.client.onSignedOut((gone) => told.push(gone.code));
  server.answer = () => Response.json(problem("ACCESS_KEYS_REFUSED"), { status: 401 });
  await expect(server.client.send("POST", "/sign-in/access-keys", { body: {} })).rejects.toBeInstanceOf(ApiProblem);
  expect(told).toEqual([]);
});

test("a leak of signed-out listeners is refused at the bound", () => {
  const { client } = new FakeServer();
  for (let count = 0; count < SIGNED_OUT_LISTENERS_MAX; count++) client.onSignedOut(() => undefined);
  expect(() => client.onSignedOut(() => undefined)).toThrow(/leak/);
});
