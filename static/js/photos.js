// Photos are sent one by one as soon as they are chosen. What has not arrived when the form is
// sent goes back into the form, so that nothing depends on this script having finished.
import { warmUp } from "./exif.js";
import { PhotoCell } from "./photocell.js";
import { randomUuid } from "./upload.js";

const AT_ONCE = 2;

export class PhotoPicker {
  /** `box`, when photos are kept on the phone: {keep(photo), drop(pid)}. */
  constructor(root, box = null) {
    this.url = root.dataset.url;
    this.most = Number(root.dataset.most);
    this.list = root.querySelector("[data-cells]");
    this.template = root.querySelector("template");
    this.inputs = [...root.querySelectorAll("input[type=file]")];
    this.said = root.querySelector("[data-said]");
    this.box = box;
    this.cells = [];
    this.isStopped = false;
    for (const input of this.inputs) {
      input.addEventListener("click", warmUp);
      input.addEventListener("change", () => this.take(input));
    }
    const form = root.closest("form");
    if (form && !box) form.addEventListener("submit", () => this.giveBack());
  }

  take(input) {
    const room = this.most - this.list.children.length;
    for (const file of [...input.files].slice(0, Math.max(room, 0))) this.add({ pid: randomUuid(), file });
    input.value = "";
    this.next();
  }

  add(photo) {
    const cell = new PhotoCell(this, photo);
    this.cells.push(cell);
    this.list.append(cell.node);
    return cell;
  }

  async keep(photo) {
    if (this.box) await this.box.keep(photo);
  }

  dropped(cell) {
    this.cells = this.cells.filter((other) => other !== cell);
    if (this.box) this.box.drop(cell.photo.pid);
    this.next();
  }

  next() {
    const full = this.list.children.length >= this.most;
    for (const input of this.inputs) input.disabled = full;
    if (this.isStopped) return;
    const busy = this.cells.filter((cell) => /sending|stalled/.test(cell.state)).length;
    const waiting = this.cells.filter((cell) => cell.state === "waiting" && cell.photo.blob);
    for (const cell of waiting.slice(0, Math.max(AT_ONCE - busy, 0))) {
      cell.send().then(() => this.next());
    }
    this.changed();
  }

  /** How many have arrived, of how many; heard when it changes. */
  changed() {
    const sent = this.list.querySelectorAll("[name=photo_ids]").length;
    const words = `${sent}/${this.list.children.length}`;
    if (this.said.textContent !== words) this.said.textContent = words;
  }

  giveBack() {
    const late = this.cells.filter((cell) => cell.state !== "sent" && cell.state !== "refused");
    if (!late.length || !window.DataTransfer) return;
    const carrier = new DataTransfer();
    for (const cell of late) {
      cell.stop();
      const { file, blob, name } = cell.photo;
      carrier.items.add(blob ? new File([blob], name, { type: blob.type }) : file);
    }
    const input = this.inputs[this.inputs.length - 1];
    input.disabled = false;
    input.files = carrier.files;
  }
}

export function pickPhotos() {
  for (const root of document.querySelectorAll("[data-photos]")) new PhotoPicker(root);
}
