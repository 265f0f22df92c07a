// Where the phone stands while a look-back is filled in: asked for by a press, never needed.
import { watchBest } from "./gps.js";

export function noteStandpoint() {
  const box = document.querySelector("[data-standpoint]");
  if (!box || !("geolocation" in navigator)) return;
  const form = box.closest("form");
  const words = box.querySelector("[data-words]");
  const button = box.querySelector("[data-locate]");
  const put = (name, value) => {
    form.querySelector(`[data-${name}]`).value = value;
  };

  function better(coords) {
    put("lat", coords.latitude.toFixed(6));
    put("lng", coords.longitude.toFixed(6));
    put("accuracy", Math.round(coords.accuracy));
    words.textContent = words.dataset.found.replace("{n}", Math.round(coords.accuracy));
  }

  async function ask() {
    button.disabled = true;
    words.textContent = words.dataset.asking;
    const { best } = await watchBest(better).ended;
    if (!best) words.textContent = words.dataset.failed;
    button.disabled = false;
  }

  box.hidden = false;
  button.addEventListener("click", ask);
}
