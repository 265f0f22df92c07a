// The city's own grids: drawn as a sketch 示意图, or as thin lines over a base map.
import * as L from "leaflet/dist/leaflet-src.esm.js";
import { piece } from "./mapparts.js";

const PIN = { x: 46, y: 12, height: 58 }; // what a pin covers around its foot, in pixels
// What a disc takes up beside and above its middle, and where a name goes that lies under one.
const DISC = { x: 20, y: 26 };
const STEPS = [0, 30, -30, 46, -46];
const isEnglish = document.documentElement.lang === "en";

const letter = () => parseFloat(getComputedStyle(document.documentElement).fontSize) * (isEnglish ? 0.45 : 0.8);

/** A name short enough for a map: Baishi, not Baishi Community. */
const shortOf = ({ name_zh: zh, name_en: en }) => (isEnglish ? en.replace(/ \w+$/, "") : zh);

const wholeOf = ({ name_zh: zh, name_en: en }) => (isEnglish ? en : zh);

function isInRing(ring, lng, lat) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [[x, y], [u, v]] = [ring[i], ring[j]];
    if (y > lat !== v > lat && lng < ((u - x) * (lat - y)) / (v - y) + x) inside = !inside;
  }
  return inside;
}

function isIn({ type, coordinates }, lng, lat) {
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  return polygons.some((rings) => rings.filter((ring) => isInRing(ring, lng, lat)).length % 2 === 1);
}

export class Outline {
  /** `city`: its name on a sketch; none over a base map, which has names of its own. */
  constructor(map, grids, city) {
    this.map = map;
    this.areas = grids.features;
    const style = ({ properties: { level } }) => ({ className: `m-land ${level}${city ? "" : " over"}`, weight: 1.2 });
    this.layer = L.geoJSON(grids, { interactive: false, style }).addTo(map);
    if (city) this.label(city);
  }

  get bounds() {
    return this.layer.getBounds();
  }

  /** Names of villages where every one has room, else of towns, else of the city alone. */
  label(city) {
    const names = this.layer.getLayers().map((layer) => {
      const { properties } = layer.feature;
      return { ...this.name(shortOf(properties), layer.getBounds(), properties.level), bounds: layer.getBounds() };
    });
    const levels = ["village", "town"].map((level) => names.filter((name) => name.level === level));
    if (this.bounds.isValid()) levels.push([this.name(city, this.bounds, "town")]);
    this.arrange = () => {
      const shown = levels.find((level) => level.length && level.every((name) => !name.bounds || this.fits(name))) || [];
      for (const level of levels) {
        for (const { marker } of level) {
          if (level === shown && !this.isCovered(marker)) this.step(marker.addTo(this.map));
          else marker.remove();
        }
      }
    };
    this.map.on("zoomend", this.arrange);
    this.map.whenReady(this.arrange);
  }

  name(words, bounds, level) {
    const icon = L.divIcon({ className: `place-name ${level}`, html: piece("span", "", words), iconSize: null });
    const marker = L.marker(bounds.getCenter(), { icon, interactive: false, keyboard: false });
    return { marker, words, level };
  }

  fits({ bounds, words }) {
    const [west, east] = [bounds.getNorthWest(), bounds.getNorthEast()].map((corner) => this.map.latLngToLayerPoint(corner).x);
    return east - west > words.length * letter();
  }

  /** Names make room for a pin at `spot`. */
  avoid(spot) {
    this.spot = spot;
    if (this.arrange) this.arrange();
  }

  /** Names step aside for discs at these places. */
  leave(discs) {
    this.discs = discs;
    if (this.arrange) this.arrange();
  }

  step(marker) {
    if (!this.discs) return;
    marker.home = marker.home || marker.getLatLng();
    const at = this.map.latLngToLayerPoint(marker.home);
    const half = marker.options.icon.options.html.textContent.length * letter() * 0.6 + DISC.x;
    const spots = this.discs.map((disc) => this.map.latLngToLayerPoint(disc));
    const isFree = (by) => spots.every(({ x, y }) => Math.abs(x - at.x) > half || Math.abs(y - at.y - by) > DISC.y);
    marker.setLatLng(this.map.layerPointToLatLng(at.add([0, STEPS.find(isFree) || 0])));
  }

  isCovered(marker) {
    if (!this.spot) return false;
    const [name, foot] = [marker.getLatLng(), this.spot].map((at) => this.map.latLngToLayerPoint(at));
    return Math.abs(name.x - foot.x) < PIN.x && name.y - foot.y < PIN.y && foot.y - name.y < PIN.height;
  }

  /** Town and village at a point, as words; empty outside, null for a city without outlines. */
  at({ lat, lng }) {
    if (!this.areas.length) return null;
    const names = this.areas.filter((area) => isIn(area.geometry, lng, lat)).map((area) => wholeOf(area.properties));
    return isEnglish ? names.reverse().join(", ") : names.join("");
  }
}
