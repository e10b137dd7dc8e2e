/**
 * Ways in and out of a login: what they end with, their limits, their audit lines. Above 300 lines, because entering and leaving
 * share the order that matters: credentials are held, the login is changed, shells are ended, then it is written down.
 */
import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { AccessKeysRequest, ReadyMadePerson } from "@causeway/wire-contract/identity";
import type { LoginEndCode } from "@causeway/wire-contract/login-ends";
import type { AuditWriter } from "../audit/index.ts";
import { AttemptLimiter } from "../platform/attempt-limiter.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/logger.ts";
import { type AwsCredentials, type AwsIdentity, type CallerIdentity, holdCredentials } from "./aws-identity.ts";
import type { LaunchSecret } from "./launch-secret.ts";
import { type IssuedLogin, LOGINS_MAX, type Login, type Logins, ownerKeysOf } from "./logins.ts";
import { signedInWithKeys } from "./methods/access-keys/keys-and-role.ts";
import type { RoleAssumer } from "./methods/role-assumer.ts";
import type { SignInAct, SignInGate } from "./methods/sign-in-gate.ts";
import type { MfaProof } from "./mfa-proof.ts";
import { type Person, personKeyOf, personOf } from "./person.ts";
import { readReadyMadePeople, readyMadeCredentials } from "./ready-made-people.ts";
import type { SignedIn, SignInMethod, SignInMode } from "./signed-in-identity.ts";

const MINUTE_MS = 60_000;
/** Refused attempts of one address per minute: keys cannot be guessed, but the log and AWS need not bear the tries. */
export const REFUSED_ATTEMPTS_MAX = 10;
/** All attempts of one address per minute, each of which is a call to AWS. */
export const ATTEMPTS_MAX = 120;
const ADDRESSES_MAX = 10_000;

/** Refusals that say nothing against who asks: they are given back. */
const NOT_THE_CALLERS_FAULT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "AWS_UNREACHABLE",
  "AWS_FAILED",
  "AWS_THROTTLED",
  "AWS_SERVICE_ABSENT",
  "AWS_HOST_NOT_ALLOWED",
  "CLOCK_SKEWED",
  "LOGINS_LIMIT_REACHED",
  "OIDC_PROVIDER_UNREACHABLE",
  "OIDC_SIGN_IN_FAILED",
  "OIDC_SIGN_IN_REFUSED",
  "OIDC_CLAIMS_UNUSABLE",
]);

/** From where an act comes, for audit and limits. */
export interface ActContext {
  ip: string;
  requestId: string;
  /** What the browser calls itself. */
  device: string;
}

/** Whose act it is. */
export interface Actor extends ActContext {
  ownerKey: string;
  name: string;
  account: string;
  role: string;
}

/** What happens to the shells of whoever signs out: AWS is asked to end them, or they wait for her (architecture §2). */
export type SessionsAtSignOut = "end" | "keep";

/** What this domain needs from sessions/. */
export interface SessionsOfOwner {
  /** Ends the owner's shells in AWS with credentials that outlive her login. @returns how many were ended */
  endAllOf(identity: AwsIdentity): Promise<number>;
  /** Fresh credentials are there: sessions of hers that waited for them go on. */
  handleSignedIn(identity: AwsIdentity): void;
  /**
   * Closes all of a person's shells, in AWS as far as credentials are left.
   * @param leaving who she was until now, with the credentials she had
   * @returns how many were closed
   */
  closeAllOf(personKey: string, leaving: readonly AwsIdentity[]): Promise<number>;
  /** How many of a person's shells are open. */
  openCountOf(personKey: string): number;
}

export interface SignInDeps {
  logins: Logins;
  audit: AuditWriter;
  clock: Clock;
  log: Log;
  /** @throws CatalogError */
  callerIdentity(credentials: AwsCredentials): Promise<CallerIdentity>;
  /** Exchanges keys and an MFA code for a session. @throws CatalogError MFA_CODE_REFUSED, … */
  sessionToken(keys: AwsCredentials, mfa: MfaProof): Promise<AwsCredentials>;
  roles: RoleAssumer;
  sessions: SessionsOfOwner;
  readyMadePeopleFile: string | undefined;
  /** Absent: nothing here needs the printed link. */
  launchSecret: LaunchSecret | undefined;
}

