// The city's own grids as a sketch, with one pin to drag. Loaded only when the map is opened.
import * as L from "leaflet/dist/leaflet-src.esm.js";

const STEP_PX = 8;
const NEAR = 11.5; // a sketch has no streets: nearer there would be nothing to see
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

function loadSheet(href) {
  if (!href) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href, onload: resolve, onerror: reject });
    document.head.append(link);
  });
}

async function loadGrids(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`grids: ${answer.status}`);
  return answer.json();
}

function pinIcon() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "-16 -40 32 44");
  const part = (name, attributes) => {
    const node = document.createElementNS(svg.namespaceURI, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    svg.append(node);
  };
  part("path", { class: "m-pin", d: "M0 0C-5 -9 -13 -14 -13 -23a13 13 0 0 1 26 0C13 -14 5 -9 0 0z" });
  part("circle", { class: "m-eye", cy: -23, r: 4.8 });
  return L.divIcon({ className: "pin", html: svg, iconSize: [44, 60], iconAnchor: [22, 55] });
}

export class PinMap {
  /** `words`: the data attributes of the place part; `moved(lat, lng)`: the pin was put somewhere. */
  static async open(holder, words, moved) {
    const [grids] = await Promise.all([loadGrids(words.grids), loadSheet(words.sheet)]);
    return new PinMap(holder, grids, words, moved);
  }

  constructor(holder, grids, words, moved) {
    this.words = words;
    this.moved = moved;
    this.marker = null;
    this.map = L.map(holder, { maxZoom: 17, zoomSnap: 0.5, attributionControl: false, zoomControl: false });
    L.control.zoom({ position: "topright", zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(this.map);
    const land = L.geoJSON(grids, {
      interactive: false,
      style: (area) => ({ className: `m-land${area.properties.level === "town" ? " b" : ""}`, weight: 1.2 }),
      onEachFeature: (area, layer) => this.name(area, layer),
    }).addTo(this.map);
    this.map.fitBounds(land.getBounds());
    this.map.setMinZoom(this.map.getZoom() - 0.5);
    this.map.setMaxBounds(land.getBounds().pad(0.5));
    this.map.on("click", (event) => this.put(event.latlng));
  }

  name(area, layer) {
    if (area.properties.level !== "town") return;
    const { name_zh: zh, name_en: en } = area.properties;
    const label = { permanent: true, direction: "center", className: "place-name" };
    layer.bindTooltip(document.documentElement.lang === "en" ? en : zh, label);
  }

  put(latlng) {
    this.place(latlng);
    if (this.circle) this.circle.remove();
    this.moved(latlng.lat, latlng.lng);
  }

  place(latlng) {
    if (this.marker) {
      this.marker.setLatLng(latlng);
      return;
    }
    this.marker = L.marker(latlng, { draggable: true, icon: pinIcon(), autoPan: true, keyboard: true });
    this.marker.addTo(this.map);
    this.marker.on("dragend", () => this.put(this.marker.getLatLng()));
    const node = this.marker.getElement();
    node.setAttribute("aria-label", this.words.pin);
    node.addEventListener("keydown", (event) => {
      const way = ARROWS[event.key];
      if (!way) return;
      event.preventDefault();
      event.stopPropagation();
      const point = this.map.latLngToContainerPoint(this.marker.getLatLng());
      this.put(this.map.containerPointToLatLng(point.add([way[0] * STEP_PX, way[1] * STEP_PX])));
    });
  }

  /** Takes the pin back. */
  clear() {
    for (const layer of [this.marker, this.circle]) if (layer) layer.remove();
    this.marker = null;
    this.circle = null;
  }

  /** Shows a known position; `metres` draws how exact it is. */
  show(lat, lng, metres) {
    const latlng = L.latLng(lat, lng);
    this.place(latlng);
    if (this.circle) this.circle.remove();
    if (metres) this.circle = L.circle(latlng, { radius: metres, className: "m-acc", stroke: false }).addTo(this.map);
    this.map.setView(latlng, NEAR);
  }
}
