/**
 * Profiles of the shared AWS configuration (`~/.aws/config`, `~/.aws/credentials`, or where AWS_CONFIG_FILE and
 * AWS_SHARED_CREDENTIALS_FILE say), as the AWS SDK reads them. Source: AWS SDKs and Tools Reference Guide, "Shared
 * config and credentials files". Roles are assumed by us, so that AWS's log names the human.
 */
import type { AwsCredentials, CallerIdentity, LocalProfiles, Person, RoleAssumer } from "../identity/index.ts";
import { personOf, personOfAssumedRole, sessionNameOf } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { AwsHttpHandler } from "./aws-http-handler.ts";

/** A `credential_process` and an MFA-less chain of roles must be done in this time, in milliseconds. */
export const PROFILE_MS_MAX = 60_000;
/** Profiles that name one another. */
const CHAIN_MAX = 10;

/** Of what the SDK would ask STS: the members that a profile can set. */
interface AssumeRoleParams {
  RoleArn: string | undefined;
  RoleSessionName: string | undefined;
  ExternalId?: string | undefined;
  DurationSeconds?: number | undefined;
  SerialNumber?: string | undefined;
  TokenCode?: string | undefined;
}

type Section = Readonly<Record<string, string | undefined>>;
type Sections = Readonly<Record<string, Section>>;

export interface LocalProfilesDeps {
  roles: RoleAssumer;
  requestHandler: AwsHttpHandler;
  /** Where STS is asked when the profile names no region. */
  region: string;
  callerIdentity(credentials: AwsCredentials): Promise<CallerIdentity>;
}

