/**
 * The environment, as one validated object; all that is wrong with it is said at once. Above 300 lines: what a setting may be is
 * read beside the name it is known by, and settings limit one another. What belongs to one subject has a file of its own
 * (oidc-config, person-pattern, start-place, encryption-key).
 */
import { type ConfigKey, isConfigKey, nearestKey } from "./config-keys.ts";
import { type EncryptionKeySource, parseEncryptionKeys } from "./encryption-key.ts";
import { LOG_LEVELS, type LogLevel } from "./logger.ts";
import {
  isAddressOrNetwork,
  isLoopbackHost,
  type ListenAddress,
  parseListenAddress,
  urlHost,
} from "./network-address.ts";
import { type OidcConfig, parseIssuer, parseOidcRoles, parseScopes } from "./oidc-config.ts";
import { type PersonPattern, parsePersonPattern } from "./person-pattern.ts";
import { DEFAULT_REGIONS } from "./regions.ts";
import { parseSharingRules, type SharingConfig } from "./sharing-config.ts";
import { parseStartPlace } from "./start-place.ts";

export const DEFAULT_LISTEN = "127.0.0.1:4123";
export const DEFAULT_SESSION_DOCUMENT = "SSM-SessionManagerRunShell";
export const DEFAULT_SESSIONS_PER_PERSON = 50;
export const DEFAULT_VIEWERS_PER_SESSION = 50;
export const DEFAULT_SIGN_IN_HOURS = 12;
export const DEFAULT_AUDIT_DAYS = 400;
export const DEFAULT_OIDC_SCOPES = "openid profile email offline_access";
export const DEFAULT_OIDC_LABEL = "Single sign-on";
export const DEFAULT_LOG_BYTES = 10 * 1024 ** 3;
export const DEFAULT_LOG_BYTES_PER_SESSION = 64 * 1024 ** 2;
/** Each viewer is sent all the output: what a server can bear, not what anybody asked for. */
const VIEWERS_PER_SESSION_MAX = 100;
const LOG_BYTES_MIN = 64 * 1024 ** 2;
const LOG_BYTES_PER_SESSION_MIN = 1024 ** 2;
/** A limit is a limit, but not one that a number cannot hold exactly. */
const LOG_BYTES_MAX = 1024 ** 5;
/** A metrics token guards names and numbers of sessions: long enough that nobody guesses it. */
const METRICS_TOKEN_CHARACTERS_MIN = 16;

/** The environment, read once and validated. Nothing else in the server looks at process.env but the AWS agents. */
export interface Config {
  listen: ListenAddress;
  dataDir: string;
  /** Without a trailing slash, for example `https://console.example.com`; undefined: loopback at the port it listens on. */
  publicUrl: string | undefined;
  publishedOnLoopback: boolean;
  tls: { certFile: string; keyFile: string } | undefined;
  /** Addresses and networks whose forwarded headers are believed. */
  trustedProxies: readonly string[];
  regions: readonly string[];
  readyMadePeopleFile: string | undefined;
  identityCenter: {
    /** Where people may sign in without typing the start URL. */
    listed: readonly { region: string; startUrl: string }[];
    /** Whether another start URL of AWS may be typed. */
    typed: boolean;
    /** Whether the link to AWS's page has the code in it, or the code is to be typed there. */
    link: "prefilled" | "plain";
  };
  /** Whether profiles of this machine's AWS configuration are offered; only on loopback. */
  localProfiles: boolean;
  /** The organisation's OIDC provider; undefined: none. */
  oidc: OidcConfig | undefined;
  encryptionKey: EncryptionKeySource;
  /** `host` or `host:port`, lower case; undefined: any. */
  awsHosts: readonly string[] | undefined;
  /** Names and environments of accounts, by account id. */
  accounts: ReadonlyMap<string, AccountSetting>;
  /** Who is more than a user in Causeway. */
  roles: { admins: readonly PersonPattern[]; auditors: readonly PersonPattern[] };
  /** How long audit events are kept, in days. */
  auditDays: number;
  sessionDocument: string;
  /** Further documents that a person may choose when she opens a shell. */
  sessionDocuments: readonly string[];
  /** Whether who opens a shell says why. */
  sessionReason: SessionReasonRule;
  sessionsPerPerson: number;
  sharing: SharingConfig;
  signInHours: number;
  /** Logs of all sessions together, in bytes. */
  logBytes: number;
  /** Output kept per session, in bytes. */
  logBytesPerSession: number;
  logLevel: LogLevel;
  metricsToken: string | undefined;
  webDir: string;
  /** AWS_ENDPOINT_URL, or one for a service, is set: this may not be AWS. */
  customEndpoint: boolean;
}

