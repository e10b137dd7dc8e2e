/** For tests: a certificate authority of its own, made anew by openssl in a temporary folder. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface LoopbackCertificate {
  ca: string;
  cert: string;
  key: string;
}

/** Debian and macOS have it. */
const OPENSSL = "openssl";

/** A certificate for localhost and 127.0.0.1 that only `ca` vouches for. */
export function makeLoopbackCertificate(): LoopbackCertificate {
  const folder = mkdtempSync(join(tmpdir(), "causeway-tls-"));
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync(OPENSSL, args, { stdio: "pipe" });
  try {
    const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    openssl("req", "-x509", ...ec, "-days", "2", "-subj", "/CN=test ca", "-keyout", at("ca.key"), "-out", at("ca.pem"));
    openssl("req", ...ec, "-subj", "/CN=localhost", "-keyout", at("key.pem"), "-out", at("request.pem"));
    writeFileSync(at("ext"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
    const signing = ["-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-extfile", at("ext")];
    openssl("x509", "-req", "-in", at("request.pem"), ...signing, "-days", "2", "-out", at("cert.pem"));
    const read = (name: string) => readFileSync(at(name), "utf8");
    return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
