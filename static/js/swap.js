// Parts of a desk page fetched and put in place without leaving it. What the server draws is the
// same with and without script: here only the journey is shorter.
let asking = null;

/** Resolves with the answer; with null when a later question overtook it. Rejects offline. */
async function ask(url, options = {}) {
  if (asking) asking.abort();
  const mine = new AbortController();
  asking = mine;
  try {
    const answer = await fetch(url, { credentials: "same-origin", ...options, signal: mine.signal });
    const text = await answer.text();
    return asking === mine ? { url: answer.url, ok: answer.ok, text } : null;
  } catch (fault) {
    if (fault.name === "AbortError") return null;
    throw fault;
  } finally {
    if (asking === mine) asking = null;
  }
}

export function isAsking() {
  return asking !== null;
}

function read(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

/** Puts the report at `url` beside the list; resolves with it, or with null when overtaken. */
export async function fetchPane(url) {
  const answer = await ask(url, { headers: { "X-Part": "pane" } });
  if (!answer) return null;
  const fresh = answer.ok ? read(answer.text) : null;
  const pane = fresh && fresh.querySelector("[data-pane]");
  const old = document.querySelector("[data-pane]");
  if (!pane || !old) {
    location.assign(url);
    return null;
  }
  const sprite = fresh.querySelector(".sprite");
  if (sprite) pane.append(sprite);
  old.replaceWith(pane);
  return pane;
}

/** The report at `url` as it would stand beside the list, not put in place; null when it cannot be had. */
export async function peek(url) {
  const answer = await ask(url, { headers: { "X-Part": "pane" } });
  return answer && answer.ok ? read(answer.text).querySelector("[data-pane]") : null;
}

/** Puts a whole page in place of this one; resolves with its address, or null when overtaken. */
export async function fetchPage(url, options) {
  const answer = await ask(url, options);
  if (!answer) return null;
  const fresh = read(answer.text);
  if (!fresh.querySelector(".side")) {
    location.assign(answer.url); // logged out, or something broke: show it as it is
    return null;
  }
  document.title = fresh.title;
  for (const part of [".side", "#main", "body > .sprite"]) {
    const [old, now] = [document.querySelector(part), fresh.querySelector(part)];
    if (old && now) old.replaceWith(now);
  }
  return answer.url;
}
