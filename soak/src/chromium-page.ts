/**
 * A page of the console in a real Chromium: the built page, its own emulator and session object, keys typed by a keyboard.
 * What the server tells it is read off its websocket; it never drops what it holds, because when exactly a page forgets
 * cannot be seen from outside.
 */
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { BEGIN_MARK, FINISH_MARK, KEY_BYTES, keyName, keyText, LAST_KEY } from "./machine-program.ts";
import type { Person } from "./person.ts";
import type { SchedulePage } from "./schedule-page.ts";
import { LOSS_NOTICES, type PageRole } from "./soak-page.ts";
import { TypedKeys } from "./typed-keys.ts";
import { passed } from "./waiting.ts";

/** How often the page is looked at, in milliseconds. */
const LOOK_EVERY_MS = 200;
/** Loading the page over a bad network is tried again after so long, in milliseconds. */
const LOAD_TRY_MS = 15_000;
/** A page holds 256 bytes and visibly refuses more; a person who sees that stops before. */
const UNSTORED_BYTES_MAX = 200;
/** What is kept of the last output, in characters. */
const TAIL_CHARS = 256;

export interface ChromiumPageOptions {
  role: PageRole;
  letter: string;
  browser: Browser;
  person: Person;
  origin: string;
  /** Whose shell is opened by the first page. */
  instanceName: string;
  /** undefined: it starts a session of its own. */
  existing: string | undefined;
  trace: (line: string) => void;
}

declare global {
  interface Window {
    __causewayTerminals?: Map<string, () => string[]>;
  }
}

interface Heard {
  type: string;
  code?: string;
  inputStored?: number;
  stored?: number;
}

export class ChromiumPage implements SchedulePage {
  readonly role: PageRole;
  readonly letter: string;
  readonly keys = new TypedKeys();
  readonly losses: string[] = [];
  readonly #options: ChromiumPageOptions;
  /** Acts on the page happen one after the other. */
  #tail: Promise<void> = Promise.resolve();
  #context: BrowserContext | undefined;
  #page: Page | undefined;
  #cookie = "";
  #typedBytes = 0;
  #storedBytes = 0;
  #nextKey = 0;
  #shownTail = "";
  #isAttached = false;
  #isAsking = false;
  isKilled = false;
  sessionId: string | undefined;
  over: string | undefined;
  hasBegun = false;
  hasFinished = false;
  readonly wholeLog = undefined;

  constructor(options: ChromiumPageOptions) {
    this.#options = options;
    this.role = options.role;
    this.letter = options.letter;
    this.sessionId = options.existing;
    options.trace(`${this.letter}: Chromium`);
    void this.#live();
  }

  get tail(): string {
    return this.#shownTail;
  }
  get isFlowing(): boolean {
    return this.#isAttached && !this.#isAsking;
  }
  get state(): string {
    return `${this.#isAttached ? "attached" : "not attached"}${this.#isAsking ? ", asking" : ""}`;
  }

  async text(): Promise<string> {
    return this.#read(Number.POSITIVE_INFINITY);
  }

  typeText(text: string): void {
    this.keys.typed(undefined, text.length);
    this.#type(text);
  }

  async typeKeys(count: number, enter: boolean): Promise<void> {
    if (this.role === "second") return; // a keyboard sends letter by letter: two at once would mix within a key
    for (let typed = 0; typed < count; typed++) {
      const isFull = this.#typedBytes - this.#storedBytes + KEY_BYTES > UNSTORED_BYTES_MAX;
      if (this.isKilled || this.over !== undefined || isFull) return;
      this.keys.typed(keyName(this.letter, this.#nextKey, enter), KEY_BYTES);
      this.#type(keyText(this.letter, this.#nextKey, enter));
      this.#nextKey++;
    }
  }

  typeLastKey(): void {
    this.typeText(LAST_KEY);
  }

  /** The tab is frozen, as browsers do it with a computer that sleeps; at most as long as the schedule can wait. */
  sleep(ms: number): void {
    this.#act(async (page) => {
      const devtools = await page.context().newCDPSession(page);
      await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
      await passed(Math.min(ms, 3_000));
      await devtools.send("Page.setWebLifecycleState", { state: "active" });
      await devtools.detach();
    });
  }

  sayOnline(): void {
    this.#act((page) => page.evaluate(() => void window.dispatchEvent(new Event("online"))));
  }

  kill(): void {
    if (this.isKilled) return;
    this.isKilled = true;
    this.#options.trace(`${this.letter}: killed, ${this.keys.acknowledged} of ${this.keys.wanted.length} acknowledged`);
    void this.#context?.close().catch(() => undefined);
  }

