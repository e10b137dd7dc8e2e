import { randomBytes, X509Certificate } from "node:crypto";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Server } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { issueServerCertificate } from "./certificates.ts";

const NAMES = ["localhost", "127.0.0.1", "::1", "kms.eu-west-1.amazonaws.com"];
const NOW_MS = Date.now();
const DAY_MS = 24 * 3_600_000;
const keys = issueServerCertificate(NAMES, NOW_MS, randomBytes);
const [authority, certificate] = [new X509Certificate(keys.caPem), new X509Certificate(keys.certPem)];

let server: Server;
beforeAll(async () => {
  server = createServer({ cert: keys.certPem, key: keys.keyPem }, (socket) => socket.end("in"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

/** @returns what the server said, or the code of the client's refusal */
function visit(name: string, ca?: string): Promise<string> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve) => {
    // a name that is an address is not sent, and checked all the same
    const socket = connect({ port, host: "127.0.0.1", ca, ...(/[a-z]/.test(name) ? { servername: name } : {}) });
    socket.on("data", (data) => resolve(data.toString()));
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

test("a client that trusts the authority is let in by every name it was made for", async () => {
  for (const name of ["localhost", "127.0.0.1", "kms.eu-west-1.amazonaws.com"])
    expect(await visit(name, keys.caPem)).toBe("in");
  for (const address of ["127.0.0.1", "::1"]) expect(certificate.checkIP(address)).toBe(address);
});

test("by another name, and without that trust, it turns away", async () => {
  expect(await visit("kms.us-east-1.amazonaws.com", keys.caPem)).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  expect(await visit("localhost")).toMatch(/^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT_LOCALLY)$/);
  expect(certificate.checkIP("127.0.0.2")).toBeUndefined();
});

test("the authority signed the certificate and is no server's itself; the certificate signs nothing", () => {
  expect(certificate.checkIssued(authority)).toBe(true);
  expect(certificate.verify(authority.publicKey)).toBe(true);
  expect([authority.ca, certificate.ca]).toEqual([true, false]);
  expect([authority.subjectAltName, certificate.keyUsage]).toEqual([undefined, ["1.3.6.1.5.5.7.3.1"]]);
});

test("the authority is believed for those names alone: the members that say so are critical", () => {
  const nameConstraints = Buffer.from("0603551d1e0101ff", "hex");
  expect(authority.raw.includes(nameConstraints)).toBe(true);
  for (const name of ["localhost", "kms.eu-west-1.amazonaws.com"]) expect(authority.raw.includes(name)).toBe(true);
});

test("it holds from a day ago for a little more than a year", () => {
  expect(Date.parse(certificate.validFrom)).toBe(Math.floor((NOW_MS - DAY_MS) / 1_000) * 1_000);
  expect(Date.parse(certificate.validTo)).toBe(Math.floor(keys.validUntilMs / 1_000) * 1_000);
  expect(keys.validUntilMs - NOW_MS).toBe(397 * DAY_MS);
});

test("no two starts have one authority, one serial number or one key", () => {
  const other = issueServerCertificate(NAMES, NOW_MS, randomBytes);
  const [otherAuthority, otherCertificate] = [new X509Certificate(other.caPem), new X509Certificate(other.certPem)];
  expect(otherAuthority.subject).not.toBe(authority.subject);
  expect(otherCertificate.serialNumber).not.toBe(certificate.serialNumber);
  expect(otherCertificate.verify(authority.publicKey)).toBe(false);
});
