// Issues the two X.509 certificates that the TLS listener needs: an authority that clients are told to trust, and one for the names by
// which they come. The authority's key signs once and is forgotten: nobody can make another certificate that these clients believe.
// Shapes: RFC 5280 §4; the members that strict clients insist on (Go, OpenSSL's X509_STRICT) are all there.
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { isIP } from "node:net";
import {
  bits,
  type Der,
  explicit,
  implicit,
  integer,
  objectId,
  octets,
  sequence,
  set,
  TRUE,
  utcTime,
  utf8Text,
} from "./der.ts";

export interface ServerCertificate {
  /** What clients trust, PEM. Not a secret. */
  caPem: string;
  /** What the listener shows, PEM. */
  certPem: string;
  keyPem: string;
  /** Milliseconds since the epoch. */
  validUntilMs: number;
}

const DAY_MS = 24 * 3_600_000;
/** Apple's limit for certificates of authorities that a person added is 825 days, that of public ones 398. */
const VALID_DAYS = 397;
/** Clocks of containers and virtual machines lag behind. */
const VALID_BEFORE_DAYS = 1;
const SERIAL_BYTES = 16;

/**
 * @param names host names and IP addresses, at least one; clients that come by any other refuse the certificate
 * @param nowMs milliseconds since the epoch
 */
export function issueServerCertificate(
  names: readonly string[],
  nowMs: number,
  randomBytes: (length: number) => Uint8Array,
): ServerCertificate {
  const notBeforeMs = nowMs - VALID_BEFORE_DAYS * DAY_MS;
  const validUntilMs = nowMs + VALID_DAYS * DAY_MS;
  const validity = sequence(utcTime(notBeforeMs), utcTime(validUntilMs));
  const authority = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const server = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const serial = () => integer(Buffer.from([0x40, ...randomBytes(SERIAL_BYTES)]));
  // Two authorities of one name confuse clients that keep both: the name has a part of the key's own.
  const authorityId = keyId(authority.publicKey);
  const issuer = nameOf(`Causeway sandbox authority ${Buffer.from(authorityId).toString("hex", 0, 4)}`);
  const signed = { issuer, validity, key: authority.privateKey };
  const ca = certificate({
    ...signed,
    serial: serial(),
    subject: issuer,
    publicKey: authority.publicKey,
    extensions: [
      critical("2.5.29.19", sequence(TRUE, integer(Buffer.of(0)))), // an authority, of servers and not of authorities
      critical("2.5.29.15", bits(Buffer.of(0b0000_0110), 1)), // signs certificates and lists of revoked ones
      critical("2.5.29.30", sequence(explicit(0, Buffer.concat(names.map(permitted))))),
      extension("2.5.29.14", octets(authorityId)),
    ],
  });
  const leaf = certificate({
    ...signed,
    serial: serial(),
    subject: nameOf("Causeway sandbox"),
    publicKey: server.publicKey,
    extensions: [
      critical("2.5.29.19", sequence()), // no authority
      critical("2.5.29.15", bits(Buffer.of(0b1000_0000), 7)), // signs handshakes
      extension("2.5.29.37", sequence(objectId("1.3.6.1.5.5.7.3.1"))), // is a server
      extension("2.5.29.17", sequence(...names.map(generalName))),
      extension("2.5.29.14", octets(keyId(server.publicKey))),
      extension("2.5.29.35", sequence(implicit(0, authorityId))),
    ],
  });
  return {
    caPem: pem(ca),
    certPem: pem(leaf),
    keyPem: server.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    validUntilMs,
  };
}

const ECDSA_WITH_SHA256 = sequence(objectId("1.2.840.10045.4.3.2"));
const VERSION_3 = explicit(0, integer(Buffer.of(2)));

function certificate(parts: {
  serial: Der;
  issuer: Der;
  validity: Der;
  subject: Der;
  publicKey: KeyObject;
  extensions: readonly Der[];
  /** The issuer's. */
  key: KeyObject;
}): Der {
  const content = sequence(
    VERSION_3,
    parts.serial,
    ECDSA_WITH_SHA256,
    parts.issuer,
    parts.validity,
    parts.subject,
    publicKeyInfo(parts.publicKey),
    explicit(3, sequence(...parts.extensions)),
  );
  return sequence(content, ECDSA_WITH_SHA256, bits(sign("sha256", content, parts.key)));
}

const nameOf = (commonName: string): Der => sequence(set(sequence(objectId("2.5.4.3"), utf8Text(commonName))));

const extension = (id: string, value: Der): Der => sequence(objectId(id), octets(value));
const critical = (id: string, value: Der): Der => sequence(objectId(id), TRUE, octets(value));

function generalName(name: string): Der {
  return isIP(name) === 0 ? implicit(2, Buffer.from(name, "latin1")) : implicit(7, addressBytes(name));
}

/** The authority is believed for these names alone: an address with all its bits. */
function permitted(name: string): Der {
  if (isIP(name) === 0) return sequence(generalName(name));
  const address = addressBytes(name);
  return sequence(implicit(7, Buffer.concat([address, Buffer.alloc(address.length, 0xff)])));
}

/** Of the IPv6 addresses there is only ::1 on loopback. */
const addressBytes = (address: string): Buffer =>
  isIP(address) === 4 ? Buffer.from(address.split(".").map(Number)) : Buffer.from("1".padStart(32, "0"), "hex");

const publicKeyInfo = (key: KeyObject): Buffer => key.export({ type: "spki", format: "der" });

/** RFC 7093 §2: a hash of the key, cut to the length that everybody takes. */
const keyId = (key: KeyObject): Buffer => createHash("sha256").update(publicKeyInfo(key)).digest().subarray(0, 20);

const pem = (der: Der): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der)
    .toString("base64")
    .replace(/.{1,64}/g, "$&\n")}-----END CERTIFICATE-----\n`;
