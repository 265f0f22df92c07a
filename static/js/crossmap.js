// A map that moves under a crosshair: the thumb never covers the spot. Loaded when it is opened.
import * as L from "leaflet/dist/leaflet-src.esm.js";
import { crosshair, icon, loadJson, loadSheet, piece } from "./mapparts.js";
import { Outline } from "./outline.js";
import { Spot } from "./spot.js";

const NEAR = 16;
const SKETCH = { maxZoom: 16, zoomSnap: 0.5 };
const SKETCH_NEAR = 13; // nearer, a sketch has nothing to go by but its scale
const AT_ONCE = { animate: false }; // while a zoom is under way, Leaflet ignores the next one
const ROOM = { ...AT_ONCE, paddingTopLeft: [24, 64], paddingBottomRight: [24, 40] };
const WORLD = 5;
const STEP_PX = 8;
const STRIDE_PX = 64;
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const SCALE_REM = 4.5;
const CHINA = [35, 105];

const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

export class CrossMap {
  /** Opens the map in `holder`; rejects when anything it needs cannot be had. */
  static async open(holder, sheet) {
    const [grids, words] = await Promise.all([loadJson("/report/grids.json"), loadJson("/report/map.json"), loadSheet(sheet)]);
    const tiles = words.tiles && (await import("./tiles.js"));
    const options = tiles ? await tiles.optionsFor(words.tiles) : SKETCH;
    const map = new CrossMap(holder, grids, words, options);
    if (tiles) tiles.addTiles(map.map, words.tiles);
    return map;
  }

  constructor(holder, grids, words, options) {
    this.words = words;
    this.holder = holder;
    holder.hidden = false;
    const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map = L.map(holder, {
      ...options,
      attributionControl: false,
      zoomControl: false,
      keyboard: false,
      // The crosshair stays where it points to, however one zooms.
      ...{ scrollWheelZoom: "center", touchZoom: "center", doubleClickZoom: "center" },
      ...(isStill ? { zoomAnimation: false, fadeAnimation: false, inertia: false } : {}),
    });
    this.map.setView(CHINA, WORLD);
    L.control.zoom({ position: "bottomright", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(this.map);
    L.control.scale({ position: "bottomleft", imperial: false, maxWidth: SCALE_REM * rem() }).addTo(this.map);
    this.outline = new Outline(this.map, grids, words.tiles ? "" : words.city);
    this.dress();
    this.showCity();
    this.near = words.tiles ? NEAR : SKETCH_NEAR;
    this.map.on("move", () => this.name());
    this.map.on("dragstart", () => {
      this.isLed = true;
    });
    this.map.on("click", ({ latlng }) => {
      this.isLed = true;
      this.map.panTo(latlng);
    });
    this.name();
  }

  dress() {
    const { holder, words } = this;
    holder.tabIndex = 0;
    holder.setAttribute("role", "application");
    holder.setAttribute("aria-label", words.label);
    this.chip = piece("p", "under", "");
    this.chip.setAttribute("aria-live", "polite");
    holder.append(crosshair(), this.chip);
    holder.querySelector(".leaflet-bottom.leaflet-left").append(piece("span", "tag", words.tag));
    const here = piece("button", "btn wide here", icon("pin"));
    here.type = "button";
    here.append(words.here);
    here.addEventListener("click", () => this.here());
    holder.after(here);
    holder.addEventListener("keydown", (event) => this.press(event));
    // A wheel that passes by scrolls the page; it zooms once the map has been chosen.
    this.map.scrollWheelZoom.disable();
    holder.addEventListener("focusin", () => this.map.scrollWheelZoom.enable());
    holder.addEventListener("focusout", () => this.map.scrollWheelZoom.disable());
  }

  press(event) {
    const way = ARROWS[event.key];
    const pixels = event.shiftKey ? STRIDE_PX : STEP_PX;
    if (way) this.nudge(way.map((part) => part * pixels));
    else if (event.key === "+" || event.key === "=") this.map.zoomIn();
    else if (event.key === "-") this.map.zoomOut();
    else if (event.key === "Enter" && event.target === event.currentTarget) this.here();
    else return;
    event.preventDefault();
  }

  nudge(by) {
    this.isLed = true;
    this.map.panBy(by, AT_ONCE);
  }

  here() {
    const { lat, lng } = this.map.getCenter();
    this.onHere(lat, lng);
  }

  /** What lies under the crosshair; the words change at borders only. */
  name() {
    const words = this.spot || this.isLed ? this.outline.at(this.map.getCenter()) : null;
    const told = words === "" ? this.words.outside : words || this.words.hint;
    if (this.chip.textContent !== told) this.chip.textContent = told;
    this.chip.classList.toggle("off", words === "");
    this.holder.classList.toggle("at", Boolean(this.spot && this.spot.isInMiddle()));
  }

  showCity(also) {
    const bounds = this.outline.bounds;
    if (!bounds.isValid()) return;
    if (also) bounds.extend(also);
    this.map.fitBounds(bounds, also ? ROOM : AT_ONCE);
  }

  /** Shows a known place; `isLive`: more exact ones follow, unless a hand has moved the map. */
  show(place, isLive = false) {
    this.clear();
    this.spot = new Spot(this.map, place);
    this.outline.avoid(this.spot.hasPin ? this.spot.at : null);
    if (!isLive || !this.isLed) {
      this.map.setView(this.spot.at, this.isLed ? this.map.getZoom() : this.spot.zoom(this.near), AT_ONCE);
    }
    this.name();
  }

  /** A place outside is shown together with the city. */
  showWhole(isInside) {
    if (!isInside && this.spot) this.showCity(this.spot.at);
  }

  /** Takes the pin back. */
  clear() {
    if (this.spot) this.spot.remove();
    this.spot = null;
    this.outline.avoid(null);
    this.name();
  }
}
