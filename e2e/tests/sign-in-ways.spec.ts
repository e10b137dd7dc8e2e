/** Every way of signing in but Identity Center's first one, each to a shell on a machine; and what renews, and what is lost. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { ApiPerson } from "../support/api-person.ts";
import { ConsolePage } from "../support/console-page.ts";
import { type OidcProvider, startOidcProvider } from "../support/oidc-provider.ts";
import { freePort, type Stack, startStack } from "../support/stack.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const BREAK_GLASS = "arn:aws:iam::111122223333:role/Harbor-BreakGlass";
const OPERATOR = "arn:aws:iam::111122223333:role/Harbor-Operator";

let stack: Stack;
let provider: OidcProvider;
let aws: string;
test.beforeAll(async () => {
  const port = await freePort();
  provider = await startOidcProvider(`http://127.0.0.1:${port}/api/v1/sign-in/oidc/callback`);
  aws = mkdtempSync(join(tmpdir(), "causeway-e2e-aws-"));
  mkdirSync(join(aws, ".aws"));
  stack = await startStack(
    {
      AWS_CONFIG_FILE: join(aws, ".aws/config"),
      AWS_SHARED_CREDENTIALS_FILE: join(aws, ".aws/credentials"),
      CAUSEWAY_LOCAL_PROFILES: "true",
      CAUSEWAY_OIDC_ISSUER: provider.issuer,
      CAUSEWAY_OIDC_CLIENT_ID: provider.clientId,
      CAUSEWAY_OIDC_CLIENT_SECRET: provider.clientSecret,
      CAUSEWAY_OIDC_ROLES: OPERATOR,
      CAUSEWAY_OIDC_LABEL: "Harbor",
    },
    { port, sandboxArguments: ["--oidc-issuer", provider.issuer, "--oidc-client-id", provider.clientId] },
  );
  const { accessKeyId, secretAccessKey } = keysOf("dana");
  const keys = `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
  writeFileSync(join(aws, ".aws/credentials"), `[harbor]\n${keys}`);
  const role = `role_arn = ${OPERATOR}\nsource_profile = harbor\n`;
  const glass = `role_arn = ${BREAK_GLASS}\nsource_profile = harbor\nmfa_serial = arn:aws:iam::111122223333:mfa/dana\n`;
  writeFileSync(join(aws, ".aws/config"), `[profile harbor-ops]\n${role}[profile harbor-glass]\n${glass}`);
});
test.afterAll(async () => {
  await stack.stop();
  provider.close();
  rmSync(aws, { recursive: true, force: true });
});

function keysOf(id: string) {
  const keys = stack.people.find((person) => person.id === id);
  if (keys === undefined) throw new Error(`the sandbox has no ${id}`);
  return keys;
}

async function inPage(browser: Browser, act: (page: Page, console: ConsolePage) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    const console = new ConsolePage(page, stack);
    await act(page, console);
    await expectNoSecretKept(page);
    await console.endAllSessions();
  } finally {
    await context.close();
  }
}

/** Whatever the way was: no script finds in storage, address or requested addresses what signs somebody in. */
async function expectNoSecretKept(page: Page): Promise<void> {
  const kept = await page.evaluate(async () => {
    const requested = performance.getEntriesByType("resource").map(({ name }) => name);
    const stores = [{ ...localStorage }, { ...sessionStorage }, await indexedDB.databases()];
    return JSON.stringify([stores, document.cookie, location.href, requested]);
  });
  const cookies = (await page.context().cookies(stack.url)).map(({ value }) => value);
  const keys = stack.people.map(({ secretAccessKey }) => secretAccessKey);
  for (const secret of [...keys, ...cookies, provider.clientSecret, stack.portalPasscode])
    expect([secret.length >= 8, kept.includes(secret)]).toEqual([true, false]);
}

async function way(page: Page, name: string): Promise<void> {
  await page.goto(`${stack.url}/sign-in`);
  await page.getByRole("tab", { name }).click();
}

async function shellWorks(console: ConsolePage): Promise<void> {
  await expect(console.instances()).toBeVisible();
  await console.open("checkout-api-04");
  await console.enter("echo in-$((6*7))");
  await console.waitForText("in-42");
}

const identities = (page: Page) =>
  // None in the moment in which a new cookie is on its way: whoever asks waits for the next answer.
  page.evaluate(async () => (await (await fetch("/api/v1/me")).json()).identities ?? []) as Promise<
    { method: string; credentialsExpireAt?: number; person: { name: string; role: string; proven: boolean } }[]
  >;