/** All that is wrong with the environment, one plain line each. Never holds a value that may be secret. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration has ${problems.length} problem${problems.length === 1 ? "" : "s"}.`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** What the defaults depend on. */
export interface ConfigSurroundings {
  homeDir: string;
  webDir: string;
  /** `info` when absent. */
  logLevel?: LogLevel;
}

/** What people call an account, and the colour it is shown with. */
export interface AccountSetting {
  name: string;
  colour: "prod" | "staging" | "dev" | "none";
}

const REASON_RULES = ["off", "optional", "required"] as const;
export type SessionReasonRule = (typeof REASON_RULES)[number];

function parseReasonRule(text: string): SessionReasonRule | undefined {
  return REASON_RULES.find((rule) => rule === text);
}

/** What may and must be said when a shell is opened; the first document is taken when none is chosen. */
export function sessionStartRules(config: Pick<Config, "sessionDocument" | "sessionDocuments" | "sessionReason">): {
  reason: SessionReasonRule;
  documents: string[];
  accountDocuments: boolean;
} {
  return {
    reason: config.sessionReason,
    documents: [...new Set([config.sessionDocument, ...config.sessionDocuments])],
    // a list of the operator's is the whole choice; without one IAM alone decides
    accountDocuments: config.sessionDocuments.length === 0,
  };
}

const ROLE_PATTERN_FORM = "<account>/role/<role>/<name>, <account>/user/<name> or claim:<name>=<value>";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and validates every key at once. An empty value counts as not set.
 * @throws ConfigError with all problems
 */
