import { CatalogError } from "../../../platform/catalog-error.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { Log } from "../../../platform/logger.ts";
import { type SecretBox, SecretBoxError } from "../../../platform/secret-box.ts";
import type { AwsCredentials } from "../../aws-identity.ts";
import { cookieHash } from "../../login-cookie.ts";
import type { IdentityCenter, SsoClient, SsoTokens, StartPlace } from "./identity-center.ts";
import type { PortalRow, PortalStore } from "./portal-store.ts";

/** Portal sessions of everybody; at the bound nobody new gets in, and is told so. */
export const PORTALS_MAX = 10_000;
/** A token is renewed when it has less than this left, in milliseconds: a call takes seconds at most. */
export const TOKEN_MARGIN_MS = 60_000;
/** A portal that no login came of is forgotten after this, in milliseconds. */
export const UNUSED_MS = 30 * 60_000;
/** Portals read at once while their tokens are sealed anew. */
const REWRAP_PAGE = 100;
const SEAL_PURPOSE = "identity center portal";

interface Sealed {
  client: SsoClient;
  tokens: SsoTokens;
}

export interface PortalsDeps {
  store: PortalStore;
  identityCenter: IdentityCenter;
  box: SecretBox;
  clock: Clock;
  log: Log;
  signInHours: number;
}

/** Who asks for a portal: her login, or before there is one the browser that approved the code. */
export interface PortalAsker {
  loginId: string | undefined;
  cookie: string | undefined;
}

/**
 * Sign-ins to an organisation's portal, each of which may give several identities. Owns their tokens: sealed in the store,
 * and never with anybody but AWS. They are in one place because a refresh token works once: each identity's renewal
 * names its portal instead of holding a copy.
 */
export class Portals {
  readonly #deps: PortalsDeps;
  /** One refresh per portal at a time; who comes meanwhile waits for it. */
  readonly #refreshing = new Map<string, Promise<string>>();

  constructor(deps: PortalsDeps) {
    this.#deps = deps;
  }

  /** Seals what an earlier key sealed anew with the newest one. @returns how many portals that were */
  async rewrap(): Promise<number> {
    const { store, box } = this.#deps;
    let count = 0;
    let afterId = "";
    for (;;) {
      const rows = await store.after(afterId, REWRAP_PAGE);
      for (const { id, sealed } of rows) {
        const resealed = box.reseal(SEAL_PURPOSE, id, sealed);
        if (resealed !== sealed && (await store.replaceSealed(id, sealed, resealed))) count++;
      }
      afterId = rows.at(-1)?.id ?? afterId;
      if (rows.length < REWRAP_PAGE) return count;
    }
  }

  /** @throws CatalogError LOGINS_LIMIT_REACHED */
  async open(portal: {
    id: string;
    cookieHash: string;
    place: StartPlace;
    client: SsoClient;
    tokens: SsoTokens;
  }): Promise<void> {
    const { store, box, clock } = this.#deps;
    const nowMs = clock.nowMs();
    await store.deleteEnded(nowMs);
    if ((await store.count()) >= PORTALS_MAX) throw new CatalogError("LOGINS_LIMIT_REACHED");
    const secrets: Sealed = { client: portal.client, tokens: portal.tokens };
    await store.insert({
      id: portal.id,
      cookie_hash: portal.cookieHash,
      login_id: null,
      start_url: portal.place.startUrl,
      region: portal.place.region,
      person: null,
      sealed: box.seal(SEAL_PURPOSE, portal.id, JSON.stringify(secrets)),
      created_at: nowMs,
      ends_at: nowMs + UNUSED_MS,
    });
  }

  /** @throws CatalogError SIGN_IN_CODE_UNKNOWN: none, or somebody else's */
  async get(id: string, asker: PortalAsker): Promise<PortalRow> {
    const row = await this.#deps.store.find(id, this.#deps.clock.nowMs());
    const isHers =
      row !== undefined &&
      (row.login_id === null
        ? asker.cookie !== undefined && cookieHash(asker.cookie) === row.cookie_hash
        : row.login_id === asker.loginId);
    if (!isHers) throw new CatalogError("SIGN_IN_CODE_UNKNOWN");
    return row;
  }

  ofLogin(loginId: string): Promise<PortalRow[]> {
    return this.#deps.store.findByLogin(loginId, this.#deps.clock.nowMs());
  }

