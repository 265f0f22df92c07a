// Photos are sent one by one as soon as they are chosen. What has not arrived when the form is
// sent goes back into the form, so that nothing depends on this script having finished.
import { PhotoCell } from "./photocell.js";
import { PhotoNews } from "./photonews.js";
import { waitForPhotos } from "./photowait.js";
import { randomUuid } from "./upload.js";

const AT_ONCE = 2;

/** Fetches what shrinks photos while somebody looks through the album. */
function warmUp() {
  import("./shrink.js").then(({ loadReader }) => loadReader()).catch(() => {}); // asked for again later
}

export class PhotoPicker {
  /** `box`, when photos are kept on the phone: {keep(photo), drop(pid)}; `early`: files chosen before. */
  constructor(root, box = null, early = []) {
    this.root = root;
    this.url = root.dataset.url;
    this.most = Number(root.dataset.most);
    this.list = root.querySelector("[data-cells]");
    this.template = root.querySelector("template");
    this.inputs = [...root.querySelectorAll("input[type=file]")];
    this.news = new PhotoNews(root);
    this.box = box;
    this.cells = [];
    this.place = null;
    this.isStopped = false;
    this.isClosing = false;
    for (const input of this.inputs) {
      input.addEventListener("click", warmUp);
      input.addEventListener("change", () => this.choose([...input.files]));
      // After a reload some browsers know what was chosen before.
      if (!early.length) early.push(...input.files);
    }
    this.choose(early.splice(0));
    const form = root.closest("form");
    if (form && !box) waitForPhotos(form, this);
  }

  choose(files) {
    const room = this.most - this.list.children.length;
    for (const file of files.slice(0, Math.max(room, 0))) this.add({ pid: randomUuid(), file });
    for (const input of this.inputs) input.value = "";
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
    const isBusy = (cell) => cell.state === "sending" || (cell.state === "stalled" && cell.isCutOff);
    const busy = this.cells.filter(isBusy).length;
    const waiting = this.cells.filter((cell) => cell.state === "waiting" && cell.photo.blob);
    for (const cell of waiting.slice(0, Math.max(AT_ONCE - busy, 0))) {
      cell.send().then(() => this.next());
    }
    this.changed();
  }

  /** What there is to send, in the order shown; without what was refused before it was sent. */
  photos() {
    return this.cells.map((cell) => cell.photo).filter((photo) => photo.blob || !photo.refused);
  }

  /** Photos of a draft; those that the server handed back itself are shown once. */
  restore(photos) {
    for (const photo of photos) {
      const input = photo.id && this.list.querySelector(`[name=photo_ids][value="${CSS.escape(photo.id)}"]`);
      if (input) input.closest("li").remove();
      this.add(photo);
    }
    this.next();
  }

  /** Waits until every photo is written down and sent, or the network fails; then stops sending. */
  async settle() {
    this.isClosing = true;
    await Promise.all(this.cells.map((cell) => cell.made));
    await new Promise((resolve) => {
      this.heard = () => {
        const isOpen = (cell) => cell.isEditing || /waiting|sending|editing/.test(cell.state);
        if (this.cells.some((cell) => cell.state === "stalled") || !this.cells.some(isOpen)) resolve();
      };
      this.heard();
    });
    this.heard = null;
    this.isStopped = true;
    for (const cell of this.cells) cell.pause();
  }

  /** Whether something is still to arrive. */
  isBusy() {
    return this.cells.some((cell) => cell.isEditing || !/sent|refused/.test(cell.state));
  }

  /** Resolves when everything has arrived, however long that takes; `told(sent, all)` on the way. */
  whenArrived(told) {
    return new Promise((resolve) => {
      this.heard = () => {
        told(this.list.querySelectorAll("[name=photo_ids]").length, this.list.children.length);
        if (!this.isBusy()) resolve();
      };
      this.heard();
    });
  }

  resume() {
    this.isStopped = false;
    this.isClosing = false;
    this.next();
  }

  /** Takes over what has become of photos that were sent from the draft. */
  learn(photos) {
    for (const photo of photos) {
      const cell = this.cells.find((one) => one.photo.pid === photo.pid && one.state === "waiting");
      if (cell && photo.id) cell.arrived(photo.id);
      else if (cell && photo.refused) cell.refuse(photo.words);
    }
  }

  /** Heard whenever something about a photo has changed. */
  changed() {
    if (this.heard) this.heard();
    this.news.show(this.cells);
    this.tellPlace();
  }

  /** Where the first photo was taken that knows it: photoplace.js offers it. */
  tellPlace() {
    const detail = this.cells.map((cell) => cell.place).find(Boolean) || null;
    if (detail === this.place) return;
    this.place = detail;
    this.root.dispatchEvent(new CustomEvent("photo:place", { bubbles: true, detail }));
  }

  giveBack() {
    const late = this.cells.filter((cell) => cell.state !== "sent" && cell.state !== "refused");
    if (!late.length || !window.DataTransfer) return;
    const carrier = new DataTransfer();
    for (const cell of late) {
      cell.pause();
      const { file, blob, name } = cell.photo;
      carrier.items.add(blob ? new File([blob], name, { type: blob.type }) : file);
    }
    const input = this.inputs[this.inputs.length - 1];
    input.disabled = false;
    input.files = carrier.files;
  }
}

/** Every picker of the page; `box` keeps their photos on the phone, the first takes the `early` files. */
export function pickPhotos(box = null, early = []) {
  return [...document.querySelectorAll("[data-photos]")].map((root) => new PhotoPicker(root, box, early));
}