/** Ways in and out. Each is limited per address and audited, refusals included, without what was typed. */
export class SignIn implements SignInGate {
  readonly #deps: SignInDeps;
  readonly #refused: AttemptLimiter;
  readonly #all: AttemptLimiter;

  constructor(deps: SignInDeps) {
    this.#deps = deps;
    const window = { windowMs: MINUTE_MS, addressesMax: ADDRESSES_MAX };
    this.#refused = new AttemptLimiter({ ...window, attemptsMax: REFUSED_ATTEMPTS_MAX }, deps.clock);
    this.#all = new AttemptLimiter({ ...window, attemptsMax: ATTEMPTS_MAX }, deps.clock);
  }

  get offersReadyMade(): boolean {
    return this.#deps.readyMadePeopleFile !== undefined;
  }

  /** Names and roles only; none when the file cannot be read at the moment. */
  readyMadePeople(): ReadyMadePerson[] {
    if (this.#deps.readyMadePeopleFile === undefined) return [];
    try {
      return readReadyMadePeople(this.#deps.readyMadePeopleFile).map(({ id, name, role, description }) => ({
        id,
        name,
        role,
        description,
      }));
    } catch (error) {
      this.#deps.log.warn({ err: error }, "the file of ready-made people cannot be used");
      return [];
    }
  }

  /** @throws CatalogError LAUNCH_SECRET_INVALID, RATE_LIMITED, SIGN_IN_METHOD_OFF */
  async launch(secret: string, previous: Login | undefined, context: ActContext): Promise<IssuedLogin> {
    return this.#limited("launch.refused", "printed link", context, async () => {
      if (this.#deps.launchSecret === undefined) throw new CatalogError("SIGN_IN_METHOD_OFF");
      if (!this.#deps.launchSecret.redeem(secret)) throw new CatalogError("LAUNCH_SECRET_INVALID");
      const issued = await this.#deps.logins.launch(previous, context);
      await this.#deps.audit.write({ event: "launch.used", ...NOBODY, ...context });
      return issued;
    });
  }

  /** @throws CatalogError ACCESS_KEYS_REFUSED, ROOT_KEYS_REFUSED, ROLE_NOT_ASSUMABLE, RATE_LIMITED, AWS_UNREACHABLE, … */
  async withAccessKeys(
    keys: AccessKeysRequest,
    previous: Login | undefined,
    context: ActContext,
  ): Promise<IssuedLogin> {
    return this.#limited("sign_in.refused", "access-keys", context, async () => {
      const { logins } = this.#deps;
      const signedIn = await signedInWithKeys(
        { ...this.#deps, refuseDisabled: (person) => logins.refuseDisabled(person) },
        keys,
      );
      return this.complete(signedIn, previous, keys.how ?? "replace", context);
    });
  }

  /** @throws CatalogError RATE_LIMITED, what `prove` throws, what the logins refuse */
  async enter(
    way: SignInMethod,
    { previous, how, context }: SignInAct,
    prove: () => Promise<SignedIn>,
  ): Promise<IssuedLogin> {
    return this.#limited("sign_in.refused", way, context, async () =>
      this.complete(await prove(), previous, how, context),
    );
  }

  /** @throws CatalogError SIGN_IN_METHOD_OFF, RATE_LIMITED, ACCESS_KEYS_REFUSED, AWS_UNREACHABLE, … */
  async asReadyMade(
    personId: string,
    previous: Login | undefined,
    how: SignInMode,
    context: ActContext,
  ): Promise<IssuedLogin> {
    return this.#limited("sign_in.refused", "ready-made", context, async () => {
      const path = this.#deps.readyMadePeopleFile;
      const found = path === undefined ? undefined : readyMadeCredentials(path, personId);
      if (found === undefined) throw new CatalogError("SIGN_IN_METHOD_OFF");
      const person = await this.#personOf(found);
      const renewal = { kind: "ready-made", personId } as const;
      return this.complete({ person, credentials: found, method: "ready-made", renewal }, previous, how, context);
    });
  }

  /**
   * What every way of signing in ends with: the login, the audit line, and her sessions that waited go on. Identities
   * that the new one replaces are signed out, and their shells end.
   * @throws CatalogError PERSON_DISABLED, IDENTITIES_LIMIT_REACHED, LOGINS_LIMIT_REACHED
   */
  async complete(
    signedIn: SignedIn,
    previous: Login | undefined,
    how: SignInMode,
    context: ActContext,
  ): Promise<IssuedLogin> {
    const { person, method } = signedIn;
    const replaced = (how === "replace" && previous?.identities) || [];
    const leaving = await this.#held(replaced.filter((identity) => personKeyOf(identity) !== personKeyOf(person)));
    const issued = await this.#deps.logins.signIn(previous, signedIn, how, context);
    await this.#endSessions(leaving);
    const identity = issued.login.identities.find((each) => personKeyOf(each) === personKeyOf(person));
    if (identity !== undefined) this.#deps.sessions.handleSignedIn(identity);
    await this.#deps.audit.write({
      event: how === "add" && issued.login.identities.length > 1 ? "sign_in.identity_added" : "sign_in.succeeded",
      ownerKey: identity?.ownerKey ?? "",
      name: person.name,
      account: person.account,
      role: person.role,
      ...context,
      detail: method,
    });
    return issued;
  }

  /**
   * Forgets the login, so that nothing new begins with it; with `end`, its shells end with the credentials it had. Where
   * a person is signed in from another browser too, her shells go on: they are hers there as well.
   */
  async signOut(login: Login, sessions: SessionsAtSignOut, context: ActContext): Promise<IssuedLogin | undefined> {
    const leaving = sessions === "end" ? await this.#held(login.identities) : [];
    const issued = await this.#deps.logins.signOut(login, signedOutCode(sessions));
    const ended = await this.#endSessions(leaving);
    await this.#auditSignOut("sign_out", login.identities, context, describeSignOut(sessions, ended));
    return issued;
  }

  /** The logins that hold a person of this one: this one, and other browsers of hers. Newest first. */
  async loginsOf(login: Login): Promise<Login[]> {
    const own = ownerKeysOf(login);
    const logins = await this.#deps.logins.ofOwners([...own]);
    return logins.map((each) => ({ ...each, identities: each.identities.filter(({ ownerKey }) => own.has(ownerKey)) }));
  }

  /**
   * Signs another browser out, as far as it is this person's: identities there that this login cannot be stay. Its shells
   * go on, whatever is asked: this login holds them too. They end with the last one, when she signs out everywhere.
   * @param told what happens to the shells once she has signed out of all that she is about to
   * @throws CatalogError LOGIN_NOT_FOUND: none of hers, or none at all
   */
  async signOutElsewhere(
    login: Login,
    otherId: string,
    sessions: SessionsAtSignOut,
    context: ActContext,
    told: SessionsAtSignOut = "keep",
  ): Promise<void> {
    const [other] = (await this.#deps.logins.ofOwners([...ownerKeysOf(login)])).filter(({ id }) => id === otherId);
    if (other === undefined || other.id === login.id) throw new CatalogError("LOGIN_NOT_FOUND");
    const own = ownerKeysOf(login);
    const ended = await this.#forget(other, ({ ownerKey }) => own.has(ownerKey), sessions, signedOutCode(told));
    const shared = other.identities.filter(({ ownerKey }) => own.has(ownerKey));
    await this.#auditSignOut("sign_out.elsewhere", shared, context, describeSignOut(sessions, ended));
  }

  /**
   * An admin puts a person out of every browser: her shells end with the credentials that are there, then those are
   * deleted. @param why what her pages are told @returns how many logins and shells that were
   */
  async kick(
    personKey: string,
    why: "LOGIN_ENDED_BY_ADMIN" | "LOGIN_ENDED_DISABLED",
  ): Promise<{ logins: number; sessions: number }> {
    const { logins } = this.#deps;
    const isHers = (identity: AwsIdentity): boolean => personKeyOf(identity) === personKey;
    const leaving: AwsIdentity[] = [];
    let count = 0;
    for (const login of await logins.signedIn(LOGINS_MAX)) {
      const hers = login.identities.filter(isHers);
      if (hers.length === 0) continue;
      count++;
      leaving.push(...(await this.#held(hers)));
      await logins.forget(login, isHers, why);
    }
    return { logins: count, sessions: await this.#deps.sessions.closeAllOf(personKey, leaving) };
  }

  async #forget(
    login: Login,
    isToGo: (identity: AwsIdentity) => boolean,
    sessions: SessionsAtSignOut,
    why: LoginEndCode,
  ): Promise<number> {
    const leaving = sessions === "end" ? await this.#held(login.identities.filter(isToGo)) : [];
    await this.#deps.logins.forget(login, isToGo, why);
    return this.#endSessions(leaving);
  }

  async #personOf(credentials: AwsCredentials): Promise<Person> {
    const person = personOf(await this.#deps.callerIdentity(credentials));
    if (person === "root") throw new CatalogError("ROOT_KEYS_REFUSED");
    return person;
  }

  async #auditSignOut(
    event: "sign_out" | "sign_out.elsewhere",
    identities: readonly AwsIdentity[],
    context: ActContext,
    detail: string,
  ): Promise<void> {
    for (const { ownerKey, name, account, role } of identities)
      await this.#deps.audit.write({ event, ownerKey, name, account, role, ...context, detail });
  }

  /** People who are about to go; with credentials that ran out their shells are closed all the same. */
  #held(identities: readonly AwsIdentity[]): Promise<AwsIdentity[]> {
    return Promise.all(identities.map((identity) => holdCredentials(identity).catch(() => identity)));
  }

  async #endSessions(leaving: readonly AwsIdentity[]): Promise<number> {
    let ended = 0;
    for (const identity of leaving) {
      if (await this.#deps.logins.hasOtherLogin(identity.loginId, identity.ownerKey)) continue;
      try {
        ended += await this.#deps.sessions.endAllOf(identity);
      } catch (error) {
        // Signing out must work also when AWS does not answer; AWS ends the shells at its idle limit.
        this.#deps.log.error({ err: error, loginId: identity.loginId }, "sessions could not be ended at sign-out");
      }
    }
    return ended;
  }

  async #limited(
    refusal: "launch.refused" | "sign_in.refused",
    way: string,
    context: ActContext,
    act: () => Promise<IssuedLogin>,
  ): Promise<IssuedLogin> {
    const { ip } = context;
    this.#all.admit(ip);
    this.#refused.admit(ip);
    try {
      const issued = await act();
      this.#refused.forgive(ip);
      return issued;
    } catch (error) {
      const code = error instanceof CatalogError ? error.code : "INTERNAL_ERROR";
      if (NOT_THE_CALLERS_FAULT.has(code)) this.#refused.forgive(ip);
      await this.#deps.audit.write({
        event: refusal,
        ...NOBODY,
        ...context,
        detail: `${way}: ${code}`,
      });
      throw error;
    }
  }
}

const NOBODY = { ownerKey: "", name: "", account: "" } as const;

function describeSignOut(sessions: SessionsAtSignOut, ended: number): string {
  return sessions === "keep" ? "sessions kept" : `sessions ended: ${ended}`;
}

function signedOutCode(sessions: SessionsAtSignOut): LoginEndCode {
  return sessions === "keep" ? "LOGIN_SIGNED_OUT" : "LOGIN_SIGNED_OUT_ENDED";
}
