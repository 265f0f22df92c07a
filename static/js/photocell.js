// One photo on the page: its preview, how far it has got, and its buttons.
import { reason, unfit } from "./photonews.js";
import { say } from "./say.js";
import { discardPhoto, randomUuid, sendPhoto } from "./upload.js";

const edits = () => import("./edits.js");

/** The code that shrinks is fetched with the first photo; without it the original is sent. */
async function shrunk(file, turns) {
  try {
    const { shrink } = await import("./shrink.js");
    return await shrink(file, turns);
  } catch {
    return { blob: file, preview: file };
  }
}

// States: making (being shrunk) → waiting (for its turn) → sending ⇄ stalled → sent | refused; editing
// (faces are being covered: nothing is sent meanwhile); gone.
export class PhotoCell {
  /** `photo`: {pid, file} of a new one, or {pid, blob, name, key, id, words} of a kept one. */
  constructor(picker, photo) {
    this.picker = picker;
    this.words = picker.root.dataset;
    this.photo = { key: randomUuid(), name: (photo.file || photo).name, ...photo };
    Object.assign(this, { turns: 0, share: 0 });
    this.node = picker.template.content.firstElementChild.cloneNode(true);
    this.part = (selector) => this.node.querySelector(selector);
    this.part("img").alt = this.photo.name;
    // A format the browser cannot show (HEIC) is sent all the same.
    this.part("img").addEventListener("error", () => this.unseen());
    this.part(".retry").addEventListener("click", () => this.sending && this.sending.wake());
    this.part(".x").addEventListener("click", () => this.remove());
    this.part(".turn").addEventListener("click", () => this.edit("turn"));
    this.part(".cover").addEventListener("click", () => this.edit("cover"));
    this.part(".cover").hidden = !window.HTMLDialogElement || !window.createImageBitmap;
    if (this.photo.id) this.arrived(this.photo.id);
    else if (this.photo.refused) this.refuse(this.photo.words);
    else this.mark(this.photo.blob ? "waiting" : "making");
    this.made = this.make();
  }

  async make() {
    const source = this.photo.file || this.photo.blob;
    const { blob, preview, place } = await shrunk(source, this.turns);
    if (this.state === "gone") return;
    this.place = place;
    this.look(preview);
    // What was kept is already small: it may have been sent, so it must stay as it is.
    if (!this.photo.blob && unfit(this.words, blob)) {
      this.refuse(unfit(this.words, blob));
    } else if (!this.photo.blob) {
      this.photo.blob = blob;
      await this.picker.keep(this.photo);
    }
    if (this.state === "making") this.mark("waiting");
    this.picker.next();
    edits().then(({ warm }) => warm()).catch(() => {}); // asked for again when it is needed
  }

  look(picture) {
    if (!this.part("img")) return;
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = URL.createObjectURL(picture);
    this.part("img").src = this.url;
  }

  unseen() {
    if (!this.part("img")) return;
    this.part("img").remove();
    this.part(".turn").remove();
    this.part(".ph").classList.add("none");
  }

  show(share) {
    this.share = share;
    const percent = Math.round(share * 100);
    this.part(".ring circle + circle").setAttribute("stroke-dasharray", `${percent} 100`);
    this.part("[data-words]").textContent = `${percent}%`;
    if (this.state === "stalled") this.mark("sending");
    else this.picker.changed();
  }

  /** `why`, when it waits or was refused: told under the photos, for a cell is too small for it. */
  mark(state, why = "") {
    Object.assign(this, { state, why });
    this.part(".up").hidden = !/making|waiting|sending/.test(state);
    this.part(".tag").hidden = state !== "sent";
    this.part(".retry").hidden = state !== "stalled" && state !== "refused";
    this.part(".retry").disabled = state === "refused";
    this.part(".cover").disabled = /making|refused/.test(state);
    if (this.part(".turn")) this.part(".turn").hidden = state === "refused";
    this.picker.changed();
  }

  async send() {
    this.mark("sending");
    this.show(0);
    const told = { progress: (share) => this.show(share), stalled: (status) => this.stall(status) };
    this.sending = sendPhoto(this.picker.url, this.photo, told);
    try {
      this.arrived(await this.sending.promise);
    } catch (problem) {
      this.refuse(reason(this.words, problem.status, problem.words));
    }
    await this.picker.keep(this.photo);
  }

  /** Without network the others need not be tried; a server that will not have this one may have them. */
  stall(status) {
    this.isCutOff = !status;
    this.mark("stalled", reason(this.words, status));
    this.picker.next();
  }

  arrived(id) {
    this.photo.id = id;
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: "photo_ids", value: id });
    this.node.append(input);
    this.mark("sent");
  }

  refuse(words) {
    Object.assign(this.photo, { refused: true, words: words || "" });
    this.part(".retry span").textContent = this.words.refused;
    this.mark("refused", words);
  }

  /** Turns it or covers faces, by what is fetched for that (edits.js). */
  async edit(how) {
    if (/making|editing|refused/.test(this.state) || this.isEditing || this.picker.isClosing) return;
    this.isEditing = true; // what does it is still to come: the form waits for it
    try {
      await (await edits())[how](this);
    } catch (fault) {
      console.warn(fault);
      say(this.words.noEdit);
    } finally {
      this.isEditing = false;
      this.picker.changed();
    }
  }

  /** Goes on with `photo` in place of this one; what was sent before is taken back. */
  replace(photo) {
    const { pid, name, id } = this.photo;
    if (id) discardPhoto(id);
    this.photo = { pid, name, ...photo, key: randomUuid() };
    for (const input of this.node.querySelectorAll("input")) input.remove();
  }

  /** Stops sending for now; the same key goes on later. */
  pause() {
    if (this.state !== "sending" && this.state !== "stalled") return;
    this.sending.abort();
    this.mark("waiting");
  }

  remove() {
    this.pause();
    this.state = "gone";
    if (this.photo.id) discardPhoto(this.photo.id);
    URL.revokeObjectURL(this.url);
    this.node.remove();
    this.picker.dropped(this);
  }
}