const codeOfDana = async () => ((await stack.admin("GET", "portal/people/dana/mfa-code")) as { code: string }).code;

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations: found } = await axe.run();
    return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}

test("keys, an MFA code and a role that asks for one open a shell, under her own name", async ({ browser }) => {
  await inPage(browser, async (page, console) => {
    await way(page, "Access keys");
    await page.getByLabel("Access key ID").fill(keysOf("dana").accessKeyId);
    await page.getByLabel("Secret access key", { exact: true }).fill(keysOf("dana").secretAccessKey);
    await page.getByLabel(/^Role to assume/).fill(BREAK_GLASS);
    const submit = page.getByRole("button", { name: "Sign in", exact: true });
    await submit.click();
    await expect(page.getByRole("alert")).toContainText("AWS does not let you assume this role");
    await page.getByLabel(/^MFA code/).fill(await codeOfDana());
    await submit.click();
    await shellWorks(console);
    const [identity] = await identities(page);
    expect(identity?.person).toMatchObject({ name: "dana@111122223333", role: "Harbor-BreakGlass", proven: true });
  });
});

test("the organisation's own sign-in leads back to the link that was opened before, and opens a shell; who cancels there is told so, and can try again", async ({
  browser,
}) => {
  const owner = await ApiPerson.signIn(stack, "dana");
  const place = { region: "eu-west-1", target: "i-0a1f6c83e5d2b7940", cols: 100, rows: 30 };
  const { body: session } = await owner.request("POST", "/sessions", place);
  const choices = { mode: "view", audience: "account", expires: "15-min", earlierOutput: false };
  const { body: made } = await owner.request("POST", `/sessions/${session.id}/shares`, choices);
  const { share, secret } = made as { share: { id: string }; secret: string };
  await inPage(browser, async (page, console) => {
    await page.goto(`${stack.url}/s/${share.id}#${secret}`);
    await page.getByRole("tab", { name: "Harbor" }).click();
    await page.getByRole("button", { name: "Continue with Harbor" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect(page.getByRole("alert")).toContainText("Your organisation's sign-in did not let you in");
    await page.getByRole("button", { name: "Continue with Harbor" }).click();
    await page.getByRole("button", { name: "Enter as dana" }).click();
    await expect(page.getByRole("region", { name: "Keyboard" })).toContainText("You are watching.");
    expect(new URL(page.url()).pathname + new URL(page.url()).hash).toBe(`/s/${share.id}`);
    await page.getByRole("button", { name: "Leave" }).click();
    await shellWorks(console);
    expect(page.url()).not.toMatch(/code=|state=|via=/);
    const [identity] = await identities(page);
    expect(identity).toMatchObject({
      method: "oidc",
      person: { name: "dana@harbor.example", role: "Harbor-Operator", proven: true },
    });
    expect(stack.logs()).not.toContain(provider.clientSecret);
    expect(stack.logs()).not.toContain(secret.slice(1));
  });
  await owner.request("DELETE", `/sessions/${session.id}`);
});

test("a profile of this computer opens a shell; one with an MFA device asks for its code", async ({ browser }) => {
  await inPage(browser, async (page, console) => {
    await page.goto(stack.launchUrl());
    await page.getByRole("tab", { name: "AWS profile" }).click();
    await expect(page.getByRole("radio")).toHaveCount(3);
    await page.getByRole("radio", { name: /harbor-ops/ }).check({ force: true });
    await page.getByRole("button", { name: "Use harbor-ops" }).click();
    await shellWorks(console);
    const [identity] = await identities(page);
    expect(identity).toMatchObject({
      method: "profile",
      person: { name: "dana@111122223333", role: "Harbor-Operator" },
    });
  });
  await inPage(browser, async (page, console) => {
    await page.goto(stack.launchUrl());
    await page.getByRole("tab", { name: "AWS profile" }).click();
    await page.getByRole("radio", { name: /harbor-glass/ }).check({ force: true });
    await page.getByRole("button", { name: "Use harbor-glass" }).click();
    await expect(page.getByRole("alert")).toContainText("This profile asks for an MFA code");
    // Each code works once, and the test before this one may have used what the device shows now.
    await expect(async () => {
      await page.getByLabel("MFA code").fill(await codeOfDana());
      await page.getByRole("button", { name: "Use harbor-glass" }).click();
      await expect(console.instances()).toBeVisible({ timeout: 5_000 });
    }).toPass({ timeout: 50_000 });
    const [identity] = await identities(page);
    expect(identity?.person).toMatchObject({ role: "Harbor-BreakGlass" });
  });
});

test("a browser that did not come through the printed link is offered no profile", async ({ browser }) => {
  await inPage(browser, async (page) => {
    await way(page, "AWS profile");
    await expect(page.getByText("Open the link printed in the terminal.")).toBeVisible();
    await expect(page.getByRole("radio")).toHaveCount(0);
  });
});

/** A code, approved, and dana's roles. */
async function throughPortal(page: Page, search: string): Promise<void> {
  await way(page, "Identity Center");
  await page.getByRole("button", { name: "Continue" }).click();
  const code = page.locator("[data-code]");
  await expect(code).toHaveText(/^[A-Z]{4}-[A-Z]{4}$/);
  await stack.admin("POST", `portal/codes/${await code.textContent()}/allow/dana`);
  await pick(page, search);
}

async function pick(page: Page, search: string): Promise<void> {
  const picker = page.getByRole("dialog", { name: "Where do you want to work?" });
  await expect(picker.getByRole("status").first()).toHaveText(/\d+ accounts · \d+ roles/);
  await picker.getByRole("combobox").fill(search);
  await expect(picker.getByRole("option")).toHaveCount(1);
  await picker.getByRole("combobox").press("Enter");
}

test("another role of a portal is added beside the first one without a new code", async ({ browser }) => {
  await inPage(browser, async (page, console) => {
    await throughPortal(page, "prod operator");
    await expect(console.instances()).toBeVisible();
    await page.getByRole("button", { name: /^Work as/ }).click();
    await page.getByRole("menuitem", { name: "Sign in with another role" }).click();
    await page.getByRole("tab", { name: "Identity Center" }).click();
    await page.getByRole("button", { name: /Choose another role of/ }).click();
    await pick(page, "staging readonly");
    await expect.poll(async () => (await identities(page)).length).toBe(2);
    expect((await identities(page)).map(({ person }) => person.role)).toEqual(["SRE-Operator", "ReadOnly"]);
  });
});

test("keys of Identity Center are renewed at 80 % of their life while a terminal goes on", async ({ browser }) => {
  // It waits for keys to end, which takes their life.
  test.setTimeout(150_000);
  await stack.admin("PUT", "portal/lifetimes", { credentialSeconds: 20 });
  try {
    await inPage(browser, async (page, console) => {
      await throughPortal(page, "prod operator");
      await shellWorks(console);
      const before = (await identities(page))[0]?.credentialsExpireAt ?? 0;
      await console.enter("while sleep 1; do echo tick; done");
      await expect
        .poll(async () => (await identities(page))[0]?.credentialsExpireAt, { timeout: 30_000 })
        .toBeGreaterThan(before);
      // The first keys are over; the shell is the same, and a new one can be begun.
      await expect.poll(() => Date.now(), { timeout: 30_000 }).toBeGreaterThan(before);
      await page.keyboard.press("Control+c");
      await console.enter("echo still-$((6*7))");
      await console.waitForText("still-42");
      await console.open("checkout-api-01");
    });
  } finally {
    await stack.admin("PUT", "portal/lifetimes", { credentialSeconds: 3_600 });
  }
});

test("a code that waits while the server restarts is over, and the page says so", async ({ browser }) => {
  await inPage(browser, async (page) => {
    await way(page, "Identity Center");
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(page.locator("[data-code]")).toBeVisible();
    await stack.stopServer("SIGTERM");
    await stack.startServer();
    await expect(page.getByRole("alert")).toContainText("This code is over.");
    await page.getByRole("button", { name: "New code" }).click();
    await expect(page.locator("[data-code]")).toBeVisible();
  });
});

test("every way is accessible in both themes", async ({ browser }) => {
  await inPage(browser, async (page) => {
    await page.goto(stack.launchUrl());
    for (const name of ["Identity Center", "Harbor", "AWS profile", "Access keys", "Sandbox"]) {
      await page.getByRole("tab", { name, exact: true }).click();
      if (name === "AWS profile") await expect(page.getByRole("radio").first()).toBeVisible();
      for (const colorScheme of ["dark", "light"] as const) {
        await page.emulateMedia({ colorScheme });
        expect([name, colorScheme, ...(await violations(page))]).toEqual([name, colorScheme]);
      }
    }
  });
});
