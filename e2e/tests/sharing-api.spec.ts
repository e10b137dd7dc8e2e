/** Sharing without a browser: what the built product lets through to a machine, and what IAM says of who may watch. */
import { randomBytes } from "node:crypto";
import { ApiPerson } from "../support/api-person.ts";
import { AttachedPage } from "../support/attached-page.ts";
import { expect, testOn } from "../support/fixtures.ts";

const test = testOn({ CAUSEWAY_SHARE_NEEDS_START_SESSION: "true" });

const TARGET = { region: "eu-west-1", target: "i-0a1f6c83e5d2b7940", cols: 100, rows: 30 };
const VIEW = { mode: "view", audience: "account", expires: "15-min", earlierOutput: false };
const SIZE = { cols: 100, rows: 30 };

test("of what a view-only viewer sends no byte and no size reaches the machine: keys, pastes, replies, sizes, floods, broken frames", async ({
  stack,
}) => {
  const dana = await ApiPerson.signIn(stack, "dana");
  const amira = await ApiPerson.signIn(stack, "amira");
  const { body: session } = await dana.request("POST", "/sessions", TARGET);
  const owner = await AttachedPage.open(dana, `/sessions/${session.id}`, SIZE);
  await expect.poll(() => owner.text).toMatch(/\$ $/);
  // from here on the machine's own terminal shows every byte that comes, and says when its size changes
  owner.type("trap 'echo RES''IZED' WINCH; stty -echo; echo watch''ing\r");
  await expect.poll(() => owner.text).toContain("watching");
  const { body: created } = await dana.request("POST", `/sessions/${session.id}/shares`, VIEW);
  const { share, secret } = created as { share: { id: string }; secret: string };
  expect((await amira.request("POST", `/shares/${share.id}/join`, { secret })).status).toBe(200);

  const sayAll = (page: AttachedPage, messages: object[]) => {
    for (const message of messages) page.say(message);
  };
  const who = "owner";
  const acts = ["ask", "allow", "take-back", "give-back", "refuse", "cancel"];
  const attacks: ((page: AttachedPage) => void)[] = [
    (page) => page.type("echo attacked\r"),
    (page) => page.type("\u0003"),
    (page) => page.type("echo attacked\r".repeat(4_000)),
    (page) => page.type("\u001b[1;1R", true),
    (page) => {
      sayAll(
        page,
        Array.from({ length: 500 }, (_, n) => ({ type: "resize", cols: 40 + (n % 100), rows: 10 })),
      );
      page.type("x");
    },
    (page) => {
      sayAll(
        page,
        Array.from({ length: 600 }, (_, n) => ({ type: "keyboard", act: acts[n % acts.length], who })),
      );
      page.type("x");
    },
    (page) => {
      sayAll(
        page,
        Array.from({ length: 300 }, (_, n) => ({ type: "type-without-net", confirmed: n % 2 === 0 })),
      );
      page.type("x");
    },
    ...Array.from({ length: 8 }, (_, n) => (page: AttachedPage) => {
      page.send(Buffer.concat([Buffer.from([0x10, 0]), page.streamId, randomBytes(n * 3)]).subarray(0, 1 + n * 5));
      page.type("x");
    }),
  ];
  for (const attack of attacks) {
    const page = await AttachedPage.open(amira, `/shares/${share.id}`, { cols: 40, rows: 10 });
    attack(page);
    await expect.poll(() => page.closed).toMatch(/^4000 (SHARE_VIEW_ONLY|ATTACH_PROTOCOL_ERROR)$/);
  }
  const before = await stack.shellInput(String(session.awsSessionId));
  owner.type("echo own''er\r");
  await expect.poll(() => owner.text).toContain("owner");
  expect(await stack.shellInput(String(session.awsSessionId))).toBe(`${before}echo own''er\r`);
  expect(before).not.toMatch(/attacked|x/);
  expect(owner.text).not.toMatch(/RESIZED|attacked/);
  owner.leave();
  await dana.request("DELETE", `/sessions/${session.id}`);
});

test("with the rule on, IAM decides who may watch: allowed, denied, and who may not ask IAM is not let in", async ({
  stack,
}) => {
  const dana = await ApiPerson.signIn(stack, "dana");
  const { body: session } = await dana.request("POST", "/sessions", TARGET);
  const { body: created } = await dana.request("POST", `/sessions/${session.id}/shares`, VIEW);
  const { share, secret } = created as { share: { id: string }; secret: string };
  const answers: Record<string, unknown> = {};
  for (const id of ["amira", "vera", "kofi"]) {
    const { status, body } = await (await ApiPerson.signIn(stack, id)).request("POST", `/shares/${share.id}/join`, {
      secret,
    });
    answers[id] = status === 200 ? "in" : body.code;
  }
  // vera may ask, and IAM says no; kofi may not ask, though he might start a session there
  expect(answers).toEqual({ amira: "in", vera: "SHARE_NEEDS_START_SESSION", kofi: "SHARE_NEEDS_START_SESSION" });
  await dana.request("DELETE", `/sessions/${session.id}`);
});
