// Makes a photo small enough for a bad network, and covers parts of it. One at a time: nine photos of
// twelve megapixels must not be decoded together on a phone of 2 GB.
import { placeOf, readExif, withExif } from "./exif.js";

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
// Quarters to the right that set a picture upright, by its EXIF orientation.
const UPRIGHT = { 1: 0, 3: 2, 6: 1, 8: 3 };

let line = Promise.resolve();
let turning = null;

/** Decodes `file` once nothing else is decoded; `work` gets the bitmap, which is freed after it. */
function withBitmap(file, work) {
  const done = line.then(async () => {
    const bitmap = await createImageBitmap(file);
    try {
      return await work(bitmap);
    } finally {
      bitmap.close();
    }
  });
  line = done.catch(() => {});
  return done;
}

function turnsByItself() {
  const bytes = () => Uint8Array.from(atob(TURNED), (c) => c.charCodeAt(0));
  turning = turning || withBitmap(new Blob([bytes()], { type: "image/jpeg" }), (b) => b.width < b.height);
  return turning;
}

/** How far what is decoded must still be turned. Throws for a mirrored one the browser leaves so. */
async function quarters({ orientation }) {
  if (orientation === 1 || (await turnsByItself())) return 0;
  if (!(orientation in UPRIGHT)) throw new Error(`orientation ${orientation}`);
  return UPRIGHT[orientation];
}

/** A canvas of `picture` with a long side of at most `side`, turned by `turns` quarters. */
function drawn(picture, side, turns = 0) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const [width, height] = [picture.width, picture.height].map((n) => Math.max(1, Math.round(n * scale)));
  const canvas = document.createElement("canvas");
  const isTurned = turns % 2 === 1;
  canvas.width = isTurned ? height : width;
  canvas.height = isTurned ? width : height;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // a JPEG has no transparency
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.translate(canvas.width / 2, canvas.height / 2);
  pen.rotate((turns * Math.PI) / 2);
  pen.drawImage(picture, -width / 2, -height / 2, width, height);
  pen.setTransform(1, 0, 0, 1, 0, 0);
  return canvas;
}

function encoded(canvas) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      canvas.width = 0; // frees its memory at once on iOS
      if (blob) resolve(blob);
      else reject(new Error("canvas gave nothing"));
    }, "image/jpeg", QUALITY);
  });
}

async function make(file, turns) {
  const about = await readExif(file);
  const place = placeOf(about);
  const all = turns + (await quarters(about));
  return withBitmap(file, async (bitmap) => {
    const preview = await encoded(drawn(bitmap, PREVIEW_SIDE, all));
    const isLarge = Math.max(bitmap.width, bitmap.height) > LONG_SIDE || file.size > MOST_BYTES;
    if (!isLarge && !turns) return { blob: file, preview, place };
    const small = withExif(await encoded(drawn(bitmap, LONG_SIDE, all)), about);
    return { blob: turns || small.size < file.size ? small : file, preview, place };
  });
}

/**
 * {blob, preview, place}: what to send of `file`, turned by `turns` quarters to the right, what to show,
 * and where it was taken, {lat, lng}, if it says so. Whatever goes wrong, the original is sent.
 */
export function shrink(file, turns = 0) {
  const original = { blob: file, preview: file };
  if (!DRAWABLE.test(file.type) || !window.createImageBitmap) return Promise.resolve(original);
  return make(file, turns).catch((fault) => {
    console.warn(fault);
    return original;
  });
}

/** Gives `work` a canvas of `photo`, upright; rejects when the browser cannot decode it. */
export async function withUpright(photo, side, work) {
  const turns = await quarters(await readExif(photo));
  return withBitmap(photo, (bitmap) => work(drawn(bitmap, side, turns)));
}

/** {blob, preview} of `photo` with black `boxes`, [left, top, width, height] in fractions, over it. */
export async function covered(photo, boxes) {
  const about = await readExif(photo);
  return withUpright(photo, LONG_SIDE, async (canvas) => {
    const pen = canvas.getContext("2d");
    const { width, height } = canvas;
    pen.fillStyle = "#000";
    for (const [left, top, wide, high] of boxes) {
      const [x, y] = [Math.floor(left * width), Math.floor(top * height)];
      pen.fillRect(x, y, Math.ceil((left + wide) * width) - x, Math.ceil((top + high) * height) - y);
    }
    const preview = await encoded(drawn(canvas, PREVIEW_SIDE));
    return { blob: withExif(await encoded(canvas), about), preview };
  });
}
