import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import vm from "node:vm";
import { expect, test } from "vitest";

const WEB = path.resolve(import.meta.dirname, "../..");
const read = (name: string): string => readFileSync(path.join(WEB, name), "utf8");

interface FakeEvent {
  request?: { mode: string; method: string; url: string };
  waitUntil?(work: Promise<void>): void;
  respondWith?(answer: Promise<unknown>): void;
}

/** The worker in a scope of its own: a cache that is a map, a network that answers or does not. */
function worker(network: () => Promise<unknown>, caches = new Map<string, Map<string, unknown>>()) {
  const listeners = new Map<string, (event: FakeEvent) => void>();
  const asked: string[] = [];
  const scope = {
    URL,
    Request: class {
      readonly url: string;
      constructor(url: string) {
        this.url = url;
      }
    },
    fetch: ({ url }: { url: string }) => {
      asked.push(url);
      return network();
    },
    caches: {
      open: async (name: string) => {
        const cache = caches.get(name) ?? new Map<string, unknown>();
        caches.set(name, cache);
        return { add: async ({ url }: { url: string }) => void cache.set(url, "the offline page") };
      },
      keys: async () => [...caches.keys()],
      delete: async (name: string) => caches.delete(name),
      match: async (url: string, { cacheName }: { cacheName: string }) => caches.get(cacheName)?.get(url),
    },
    self: {
      addEventListener: (type: string, listener: (event: FakeEvent) => void) => listeners.set(type, listener),
      skipWaiting: async () => undefined,
    },
  };
  vm.runInNewContext(read("public/service-worker.js"), scope);
  const start = async (type: "install" | "activate"): Promise<void> => {
    const work: Promise<void>[] = [];
    listeners.get(type)?.({ waitUntil: (one) => void work.push(one) });
    await Promise.all(work);
  };
  /** What the worker answers; undefined: it leaves the request to the browser. */
  const fetched = (url: string, mode = "navigate", method = "GET"): Promise<unknown> | undefined => {
    let answer: Promise<unknown> | undefined;
    const request = { url: `http://127.0.0.1:4123${url}`, mode, method };
    listeners.get("fetch")?.({ request, respondWith: (one) => (answer = one) });
    return answer;
  };
  return { start, fetched, caches, asked };
}

const down = () => Promise.reject(new TypeError("Failed to fetch"));

test("without contact to the server every page is the offline page", async () => {
  const { start, fetched } = worker(down);
  await start("install");
  expect(await fetched("/")).toBe("the offline page");
  expect(await fetched("/settings?x=1")).toBe("the offline page");
});

test("whatever the server answers is what is shown, failures included, and is not kept", async () => {
  const { start, fetched, caches } = worker(() => Promise.resolve("502 from a proxy"));
  await start("install");
  expect(await fetched("/")).toBe("502 from a proxy");
  expect([...caches.values()].flatMap((cache) => [...cache.keys()])).toEqual(["/offline.html"]);
});

test("the API, files and whatever is not read are left to the browser", () => {
  const { fetched, asked } = worker(down);
  expect(fetched("/api/v1/me", "cors")).toBeUndefined();
  expect(fetched("/api/v1/oidc/callback?code=x")).toBeUndefined();
  expect(fetched("/assets/index-abc.js", "no-cors")).toBeUndefined();
  expect(fetched("/", "navigate", "POST")).toBeUndefined();
  expect(asked).toEqual([]);
});

test("a worker that kept nothing says what the browser would say", async () => {
  const { fetched } = worker(down);
  await expect(fetched("/")).rejects.toThrow("Failed to fetch");
});

test("a new worker drops what the one before it kept", async () => {
  const { start, caches } = worker(down, new Map([["offline-before", new Map()]]));
  await start("install");
  await start("activate");
  expect(caches.size).toBe(1);
  expect(caches.has("offline-before")).toBe(false);
});

test("the cache is named after the offline page: who changes the page changes the worker", () => {
  const hash = createHash("sha256").update(read("public/offline.html")).digest("hex").slice(0, 16);
  expect(read("public/service-worker.js")).toContain(`"offline-${hash}"`);
});

test("the offline page needs nothing from the server, and has the console's theme", () => {
  const page = read("public/offline.html");
  const [theme] = read("index.html").match(/<script>[\s\S]*?<\/script>/) ?? [];
  expect(page).toContain(theme);
  expect(page).not.toMatch(/\b(src|import|@import)\s*=|<link\b/);
  // the hash of a script with CRLF in it would be another one than what the browser makes of it
  expect(page).not.toContain("\r");
});

test("the manifest names icons that are there, in the sizes that they have", () => {
  const { icons } = JSON.parse(read("public/causeway.webmanifest")) as {
    icons: { src: string; sizes: string; type: string; purpose: string }[];
  };
  expect(icons.map(({ purpose, sizes }) => `${purpose} ${sizes}`)).toEqual(
    expect.arrayContaining(["any 192x192", "any 512x512", "maskable 192x192", "maskable 512x512"]),
  );
  for (const { src, sizes, type } of icons) {
    const bytes = readFileSync(path.join(WEB, "public", src));
    if (type !== "image/png") continue;
    // PNG: width and height are the first members of IHDR (W3C PNG, 11.2.1)
    expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`).toBe(sizes);
  }
});
