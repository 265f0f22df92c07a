// Who may touch a draft: one tab at a time. Web Locks where there are any, else a lease in IndexedDB
// that its holder renews and that runs out when the tab is gone.
import { allLeases, changeLease } from "./store.js";
import { randomUuid } from "./upload.js";

const LASTS_MS = 15000;
const RENEWS_MS = 5000;

/** This tab's name lasts from page to page; while a page is open a copied tab must not find it. */
const tab = takeName();

function takeName() {
  const name = sessionStorage.getItem("tab") || randomUuid();
  sessionStorage.removeItem("tab");
  window.addEventListener("pagehide", () => sessionStorage.setItem("tab", name));
  window.addEventListener("pageshow", () => sessionStorage.removeItem("tab"));
  return name;
}

/** A lease that ends later than any could comes from a clock that has been put right since. */
const isOver = ({ until }, at) => until <= at || until > at + LASTS_MS;

function lock(name) {
  return new Promise((resolve) => {
    navigator.locks
      .request(name, { ifAvailable: true }, (granted) => {
        if (!granted) return resolve(null);
        return new Promise((release) => resolve({ isMine: async () => true, release }));
      })
      .catch(() => resolve(null));
  });
}

async function lease(name) {
  const until = () => Date.now() + LASTS_MS;
  let isMine = false;
  await changeLease(name, (kept) => {
    isMine = !kept || kept.tab === tab || isOver(kept, Date.now());
    return isMine && { tab, until: until() };
  });
  if (!isMine) return null;
  // Once another tab has had it, what this tab knows is old: it never gets it back.
  async function renew(ends = until()) {
    await changeLease(name, (kept) => {
      isMine = isMine && Boolean(kept) && kept.tab === tab;
      return isMine && { tab, until: ends };
    });
    return isMine;
  }
  const timer = setInterval(() => renew().catch(console.warn), RENEWS_MS);
  return {
    isMine: () => renew(),
    release() {
      clearInterval(timer);
      return renew(0);
    },
  };
}

/** {isMine, release} of `name`, or null while another tab holds it. */
export function hold(name) {
  return navigator.locks ? lock(name) : lease(name);
}

/** As `hold`, but waits a second: after a reload the page before may be still going. */
export async function holdSoon(name) {
  for (let tries = 0; tries < 5; tries += 1) {
    const held = await hold(name);
    if (held) return held;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return null;
}

/** The names that some tab holds now. */
export async function heldNames() {
  if (navigator.locks) return new Set((await navigator.locks.query()).held.map((one) => one.name));
  const at = Date.now();
  return new Set((await allLeases()).filter(([, kept]) => !isOver(kept, at)).map(([name]) => name));
}
