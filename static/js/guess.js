// The form that accepts and dispatches at once: another kind or place may be another department's,
// so the guess follows; what was typed stays.
import { peek } from "./swap.js";

async function guessAgain(form) {
  const url = new URL(location.href);
  url.searchParams.set("kind", form.elements.category.value);
  url.searchParams.set("place", form.elements.grid_code.value);
  const pane = await peek(url.href);
  for (const part of pane ? pane.querySelectorAll("[data-guess]") : []) {
    const old = form.querySelector(`[data-guess="${part.dataset.guess}"]`);
    if (old) old.replaceWith(part);
  }
}

export function followGuess() {
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form || !form.matches("[data-step][action$='/take_on']")) return;
    if (/^(category|grid_code)$/.test(event.target.name)) guessAgain(form).catch(() => {});
  });
}
