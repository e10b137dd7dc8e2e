/**
 * Offers one page when the server cannot be reached, and does nothing else: it answers only pages (never the API, never a
 * file), and those from the server whenever that answers anything. So no answer of the API is ever kept, and no old build
 * can hide a new one.
 */
const OFFLINE_PAGE = "/offline.html";
/** Named after what it keeps: another offline page is another cache. The test beside the sources knows the hash. */
const CACHE = "offline-1a7c537a2e9d594a";

self.addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(CACHE);
    await cache.add(new Request(OFFLINE_PAGE, { cache: "reload" }));
    await self.skipWaiting();
  };
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  const dropOthers = async () => {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  };
  event.waitUntil(dropOthers());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode !== "navigate" || request.method !== "GET") return;
  if (new URL(request.url).pathname.startsWith("/api/")) return;
  const answer = async () => {
    try {
      return await fetch(request);
    } catch (error) {
      const page = await caches.match(OFFLINE_PAGE, { cacheName: CACHE });
      if (page === undefined) throw error;
      return page;
    }
  };
  event.respondWith(answer());
});
