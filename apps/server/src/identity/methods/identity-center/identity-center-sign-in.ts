import { AttemptLimiter } from "../../../platform/attempt-limiter.ts";
import { CatalogError } from "../../../platform/catalog-error.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { Log } from "../../../platform/logger.ts";
import type { SecretBox } from "../../../platform/secret-box.ts";
import type { Database } from "../../../platform/store/database.ts";
import type { AwsCredentials, CallerIdentity } from "../../aws-identity.ts";
import type { IssuedLogin, Login } from "../../logins.ts";
import { type Person, personOf } from "../../person.ts";
import type { ActContext } from "../../sign-in.ts";
import type { CredentialRenewer, SignedIn, SignInMode } from "../../signed-in-identity.ts";
import type { SignInGate } from "../sign-in-gate.ts";
import { DeviceCodes, type ShownCode } from "./device-codes.ts";
import type { IdentityCenter, StartPlace } from "./identity-center.ts";
import { identityCenterMaterial, identityCenterRenewer } from "./identity-center-renewer.ts";
import { PortalDirectories } from "./portal-directory.ts";
import { PortalStore } from "./portal-store.ts";
import { type PortalAsker, Portals } from "./portals.ts";
import { SsoClients } from "./sso-clients.ts";
import { allowedPlace, type StartPlacesConfig } from "./start-places.ts";

/** Codes that one address may ask for per minute: each is two calls to AWS. An office shares an address. */
export const CODES_PER_MINUTE_MAX = 30;
const ADDRESSES_MAX = 10_000;

export interface IdentityCenterDeps {
  identityCenter: IdentityCenter;
  places: StartPlacesConfig;
  database: Database;
  box: SecretBox;
  clock: Clock;
  randomBytes: (size: number) => Uint8Array;
  random: () => number;
  log: Log;
  signInHours: number;
  gate: SignInGate;
  callerIdentity(credentials: AwsCredentials): Promise<CallerIdentity>;
}

export interface PortalRole {
  portalId: string;
  accountId: string;
  roleName: string;
  how: SignInMode;
}

/** Signing in through an organisation's portal: from the code to the identity. */
export class IdentityCenterSignIn {
  readonly codes: DeviceCodes;
  readonly portals: Portals;
  readonly directories: PortalDirectories;
  readonly renewer: CredentialRenewer;
  readonly #deps: IdentityCenterDeps;
  readonly #started: AttemptLimiter;

  constructor(deps: IdentityCenterDeps) {
    this.#deps = deps;
    const { clock, identityCenter } = deps;
    this.portals = new Portals({ ...deps, store: new PortalStore(deps.database) });
    this.codes = new DeviceCodes({ ...deps, portals: this.portals, clients: new SsoClients(identityCenter, clock) });
    this.directories = new PortalDirectories({ ...deps, portals: this.portals });
    this.renewer = identityCenterRenewer(this.portals);
    const window = { attemptsMax: CODES_PER_MINUTE_MAX, windowMs: 60_000, addressesMax: ADDRESSES_MAX };
    this.#started = new AttemptLimiter(window, clock);
  }

  nowMs(): number {
    return this.#deps.clock.nowMs();
  }

  /** @throws CatalogError RATE_LIMITED, START_URL_NOT_ALLOWED, START_URL_REFUSED, … */
  async startCode(asked: StartPlace, { ip }: ActContext): Promise<{ code: ShownCode; cookie: string }> {
    this.#started.admit(ip);
    return this.codes.start(allowedPlace(this.#deps.places, asked));
  }

  /** @throws CatalogError SIGN_IN_CODE_UNKNOWN, ROLE_NOT_ASSIGNED, IDENTITY_CENTER_SIGN_IN_ENDED, … */
  async signIn(
    role: PortalRole,
    by: { asker: PortalAsker; previous: Login | undefined; context: ActContext },
  ): Promise<IssuedLogin> {
    const { portals } = this;
    const { id, login_id: loginBefore } = await portals.get(role.portalId, by.asker);
    const { previous, context } = by;
    const prove = async (): Promise<SignedIn> => {
      const signedIn = await this.#prove(role);
      // The login that goes takes its portals with it: not the one that the next login comes of.
      await portals.assign(id, null);
      return signedIn;
    };
    try {
      const issued = await this.#deps.gate.enter("identity-center", { previous, how: role.how, context }, prove);
      await portals.assign(id, issued.login.id);
      return issued;
    } catch (error) {
      await portals.assign(id, loginBefore);
      throw error;
    }
  }

  /** Some login is over, or one of its people went: portals that nobody is signed in with any more are, too. */
  forgetEndedLogins(): void {
    this.portals.forgetOrphans().catch((error: unknown) => {
      this.#deps.log.error({ err: error }, "the portals of ended logins could not be forgotten");
    });
  }

  close(): void {
    this.codes.close();
  }

  async #prove({ portalId, accountId, roleName }: PortalRole): Promise<SignedIn> {
    const credentials = await this.portals.roleCredentials(portalId, accountId, roleName);
    const accountName = this.directories.accountName(portalId, accountId);
    const person = personOfRole(await this.#deps.callerIdentity(credentials), accountId, roleName);
    await this.portals.setPerson(portalId, person.name);
    // A user name is one person within one organisation.
    const subject = `identity-center ${await this.portals.startUrlOf(portalId)} ${person.name}`;
    return {
      person,
      subject,
      credentials,
      method: "identity-center",
      renewal: identityCenterMaterial(portalId, accountId, roleName),
      ...(accountName === undefined || accountName === "" ? {} : { accountName }),
    };
  }
}

/**
 * The name is proven: Identity Center itself chose the session name, and the keys came to us straight from it
 * (architecture §2). The role is shown by the name that the organisation gave it.
 * @throws CatalogError AWS_FAILED when the keys are not of the role that was asked for
 */
function personOfRole(caller: CallerIdentity, accountId: string, roleName: string): Person {
  const person = personOf(caller);
  const isThatRole =
    person !== "root" &&
    person.account === accountId &&
    new RegExp(`:assumed-role/AWSReservedSSO_${escaped(roleName)}_[0-9a-f]{16}/`).test(caller.arn);
  if (!isThatRole)
    throw new CatalogError("AWS_FAILED", { detail: "GetRoleCredentials answered with keys of something else" });
  return { ...person, role: roleName, proven: true };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
