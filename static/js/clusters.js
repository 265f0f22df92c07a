// Discs with counts: a press brings them nearer; a single case shows its card.
import * as L from "leaflet/dist/leaflet-src.esm.js";
import { warning } from "./mapparts.js";

const DISC_PX = 44;
const ELDER_PX = 60;
const MANY = 100;
const STEP = 2;
const ABOVE = 10000; // place names lie under the discs

const comma = document.documentElement.lang === "en" ? ", " : "，";
const isElder = document.documentElement.hasAttribute("data-elder");

const short = (count) => (count < 10000 ? String(count) : `${Math.round(count / 1000)}k`);

export class Clusters {
  constructor(map, words, onCase, onEnd) {
    Object.assign(this, { map, words, onCase, onEnd });
    this.layer = L.layerGroup().addTo(map);
  }

  /** Squares of 64 px; larger letters need larger discs, and so larger squares. */
  zoomAsked() {
    return Math.max(0, Math.floor(this.map.getZoom()) - (isElder ? 1 : 0));
  }

  draw(features) {
    this.layer.clearLayers();
    for (const { geometry, properties } of features) {
      const [lng, lat] = geometry.coordinates;
      this.add(L.latLng(lat, lng), properties);
    }
  }

  add(at, properties) {
    const size = isElder ? ELDER_PX : DISC_PX;
    const { count = 1 } = properties;
    const icon = L.divIcon({ className: `cluster${properties.number ? " one" : count < MANY ? " few" : ""}`, html: this.face(properties), iconSize: [size, size] });
    const words = this.label(properties);
    const marker = L.marker(at, { icon, title: words, alt: words, keyboard: true, riseOnHover: true, zIndexOffset: ABOVE });
    marker.on("click", () => this.press(at, properties));
    marker.addTo(this.layer);
    marker.getElement().setAttribute("aria-label", words);
  }

  face({ number, count, overdue }) {
    const face = document.createElement("b");
    face.textContent = number ? "" : short(count);
    const whole = document.createElement("div");
    whole.className = "face";
    whole.append(face);
    if (overdue) whole.append(warning());
    return whole;
  }

  label({ number, category, state, count, overdue }) {
    const { words } = this;
    const what = number ? [words.categories[category.split(".")[0]], words.states[state]].filter(Boolean).join(" · ") : "";
    const nearer = this.isNearest() ? words.listed : words.nearer;
    const told = number ? words.one.replace("%what", what) : nearer.replace("%n", count);
    return overdue ? told + comma + words.late.replace("%n", overdue) : told;
  }

  isNearest() {
    return this.map.getZoom() >= this.map.getMaxZoom();
  }

  press(at, properties) {
    if (properties.number) this.onCase(properties);
    else if (this.isNearest()) this.onEnd();
    else this.map.setView(at, Math.min(this.map.getZoom() + STEP, this.map.getMaxZoom()));
  }
}
