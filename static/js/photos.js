// Photos are sent one by one as soon as they are chosen. What has not arrived when the form is
// sent goes back into the form, so that nothing depends on this script having finished.
import { sendPhoto } from "./upload.js";

const AT_ONCE = 2;

class PhotoCell {
  constructor(picker, file) {
    this.picker = picker;
    this.file = file;
    this.state = "waiting";
    this.node = picker.template.content.firstElementChild.cloneNode(true);
    this.part = (selector) => this.node.querySelector(selector);
    this.picture = URL.createObjectURL(file);
    this.part("img").src = this.picture;
    this.part("img").alt = file.name;
    // A format the browser cannot show (HEIC) is sent all the same.
    this.part("img").addEventListener("error", () => this.unseen(), { once: true });
    this.part(".retry").addEventListener("click", () => this.picker.queue(this));
    this.part(".x").addEventListener("click", () => this.remove());
  }

  unseen() {
    this.part("img").remove();
    this.node.classList.add("none");
  }

  show(share) {
    const percent = Math.round(share * 100);
    this.part(".ring circle + circle").setAttribute("stroke-dasharray", `${percent} 100`);
    this.part("[data-words]").textContent = `${percent}%`;
  }

  mark(state) {
    this.state = state;
    this.part(".up").hidden = state === "sent" || state === "failed";
    this.part(".tag").hidden = state !== "sent";
    this.part(".retry").hidden = state !== "failed";
  }

  async send() {
    this.mark("sending");
    this.show(0);
    this.sending = sendPhoto(this.picker.url, this.file, (share) => this.show(share));
    try {
      const id = await this.sending.promise;
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: "photo_ids", value: id });
      this.node.append(input);
      this.mark("sent");
    } catch (problem) {
      this.mark("failed");
      if (problem.words) this.part(".retry span").textContent = problem.words;
      this.part(".retry").disabled = Boolean(problem.final);
      this.refused = Boolean(problem.final);
    }
  }

  remove() {
    if (this.state === "sending") this.sending.abort();
    this.state = "gone";
    URL.revokeObjectURL(this.picture);
    this.node.remove();
    this.picker.dropped(this);
  }
}

class PhotoPicker {
  constructor(root) {
    this.url = root.dataset.url;
    this.most = Number(root.dataset.most);
    this.list = root.querySelector("[data-cells]");
    this.template = root.querySelector("template");
    this.inputs = [...root.querySelectorAll("input[type=file]")];
    this.said = root.querySelector("[data-said]");
    this.cells = [];
    for (const input of this.inputs) input.addEventListener("change", () => this.take(input));
    const form = root.closest("form");
    if (form) form.addEventListener("submit", () => this.giveBack());
  }

  take(input) {
    const room = this.most - this.list.children.length;
    for (const file of [...input.files].slice(0, Math.max(room, 0))) {
      const cell = new PhotoCell(this, file);
      this.cells.push(cell);
      this.list.append(cell.node);
    }
    input.value = "";
    this.next();
  }

  queue(cell) {
    cell.mark("waiting");
    this.next();
  }

  dropped(cell) {
    this.cells = this.cells.filter((other) => other !== cell);
    this.next();
  }

  next() {
    const full = this.list.children.length >= this.most;
    for (const input of this.inputs) input.disabled = full;
    const sending = this.cells.filter((cell) => cell.state === "sending").length;
    const waiting = this.cells.filter((cell) => cell.state === "waiting");
    for (const cell of waiting.slice(0, AT_ONCE - sending)) {
      cell.send().then(() => this.next());
    }
    this.said.textContent = `${this.list.querySelectorAll("[name=photo_ids]").length}/${this.list.children.length}`;
  }

  giveBack() {
    const late = this.cells.filter((cell) => cell.state !== "sent" && !cell.refused);
    if (!late.length || !window.DataTransfer) return;
    const carrier = new DataTransfer();
    for (const cell of late) {
      if (cell.state === "sending") cell.sending.abort();
      carrier.items.add(cell.file);
    }
    const input = this.inputs[this.inputs.length - 1];
    input.disabled = false;
    input.files = carrier.files;
  }
}

export function pickPhotos() {
  for (const root of document.querySelectorAll("[data-photos]")) new PhotoPicker(root);
}
