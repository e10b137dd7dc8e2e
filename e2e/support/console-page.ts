import { expect, type Locator, type Page } from "@playwright/test";
import type { Stack } from "./stack.ts";

declare global {
  interface Window {
    /** Read-only debugging hook of the terminal feature: the text of each terminal of this page. */
    __causewayTerminals?: Map<string, (() => string[]) & { grid: () => string }>;
  }
}

/** The panes of the tab in sight. */
export const PANES = 'section[aria-label^="Pane"]';

/** The console as a person uses it: what she sees and presses, by role and name. */
export class ConsolePage {
  readonly page: Page;
  readonly stack: Stack;

  constructor(page: Page, stack: Stack) {
    this.page = page;
    this.stack = stack;
  }

  /** The one-time link, then one of the two ready-made people. */
  async signInThroughLink(personId: string): Promise<void> {
    await this.page.goto(this.stack.launchUrl());
    await this.page.getByRole("radio", { name: new RegExp(personId, "i") }).check({ force: true });
    await this.page.getByRole("button", { name: /enter the sandbox/i }).click();
    await expect(this.instances()).toBeVisible();
  }

  /** Chosen for her in all tests that follow: by itself a terminal is not drawn with an imitation of a graphics card. */
  async alwaysDrawWithCard(): Promise<void> {
    const isNew = await this.page.evaluate(async () => {
      const address = "/api/v1/me/preferences";
      const { version, parts } = await (await fetch(address)).json();
      if (parts.settings?.graphicsCard === "always") return false;
      const settings = { ...parts.settings, graphicsCard: "always" };
      const body = JSON.stringify({ version, parts: { ...parts, settings } });
      return (await fetch(address, { method: "PUT", headers: { "content-type": "application/json" }, body })).ok;
    });
    if (!isNew) return;
    await this.page.reload();
    await expect(this.instances()).toBeVisible();
  }

  instances(): Locator {
    return this.page.getByRole("listbox", { name: /instances/i });
  }

  instance(name: string): Locator {
    return this.instances()
      .getByRole("option", { name: new RegExp(`\\b${name}\\b`) })
      .first();
  }

  async open(name: string): Promise<void> {
    await this.instance(name).click();
    await this.waitForText(/\$$/m);
  }

  /** As who types the machine's name: also where its row is out of sight. Waits for nothing. */
  async choose(name: string): Promise<void> {
    const filter = this.page.getByRole("textbox", { name: "Filter instances" });
    await filter.fill(name);
    await filter.press("Enter");
  }

  tabs(): Locator {
    return this.page.getByRole("tab");
  }

  /** The visible pane. */
  pane(): Locator {
    return this.page.locator(`${PANES}:visible`).first();
  }

  /** From 1 on, left to right then down. */
  paneAt(ordinal: number): Locator {
    return this.page.getByRole("region", { name: new RegExp(`^Pane ${ordinal}: `) });
  }

  panes(): Locator {
    return this.page.getByRole("region", { name: /^Pane/ });
  }

  /** All lines of the visible terminal, scrollback included, without trailing spaces. */
  text(): Promise<string> {
    return this.textOf(this.pane());
  }

  async textOf(pane: Locator): Promise<string> {
    const key = await pane.getAttribute("data-session-key");
    return this.page.evaluate((wanted) => {
      const lines = window.__causewayTerminals?.get(wanted ?? "")?.() ?? [];
      return lines
        .map((line) => line.trimEnd())
        .join("\n")
        .trimEnd();
    }, key);
  }

  /** The visible screen with its attributes, cursor and modes, as text. */
  async grid(): Promise<string> {
    const key = await this.pane().getAttribute("data-session-key");
    return this.page.evaluate((wanted) => window.__causewayTerminals?.get(wanted ?? "")?.grid() ?? "", key);
  }

  waitForText(expected: RegExp | string): Promise<void> {
    return this.waitForTextIn(this.pane(), expected);
  }

  async waitForTextIn(pane: Locator, expected: RegExp | string): Promise<void> {
    const poll = expect.poll(() => this.textOf(pane), { message: `the terminal shows ${expected}` });
    await (typeof expected === "string" ? poll.toContain(expected) : poll.toMatch(expected));
  }

  /** Types into the terminal that has the focus, as a keyboard does. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  async enter(command: string): Promise<void> {
    await this.type(command);
    await this.page.keyboard.press("Enter");
  }

  /** The visible session, as the API tells it. */
  async session(): Promise<{ id: string; awsSessionId: string }> {
    const sessions = await this.sessions();
    const live = sessions.filter((session) => session.ended === undefined);
    expect(live.length).toBeGreaterThan(0);
    return live.at(-1) as { id: string; awsSessionId: string };
  }

  async sessions(): Promise<{ id: string; awsSessionId: string; startedAt: number; ended?: { by: string } }[]> {
    const { sessions } = await this.page.evaluate(async () => (await fetch("/api/v1/sessions")).json());
    return sessions.toSorted((a: { startedAt: number }, b: { startedAt: number }) => a.startedAt - b.startedAt);
  }

  /** What she chose would be chosen in the next test as well. That she is no newcomer stays. */
  async forgetPreferences(): Promise<void> {
    await this.page.evaluate(async () => {
      const address = "/api/v1/me/preferences";
      const answer = await fetch(address);
      if (!answer.ok) return;
      const preferences = await answer.json();
      const { hints } = preferences.parts;
      const body = JSON.stringify({ ...preferences, parts: hints ? { hints } : {} });
      await fetch(address, { method: "PUT", headers: { "content-type": "application/json" }, body });
    });
  }

  async endAllSessions(): Promise<void> {
    await this.page.evaluate(async () => {
      const answer = await fetch("/api/v1/sessions");
      if (!answer.ok) return;
      for (const session of (await answer.json()).sessions)
        if (session.ended === undefined) await fetch(`/api/v1/sessions/${session.id}`, { method: "DELETE" });
    });
  }
}
