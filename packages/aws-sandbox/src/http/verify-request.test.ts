import fc from "fast-check";
import { expect, test } from "vitest";
import { signRequest } from "./sign-request.ts";
import {
  CLOCK_SKEW_MAX_MS,
  type RequestToVerify,
  SIGNED_HEADERS_MAX,
  type StoredCredential,
  verifyRequest,
} from "./verify-request.ts";

const NOW_MS = Date.UTC(2026, 10, 22, 18, 0, 0);
const KEY = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "a secret" };
const TEMPORARY = { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "another", sessionToken: "a token" };
const STORE: Record<string, StoredCredential<string>> = {
  AKIAEXAMPLE: { secretAccessKey: "a secret", owner: "dana" },
  ASIAEXAMPLE: { secretAccessKey: "another", sessionToken: "a token", expiresAtMs: NOW_MS + 1000, owner: "role" },
};

const verify = (request: RequestToVerify, nowMs = NOW_MS) =>
  verifyRequest(request, { service: "ssm", regions: ["eu-west-1"], find: (id) => STORE[id], nowMs });

interface Overrides {
  body?: string;
  region?: string;
  service?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  signedAtMs?: number;
  path?: string;
  headers?: Record<string, string>;
}

function signed(overrides: Overrides = {}): RequestToVerify & { headers: Map<string, string[]> } {
  const url = new URL(`http://127.0.0.1:4124${overrides.path ?? "/"}`);
  const headers = signRequest(
    {
      method: "POST",
      url,
      headers: { "x-amz-target": "AmazonSSM.DescribeSessions", ...overrides.headers },
      body: overrides.body ?? "{}",
      region: overrides.region ?? "eu-west-1",
      service: overrides.service ?? "ssm",
    },
    overrides.credentials ?? KEY,
    overrides.signedAtMs ?? NOW_MS,
  );
  return {
    method: "POST",
    target: url.pathname + url.search,
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])),
    body: Buffer.from(overrides.body ?? "{}"),
  };
}

const kindOf = (request: RequestToVerify, nowMs = NOW_MS) => {
  const result = verify(request, nowMs);
  return result.ok ? "ok" : result.refusal.kind;
};

test("a request signed with a known key is its owner's, in the region of the signature", () => {
  expect(verify(signed())).toEqual({ ok: true, owner: "dana", region: "eu-west-1" });
});

test("whatever is signed is verified, and one changed character anywhere is refused", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 100 }),
      fc.webPath(),
      fc.constantFrom("method", "target", "body", "x-amz-target", "x-amz-date", "host", "signature"),
      (body, path, changed) => {
        const request = signed({ body, path: `/${path}` });
        expect(kindOf(request)).toBe("ok");
        const header = (name: string, change: (value: string) => string) => ({
          ...request,
          headers: new Map([...request.headers, [name, [change(request.headers.get(name)?.[0] as string)]]]),
        });
        const tampered: RequestToVerify = {
          method: { ...request, method: "PUT" },
          target: { ...request, target: `${request.target}x` },
          body: { ...request, body: Buffer.from(`${body} `) },
          "x-amz-target": header("x-amz-target", (value) => `${value}s`),
          "x-amz-date": header("x-amz-date", (value) => value.replace("T180000Z", "T180001Z")),
          host: header("host", () => "127.0.0.1:4125"),
          signature: header("authorization", (value) => value.replace(/.$/, (last) => (last === "0" ? "1" : "0"))),
        }[changed];
        expect(kindOf(tampered)).toBe("mismatch");
      },
    ),
    { numRuns: 200 },
  );
});

test("a clock may be five minutes off either way, and not a second more", () => {
  expect(kindOf(signed({ signedAtMs: NOW_MS - CLOCK_SKEW_MAX_MS }))).toBe("ok");
  expect(kindOf(signed({ signedAtMs: NOW_MS + CLOCK_SKEW_MAX_MS }))).toBe("ok");
  expect(verify(signed({ signedAtMs: NOW_MS - CLOCK_SKEW_MAX_MS - 1000 }))).toEqual({
    ok: false,
    refusal: {
      kind: "too_old",
      detail: "Signature expired: 20261122T175459Z is now earlier than 20261122T175500Z (20261122T180000Z - 5 min.)",
    },
  });
  expect(verify(signed({ signedAtMs: NOW_MS + CLOCK_SKEW_MAX_MS + 1000 }))).toEqual({
    ok: false,
    refusal: {
      kind: "too_new",
      detail:
        "Signature not yet current: 20261122T180501Z is still later than 20261122T180500Z (20261122T180000Z + 5 min.)",
    },
  });
});