export function readConfig(env: Environment, surroundings: ConfigSurroundings): Config {
  const reader = new Reader(env);
  reader.refuseUnknownKeys();
  reader.checkProxy();
  const listen = reader.parsed(
    "CAUSEWAY_LISTEN",
    DEFAULT_LISTEN,
    parseListenAddress,
    "host:port, for example 127.0.0.1:4123",
  );
  const dataHome = env.XDG_DATA_HOME?.startsWith("/") ? env.XDG_DATA_HOME : `${surroundings.homeDir}/.local/share`;
  const config: Config = {
    listen: listen ?? { host: "127.0.0.1", port: 0 },
    dataDir: reader.parsed("CAUSEWAY_DATA_DIR", `${dataHome}/causeway`, absolutePath, "an absolute path") ?? "",
    publicUrl: reader.optional(
      "CAUSEWAY_PUBLIC_URL",
      parsePublicUrl,
      "http://host[:port] or https://host[:port], without a path",
    ),
    publishedOnLoopback: reader.parsed("CAUSEWAY_PUBLISHED_ON_LOOPBACK", "false", parseFlag, "true or false") ?? false,
    tls: reader.tls(),
    trustedProxies:
      reader.list("CAUSEWAY_TRUSTED_PROXIES", isAddressOrNetwork, "addresses or networks such as 10.0.0.0/8") ?? [],
    regions: reader.list("CAUSEWAY_REGIONS", isRegionId, "region ids such as eu-west-1") ?? DEFAULT_REGIONS,
    readyMadePeopleFile: reader.optional("CAUSEWAY_READY_MADE_PEOPLE_FILE", absolutePath, "an absolute path"),
    identityCenter: reader.identityCenter(),
    localProfiles: reader.parsed("CAUSEWAY_LOCAL_PROFILES", "false", parseFlag, "true or false") ?? false,
    oidc: reader.oidc(),
    encryptionKey: reader.encryptionKey(),
    awsHosts: reader.list("CAUSEWAY_AWS_HOSTS", isHostAndPort, "host or host:port")?.map((host) => host.toLowerCase()),
    accounts: new Map(reader.items("CAUSEWAY_ACCOUNTS", parseAccount, "<account>=<name>[:prod|staging|dev]")),
    roles: {
      admins: reader.items("CAUSEWAY_ADMINS", parsePersonPattern, ROLE_PATTERN_FORM),
      auditors: reader.items("CAUSEWAY_AUDITORS", parsePersonPattern, ROLE_PATTERN_FORM),
    },
    auditDays: reader.integer("CAUSEWAY_AUDIT_DAYS", DEFAULT_AUDIT_DAYS, 1, 3_650),
    sessionDocument:
      reader.parsed("CAUSEWAY_SESSION_DOCUMENT", DEFAULT_SESSION_DOCUMENT, documentName, "a document name or ARN") ??
      "",
    sessionDocuments: reader.items("CAUSEWAY_SESSION_DOCUMENTS", documentName, "document names or ARNs"),
    sessionReason:
      reader.parsed("CAUSEWAY_SESSION_REASON", "optional", parseReasonRule, REASON_RULES.join(", ")) ?? "optional",
    sessionsPerPerson: reader.integer("CAUSEWAY_SESSIONS_PER_PERSON", DEFAULT_SESSIONS_PER_PERSON, 1, 1_000),
    sharing: reader.sharing(),
    signInHours: reader.integer("CAUSEWAY_SIGN_IN_HOURS", DEFAULT_SIGN_IN_HOURS, 1, 168),
    logBytes: reader.integer("CAUSEWAY_LOG_BYTES", DEFAULT_LOG_BYTES, LOG_BYTES_MIN, LOG_BYTES_MAX),
    logBytesPerSession: reader.integer(
      "CAUSEWAY_LOG_BYTES_PER_SESSION",
      DEFAULT_LOG_BYTES_PER_SESSION,
      LOG_BYTES_PER_SESSION_MIN,
      LOG_BYTES_MAX,
    ),
    logLevel:
      reader.parsed("CAUSEWAY_LOG_LEVEL", surroundings.logLevel ?? "info", parseLogLevel, LOG_LEVELS.join(", ")) ??
      "info",
    metricsToken: reader.optional(
      "CAUSEWAY_METRICS_TOKEN",
      (text) => (text.length >= METRICS_TOKEN_CHARACTERS_MIN ? text : undefined),
      `at least ${METRICS_TOKEN_CHARACTERS_MIN} characters`,
    ),
    webDir: reader.parsed("CAUSEWAY_WEB_DIR", surroundings.webDir, absolutePath, "an absolute path") ?? "",
    customEndpoint: reader.customEndpoint(),
  };
  // Rules between keys say little while the keys themselves are wrong.
  if (reader.problems.length === 0) reader.problems.push(...exposureProblems(config));
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return config;
}

