// The place that has been told, on the map: a pin, and a pale circle for how exact it is.
import * as L from "leaflet/dist/leaflet-src.esm.js";
import { pin } from "./mapparts.js";

const ROUGH_M = 500;
const HERE_PX = 3;
const STILL = { interactive: false, keyboard: false };

export class Spot {
  constructor(map, { lat, lng, accuracy }) {
    this.map = map;
    this.at = L.latLng(lat, lng);
    this.layers = [];
    if (accuracy) {
      const style = { radius: accuracy, className: "m-acc", stroke: false, interactive: false };
      this.circle = L.circle(this.at, style).addTo(map);
      this.layers.push(this.circle);
    }
    // A pin would be a promise that a rough position cannot keep: the crosshair is to do it.
    this.hasPin = !(accuracy > ROUGH_M);
    if (this.hasPin) {
      const icon = L.divIcon({ className: "pin", html: pin(), iconSize: [44, 60], iconAnchor: [22, 55] });
      this.layers.push(L.marker(this.at, { icon, ...STILL }).addTo(map));
    }
  }

  /** The zoom at which its circle fills the map, but no nearer than `near`. */
  zoom(near) {
    return this.circle ? Math.min(this.map.getBoundsZoom(this.circle.getBounds()), near) : near;
  }

  /** Whether its pin stands in the middle, where the crosshair would only blur it. */
  isInMiddle() {
    const [spot, middle] = [this.at, this.map.getCenter()].map((at) => this.map.latLngToLayerPoint(at));
    return this.hasPin && spot.distanceTo(middle) < HERE_PX;
  }

  remove() {
    for (const layer of this.layers) layer.remove();
  }
}
