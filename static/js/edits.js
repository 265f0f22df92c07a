// What one can do with a photo before it is sent: turn it, cover faces and plates.
import { blackOut } from "./blackout.js";

export { warm } from "./blackout.js";

/** A quarter to the right: made anew from what was chosen, unless something in it is covered. */
export function turn(cell) {
  cell.pause();
  const { name, file, blob } = cell.photo;
  cell.turns = file ? (cell.turns + 1) % 4 : 1;
  cell.replace({ file: file || new File([blob], name, { type: blob.type }) });
  Object.assign(cell, { plain: null, boxes: [] });
  cell.mark("making");
  cell.made = cell.make();
  return cell.made;
}

/**
 * Black boxes over faces and plates. Without them the picture (`cell.plain`) stays in this page only,
 * so that one can change one's mind; draft and server know nothing but the covered one.
 */
export async function cover(cell) {
  const before = cell.state === "sent" ? "sent" : "waiting";
  cell.pause();
  cell.mark("editing");
  const plain = cell.plain || cell.photo.blob;
  const made = await blackOut(plain, cell.boxes || []).catch((fault) => {
    cell.mark(before);
    throw fault;
  });
  if (made) {
    cell.replace({ blob: made.blob });
    Object.assign(cell, { plain, boxes: made.boxes });
    cell.look(made.preview);
    cell.made = cell.picker.keep(cell.photo);
    await cell.made;
  }
  cell.mark(made ? "waiting" : before);
  cell.picker.next();
}