test("an unknown key, and a token that does not belong to the key, are one and the same refusal", () => {
  expect(kindOf(signed({ credentials: { ...KEY, accessKeyId: "AKIANOBODY" } }))).toBe("unknown_key");
  expect(kindOf(signed({ credentials: { ...KEY, sessionToken: "made up" } }))).toBe("unknown_key");
  expect(kindOf(signed({ credentials: { ...TEMPORARY, sessionToken: "another token" } }))).toBe("unknown_key");
  const { sessionToken: _, ...withoutToken } = TEMPORARY;
  expect(kindOf(signed({ credentials: withoutToken }))).toBe("unknown_key");
});

test("a temporary key works until it expires", () => {
  expect(kindOf(signed({ credentials: TEMPORARY }))).toBe("ok");
  expect(kindOf(signed({ credentials: TEMPORARY }), NOW_MS + 1000)).toBe("expired_key");
});

test("the wrong secret is a mismatch", () => {
  expect(kindOf(signed({ credentials: { ...KEY, secretAccessKey: "a secrat" } }))).toBe("mismatch");
});

test("a signature for another service or region is refused as such", () => {
  expect(kindOf(signed({ service: "ec2" }))).toBe("wrong_scope");
  expect(kindOf(signed({ region: "eu-central-1" }))).toBe("wrong_scope");
});

test("no signature at all is missing; half a signature is incomplete", () => {
  const without = signed();
  without.headers.delete("authorization");
  expect(kindOf(without)).toBe("missing");
  for (const text of [
    "Bearer abc",
    "AWS4-HMAC-SHA256",
    "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261122/eu-west-1/ssm/aws4_request",
    "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/eu-west-1/ssm, SignedHeaders=host, Signature=00",
    "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261122/eu-west-1/ssm/aws4_request, SignedHeaders=x-amz-date;host, Signature=00",
  ]) {
    const request = signed();
    request.headers.set("authorization", [text]);
    expect(kindOf(request)).toBe("incomplete");
  }
});

test("a header that decides what is asked must be signed: host, and every x-amz-* there is", () => {
  const added = signed();
  added.headers.set("x-amz-expected-bucket-owner", ["somebody"]);
  expect(kindOf(added)).toBe("incomplete");
  const unsignedHost = signed();
  const authorization = String(unsignedHost.headers.get("authorization"));
  unsignedHost.headers.set("authorization", [authorization.replace("SignedHeaders=host;", "SignedHeaders=")]);
  expect(kindOf(unsignedHost)).toBe("incomplete");
});

test("a header that comes twice is not the one that was signed", () => {
  const twice = signed();
  twice.headers.set("x-amz-target", ["AmazonSSM.DescribeSessions", "AmazonSSM.TerminateSession"]);
  expect(kindOf(twice)).toBe("mismatch");
  const dates = signed();
  dates.headers.set("x-amz-date", [...(dates.headers.get("x-amz-date") as string[]), "20261122T180000Z"]);
  expect(kindOf(dates)).toBe("incomplete");
});

test(`a signature over more than ${SIGNED_HEADERS_MAX} headers is refused before they are read`, () => {
  const headers = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`x-h-${i}`, "1"]));
  // host, x-amz-date and x-amz-target are signed besides.
  expect(kindOf(signed({ headers: headers(SIGNED_HEADERS_MAX - 3) }))).toBe("ok");
  expect(kindOf(signed({ headers: headers(SIGNED_HEADERS_MAX - 2) }))).toBe("incomplete");
});

test("a claimed body hash that is not the body's is a mismatch, also where the signature covers the claim", () => {
  expect(kindOf(signed({ headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } }))).toBe("mismatch");
});

test("no header text makes it throw", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (authorization, date) => {
      const request = signed();
      request.headers.set("authorization", [`AWS4-HMAC-SHA256 ${authorization}`]);
      request.headers.set("x-amz-date", [date]);
      expect(kindOf(request)).not.toBe("ok");
    }),
  );
});
