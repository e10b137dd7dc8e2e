import { expect, test } from "vitest";
import { type Config, ConfigError, readConfig } from "./config.ts";

const SURROUNDINGS = { homeDir: "/home/sre", webDir: "/app/web" };
const read = (env: Record<string, string | undefined>): Config => readConfig(env, SURROUNDINGS);

function problems(env: Record<string, string | undefined>): readonly string[] {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const TLS = { CAUSEWAY_TLS_CERT_FILE: "/tls/cert.pem", CAUSEWAY_TLS_KEY_FILE: "/tls/key.pem" };

test("with an empty environment the server listens on loopback and keeps its data in the home directory", () => {
  expect(read({})).toMatchObject({
    listen: { host: "127.0.0.1", port: 4123 },
    dataDir: "/home/sre/.local/share/causeway",
    publicUrl: undefined,
    trustedProxies: [],
    encryptionKey: { kind: "data-dir" },
    sessionDocument: "SSM-SessionManagerRunShell",
    sessionsPerPerson: 50,
    signInHours: 12,
    logLevel: "info",
    webDir: "/app/web",
    customEndpoint: false,
  });
});

test("the data directory follows XDG_DATA_HOME when that is absolute", () => {
  expect(read({ XDG_DATA_HOME: "/data" }).dataDir).toBe("/data/causeway");
  expect(read({ XDG_DATA_HOME: "data" }).dataDir).toBe("/home/sre/.local/share/causeway");
});

test("an empty value counts as not set", () => {
  expect(read({ CAUSEWAY_LISTEN: "", CAUSEWAY_PUBLIC_URL: " " })).toEqual(read({}));
});

test("a mistyped setting is refused with the one that was meant", () => {
  expect(problems({ CAUSEWAY_DATADIR: "/x" })).toEqual([
    "CAUSEWAY_DATADIR is not a setting. Did you mean CAUSEWAY_DATA_DIR?",
  ]);
  expect(problems({ CAUSEWAY_COMPLETELY_ELSE: "/x" })).toEqual(["CAUSEWAY_COMPLETELY_ELSE is not a setting."]);
});

test("all problems are reported at once", () => {
  const found = problems({
    CAUSEWAY_LISTEN: "4123",
    CAUSEWAY_REGIONS: "eu-west-1,Ireland",
    CAUSEWAY_SIGN_IN_HOURS: "0",
    CAUSEWAY_LOG_LEVEL: "loud",
    CAUSEWAY_PUBLISHED_ON_LOOPBACK: "yes",
    AWS_ENDPOINT_URL: "127.0.0.1:4124",
  });
  expect(found).toHaveLength(6);
  for (const problem of found) expect(problem).toMatch(/^(CAUSEWAY|AWS)_[A-Z_]+ must be .*\.$/);
});

test("a problem never repeats the value, which may be a secret", () => {
  const secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQ";
  const found = problems({ CAUSEWAY_ENCRYPTION_KEY: secret, CAUSEWAY_METRICS_TOKEN: "short", CAUSEWAY_LISTEN: secret });
  expect(found).toHaveLength(3);
  expect(found.join()).not.toMatch(/c2Vj|short/);
});

test.each([
  ["0.0.0.0:4123", "0.0.0.0", 4123],
  ["[::1]:80", "::1", 80],
  ["localhost:0", "localhost", 0],
])("CAUSEWAY_LISTEN %s is understood", (text, host, port) => {
  expect(read({ CAUSEWAY_LISTEN: text, ...TLS, CAUSEWAY_PUBLIC_URL: "https://c.example" }).listen).toEqual({
    host,
    port,
  });
});

test.each(["4123", ":4123", "127.0.0.1", "127.0.0.1:70000", "::1:4123", "[::zz]:1", "http://127.0.0.1:4123", "a b:1"])(
  "CAUSEWAY_LISTEN %s is refused",
  (text) => expect(problems({ CAUSEWAY_LISTEN: text })).toHaveLength(1),
);

test.each<[string, Record<string, string>]>([
  ["loopback alone", {}],
  ["loopback with a loopback URL", { CAUSEWAY_PUBLIC_URL: "http://localhost:5173" }],
  ["https with TLS files", { CAUSEWAY_LISTEN: "0.0.0.0:443", CAUSEWAY_PUBLIC_URL: "https://c.example", ...TLS }],
  [
    "https behind a configured proxy",
    { CAUSEWAY_LISTEN: "0.0.0.0:80", CAUSEWAY_PUBLIC_URL: "https://c.example", CAUSEWAY_TRUSTED_PROXIES: "10.0.0.0/8" },
  ],
  [
    "a container published on loopback",
    {
      CAUSEWAY_LISTEN: "0.0.0.0:4123",
      CAUSEWAY_PUBLIC_URL: "http://localhost:4123",
      CAUSEWAY_PUBLISHED_ON_LOOPBACK: "true",
    },
  ],
])("accepted: %s", (_name, env) => expect(problems(env)).toEqual([]));

test.each<[string, Record<string, string>]>([
  ["an open address without a public URL", { CAUSEWAY_LISTEN: "0.0.0.0:4123" }],
  ["plain http beyond loopback", { CAUSEWAY_PUBLIC_URL: "http://console.example" }],
  ["plain http at an address that only begins like loopback", { CAUSEWAY_PUBLIC_URL: "http://127.0.0.1.evil.example" }],
  ["https without TLS files or a proxy", { CAUSEWAY_PUBLIC_URL: "https://c.example" }],
  [
    "an open address with an http://localhost URL",
    { CAUSEWAY_LISTEN: "0.0.0.0:4123", CAUSEWAY_PUBLIC_URL: "http://localhost:4123" },
  ],
  [
    "published on loopback with a public name",
    { CAUSEWAY_PUBLISHED_ON_LOOPBACK: "true", CAUSEWAY_PUBLIC_URL: "https://c.example", ...TLS },
  ],
  ["http in the URL while the server speaks https", { CAUSEWAY_PUBLIC_URL: "http://localhost:4123", ...TLS }],
  ["one TLS file without the other", { CAUSEWAY_TLS_CERT_FILE: "/tls/cert.pem" }],
  ["trusting everybody", { CAUSEWAY_TRUSTED_PROXIES: "0.0.0.0/0" }],
  ["a public URL with a path", { CAUSEWAY_PUBLIC_URL: "https://c.example/console" }],
  ["a public URL with a password", { CAUSEWAY_PUBLIC_URL: "https://u:p@c.example" }],
  ["two encryption keys", { CAUSEWAY_ENCRYPTION_KEY: `${"A".repeat(43)}=`, CAUSEWAY_ENCRYPTION_KEY_FILE: "/k" }],
])("refused: %s", (_name, env) => expect(problems(env)).toHaveLength(1));

test.each(["127.0.0.1:3128", "proxy", "socks5://127.0.0.1:1080", "http//proxy:3128"])(
  "HTTPS_PROXY %s is refused before anything is sent without it",
  (address) => {
    expect(problems({ HTTPS_PROXY: address })).toEqual([
      "HTTPS_PROXY must be the http:// or https:// address of a proxy.",
    ]);
    expect(problems({ https_proxy: address })).toHaveLength(1);
  },
);

test("lists are trimmed and hosts compared in lower case", () => {
  expect(read({ CAUSEWAY_REGIONS: "eu-west-1, us-east-1,eu-west-1" }).regions).toEqual(["eu-west-1", "us-east-1"]);
  expect(read({ CAUSEWAY_AWS_HOSTS: "SSM.eu-west-1.amazonaws.com, *.example:443" }).awsHosts).toEqual([
    "ssm.eu-west-1.amazonaws.com",
    "*.example:443",
  ]);
});

test("an endpoint for one service alone is a custom endpoint, too", () => {
  expect(read({ AWS_ENDPOINT_URL_SSM: "http://127.0.0.1:4124" }).customEndpoint).toBe(true);
});
