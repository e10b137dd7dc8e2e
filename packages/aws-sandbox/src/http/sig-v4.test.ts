import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalRequest, headerMap, parseAmzDate, sha256Hex, signatureOf, stringToSign } from "./sig-v4.ts";
import { signRequest } from "./sign-request.ts";

const CREDENTIALS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };

test("gives the signature of AWS's published test suite (get-vanilla)", () => {
  const scope = { date: "20150830", region: "us-east-1", service: "service" };
  const canonical = canonicalRequest({
    method: "GET",
    target: "/",
    headers: new Map([
      ["host", ["example.amazonaws.com"]],
      ["x-amz-date", ["20150830T123600Z"]],
    ]),
    signedHeaders: ["host", "x-amz-date"],
    payloadHash: sha256Hex(""),
  });
  expect(signatureOf(CREDENTIALS.secretAccessKey, scope, stringToSign("20150830T123600Z", scope, canonical))).toBe(
    "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  );
});

test("signs any request exactly as the signer that the AWS SDK ships", async () => {
  const text = fc.string({ unit: "binary-ascii", maxLength: 12 });
  // The SDK's signer takes the query as a plain object, where this one name cannot be a key.
  const name = text.filter((candidate) => candidate !== "__proto__");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: 4 }),
      fc.uniqueArray(fc.tuple(name, text), { maxLength: 4, selector: ([key]) => key }),
      fc.string({ unit: "grapheme", maxLength: 200 }),
      fc.integer({ min: 946_684_800, max: 4_102_444_800 }),
      async (segments, query, body, seconds) => {
        const url = new URL("http://127.0.0.1:4124");
        url.pathname = segments
          .filter((segment) => !/^\.+$/.test(segment))
          .map(encodeURIComponent)
          .join("/");
        for (const [name, value] of query) url.searchParams.append(name, value);
        // The query goes over the wire as RFC 3986 has it, not as a form.
        url.search = url.search.replaceAll("+", "%20");
        const headers = { "content-type": "application/json", "x-amz-target": "AmazonSSM.X" };
        const ours = signRequest(
          { method: "POST", url, headers, body, region: "eu-west-1", service: "ssm" },
          CREDENTIALS,
          seconds * 1000,
        );
        const signer = new SignatureV4({
          credentials: CREDENTIALS,
          region: "eu-west-1",
          service: "ssm",
          sha256: Sha256,
          applyChecksum: false,
        });
        const theirs = await signer.sign(
          {
            method: "POST",
            protocol: "http:",
            hostname: "127.0.0.1",
            port: 4124,
            path: url.pathname,
            query: Object.fromEntries(query),
            headers: { ...headers, host: url.host },
            body,
          },
          { signingDate: new Date(seconds * 1000) },
        );
        expect(ours.authorization).toBe(theirs.headers.authorization);
      },
    ),
    { numRuns: 300 },
  );
});

test("spaces around and inside a header value, and its repetitions, count as AWS says", () => {
  const canonical = canonicalRequest({
    method: "GET",
    target: "/",
    headers: headerMap(["X-Two", "  a   b ", "x-two", "c"]),
    signedHeaders: ["x-two"],
    payloadHash: "-",
  });
  expect(canonical.split("\n")[3]).toBe("x-two:a b,c");
});

test("a path is normalised and encoded once more; a query is sorted by its encoded form", () => {
  const canonical = canonicalRequest({
    method: "GET",
    target: "/v1/./x/../data-channel//dana%40example.com-0a?b=2&a=%7e&a=%20&a",
    headers: new Map(),
    signedHeaders: [],
    payloadHash: "-",
  });
  expect(canonical.split("\n").slice(1, 3)).toEqual(["/v1/data-channel/dana%2540example.com-0a", "a=&a=%20&a=~&b=2"]);
});

test("a broken escape in a query is signed as it stands, and never throws", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary-ascii" }), (target) => {
      canonicalRequest({ method: "GET", target, headers: new Map(), signedHeaders: [], payloadHash: "-" });
    }),
  );
});

test("only the compact form of a date is a date", () => {
  expect(parseAmzDate("20261122T180754Z")).toBe(Date.UTC(2026, 10, 22, 18, 7, 54));
  for (const text of ["", "2026-11-22T18:07:54Z", "20261122T180754", "20261322T180754Z", "20261122T996754Z"])
    expect(parseAmzDate(text)).toBeUndefined();
});
