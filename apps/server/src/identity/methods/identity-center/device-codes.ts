import { timingSafeEqual } from "node:crypto";
import { CatalogError } from "../../../platform/catalog-error.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { Log } from "../../../platform/logger.ts";
import { cookieHash } from "../../login-cookie.ts";
import { DeviceCode, type DeviceCodeState } from "./device-code.ts";
import type { IdentityCenter, SsoClient, StartedCode, StartPlace } from "./identity-center.ts";
import type { Portals } from "./portals.ts";
import type { SsoClients } from "./sso-clients.ts";

/** Codes that wait at one time; at the bound nobody new gets one, and is told so. */
export const CODES_MAX = 500;
/** AWS is asked only while a page asks us: nobody waits for a code whose page is gone. In milliseconds. */
export const UNWATCHED_MS = 30_000;
const ID_BYTES = 16;
const COOKIE_BYTES = 32;

/** A code as its own browser may see it: nothing in it could be redeemed. */
export interface ShownCode extends StartPlace {
  id: string;
  userCode: string;
  verificationUri: string;
  verificationUriComplete: string;
  startedAtMs: number;
  expiresAtMs: number;
  state: DeviceCodeState;
}

interface Entry {
  readonly id: string;
  readonly cookieHash: string;
  readonly place: StartPlace;
  readonly client: SsoClient;
  readonly started: StartedCode;
  readonly code: DeviceCode;
  readonly startedAtMs: number;
  watchedAtMs: number;
  polling: boolean;
  cancelTimer: () => void;
}

export interface DeviceCodesDeps {
  identityCenter: IdentityCenter;
  clients: SsoClients;
  portals: Portals;
  clock: Clock;
  randomBytes: (size: number) => Uint8Array;
  log: Log;
}

/**
 * The codes that people are asked to approve. Each belongs to the browser that asked for it: by a cookie that only this
 * browser has, so that a code started elsewhere signs nobody in here, whoever approves it (security.md §3).
 */
export class DeviceCodes {
  readonly #deps: DeviceCodesDeps;
  readonly #entries = new Map<string, Entry>();

  constructor(deps: DeviceCodesDeps) {
    this.#deps = deps;
  }

  /**
   * Asks AWS for a code. @returns it, and the value of the cookie that from now on stands for this browser
   * @throws CatalogError SIGN_IN_CODES_LIMIT_REACHED, START_URL_REFUSED, AWS_UNREACHABLE, …
   */
  async start(place: StartPlace): Promise<{ code: ShownCode; cookie: string }> {
    this.#forgetOver();
    if (this.#entries.size >= CODES_MAX) throw new CatalogError("SIGN_IN_CODES_LIMIT_REACHED");
    const { clock, clients, identityCenter, randomBytes } = this.#deps;
    const { client, result: started } = await clients.using(place.region, (each) =>
      identityCenter.startCode(place, each),
    );
    const cookie = Buffer.from(randomBytes(COOKIE_BYTES)).toString("base64url");
    const nowMs = clock.nowMs();
    const entry: Entry = {
      id: Buffer.from(randomBytes(ID_BYTES)).toString("base64url"),
      cookieHash: cookieHash(cookie),
      place,
      client,
      started,
      code: new DeviceCode(started, nowMs),
      startedAtMs: nowMs,
      watchedAtMs: nowMs,
      polling: false,
      cancelTimer: () => undefined,
    };
    this.#entries.set(entry.id, entry);
    this.#arm(entry);
    return { code: this.#shown(entry), cookie };
  }

  /** @throws CatalogError SIGN_IN_CODE_UNKNOWN: none of this browser's, or long over */
  watch(id: string, cookie: string | undefined): ShownCode {
    const entry = this.#entryOf(id, cookie);
    entry.watchedAtMs = this.#deps.clock.nowMs();
    this.#arm(entry);
    return this.#shown(entry);
  }

  /** Nobody is interested any more. @throws CatalogError SIGN_IN_CODE_UNKNOWN */
  cancel(id: string, cookie: string | undefined): void {
    this.#remove(this.#entryOf(id, cookie));
  }

  close(): void {
    for (const entry of this.#entries.values()) this.#remove(entry);
  }

  get size(): number {
    return this.#entries.size;
  }

  #arm(entry: Entry): void {
    const { clock } = this.#deps;
    entry.cancelTimer();
    const atMs = entry.code.pollAtMs(clock.nowMs());
    if (atMs === undefined || entry.polling || atMs > entry.watchedAtMs + UNWATCHED_MS) return;
    entry.cancelTimer = clock.setTimer(atMs, () => void this.#poll(entry));
  }

  async #poll(entry: Entry): Promise<void> {
    const { clock, identityCenter, portals, log } = this.#deps;
    if (entry.polling || entry.code.pollAtMs(clock.nowMs()) === undefined) return;
    entry.polling = true;
    try {
      const answer = await identityCenter.poll(entry.place.region, entry.client, entry.started.deviceCode);
      if (!this.#entries.has(entry.id)) return;
      // Stored first: what the page is told is true from then on.
      if (answer.kind === "approved")
        await portals.open({
          id: entry.id,
          cookieHash: entry.cookieHash,
          place: entry.place,
          client: entry.client,
          tokens: answer.tokens,
        });
      entry.code.handleAnswer(answer, clock.nowMs());
    } catch (error) {
      log.warn({ err: error }, "a device code could not be polled");
      entry.code.handleFailure(clock.nowMs());
    } finally {
      entry.polling = false;
      if (this.#entries.has(entry.id)) this.#arm(entry);
    }
  }

  #entryOf(id: string, cookie: string | undefined): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined || cookie === undefined || !isSame(cookieHash(cookie), entry.cookieHash))
      throw new CatalogError("SIGN_IN_CODE_UNKNOWN");
    return entry;
  }

  #shown({ id, place, started, code, startedAtMs }: Entry): ShownCode {
    const { userCode, verificationUri, verificationUriComplete } = started;
    const state = code.stateAt(this.#deps.clock.nowMs());
    const { expiresAtMs } = code;
    return { id, ...place, userCode, verificationUri, verificationUriComplete, startedAtMs, expiresAtMs, state };
  }

  /** What ran out stays for as long again, so that its page can say so. */
  #forgetOver(): void {
    const nowMs = this.#deps.clock.nowMs();
    for (const entry of this.#entries.values()) if (nowMs >= entry.code.expiresAtMs + UNWATCHED_MS) this.#remove(entry);
  }

  #remove(entry: Entry): void {
    entry.cancelTimer();
    this.#entries.delete(entry.id);
  }
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
