// Makes a photo small enough for a bad network, one at a time: nine photos of twelve megapixels
// must not be decoded together on a phone of 2 GB. Whatever goes wrong, the original is sent.
import { readExif, withExif } from "./exif.js";

export { loadReader } from "./exif.js";

const LONG_SIDE = 2048;
const QUALITY = 0.82;
const MOST_BYTES = 1.5 * 1024 * 1024;
const PREVIEW_SIDE = 400;
const DRAWABLE = /^image\/(jpeg|png|webp)$/;
// Two by one pixels that EXIF turns upright: decoded as 1 × 2 where turning is done for us.
const TURNED =
  "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAP" +
  "//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAIBAREA" +
  "/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z";

let line = Promise.resolve();
let turning = null;

function turnsByItself() {
  turning = turning || (async () => {
    const bytes = Uint8Array.from(atob(TURNED), (c) => c.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/jpeg" }));
    const turned = bitmap.width < bitmap.height;
    bitmap.close();
    return turned;
  })();
  return turning;
}

function draw(bitmap, side, turns, type) {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((n) => Math.max(1, Math.round(n * scale)));
  const canvas = document.createElement("canvas");
  const isTurned = turns % 2 === 1;
  canvas.width = isTurned ? height : width;
  canvas.height = isTurned ? width : height;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // a JPEG has no transparency
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.translate(canvas.width / 2, canvas.height / 2);
  pen.rotate((turns * Math.PI) / 2);
  pen.drawImage(bitmap, -width / 2, -height / 2, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      canvas.width = 0; // frees its memory at once on iOS
      if (blob) resolve(blob);
      else reject(new Error("canvas gave nothing"));
    }, type, QUALITY);
  });
}

async function make(file, turns) {
  const about = await readExif(file);
  if (about.orientation > 1 && !(await turnsByItself())) return { blob: file, preview: file };
  const bitmap = await createImageBitmap(file);
  try {
    const preview = await draw(bitmap, PREVIEW_SIDE, turns, "image/jpeg");
    const isLarge = Math.max(bitmap.width, bitmap.height) > LONG_SIDE || file.size > MOST_BYTES;
    if (!isLarge && !turns) return { blob: file, preview };
    const drawn = withExif(await draw(bitmap, LONG_SIDE, turns, "image/jpeg"), about);
    return { blob: turns || drawn.size < file.size ? drawn : file, preview };
  } finally {
    bitmap.close();
  }
}

/** {blob, preview}: what to send of `file`, turned by `turns` quarters to the right, and what to show. */
export function shrink(file, turns = 0) {
  const original = { blob: file, preview: file };
  if (!DRAWABLE.test(file.type) || !window.createImageBitmap) return Promise.resolve(original);
  const done = line.then(() => make(file, turns)).catch((fault) => {
    console.warn(fault);
    return original;
  });
  line = done;
  return done;
}
