/** Who is signed in where: own browsers, people as admins see them, and what somebody who is put out meets. */
import type { Locator, Page } from "@playwright/test";
import { expectAccessibleInBothThemes } from "../support/accessible.ts";
import { ApiPerson } from "../support/api-person.ts";
import { assumeRole } from "../support/assume-role.ts";
import { expect, testOn } from "../support/fixtures.ts";
import type { Person } from "../support/stack.ts";

/** Whoever is put out is cut off within this time (architecture §2). */
const CUT_WITHIN_MS = 2_000;

const test = testOn({ CAUSEWAY_ADMINS: "*/user/kofi" });

/** Milliseconds from the first act to the end of the page's last websocket. */
function socketsClosed(page: Page): { since(startMs: number): Promise<number> } {
  let open = 0;
  let lastClosedMs = 0;
  page.on("websocket", (socket) => {
    open++;
    socket.on("close", () => {
      open--;
      lastClosedMs = Date.now();
    });
  });
  return {
    async since(startMs) {
      await expect.poll(() => open).toBe(0);
      return lastClosedMs - startMs;
    },
  };
}

/** What the page says once its login ended: above the terminals and, in the same words, in each. */
function endOf(page: Page): Locator {
  return page
    .getByRole("status")
    .filter({ has: page.getByRole("button", { name: "Sign in again" }) })
    .first();
}

async function clickPeople(page: Page, button: string, confirm: string): Promise<number> {
  await page.getByRole("link", { name: "People" }).click();
  await page.getByRole("button", { name: button }).click();
  const startMs = Date.now();
  await page.getByRole("alertdialog").getByRole("button", { name: confirm }).click();
  return startMs;
}

