// The base map, when one is set. Tiles in GCJ-02 are laid right by the map's own projection: all
// else, and all that leaves the map, stays WGS-84.
import * as L from "leaflet/dist/leaflet-src.esm.js";

const STEPS = 6; // each wins about two decimal places

async function shifted() {
  const { default: gcoord } = await import("gcoord");
  const forward = (lng, lat) => gcoord.transform([lng, lat], gcoord.WGS84, gcoord.GCJ02);

  // The library's own inverse may never end on the rim of the shifted area; this one always does.
  function back(lng, lat) {
    let [x, y] = [lng, lat];
    for (let step = 0; step < STEPS; step += 1) {
      const [east, north] = forward(x, y);
      [x, y] = [x + lng - east, y + lat - north];
    }
    return L.latLng(y, x);
  }

  const mercator = L.CRS.EPSG3857.projection;
  const projection = {
    ...mercator,
    project({ lat, lng }) {
      const [x, y] = forward(lng, lat);
      return mercator.project(L.latLng(y, x));
    },
    unproject(point) {
      const { lat, lng } = mercator.unproject(point);
      return back(lng, lat);
    },
  };
  return L.extend({}, L.CRS.EPSG3857, { projection });
}

/** What the map is made with, so that the tiles lie where they belong. */
export async function optionsFor(tiles) {
  const crs = tiles.datum === "gcj02" ? await shifted() : L.CRS.EPSG3857;
  return { crs, maxZoom: tiles.max_zoom };
}

export function addTiles(map, { layers, subdomains, max_zoom: maxZoom }) {
  // A key may be bound to this site: its tiles must know where they are shown, and no more.
  const options = { subdomains, maxZoom, referrerPolicy: "origin" };
  for (const address of layers) L.tileLayer(address, options).addTo(map);
}
