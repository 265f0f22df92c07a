// What is known near by: asked as soon as kind and place are there, shown above the submit bar. It
// never holds a filing up, and whatever goes wrong is silence.
const CALM_MS = 900;
const ASKED = ["category", "lat", "lng", "grid_code", "location_source", "description"];
const WORDS = 60;

export function tellNearby() {
  const form = document.querySelector("#filing");
  const send = document.querySelector("#send");
  if (!form || !send || !window.fetch || !window.AbortController) return;
  const place = document.createElement("div");
  place.setAttribute("aria-live", "polite");
  form.after(place);
  const usual = send.lastChild.textContent;
  let timer = 0;
  let shown = "";
  let under = null;

  function told() {
    const all = new FormData(form);
    const asked = new URLSearchParams();
    for (const name of ASKED) {
      for (const value of all.getAll(name)) if (value) asked.append(name, value);
    }
    return asked;
  }

  /** What decides whether to ask again: the words only roughly, or every letter would ask. */
  function keyOf(asked) {
    const rest = new URLSearchParams(asked);
    rest.set("description", String(Math.floor((asked.get("description") || "").length / WORDS)));
    return rest.toString();
  }

  function show(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const found = page.querySelector("[data-near]");
    place.replaceChildren(...(found ? [found] : []));
    if (!send.hasAttribute("aria-busy")) {
      send.lastChild.textContent = found ? found.dataset.still : usual;
    }
  }

  async function ask() {
    const asked = told();
    const key = keyOf(asked);
    if (key === shown) return;
    shown = key;
    if (under) under.abort();
    if (!asked.has("category") || !(asked.has("lat") || asked.has("grid_code"))) {
      show("");
      return;
    }
    under = new AbortController();
    try {
      const headers = { Accept: "text/html" };
      const wishes = { method: "POST", body: asked, headers, signal: under.signal };
      const answer = await fetch("/report/nearby", wishes);
      if (answer.ok && key === shown) show(await answer.text());
    } catch {
      if (key === shown) shown = "";
    }
  }

  async function support(event) {
    const pressed = event.target;
    if (!pressed.matches("[data-support]")) return;
    event.preventDefault();
    const button = pressed.querySelector("button");
    button.disabled = true;
    try {
      const headers = { Accept: "application/json" };
      const body = new URLSearchParams(new FormData(pressed));
      const answer = await fetch(pressed.action, { method: "POST", body, headers });
      if (!answer.ok) throw new Error(String(answer.status));
      const thanks = document.createElement("p");
      thanks.className = "note sp-s";
      thanks.textContent = (await answer.json()).thanks;
      pressed.replaceWith(thanks);
    } catch {
      button.disabled = false;
    }
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(ask, CALM_MS);
  }

  place.addEventListener("submit", support);
  for (const happening of ["input", "change", "click", "focusin"]) {
    form.addEventListener(happening, soon);
  }
  const position = form.querySelector("[data-place]");
  if (position) new MutationObserver(soon).observe(position, { attributes: true, subtree: true });
  soon();
}
