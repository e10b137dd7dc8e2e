import { CatalogError } from "../../../platform/catalog-error.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { IdentityCenter, SsoClient } from "./identity-center.ts";

/** Regions we are registered in; at the bound the oldest registration is forgotten, and made anew when needed. */
export const REGIONS_MAX = 64;
/** A registration is not used any more when a code of it could outlive it, in milliseconds. */
const MARGIN_MS = 3_600_000;

/** Our registrations, one per region. AWS gives them for weeks; one per start of the server is no burden. */
export class SsoClients {
  readonly #identityCenter: IdentityCenter;
  readonly #clock: Clock;
  readonly #byRegion = new Map<string, Promise<SsoClient>>();

  constructor(identityCenter: IdentityCenter, clock: Clock) {
    this.#identityCenter = identityCenter;
    this.#clock = clock;
  }

  /** Runs `act` with a registration, and once more with a fresh one when AWS does not know it any more. */
  async using<T>(region: string, act: (client: SsoClient) => Promise<T>): Promise<{ client: SsoClient; result: T }> {
    const client = await this.#clientOf(region);
    try {
      return { client, result: await act(client) };
    } catch (error) {
      if (!(error instanceof CatalogError) || error.code !== "SSO_CLIENT_UNKNOWN") throw error;
      this.#byRegion.delete(region);
      const fresh = await this.#clientOf(region);
      return { client: fresh, result: await act(fresh) };
    }
  }

  async #clientOf(region: string): Promise<SsoClient> {
    const known = await this.#byRegion.get(region);
    if (known !== undefined && known.expiresAtMs - MARGIN_MS > this.#clock.nowMs()) return known;
    const registered = this.#identityCenter.registerClient(region);
    this.#byRegion.delete(region);
    this.#byRegion.set(region, registered);
    registered.catch(() => {
      if (this.#byRegion.get(region) === registered) this.#byRegion.delete(region);
    });
    for (const oldest of this.#byRegion.keys()) {
      if (this.#byRegion.size <= REGIONS_MAX) break;
      this.#byRegion.delete(oldest);
    }
    return registered;
  }
}
