// The service worker: lets the start page, the filing form and what they need open without network.
// Drafts do not depend on it. It never keeps what is sent, the receipt, /track or a photo, and staff's
// pages are none of its business.
const PAGES = "pages-1";
const FILES = "files-1";
const KEPT = ["/", "/report", "/offline"];
const STAFF = /^\/(desk|field|console|media)(\/|$)/;
const HASHED = /^\/static\/dist\//;
const PATIENCE_MS = 3000;
const MOST_FILES = 120;
const BLANK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><path fill="#8884" d="M0 0h4v3H0z"/></svg>';

const addressesIn = (text, pattern) => [...text.matchAll(pattern)].map((found) => found[1]);

const namedBy = (html) => addressesIn(html, /(?:src|href|data-sheet)="(\/static\/dist\/[^"#]+\.(?:js|svg|css))"/g);
const importedBy = (script) => addressesIn(script, /["'](\/static\/dist\/[\w.-]+\.js)["']/g);

/** The page, the scripts, pictures and sheets it names, and the scripts that those import. */
async function keepPage(path, answer) {
  const pages = await caches.open(PAGES);
  const text = await answer.clone().text();
  await pages.put(path, answer);
  await eachFile(namedBy(text), keepFile);
}

/** Calls `visit(address)` for these files and all they import; it gives the file, or nothing. */
async function eachFile(addresses, visit, seen = new Set()) {
  for (const address of addresses) {
    if (seen.has(address)) continue;
    seen.add(address);
    const found = await visit(address);
    if (found && address.endsWith(".js")) await eachFile(importedBy(await found.text()), visit, seen);
  }
  return seen;
}

async function keepFile(address) {
  const files = await caches.open(FILES);
  const kept = await files.match(address);
  if (kept) return kept;
  const answer = await fetch(address);
  if (!answer.ok) return null;
  await files.put(address, answer.clone());
  return answer;
}

/** Of too many files the oldest go: they belong to an old build. What a kept page needs stays. */
async function tidy() {
  const [files, pages] = await Promise.all([caches.open(FILES), caches.open(PAGES)]);
  const names = await files.keys();
  if (names.length <= MOST_FILES) return;
  const needed = new Set();
  for (const page of await pages.matchAll()) {
    await eachFile(namedBy(await page.text()), (address) => files.match(address), needed);
  }
  const old = names.filter(({ url }) => !needed.has(new URL(url).pathname));
  await Promise.all(old.slice(0, names.length - MOST_FILES).map((name) => files.delete(name)));
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
    // While the portal is being mended one can write all the same.
    return answer.status >= 500 && kept ? kept : answer;
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
  // Photos are not kept: a quiet area stands for them, not the browser's broken picture.
  if (request.destination === "image" && !navigator.onLine && !HASHED.test(url.pathname)) {
    event.respondWith(new Response(BLANK, { headers: { "Content-Type": "image/svg+xml" } }));
    return;
  }
  const wait = (work) => event.waitUntil(work.catch(() => {}));
  if (HASHED.test(url.pathname)) event.respondWith(file(request, wait));
  else if (request.mode !== "navigate") return;
  else if (KEPT.includes(url.pathname)) event.respondWith(freshPage(request, url.pathname, wait));
  else if (!STAFF.test(url.pathname)) event.respondWith(otherPage(request));
});