/** Architecture §2: plain HTTP never leaves the machine, and who may forward is configured, never assumed. */
function exposureProblems(config: Config): string[] {
  const problems: string[] = [];
  const listensOnLoopback = isLoopbackHost(config.listen.host);
  const url = config.publicUrl === undefined ? undefined : new URL(config.publicUrl);
  const proxied = config.trustedProxies.length > 0;
  if (!listensOnLoopback && url === undefined)
    problems.push(
      `CAUSEWAY_LISTEN ${urlHost(config.listen.host)} can be reached from other machines: set CAUSEWAY_PUBLIC_URL to the https:// address people use.`,
    );
  if (url?.protocol === "http:" && !isLoopbackHost(url.hostname))
    problems.push(
      "CAUSEWAY_PUBLIC_URL must begin with https://: keystrokes and cookies never leave the machine unencrypted.",
    );
  if (url?.protocol === "http:" && config.tls !== undefined)
    problems.push("CAUSEWAY_PUBLIC_URL begins with http://, but CAUSEWAY_TLS_CERT_FILE makes the server speak https.");
  if (url?.protocol === "https:" && config.tls === undefined && !proxied)
    problems.push(
      "CAUSEWAY_PUBLIC_URL is https://: set CAUSEWAY_TLS_CERT_FILE and CAUSEWAY_TLS_KEY_FILE, or name the proxy that ends TLS in CAUSEWAY_TRUSTED_PROXIES.",
    );
  if (url?.protocol === "http:" && isLoopbackHost(url.hostname) && !listensOnLoopback && !config.publishedOnLoopback)
    problems.push(
      "CAUSEWAY_LISTEN can be reached from other machines while CAUSEWAY_PUBLIC_URL is plain http. If this is a container whose port is published on 127.0.0.1 only, say so with CAUSEWAY_PUBLISHED_ON_LOOPBACK=true.",
    );
  if (config.localProfiles && (!listensOnLoopback || proxied || (url !== undefined && !isLoopbackHost(url.hostname))))
    problems.push(
      "CAUSEWAY_LOCAL_PROFILES=true is for a server on loopback, without a proxy: the profiles are those of the person at this computer.",
    );
  if (config.publishedOnLoopback && url !== undefined && !isLoopbackHost(url.hostname))
    problems.push("CAUSEWAY_PUBLISHED_ON_LOOPBACK=true contradicts CAUSEWAY_PUBLIC_URL, which is not on loopback.");
  return problems;
}

