// The public map: clusters counted by the server, and beside it the list that follows the view.
import * as L from "leaflet/dist/leaflet-src.esm.js";
import { Clusters } from "./clusters.js";
import { bringLatePictures } from "./late.js";
import { loadJson, loadSheet, piece } from "./mapparts.js";
import { Outline } from "./outline.js";

const SKETCH = { maxZoom: 18, zoomSnap: 0.5 };
const CALM_MS = 250;
const DIGITS = 5;
const ROOM = { animate: false, padding: [12, 12] };

export class PublicMap {
  /** Opens the map in `root`; rejects when anything it needs cannot be had. */
  static async open(root) {
    const needed = [loadJson("/report/grids.json"), loadJson("/report/map.json"), loadSheet(root.dataset.sheet)];
    const [grids, words] = await Promise.all(needed);
    const tiles = words.tiles && (await import("./tiles.js"));
    const options = tiles ? await tiles.optionsFor(words.tiles) : SKETCH;
    const opened = new PublicMap(root, grids, words, options);
    if (tiles) tiles.addTiles(opened.map, words.tiles);
    return opened;
  }

  constructor(root, grids, words, options) {
    this.root = root;
    this.words = { ...words, ...JSON.parse(root.dataset.words) };
    this.holder = root.querySelector("[data-map]");
    const sketch = root.querySelector("[data-sketch]");
    if (sketch) sketch.hidden = true;
    this.holder.hidden = false;
    const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const still = isStill ? { zoomAnimation: false, fadeAnimation: false, inertia: false } : {};
    this.map = L.map(this.holder, { ...options, ...still, attributionControl: false, zoomControl: false, scrollWheelZoom: false });
    this.place();
    this.dress(words);
    this.outline = new Outline(this.map, grids, words.tiles ? "" : words.city);
    this.shade();
    this.clusters = new Clusters(this.map, this.words, (report) => this.show(report), () => this.toList());
    this.map.on("moveend", () => this.soon());
    this.follow();
  }

  /** Where the address says, else the whole city. */
  place() {
    const asked = new URLSearchParams(location.search).get("bbox") || this.root.dataset.city;
    const [west, south, east, north] = asked.split(",").map(Number);
    const bounds = [west, south, east, north].every(Number.isFinite) ? [[south, west], [north, east]] : [[18, 73], [53, 135]];
    this.map.fitBounds(bounds, ROOM);
  }

  dress(words) {
    L.control.zoom({ position: "bottomright", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(this.map);
    L.control.scale({ position: "bottomleft", imperial: false }).addTo(this.map);
    this.holder.querySelector(".leaflet-bottom.leaflet-left").append(piece("span", "tag", words.tag));
    this.holder.setAttribute("role", "application");
    this.holder.setAttribute("aria-label", this.words.label);
    // A wheel that passes by scrolls the page; it zooms once the map has been chosen.
    this.holder.addEventListener("focusin", () => this.map.scrollWheelZoom.enable());
    this.holder.addEventListener("focusout", () => this.map.scrollWheelZoom.disable());
  }

  /** Towns in the shades of the table beside the map. */
  shade() {
    this.outline.layer.eachLayer((layer) => {
      const row = document.querySelector(`[data-towns] [data-code="${layer.feature.properties.code}"]`);
      const node = layer.getElement && layer.getElement();
      if (row && node) node.classList.add(`h${row.dataset.shade}`);
    });
  }

  focus() {
    this.holder.focus();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.follow().catch(console.warn), CALM_MS);
  }

  /** Brings clusters, address and list up to the view. */
  async follow() {
    const query = this.query();
    if (query === this.shown) return;
    this.shown = query;
    const cells = await loadJson(`/open/map/cells?${query}`);
    if (this.shown !== query) return; // moved on meanwhile
    this.clusters.draw(cells.features);
    this.outline.leave(cells.features.map(({ geometry: { coordinates } }) => L.latLng(coordinates[1], coordinates[0])));
    this.tell(cells);
    if (this.isMoved) await this.list(query);
    this.isMoved = true;
  }

  query() {
    const bounds = this.map.getBounds();
    const sides = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const query = new URLSearchParams(this.root.dataset.query);
    query.set("bbox", sides.map((side) => side.toFixed(DIGITS)).join(","));
    query.set("zoom", String(this.clusters.zoomAsked()));
    return query.toString();
  }

  tell({ located, unlocated }) {
    const rest = Object.values(unlocated).reduce((sum, count) => sum + count, 0);
    const told = document.querySelector("[data-told]");
    told.textContent = this.words.told.replace("%located", located).replace("%unlocated", rest);
  }

  async list(query) {
    history.replaceState(null, "", `?${query}`);
    const answer = await fetch(`/open/map?${query}`, { headers: { Accept: "text/html" } });
    if (!answer.ok || this.shown !== query) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of ["[data-cases]", ".heat", "[data-map-form]", "body > .sprite"]) {
      const [old, now] = [document.querySelector(part), fresh.querySelector(part)];
      if (old && now) old.replaceWith(now);
    }
    bringLatePictures();
  }

  toList() {
    const cases = document.querySelector("[data-cases]");
    cases.scrollIntoView();
    cases.focus({ preventScroll: true });
  }

  show({ number, category, state }) {
    const card = piece("div", "card mapcard sp-s", "");
    const what = [this.words.categories[category.split(".")[0]], this.words.states[state], number].filter(Boolean);
    const link = Object.assign(document.createElement("a"), { className: "btn", href: `/open/reports/${number}`, textContent: this.words.open });
    card.append(piece("span", "", what.join(" · ")), link);
    card.dataset.card = number;
    const old = document.querySelector("[data-card]");
    if (old) old.remove();
    document.querySelector("[data-told]").before(card);
    link.focus();
  }
}
