// When and where a photo was taken: read before a canvas forgets it, and written into the new file,
// so that the server finds both where it always looks. Nothing else is carried over.
const TIME = 0x9003;
const OFFSET = 0x9011;
const ORIENTATION = 0x0112;
const TO_EXIF = 0x8769;
const TO_GPS = 0x8825;
const ASCII = 2;
const LONG = 4;
const RATIONAL = 5;
const FINE = 10000;

export const loadReader = () => import("exifr/dist/mini.esm.mjs");

/** {taken, offset, orientation, lat: [d, m, s], latRef, lng, lngRef}; what is missing is undefined. */
export async function readExif(file) {
  // Names in `pick` make the mini build throw; numbers do not.
  const { default: exifr } = await loadReader();
  const wanted = { ifd0: { pick: [ORIENTATION] }, exif: { pick: [TIME, OFFSET] }, gps: true };
  const tags = (await exifr.parse(file, wanted).catch(() => null)) || {};
  return {
    taken: tags[TIME],
    offset: tags[OFFSET],
    orientation: tags[ORIENTATION] || 1,
    latRef: tags[1],
    lat: tags[2],
    lngRef: tags[3],
    lng: tags[4],
  };
}

const short = (n) => [(n >> 8) & 255, n & 255];
const long = (n) => [...short(n >>> 16), ...short(n)];
const text = (tag, words) => [tag, ASCII, words.length + 1, [...words].map((c) => c.charCodeAt(0)).concat(0)];
const pointer = (tag, at) => [tag, LONG, 1, long(at)];
const degrees = (tag, parts) => {
  const rationals = parts.flatMap((part) => [...long(Math.round(part * FINE)), ...long(FINE)]);
  return [tag, RATIONAL, parts.length, rationals];
};

/** One TIFF directory that starts at byte `at`; values longer than four bytes follow it. */
function directory(rows, at) {
  const values = [];
  const after = at + 2 + rows.length * 12 + 4;
  const lines = rows.flatMap(([tag, kind, count, bytes]) => {
    const head = [...short(tag), ...short(kind), ...long(count)];
    if (bytes.length <= 4) return [...head, ...bytes, 0, 0, 0, 0].slice(0, 12);
    const line = [...head, ...long(after + values.length)];
    values.push(...bytes, ...(bytes.length % 2 ? [0] : []));
    return line;
  });
  return [...short(rows.length), ...lines, 0, 0, 0, 0, ...values];
}

function isPlace({ lat, latRef, lng, lngRef }) {
  const isTriple = (parts) => Boolean(parts) && parts.length === 3 && [...parts].every((n) => n >= 0);
  return isTriple(lat) && isTriple(lng) && /^[NS]/.test(latRef) && /^[EW]/.test(lngRef);
}

/** Where it was taken: {lat, lng} in degrees; undefined when that is unknown or cannot be. */
export function placeOf(about) {
  if (!isPlace(about)) return undefined;
  const inDegrees = ([d, m, s]) => d + m / 60 + s / 3600;
  const lat = inDegrees(about.lat) * (about.latRef[0] === "S" ? -1 : 1);
  const lng = inDegrees(about.lng) * (about.lngRef[0] === "W" ? -1 : 1);
  // Cameras that do not know write zeros.
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 180 && (lat || lng) ? { lat, lng } : undefined;
}

function segment(about) {
  const time = typeof about.taken === "string" ? [text(TIME, about.taken)] : [];
  if (time.length && typeof about.offset === "string") time.push(text(OFFSET, about.offset));
  const place = isPlace(about)
    ? [text(1, about.latRef[0]), degrees(2, [...about.lat]), text(3, about.lngRef[0]), degrees(4, [...about.lng])]
    : [];
  if (!time.length && !place.length) return null;
  const parts = [[TO_EXIF, time], [TO_GPS, place]].filter(([, rows]) => rows.length);
  let at = 8 + 2 + parts.length * 12 + 4;
  const pointers = [];
  const directories = [];
  for (const [tag, rows] of parts) {
    const bytes = directory(rows, at);
    pointers.push(pointer(tag, at));
    directories.push(...bytes);
    at += bytes.length;
  }
  const tiff = [0x4d, 0x4d, 0, 42, ...long(8), ...directory(pointers, 8), ...directories];
  const body = [..."Exif"].map((c) => c.charCodeAt(0)).concat(0, 0, tiff);
  return new Uint8Array([0xff, 0xe1, ...short(body.length + 2), ...body]);
}

/** `jpeg`, a Blob, with what `about` knows put behind its first marker. */
export function withExif(jpeg, about) {
  const told = segment(about);
  return told ? new Blob([jpeg.slice(0, 2), told, jpeg.slice(2)], { type: jpeg.type }) : jpeg;
}