test("an admin signs somebody out: her sockets are cut within two seconds, her shell ends in AWS, and her page says so", async ({
  signInAs,
  stack,
}) => {
  const dana = await signInAs("dana");
  const sockets = socketsClosed(dana.page);
  await dana.page.reload();
  await expect(dana.instances()).toBeVisible();
  await dana.open("checkout-api-04");
  const { awsSessionId } = await dana.session();
  const kofi = await signInAs("kofi");
  const startMs = await clickPeople(kofi.page, "Sign out dana", "Sign out");
  expect(await sockets.since(startMs)).toBeLessThan(CUT_WITHIN_MS);
  await expect(kofi.page.getByText(/dana is signed out: 1 browser signed out, 1 shell ended\./)).toBeVisible();
  await expect(endOf(dana.page)).toContainText(
    "An admin signed you out. Your terminals were closed and their shells ended",
  );
  await expect(dana.page.getByText("go on", { exact: false })).toHaveCount(0);
  expect((await dana.page.request.get(`${stack.url}/api/v1/me`)).status()).toBe(401);
  const again = await ApiPerson.signIn(stack, "dana");
  const { sessions } = (await again.request("GET", "/sessions")).body as {
    sessions: { awsSessionId: string; ended?: object }[];
  };
  expect(sessions.find((session) => session.awsSessionId === awsSessionId)?.ended).toBeDefined();
  // whoever looks later learns it, too
  await dana.page.reload();
  await expect(dana.page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(dana.page.getByRole("status").filter({ hasText: "An admin signed you out." })).toContainText(
    "shells ended",
  );
});

test("somebody who is disabled is cut off within two seconds, cannot come back, and can once she is enabled", async ({
  signInAs,
  stack,
}) => {
  const dana = await signInAs("dana");
  const sockets = socketsClosed(dana.page);
  await dana.page.reload();
  await expect(dana.instances()).toBeVisible();
  await dana.open("checkout-api-04");
  const kofi = await signInAs("kofi");
  const startMs = await clickPeople(kofi.page, "Disable dana", "Disable");
  expect(await sockets.since(startMs)).toBeLessThan(CUT_WITHIN_MS);
  await expect(kofi.page.getByRole("row", { name: /dana/ })).toContainText("disabled by kofi");

  await expect(endOf(dana.page)).toContainText("An admin of this Causeway has disabled you.");
  await dana.page.getByRole("button", { name: "Sign in again" }).first().click();
  const panel = dana.page.getByRole("dialog", { name: "Sign in again" });
  await panel.getByRole("tab", { name: "Access keys" }).click();
  const keys = stack.people.find(({ id }) => id === "dana") as Person;
  await panel.getByLabel("Access key ID").fill(keys.accessKeyId);
  await panel.getByLabel("Secret access key").fill(keys.secretAccessKey);
  await panel.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(panel.getByRole("alert")).toContainText(/disabled/i);

  await kofi.page.getByRole("button", { name: "Enable dana" }).click();
  await kofi.page.getByRole("alertdialog").getByRole("button", { name: "Enable" }).click();
  await expect(kofi.page.getByText("dana may sign in again.")).toBeVisible();
  expect((await (await ApiPerson.signIn(stack, "dana")).request("GET", "/me")).status).toBe(200);
});

test("a colleague who takes the shared role under somebody else's session name gets nothing of hers", async ({
  stack,
}) => {
  const personOf = (id: string) => stack.people.find((person) => person.id === id) as Person;
  const taken = (id: string) => assumeRole(stack, personOf(id), "Harbor-Support", "dana");
  const hers = await ApiPerson.signInWith(stack, await taken("dana"));
  const colleague = await ApiPerson.signInWith(stack, await taken("kofi"));
  type Me = { identities: { id: string; person: { userId: string; name: string; proven: boolean } }[] };
  const [me, other] = [hers, colleague].map(async (who) => (await who.request("GET", "/me")).body as Me);
  const [mine, theirs] = [(await me)?.identities[0], (await other)?.identities[0]];
  // AWS says the same of both
  expect(theirs?.person).toEqual(mine?.person);
  expect(mine?.person).toMatchObject({ name: "dana", proven: false });

  const { instances } = (await hers.request("GET", "/instances?region=eu-west-1")).body as {
    instances: { id: string; name: string }[];
  };
  const target = instances.find(({ name }) => name === "checkout-api-04")?.id;
  const started = await hers.request("POST", "/sessions", { region: "eu-west-1", target, cols: 80, rows: 24 });
  expect(started.status).toBe(201);
  const id = started.body.id as string;

  expect((await colleague.request("GET", "/sessions")).body.sessions).toEqual([]);
  for (const [method, path] of [
    ["GET", `/sessions/${id}`],
    ["DELETE", `/sessions/${id}`],
    ["POST", `/sessions/${id}/attach-ticket`],
  ] as const)
    expect((await colleague.request(method, path)).body.code).toBe("SESSION_NOT_FOUND");
  const ticket = (await hers.request("POST", `/sessions/${id}/attach-ticket`)).body.ticket as string;
  expect(await colleague.attach(id, ticket)).toBe("refused 404");
  const unheld = await colleague.request("GET", "/sessions/unheld?region=eu-west-1");
  expect(JSON.stringify(unheld.body)).not.toContain(started.body.awsSessionId as string);
  const list = await colleague.request("GET", `/instances?region=eu-west-1&identityId=${mine?.id}`);
  expect(list.body.code).toBe("IDENTITY_NOT_FOUND");
  expect((await colleague.request("GET", "/logins")).body.logins).toHaveLength(1);
  expect((await hers.request("GET", `/sessions/${id}`)).status).toBe(200);
  await hers.request("DELETE", `/sessions/${id}`);
});

test("own browsers are listed with device and address, this one marked; another one is signed out from here", async ({
  signInAs,
}) => {
  const [here, there] = [await signInAs("dana"), await signInAs("dana")];
  await here.page.getByRole("button", { name: "Signed in as dana" }).click();
  await here.page.getByRole("menuitem", { name: "Where you are signed in" }).click();
  await expect(here.page.getByRole("heading", { name: "Where you are signed in" })).toBeVisible();
  await expect(here.page.getByRole("row", { name: /Chrom.*this browser.*127\.0\.0\.1/ })).toHaveCount(1);
  const others = here.page.getByRole("button", { name: /^Sign out Chrom/ });
  const before = await others.count();
  await others.first().click();
  await here.page.getByRole("alertdialog").getByRole("button", { name: "Sign out there" }).click();
  await expect(others).toHaveCount(before - 1);
  await expect(endOf(there.page)).toContainText(/^You signed out\..*from another browser\. Your shells go on\./);
  await here.page.getByRole("button", { name: "Sign out everywhere" }).click();
  await here.page.getByRole("alertdialog").getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(here.page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("own browsers and people are accessible in both themes", async ({ signInAs, stack }) => {
  const { page } = await signInAs("kofi");
  await ApiPerson.signIn(stack, "dana");
  await page.getByRole("link", { name: "People" }).click();
  await expect(page.getByRole("row", { name: /dana/ }).first()).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.getByRole("button", { name: "Disable dana" }).first().click();
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Signed in as kofi" }).click();
  await page.getByRole("menuitem", { name: "Where you are signed in" }).click();
  await expect(page.getByRole("row", { name: /this browser/ })).toBeVisible();
  await expectAccessibleInBothThemes(page);
});