  /** @throws CatalogError SIGN_IN_CODE_UNKNOWN */
  async startUrlOf(id: string): Promise<string> {
    const row = await this.#deps.store.find(id, this.#deps.clock.nowMs());
    if (row === undefined) throw new CatalogError("SIGN_IN_CODE_UNKNOWN");
    return row.start_url;
  }

  /**
   * Who approved it. AWS's portal tells no name: neither its token nor ListAccounts does (the e-mail there is the account's).
   * The first role's keys do.
   */
  async setPerson(id: string, name: string): Promise<void> {
    await this.#deps.store.setPerson(id, name);
  }

  /** From now on the portal is that login's alone; null: the browser's, while one login takes another's place. */
  async assign(id: string, loginId: string | null): Promise<void> {
    const { store, clock, signInHours } = this.#deps;
    // Until the login that it is for must have ended.
    await store.assign(id, loginId, clock.nowMs() + signInHours * 3_600_000);
  }

  /**
   * Runs `act` with a token that works: one refused by AWS though it looked good is renewed once (aws-facts.md §3).
   * @throws CatalogError IDENTITY_CENTER_SIGN_IN_ENDED: a new code is needed
   */
  async withToken<T>(id: string, act: (region: string, accessToken: string) => Promise<T>): Promise<T> {
    const { clock } = this.#deps;
    const { row, secrets } = await this.#open(id);
    const { tokens } = secrets;
    const isFresh = tokens.expiresAtMs - TOKEN_MARGIN_MS > clock.nowMs();
    const token = isFresh || tokens.refreshToken === undefined ? tokens.accessToken : await this.#refresh(id);
    try {
      return await act(row.region, token);
    } catch (error) {
      const isRefused = error instanceof CatalogError && error.code === "IDENTITY_CENTER_SIGN_IN_ENDED";
      if (!isRefused || token !== tokens.accessToken || tokens.refreshToken === undefined) throw error;
      return act(row.region, await this.#refresh(id));
    }
  }

  roleCredentials(id: string, accountId: string, roleName: string): Promise<AwsCredentials> {
    return this.withToken(id, (region, token) =>
      this.#deps.identityCenter.roleCredentials(region, token, accountId, roleName),
    );
  }

  /** Nobody is signed in with these any more: the tokens are forgotten, and AWS is told, if it can be reached. */
  async forgetOrphans(): Promise<void> {
    for (const { id } of await this.#deps.store.orphans()) await this.forget(id);
  }

  async forget(id: string): Promise<void> {
    const { store, identityCenter, log } = this.#deps;
    const opened = await this.#open(id).catch(() => undefined);
    await store.delete(id);
    if (opened === undefined) return;
    const { row, secrets } = opened;
    await identityCenter.logout(row.region, secrets.tokens.accessToken).catch((error: unknown) => {
      log.info({ err: error }, "AWS was not told of a sign-out");
    });
  }

  #refresh(id: string): Promise<string> {
    const running = this.#refreshing.get(id);
    if (running !== undefined) return running;
    const refresh = this.#refreshNow(id).finally(() => this.#refreshing.delete(id));
    this.#refreshing.set(id, refresh);
    return refresh;
  }

  async #refreshNow(id: string): Promise<string> {
    const { store, identityCenter, box } = this.#deps;
    const { row, secrets } = await this.#open(id);
    const { client, tokens: before } = secrets;
    if (before.refreshToken === undefined) throw new CatalogError("IDENTITY_CENTER_SIGN_IN_ENDED");
    const tokens = await identityCenter.refresh(row.region, client, before.refreshToken);
    const kept = { ...tokens, refreshToken: tokens.refreshToken ?? before.refreshToken };
    await store.replaceSealed(id, row.sealed, box.seal(SEAL_PURPOSE, id, JSON.stringify({ client, tokens: kept })));
    return tokens.accessToken;
  }

  async #open(id: string): Promise<{ row: PortalRow; secrets: Sealed }> {
    const { store, box, clock } = this.#deps;
    const row = await store.find(id, clock.nowMs());
    if (row === undefined) throw new CatalogError("IDENTITY_CENTER_SIGN_IN_ENDED");
    try {
      return { row, secrets: JSON.parse(box.open(SEAL_PURPOSE, id, row.sealed)) as Sealed };
    } catch (error) {
      if (!(error instanceof SecretBoxError)) throw error;
      throw new CatalogError("IDENTITY_CENTER_SIGN_IN_ENDED", { cause: error });
    }
  }
}
