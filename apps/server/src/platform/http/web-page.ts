import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";

/** The page is a few files of a build of ours; more than this is the wrong directory. */
export const WEB_FILES_MAX = 1_000;
export const WEB_BYTES_MAX = 64 * 1024 * 1024;
const GZIP_BYTES_MIN = 1_024;

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".json": "application/json; charset=utf-8",
  ".webmanifest": "application/manifest+json; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
};

interface WebFile {
  bytes: Buffer;
  gzipped: Buffer | undefined;
  type: string;
  etag: string;
  immutable: boolean;
}

/**
 * The built page, read whole at start and served from memory: a request's path is only ever a key of a map, so there is
 * no path to climb out of and no link to follow.
 */
export class WebPage {
  readonly #files = new Map<string, WebFile>();
  readonly #index: WebFile;
  /** `'sha256-…'` of each inline script of the pages: what sets the theme before first paint, and what tries again while offline. */
  readonly scriptHashes: readonly string[];

  /** @throws Error with a plain line when there is no built page */
  constructor(directory: string) {
    let bytesTotal = 0;
    for (const path of regularFiles(directory, "")) {
      if (path.endsWith(".map") || TYPES[extname(path)] === undefined) continue;
      const bytes = readFileSync(join(directory, path));
      bytesTotal += bytes.length;
      if (this.#files.size >= WEB_FILES_MAX || bytesTotal > WEB_BYTES_MAX)
        throw new Error(`${directory} holds more than a built page: is CAUSEWAY_WEB_DIR right?`);
      this.#files.set(`/${path}`, webFile(path, bytes));
    }
    const index = this.#files.get("/index.html");
    if (index === undefined) throw new Error(`${directory} holds no built page (index.html): run the build first.`);
    this.#index = index;
    const pages = [...this.#files].filter(([path]) => path.endsWith(".html"));
    this.scriptHashes = [...new Set(pages.flatMap(([, { bytes }]) => inlineScriptHashes(bytes.toString("utf8"))))];
  }

  /** Answers files of the page, and index.html for whatever else looks like a page. @returns false: neither */
  answer(request: FastifyRequest, reply: FastifyReply): boolean {
    if (request.method !== "GET" && request.method !== "HEAD") return false;
    const path = request.url.split(/[?#]/, 1)[0] ?? "/";
    const file = path === "/index.html" ? this.#index : (this.#files.get(path) ?? this.#pageAt(path));
    if (file === undefined) return false;
    void reply
      .header("content-type", file.type)
      .header("cache-control", cacheControl(file, file === this.#index))
      .header("etag", file.etag)
      .header("vary", "accept-encoding");
    if (isKnown(request.headers["if-none-match"], file.etag)) void reply.code(304).send();
    else void this.#send(request, reply, file);
    return true;
  }

  #send(request: FastifyRequest, reply: FastifyReply, file: WebFile): FastifyReply {
    if (file.gzipped !== undefined && takesGzip(request.headers["accept-encoding"]))
      return reply.code(200).header("content-encoding", "gzip").send(file.gzipped);
    return reply.code(200).send(file.bytes);
  }

  /** Routes of the page have no dot in their last part; a missing file is missing, and the API is not a page. */
  #pageAt(path: string): WebFile | undefined {
    if (path === "/api" || path.startsWith("/api/")) return undefined;
    return /^(\/[A-Za-z0-9_@~-]*)+$/.test(path) ? this.#index : undefined;
  }
}

/** RFC 9110 §13.1.2: a list, compared weakly; a proxy that compresses weakens our tag. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}

/** RFC 9110 §12.5.3: a quality of 0 says "not this one". */
function takesGzip(acceptEncoding: string | undefined): boolean {
  return (acceptEncoding ?? "").split(",").some((item) => {
    const [coding = "", ...parameters] = item.split(";").map((part) => part.trim().toLowerCase());
    return coding === "gzip" && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

/** Files below the directory, by relative path; what a symbolic link names is not ours to serve. */
function* regularFiles(directory: string, prefix: string): Generator<string> {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) yield* regularFiles(join(directory, entry.name), path);
    else if (entry.isFile()) yield path;
  }
}

function webFile(path: string, bytes: Buffer): WebFile {
  const type = TYPES[extname(path)] ?? "application/octet-stream";
  const isText = /^text|json|svg|wasm/.test(type);
  return {
    bytes,
    gzipped: isText && bytes.length >= GZIP_BYTES_MIN ? gzipSync(bytes, { level: 9 }) : undefined,
    type,
    etag: `"${createHash("sha256").update(bytes).digest("base64url")}"`,
    // The build puts a hash of the content into the names below assets/.
    immutable: path.startsWith("assets/"),
  };
}

function cacheControl(file: WebFile, isIndex: boolean): string {
  if (isIndex) return "no-store";
  return file.immutable ? "public, max-age=31536000, immutable" : "no-cache";
}

/** CSP hashes of scripts without `src`. Source: CSP Level 3, "hash-source". */
export function inlineScriptHashes(html: string): string[] {
  const hashes: string[] = [];
  for (const [, attributes = "", body = ""] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi))
    if (!/\bsrc\s*=/i.test(attributes) && body !== "")
      hashes.push(`'sha256-${createHash("sha256").update(body).digest("base64")}'`);
  return hashes;
}