  #type(text: string): void {
    this.#typedBytes += text.length;
    this.#act(async (page) => {
      await page.locator(".xterm-helper-textarea:visible").first().focus();
      await page.keyboard.type(text.replaceAll("\r", "\n"));
    });
  }

  /** What a killed page does not do any more is nobody's loss; anything else that fails shows in what is missing. */
  #act(act: (page: Page) => Promise<unknown>): void {
    this.#tail = this.#tail
      .then(async () => {
        while (this.#page === undefined && !this.isKilled) await passed(LOOK_EVERY_MS);
        if (this.#page !== undefined && !this.isKilled) await act(this.#page);
      })
      .catch((error: unknown) => this.#options.trace(`${this.letter}: ${String(error).slice(0, 300)}`));
  }

  async #live(): Promise<void> {
    const page = await this.#load();
    if (page === undefined) return;
    this.#page = page;
    while (!this.isKilled) {
      await this.#look(page).catch(() => undefined); // a page that is frozen or gone is looked at again
      await passed(LOOK_EVERY_MS);
    }
  }

  /** Opens the page, and again while its network lets nothing through. */
  async #load(): Promise<Page | undefined> {
    const { browser, instanceName, origin } = this.#options;
    this.#context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await this.#context.newPage();
    page.on("websocket", (socket) => {
      const id = /\/sessions\/([\w-]+)\/attach$/.exec(socket.url())?.[1];
      if (id === undefined) return;
      this.sessionId ??= id;
      socket.on("framereceived", ({ payload }) => typeof payload === "string" && this.#heard(payload));
      socket.on("close", () => {
        this.#isAttached = false;
      });
    });
    while (!this.isKilled) {
      try {
        await this.#renewCookie();
        await page.goto(origin, { timeout: LOAD_TRY_MS });
        const list = page.getByRole("listbox", { name: /instances/i });
        // A page that was loaded again finds its shell by itself.
        if (this.sessionId === undefined)
          await list
            .getByRole("option", { name: new RegExp(`\\b${instanceName}\\b`) })
            .first()
            .click({ timeout: LOAD_TRY_MS });
        await page.locator(".xterm-helper-textarea").first().waitFor({ state: "attached", timeout: LOAD_TRY_MS });
        return page;
      } catch (error) {
        this.#options.trace(`${this.letter}: not loaded: ${String(error).slice(0, 200)}`);
      }
    }
    return undefined;
  }

  async #look(page: Page): Promise<void> {
    await this.#renewCookie();
    const text = await this.#read(20);
    this.#shownTail = text.slice(-TAIL_CHARS);
    this.hasBegun ||= await this.#shows(page, BEGIN_MARK);
    this.hasFinished ||= this.hasBegun && (await this.#shows(page, FINISH_MARK));
    const send = page.getByRole("button", { name: "Send", exact: true });
    this.#isAsking = await send.isVisible();
    if (this.#isAsking) {
      this.#options.trace(`${this.letter}: sends held keys`);
      await send.click({ timeout: 1_000 });
    }
    const again = page.getByRole("button", { name: "Try now", exact: true });
    if (await again.isVisible()) await again.click({ timeout: 1_000 });
  }

  /** The browser's one cookie is the person's, who may have signed in again elsewhere in the meantime. */
  async #renewCookie(): Promise<void> {
    const { origin, person } = this.#options;
    const { cookie } = person;
    if (cookie === this.#cookie || this.#context === undefined) return;
    const [name = "", value = ""] = cookie.split(/=(.*)/s);
    await this.#context.addCookies([{ name, value, url: origin, httpOnly: true, sameSite: "Strict" }]);
    this.#cookie = cookie;
  }

  /** Looked for in the page: its whole text need not come here each time. */
  #shows(page: Page, pattern: RegExp): Promise<boolean> {
    return page.evaluate((source) => {
      const lines = [...(window.__causewayTerminals?.values() ?? [])][0]?.() ?? [];
      const mark = new RegExp(source);
      return lines.some((line) => mark.test(line));
    }, pattern.source);
  }

  /** @param linesMax of the end; blank lines below the last are left out */
  async #read(linesMax: number): Promise<string> {
    if (this.#page === undefined || this.isKilled) return "";
    return this.#page.evaluate(
      (most) => {
        const lines = [...(window.__causewayTerminals?.values() ?? [])][0]?.() ?? [];
        return lines
          .join("\n")
          .trimEnd()
          .split("\n")
          .slice(most === null ? 0 : -most)
          .join("\n");
      },
      Number.isFinite(linesMax) ? linesMax : null,
    );
  }

  #heard(text: string): void {
    if (this.isKilled) return;
    const { type, code = "", inputStored = 0, stored = 0 } = JSON.parse(text) as Heard;
    if (type === "attached" || type === "input-ack") {
      this.#storedBytes = type === "attached" ? inputStored : stored;
      this.keys.handleStored(this.#storedBytes, type === "attached");
      this.#isAttached = true;
    }
    if (type === "notice" && LOSS_NOTICES.has(code)) this.losses.push(code);
    if (type === "ended") this.over = text;
    if (type !== "pong" && type !== "input-ack" && type !== "time-left")
      this.#options.trace(`${this.letter}: < ${text}`);
  }
}
