import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { AccessKeysRequest, ReadyMadePerson } from "@causeway/wire-contract/identity";
import type { AuditWriter } from "../audit/index.ts";
import { AttemptLimiter } from "../platform/attempt-limiter.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/logger.ts";
import { type AwsCredentials, type AwsIdentity, type CallerIdentity, holdCredentials } from "./aws-identity.ts";
import type { LaunchSecret } from "./launch-secret.ts";
import type { IssuedLogin, Login, Logins } from "./logins.ts";
import { personOf } from "./person.ts";
import { readReadyMadePeople } from "./ready-made-people.ts";
import type { SignInMethod } from "./signed-in-identity.ts";

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
]);

/** From where an act comes, for audit and limits. */
export interface ActContext {
  ip: string;
  requestId: string;
}

/** What this domain needs from sessions/. */
export interface SessionsOfOwner {
  /** Ends the owner's shells in AWS with credentials that outlive her login. @returns how many were ended */
  endAllOf(identity: AwsIdentity): Promise<number>;
  /** Fresh credentials are there: sessions of hers that waited for them go on. */
  handleSignedIn(identity: AwsIdentity): void;
}

export interface SignInDeps {
  logins: Logins;
  audit: AuditWriter;
  clock: Clock;
  log: Log;
  /** @throws CatalogError */
  callerIdentity(credentials: AwsCredentials): Promise<CallerIdentity>;
  sessions: SessionsOfOwner;
  readyMadePeopleFile: string | undefined;
  /** Absent: nothing here needs the printed link. */
  launchSecret: LaunchSecret | undefined;
}

/** Ways in and out. Each is limited per address and audited, refusals included, without what was typed. */
export class SignIn {
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
      const issued = await this.#deps.logins.launch(previous);
      await this.#deps.audit.write({ event: "launch.used", ownerKey: "", name: "", account: "", ...context });
      return issued;
    });
  }

  /** @throws CatalogError ACCESS_KEYS_REFUSED, ROOT_KEYS_REFUSED, RATE_LIMITED, AWS_UNREACHABLE, … */
  async withAccessKeys(
    keys: AccessKeysRequest,
    previous: Login | undefined,
    context: ActContext,
  ): Promise<IssuedLogin> {
    return this.#limited("sign_in.refused", "access-keys", context, () =>
      this.#signIn(
        {
          accessKeyId: keys.accessKeyId,
          secretAccessKey: keys.secretAccessKey,
          ...(keys.sessionToken === undefined ? {} : { sessionToken: keys.sessionToken }),
        },
        "access-keys",
        previous,
        context,
      ),
    );
  }

  /** @throws CatalogError SIGN_IN_METHOD_OFF, RATE_LIMITED, ACCESS_KEYS_REFUSED, AWS_UNREACHABLE, … */
  async asReadyMade(personId: string, previous: Login | undefined, context: ActContext): Promise<IssuedLogin> {
    return this.#limited("sign_in.refused", "ready-made", context, async () => {
      const path = this.#deps.readyMadePeopleFile;
      const found = path === undefined ? undefined : readReadyMadePeople(path).find((person) => person.id === personId);
      if (found === undefined) throw new CatalogError("SIGN_IN_METHOD_OFF");
      const { accessKeyId, secretAccessKey, sessionToken } = found;
      const credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
      return this.#signIn(credentials, "ready-made", previous, context);
    });
  }

  /**
   * Forgets the login, so that nothing new begins with it, then ends the owner's shells with the credentials it had.
   * Signed in from another browser too, her shells go on: they are hers there as well.
   */
  async signOut(login: Login, context: ActContext): Promise<IssuedLogin | undefined> {
    const leaving = await this.#leaving(login);
    const issued = await this.#deps.logins.signOut(login);
    const ended = await this.#endSessions(login, leaving);
    const { identity } = login;
    await this.#deps.audit.write({
      event: "sign_out",
      ownerKey: identity?.ownerKey ?? "",
      name: identity?.name ?? "",
      account: identity?.account ?? "",
      ...context,
      detail: `sessions ended: ${ended}`,
    });
    return issued;
  }

  async #signIn(
    credentials: AwsCredentials,
    method: SignInMethod,
    previous: Login | undefined,
    context: ActContext,
  ): Promise<IssuedLogin> {
    const person = personOf(await this.#deps.callerIdentity(credentials));
    if (person === "root") throw new CatalogError("ROOT_KEYS_REFUSED");
    const isSomeoneElse =
      previous?.identity !== undefined &&
      (previous.identity.account !== person.account || previous.identity.userId !== person.userId);
    const leaving = isSomeoneElse ? await this.#leaving(previous) : undefined;
    const issued = await this.#deps.logins.signIn(previous, person, credentials, method);
    if (isSomeoneElse) await this.#endSessions(previous, leaving);
    if (issued.login.identity !== undefined) this.#deps.sessions.handleSignedIn(issued.login.identity);
    await this.#deps.audit.write({
      event: "sign_in.succeeded",
      ownerKey: issued.login.identity?.ownerKey ?? "",
      name: person.name,
      account: person.account,
      ...context,
      detail: method,
    });
    return issued;
  }

  /** The person of a login that is about to go; with credentials that ran out her shells are closed all the same. */
  async #leaving({ identity }: Login): Promise<AwsIdentity | undefined> {
    return identity && holdCredentials(identity).catch(() => identity);
  }

  async #endSessions(login: Login, leaving: AwsIdentity | undefined): Promise<number> {
    if (leaving === undefined || (await this.#deps.logins.hasOtherLogin(login))) return 0;
    try {
      return await this.#deps.sessions.endAllOf(leaving);
    } catch (error) {
      // Signing out must work also when AWS does not answer; AWS ends the shells at its idle limit.
      this.#deps.log.error({ err: error, loginId: login.id }, "sessions could not be ended at sign-out");
      return 0;
    }
  }

  async #limited(
    refusal: "launch.refused" | "sign_in.refused",
    way: string,
    context: ActContext,
    act: () => Promise<IssuedLogin>,
  ): Promise<IssuedLogin> {
    const { ip } = context;
    if (!this.#all.take(ip) || !this.#refused.take(ip)) throw new CatalogError("RATE_LIMITED");
    try {
      const issued = await act();
      this.#refused.forgive(ip);
      return issued;
    } catch (error) {
      const code = error instanceof CatalogError ? error.code : "INTERNAL_ERROR";
      if (NOT_THE_CALLERS_FAULT.has(code)) this.#refused.forgive(ip);
      await this.#deps.audit.write({
        event: refusal,
        ownerKey: "",
        name: "",
        account: "",
        ...context,
        detail: `${way}: ${code}`,
      });
      throw error;
    }
  }
}
