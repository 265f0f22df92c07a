// Who may touch a draft: one tab at a time. Web Locks where there are any, else a lease in
// IndexedDB that its holder renews and that runs out when the tab is gone.
import { changeLease } from "./store.js";
import { randomUuid } from "./upload.js";

const LASTS_MS = 15000;
const RENEWS_MS = 5000;

function tabName() {
  const name = sessionStorage.getItem("tab") || randomUuid();
  sessionStorage.setItem("tab", name);
  return name;
}

function lock(name) {
  return new Promise((resolve) => {
    navigator.locks
      .request(name, { ifAvailable: true }, (granted) => {
        if (!granted) return resolve(null);
        return new Promise((release) => resolve(release));
      })
      .catch(() => resolve(null));
  });
}

async function lease(name) {
  const tab = tabName();
  const take = () => changeLease(name, tab, Date.now(), LASTS_MS);
  if (!(await take())) return null;
  const timer = setInterval(take, RENEWS_MS);
  return () => {
    clearInterval(timer);
    return changeLease(name, tab, Date.now(), 0);
  };
}

/** A function that lets go of `name`, or null while another tab holds it. */
export function hold(name) {
  return navigator.locks ? lock(name) : lease(name);
}

/** As `hold`, but waits a second: after a reload the page before may be still going. */
export async function holdSoon(name) {
  for (let tries = 0; tries < 5; tries += 1) {
    const release = await hold(name);
    if (release) return release;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return null;
}
