// The service worker: lets the start page, the filing form and what they need open without network.
// Drafts do not depend on it. It never keeps what is sent, the receipt, /track, /desk or /media.
const PAGES = "pages-1";
const FILES = "files-1";
const KEPT = ["/", "/report", "/offline"];
const OPEN = /^\/(open|about|track)(\/|$)/;
const HASHED = /^\/static\/dist\//;
const PATIENCE_MS = 3000;
const MOST_FILES = 120;

const addressesIn = (text, pattern) => [...text.matchAll(pattern)].map((found) => found[1]);

/** The page, the scripts, pictures and sheets it names, and the scripts that those import. */
async function keepPage(path, answer) {
  const pages = await caches.open(PAGES);
  const text = await answer.clone().text();
  await pages.put(path, answer);
  await keepFiles(addressesIn(text, /(?:src|href|data-sheet)="(\/static\/dist\/[^"#]+\.(?:js|svg|css))"/g));
}

async function keepFiles(addresses) {
  const files = await caches.open(FILES);
  for (const address of new Set(addresses)) {
    if (await files.match(address)) continue;
    const answer = await fetch(address);
    if (!answer.ok) continue;
    await files.put(address, answer.clone());
    if (!address.endsWith(".js")) continue;
    await keepFiles(addressesIn(await answer.text(), /["'](\/static\/dist\/[\w.-]+\.js)["']/g));
  }
}

/** Files have their content's hash in their name: what is oldest here belongs to an old build. */
async function tidy() {
  const files = await caches.open(FILES);
  const names = await files.keys();
  await Promise.all(names.slice(0, Math.max(names.length - MOST_FILES, 0)).map((name) => files.delete(name)));
}

async function install() {
  for (const path of KEPT) {
    const answer = await fetch(path, { headers: { Accept: "text/html" } });
    if (answer.ok) await keepPage(path, answer);
  }
  await self.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== PAGES && name !== FILES).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** From the network; after three seconds without an answer, or without network, what was kept. */
async function freshPage(request, path, wait) {
  const kept = await caches.match(path, { cacheName: PAGES });
  const fresh = fetch(request).then((answer) => {
    // An address with a query prefills the form: its page is not everybody's.
    if (answer.ok && !answer.redirected && !new URL(request.url).search) {
      wait(keepPage(path, answer.clone()).then(tidy));
    }
    return answer;
  });
  if (!kept) return fresh;
  const late = new Promise((resolve) => {
    setTimeout(resolve, PATIENCE_MS, kept);
  });
  return Promise.race([fresh.catch(() => kept), late]);
}

async function otherPage(request) {
  try {
    return await fetch(request);
  } catch (fault) {
    const kept = await caches.match("/offline", { cacheName: PAGES });
    if (kept) return kept;
    throw fault;
  }
}

async function file(request, wait) {
  const kept = await caches.match(request, { cacheName: FILES });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) {
    const copy = answer.clone();
    wait(caches.open(FILES).then((files) => files.put(request, copy)));
  }
  return answer;
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const wait = (work) => event.waitUntil(work.catch(() => {}));
  if (HASHED.test(url.pathname)) event.respondWith(file(request, wait));
  else if (request.mode !== "navigate") return;
  else if (KEPT.includes(url.pathname)) event.respondWith(freshPage(request, url.pathname, wait));
  else if (OPEN.test(url.pathname)) event.respondWith(otherPage(request));
});