export function awsLocalProfiles(deps: LocalProfilesDeps): LocalProfiles {
  return {
    async list() {
      const sections = await readSections();
      return Object.keys(sections)
        .flatMap((name) => {
          const kind = kindOf(sections, name);
          return kind === undefined ? [] : [{ name, kind, mfa: chainOf(sections, name).some(needsMfa) }];
        })
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async signIn(name, mfaCode) {
      const sections = await readSections();
      if (kindOf(sections, name) === undefined)
        throw new CatalogError("PROFILE_UNUSABLE", { detail: "no such profile" });
      return withinTime(signInWith(deps, name, mfaCode));
    },
  };
}

async function readSections(): Promise<Sections> {
  const { loadSharedConfigFiles } = await import("@smithy/shared-ini-file-loader");
  try {
    const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
    const sections: Record<string, Section> = {};
    // Sections of another sort (`sso-session x`, `services x`) have a dot between their two words.
    for (const [name, section] of [...Object.entries(configFile), ...Object.entries(credentialsFile)])
      if (!/^(sso-session|services)\./.test(name)) sections[name] = { ...sections[name], ...section };
    return sections;
  } catch (error) {
    throw new CatalogError("PROFILES_UNREADABLE", { cause: error });
  }
}

/**
 * @returns undefined for a profile that gives nobody's keys: one of settings alone, and one that takes them from where
 * the server runs (`credential_source`), because the server has no power of its own
 */
function kindOf(
  sections: Sections,
  name: string,
): Awaited<ReturnType<LocalProfiles["list"]>>[number]["kind"] | undefined {
  const chain = chainOf(sections, name);
  const [section] = chain;
  if (section === undefined || chain.some(({ credential_source: source }) => source !== undefined)) return undefined;
  if (section.role_arn !== undefined && section.web_identity_token_file !== undefined) return "web-identity";
  if (section.role_arn !== undefined) return section.source_profile === undefined ? undefined : "role";
  if (section.aws_access_key_id !== undefined) return "keys";
  if (section.sso_account_id !== undefined) return "identity-center";
  if (section.credential_process !== undefined) return "process";
  return undefined;
}

/** The profile and those it takes its keys from. */
function chainOf(sections: Sections, name: string): Section[] {
  const chain: Section[] = [];
  const seen = new Set<string>();
  let next: string | undefined = name;
  while (next !== undefined && !seen.has(next) && chain.length < CHAIN_MAX) {
    seen.add(next);
    const section: Section | undefined = Object.hasOwn(sections, next) ? sections[next] : undefined;
    if (section === undefined) break;
    chain.push(section);
    next = section.source_profile;
  }
  return chain;
}

function needsMfa(section: Section): boolean {
  return section.mfa_serial !== undefined;
}

async function signInWith(
  { roles, requestHandler, region, callerIdentity }: LocalProfilesDeps,
  profile: string,
  mfaCode: string | undefined,
): Promise<{ credentials: AwsCredentials; person: Person }> {
  const { fromIni } = await import("@aws-sdk/credential-providers");
  /** Who she is after the roles that we assumed so far. */
  let assumed: { person: Person; accessKeyId: string } | undefined;
  const roleAssumer = async (source: SdkKeys, params: AssumeRoleParams) => {
    const keys = keysOf(source);
    const before = assumed?.accessKeyId === keys.accessKeyId ? assumed.person : personOf(await callerIdentity(keys));
    if (before === "root") throw new CatalogError("ROOT_KEYS_REFUSED");
    const { RoleArn: roleArn = "", SerialNumber: serial, TokenCode: code } = params;
    // The SDK makes a name of the time where the profile gives none: she would be another person each time.
    const chosen = /^aws-sdk-js-\d+$/.test(params.RoleSessionName ?? "") ? undefined : params.RoleSessionName;
    const own =
      assumed?.person === before ? { sessionName: before.name, proven: before.proven } : sessionNameOf(before);
    const role = {
      roleArn,
      sessionName: chosen ?? own.sessionName,
      ...(params.ExternalId === undefined ? {} : { externalId: params.ExternalId }),
      ...(params.DurationSeconds === undefined ? {} : { seconds: params.DurationSeconds }),
    };
    const mfa = serial === undefined || code === undefined ? undefined : { serial, code };
    const credentials = await roles.withKeys(keys, role, mfa);
    const proven = chosen === undefined && own.proven;
    const person = personOfAssumedRole(await callerIdentity(credentials), role, proven);
    if (person === undefined)
      throw new CatalogError("AWS_FAILED", { detail: "AssumeRole gave keys of something else" });
    assumed = { person, accessKeyId: credentials.accessKeyId };
    const { expiresAtMs, ...rest } = credentials;
    return { ...rest, ...(expiresAtMs === undefined ? {} : { expiration: new Date(expiresAtMs) }) };
  };
  const provider = fromIni({
    profile,
    ignoreCache: true,
    clientConfig: { region, requestHandler },
    roleAssumer,
    mfaCodeProvider: async (serial) => {
      if (mfaCode === undefined) throw new CatalogError("PROFILE_NEEDS_MFA", { detail: serial });
      return mfaCode;
    },
  });
  const credentials = keysOf(await provider().catch(toCatalogError));
  if (assumed?.accessKeyId === credentials.accessKeyId) return { credentials, person: assumed.person };
  const person = personOf(await callerIdentity(credentials));
  if (person === "root") throw new CatalogError("ROOT_KEYS_REFUSED");
  return { credentials, person };
}

interface SdkKeys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
  expiration?: Date | undefined;
}

function keysOf({ accessKeyId, secretAccessKey, sessionToken, expiration }: SdkKeys): AwsCredentials {
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(expiration === undefined ? {} : { expiresAtMs: expiration.getTime() }),
  };
}

/** The SDK's words may hold what a `credential_process` printed: only which kind of failure it was is kept. */
function toCatalogError(error: unknown): never {
  if (error instanceof CatalogError) throw error;
  const { message = "" } = error as Error;
  if (/\bsso\b/i.test(message)) throw new CatalogError("PROFILE_SIGN_IN_ENDED");
  throw new CatalogError("PROFILE_UNUSABLE");
}

async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new CatalogError("PROFILE_UNUSABLE", { detail: "it gave no keys within a minute" })),
      PROFILE_MS_MAX,
    );
    timer.unref();
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