/** Reads one key after the other and remembers what was wrong. */
class Reader {
  readonly problems: string[] = [];
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  refuseUnknownKeys(): void {
    for (const name of Object.keys(this.#env)) {
      if (!name.startsWith("CAUSEWAY_") || isConfigKey(name)) continue;
      const nearest = nearestKey(name);
      this.problems.push(`${name} is not a setting.${nearest === undefined ? "" : ` Did you mean ${nearest}?`}`);
    }
  }

  optional<T>(key: ConfigKey, parse: (text: string) => T | undefined, expected: string): T | undefined {
    const text = this.#text(key);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value === undefined) this.problems.push(`${key} must be ${expected}.`);
    return value;
  }

  parsed<T>(
    key: ConfigKey,
    otherwise: string,
    parse: (text: string) => T | undefined,
    expected: string,
  ): T | undefined {
    return this.#text(key) === undefined ? parse(otherwise) : this.optional(key, parse, expected);
  }

  integer(key: ConfigKey, otherwise: number, min: number, max: number): number {
    const parse = (text: string): number | undefined =>
      /^[0-9]{1,6}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined;
    return this.parsed(key, String(otherwise), parse, `a whole number from ${min} to ${max}`) ?? otherwise;
  }

  list(key: ConfigKey, isValid: (item: string) => boolean, expected: string): string[] | undefined {
    const parse = (text: string): string[] | undefined => {
      const items = text.split(",").map((item) => item.trim());
      return items.every(isValid) ? [...new Set(items)] : undefined;
    };
    return this.optional(key, parse, `a comma list of ${expected}`);
  }

  /** A comma list whose items are each read on their own; absent: none. */
  items<T>(key: ConfigKey, parseItem: (item: string) => T | undefined, expected: string): T[] {
    const parse = (text: string): T[] | undefined => {
      const items = text.split(",").map((item) => parseItem(item.trim()));
      return items.every((item) => item !== undefined) ? items : undefined;
    };
    return this.optional(key, parse, `a comma list of ${expected}`) ?? [];
  }

  tls(): Config["tls"] {
    const certFile = this.optional("CAUSEWAY_TLS_CERT_FILE", absolutePath, "an absolute path");
    const keyFile = this.optional("CAUSEWAY_TLS_KEY_FILE", absolutePath, "an absolute path");
    if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
    if (this.#text("CAUSEWAY_TLS_CERT_FILE") !== undefined && this.#text("CAUSEWAY_TLS_KEY_FILE") === undefined)
      this.problems.push("CAUSEWAY_TLS_CERT_FILE is set, but CAUSEWAY_TLS_KEY_FILE is not.");
    if (this.#text("CAUSEWAY_TLS_KEY_FILE") !== undefined && this.#text("CAUSEWAY_TLS_CERT_FILE") === undefined)
      this.problems.push("CAUSEWAY_TLS_KEY_FILE is set, but CAUSEWAY_TLS_CERT_FILE is not.");
    return undefined;
  }

  sharing(): SharingConfig {
    const form = "on, view-only or off, and rules such as prod=view-only or 111122223333=off, with commas between";
    const rules = this.parsed("CAUSEWAY_SHARING", "on", parseSharingRules, form);
    return {
      otherwise: rules?.otherwise ?? "off",
      rules: rules?.rules ?? new Map(),
      anyone: this.parsed("CAUSEWAY_SHARE_ANYONE", "true", parseFlag, "true or false") ?? false,
      needsStartSession: this.parsed("CAUSEWAY_SHARE_NEEDS_START_SESSION", "false", parseFlag, "true or false") ?? true,
      viewersMax: this.integer("CAUSEWAY_VIEWERS_PER_SESSION", DEFAULT_VIEWERS_PER_SESSION, 1, VIEWERS_PER_SESSION_MAX),
    };
  }

  identityCenter(): Config["identityCenter"] {
    const listed = this.optional(
      "CAUSEWAY_IDENTITY_CENTER",
      (text) => {
        const places = text.split(",").map(parseStartPlace);
        return places.every((place) => place !== undefined) ? places : undefined;
      },
      "a comma list of a region and an https:// start URL each, such as eu-west-1 https://d-1234567890.awsapps.com/start",
    );
    // Who lists start URLs means these and no others.
    const typed = this.parsed(
      "CAUSEWAY_IDENTITY_CENTER_TYPED",
      String(listed === undefined),
      parseFlag,
      "true or false",
    );
    const parseLink = (text: string) => (text === "prefilled" || text === "plain" ? text : undefined);
    const link = this.parsed("CAUSEWAY_IDENTITY_CENTER_LINK", "prefilled", parseLink, "prefilled or plain");
    return { listed: listed ?? [], typed: typed ?? false, link: link ?? "plain" };
  }

  oidc(): OidcConfig | undefined {
    const issuer = this.optional(
      "CAUSEWAY_OIDC_ISSUER",
      parseIssuer,
      "the https:// address of an OIDC provider (http:// only on loopback)",
    );
    const clientId = this.#text("CAUSEWAY_OIDC_CLIENT_ID");
    const roles = this.optional(
      "CAUSEWAY_OIDC_ROLES",
      parseOidcRoles,
      "a comma list of role ARNs, or claim:<name> for the claim that holds one",
    );
    const secret = this.#text("CAUSEWAY_OIDC_CLIENT_SECRET");
    const secretFile = this.optional("CAUSEWAY_OIDC_CLIENT_SECRET_FILE", absolutePath, "an absolute path");
    const nameClaim = this.optional("CAUSEWAY_OIDC_NAME_CLAIM", claimName, "the name of a claim");
    const scopes = this.optional("CAUSEWAY_OIDC_SCOPES", parseScopes, "scopes with spaces between, openid among them");
    const label = this.optional("CAUSEWAY_OIDC_LABEL", shortLabel, "at most 24 characters");
    if (secret !== undefined && secretFile !== undefined)
      this.problems.push("CAUSEWAY_OIDC_CLIENT_SECRET and CAUSEWAY_OIDC_CLIENT_SECRET_FILE are both set: set one.");
    const isAsked = [issuer, clientId, roles, secret, secretFile, nameClaim, scopes, label].some(
      (value) => value !== undefined,
    );
    if (!isAsked) return undefined;
    for (const key of ["CAUSEWAY_OIDC_ISSUER", "CAUSEWAY_OIDC_CLIENT_ID", "CAUSEWAY_OIDC_ROLES"] as const)
      if (this.#text(key) === undefined)
        this.problems.push(`${key} is needed beside the other CAUSEWAY_OIDC_ settings.`);
    if (issuer === undefined || clientId === undefined || roles === undefined) return undefined;
    return {
      issuer,
      clientId,
      secret:
        secret !== undefined
          ? { kind: "value", value: secret }
          : secretFile !== undefined
            ? { kind: "file", path: secretFile }
            : { kind: "none" },
      roles,
      nameClaim,
      scopes: scopes ?? DEFAULT_OIDC_SCOPES,
      label: label ?? DEFAULT_OIDC_LABEL,
    };
  }

  encryptionKey(): EncryptionKeySource {
    const keys = this.optional(
      "CAUSEWAY_ENCRYPTION_KEY",
      parseEncryptionKeys,
      "32 bytes in base64 (openssl rand -base64 32)",
    );
    const path = this.optional("CAUSEWAY_ENCRYPTION_KEY_FILE", absolutePath, "an absolute path");
    if (keys !== undefined && path !== undefined)
      this.problems.push("CAUSEWAY_ENCRYPTION_KEY and CAUSEWAY_ENCRYPTION_KEY_FILE are both set: set one.");
    if (keys !== undefined) return { kind: "value", keys };
    return path === undefined ? { kind: "data-dir" } : { kind: "file", path };
  }

  /** The SDK reads these itself; we only look whether they are addresses, and whether there are any. */
  customEndpoint(): boolean {
    let found = false;
    for (const [name, text] of Object.entries(this.#env)) {
      if (!/^AWS_ENDPOINT_URL(_[A-Z0-9_]+)?$/.test(name) || text === undefined || text === "") continue;
      found = true;
      if (!/^https?:\/\/[^\s/]/.test(text) || !URL.canParse(text))
        this.problems.push(`${name} must be an http:// or https:// address.`);
    }
    return found;
  }

  /** Our agents read it themselves; a mistake in it must not wait for the first call to AWS. The value may hold a password. */
  checkProxy(): void {
    for (const name of ["HTTPS_PROXY", "https_proxy"]) {
      const text = this.#env[name];
      if (text && !(URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)))
        this.problems.push(`${name} must be the http:// or https:// address of a proxy.`);
    }
  }

  #text(key: ConfigKey): string | undefined {
    const text = this.#env[key]?.trim();
    return text === "" ? undefined : text;
  }
}

/** `111122223333=harbor-prod:prod`: what people call the account, and its colour. */
function parseAccount(text: string): readonly [string, AccountSetting] | undefined {
  const found = /^([0-9]{12})=([^:=,]{1,60}?)(?::(prod|staging|dev|none))?$/.exec(text);
  if (found === null) return undefined;
  const [, account = "", name = "", colour = "none"] = found;
  return [account, { name, colour: colour as AccountSetting["colour"] }];
}

function claimName(text: string): string | undefined {
  return /^[\w:./-]{1,128}$/.test(text) ? text : undefined;
}

function shortLabel(text: string): string | undefined {
  return text.length <= 24 && !/\p{Cc}/u.test(text) ? text : undefined;
}

function parsePublicUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isPlain =
    (url.protocol === "http:" || url.protocol === "https:") &&
    url.username === "" &&
    url.password === "" &&
    (url.pathname === "/" || url.pathname === "") &&
    url.search === "" &&
    url.hash === "";
  return isPlain ? url.origin : undefined;
}

function parseFlag(text: string): boolean | undefined {
  return text === "true" ? true : text === "false" ? false : undefined;
}

function parseLogLevel(text: string): LogLevel | undefined {
  return LOG_LEVELS.find((level) => level === text);
}

function absolutePath(text: string): string | undefined {
  return text.startsWith("/") && !text.includes("\0") ? text.replace(/(?<=.)\/+$/, "") : undefined;
}

const REGION_ID = /^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$/;
function isRegionId(text: string): boolean {
  return REGION_ID.test(text);
}

function isHostAndPort(text: string): boolean {
  return /^(\[[0-9a-fA-F:.]+\]|(\*\.)?[A-Za-z0-9.-]+)(:[0-9]{1,5})?$/.test(text);
}

/** AWS: DocumentName of StartSession is a name of [a-zA-Z0-9_.-]{3,128} or an ARN. */
function documentName(text: string): string | undefined {
  return /^[A-Za-z0-9_\-.:/]{3,400}$/.test(text) ? text : undefined;
}
