import { ApiPerson } from "../support/api-person.ts";
import { expect, test } from "../support/fixtures.ts";

const UNKNOWN = "A".repeat(22);

test("a second person cannot see, attach to or end the first one's session, by HTTP or websocket", async ({
  dana,
  stack,
}) => {
  await dana.open("checkout-api-04");
  await dana.enter("echo mine-$((4 + 5))");
  await dana.waitForText("mine-9");
  const { id } = await dana.session();
  const kofi = await ApiPerson.signIn(stack, "kofi");

  const seen = (await kofi.request("GET", "/sessions")).body.sessions as { id: string; awsSessionId: string }[];
  expect(seen.map((session) => session.id)).not.toContain(id);
  expect(seen.filter((session) => !session.awsSessionId.startsWith("kofi-"))).toEqual([]);
  for (const [method, path] of [
    ["GET", `/sessions/${id}`],
    ["DELETE", `/sessions/${id}`],
    ["POST", `/sessions/${id}/attach-ticket`],
  ] as const) {
    const foreign = await kofi.request(method, path);
    const unknown = await kofi.request(method, path.replace(id, UNKNOWN));
    expect(foreign.status).toBe(404);
    expect(foreign.body.code).toBe("SESSION_NOT_FOUND");
    expect({ ...foreign.body, requestId: "" }).toEqual({ ...unknown.body, requestId: "" });
  }
  expect(await kofi.attach(id, "no-ticket")).toBe("refused 404");
  await dana.enter("echo still-$((5 + 5))");
  await dana.waitForText("still-10");
});

test("a ticket opens one websocket once, for the person it was made for", async ({ stack }) => {
  const dana = await ApiPerson.signIn(stack, "dana");
  const kofi = await ApiPerson.signIn(stack, "kofi");
  const { body: list } = await dana.request("GET", "/instances?region=eu-west-1");
  const machine = (list.instances as { id: string; name: string }[]).find((one) => one.name === "checkout-api-04");
  const started = await dana.request("POST", "/sessions", {
    region: "eu-west-1",
    target: machine?.id,
    cols: 80,
    rows: 24,
  });
  expect(started.status).toBe(201);
  const id = started.body.id as string;

  const ticket = (await dana.request("POST", `/sessions/${id}/attach-ticket`)).body.ticket as string;
  expect(await kofi.attach(id, ticket)).toBe("refused 404");
  expect(await dana.attach(id, ticket, "http://evil.example")).toBe("refused 403");
  expect(await dana.attach(id, "wrong-ticket")).toContain("ATTACH_TICKET_INVALID");
  await dana.request("DELETE", `/sessions/${id}`);
});

test("without signing in, no list, no session and no websocket is given", async ({ stack }) => {
  for (const path of ["/me", "/instances?region=eu-west-1", "/sessions"]) {
    const answer = await fetch(`${stack.url}/api/v1${path}`);
    expect(answer.status).toBe(401);
  }
});
