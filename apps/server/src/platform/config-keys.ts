/**
 * Every environment variable the server reads. `docs/configuration.md` is checked against this list in both
 * directions, and a CAUSEWAY_ variable that is not in it is refused.
 */
export const CONFIG_KEYS = [
  "CAUSEWAY_LISTEN",
  "CAUSEWAY_DATA_DIR",
  "CAUSEWAY_PUBLIC_URL",
  "CAUSEWAY_PUBLISHED_ON_LOOPBACK",
  "CAUSEWAY_TLS_CERT_FILE",
  "CAUSEWAY_TLS_KEY_FILE",
  "CAUSEWAY_TRUSTED_PROXIES",
  "CAUSEWAY_REGIONS",
  "CAUSEWAY_READY_MADE_PEOPLE_FILE",
  "CAUSEWAY_IDENTITY_CENTER",
  "CAUSEWAY_IDENTITY_CENTER_TYPED",
  "CAUSEWAY_IDENTITY_CENTER_LINK",
  "CAUSEWAY_LOCAL_PROFILES",
  "CAUSEWAY_OIDC_ISSUER",
  "CAUSEWAY_OIDC_CLIENT_ID",
  "CAUSEWAY_OIDC_CLIENT_SECRET",
  "CAUSEWAY_OIDC_CLIENT_SECRET_FILE",
  "CAUSEWAY_OIDC_ROLES",
  "CAUSEWAY_OIDC_NAME_CLAIM",
  "CAUSEWAY_OIDC_SCOPES",
  "CAUSEWAY_OIDC_LABEL",
  "CAUSEWAY_ENCRYPTION_KEY",
  "CAUSEWAY_ENCRYPTION_KEY_FILE",
  "CAUSEWAY_AWS_HOSTS",
  "CAUSEWAY_ACCOUNTS",
  "CAUSEWAY_ADMINS",
  "CAUSEWAY_AUDITORS",
  "CAUSEWAY_AUDIT_DAYS",
  "CAUSEWAY_SESSION_DOCUMENT",
  "CAUSEWAY_SESSION_DOCUMENTS",
  "CAUSEWAY_SESSION_REASON",
  "CAUSEWAY_SESSIONS_PER_PERSON",
  "CAUSEWAY_SHARE_ANYONE",
  "CAUSEWAY_SHARE_NEEDS_START_SESSION",
  "CAUSEWAY_SHARING",
  "CAUSEWAY_VIEWERS_PER_SESSION",
  "CAUSEWAY_SIGN_IN_HOURS",
  "CAUSEWAY_LOG_BYTES",
  "CAUSEWAY_LOG_BYTES_PER_SESSION",
  "CAUSEWAY_LOG_LEVEL",
  "CAUSEWAY_METRICS_TOKEN",
  "CAUSEWAY_WEB_DIR",
] as const;
export type ConfigKey = (typeof CONFIG_KEYS)[number];

/** Read by the AWS SDK, by our agents towards AWS, or by Node itself; documented beside ours. */
export const FOREIGN_KEYS = [
  "AWS_ENDPOINT_URL",
  "AWS_ENDPOINT_URL_SSM",
  "AWS_ENDPOINT_URL_EC2",
  "AWS_ENDPOINT_URL_STS",
  "AWS_ENDPOINT_URL_KMS",
  "AWS_ENDPOINT_URL_SSO",
  "AWS_ENDPOINT_URL_SSO_OIDC",
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "HTTPS_PROXY",
  "NO_PROXY",
  "NODE_EXTRA_CA_CERTS",
  "XDG_DATA_HOME",
] as const;

export function isConfigKey(name: string): name is ConfigKey {
  return (CONFIG_KEYS as readonly string[]).includes(name);
}

/** The known key closest to a mistyped one; undefined when none is near. */
export function nearestKey(name: string): ConfigKey | undefined {
  let nearest: ConfigKey | undefined;
  let nearestEdits = Math.ceil(name.length / 4) + 1;
  for (const key of CONFIG_KEYS) {
    const edits = editDistance(name, key);
    if (edits < nearestEdits) {
      nearest = key;
      nearestEdits = edits;
    }
  }
  return nearest;
}

/** Levenshtein, one row at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++)
      next.push(
        Math.min(
          (row[j] as number) + 1,
          (next[j - 1] as number) + 1,
          (row[j - 1] as number) + (from[i - 1] === to[j - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[to.length] as number;
}
