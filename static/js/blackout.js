// 遮挡: a dialog over the whole screen in which faces and plates are covered with black boxes. The
// boxes are painted into the picture itself before it is sent: what lies under them stays here.
import { Boxes } from "./boxes.js";
import { loadSheet } from "./sheet.js";
import { covered, withUpright } from "./shrink.js";

const SHOWN_SIDE = 1600;

const source = () => document.querySelector("template[data-blackout]");

/** Fetches what the editor needs, so that it opens without network later. */
export const warm = () => loadSheet(source().dataset.sheet);

class Editor {
  constructor(dialog, boxes) {
    this.dialog = dialog;
    this.part = (name) => dialog.querySelector(`[data-${name}]`);
    this.start = boxes;
    this.stage = this.part("stage");
    this.resize = () => this.fit();
    // Before the picture is there, nothing can be drawn on it.
    const press = (name, act) => this.part(name).addEventListener("click", () => this.boxes && act(this.boxes));
    press("add", (all) => all.add());
    press("undo", (all) => all.undo());
    press("remove", (all) => all.remove());
    press("clear", (all) => all.put([]));
    this.part("cancel").addEventListener("click", () => dialog.close());
    window.addEventListener("resize", this.resize);
  }

  /** Resolves to what `paint(boxes)` gives once 完成 is pressed, or to null. */
  run(photo, paint) {
    return new Promise((resolve) => {
      let made = null;
      this.dialog.addEventListener("close", () => {
        window.removeEventListener("resize", this.resize);
        this.dialog.remove();
        resolve(made);
      });
      this.part("done").addEventListener("click", async () => {
        if (this.isBusy) return undefined;
        if (!this.isChanged()) return this.dialog.close();
        this.rest(true);
        made = await paint(this.boxes.boxes).catch((fault) => this.giveUp(fault));
        this.rest(false);
        return made && this.dialog.close();
      });
      this.dialog.showModal();
      this.show(photo).catch((fault) => this.giveUp(fault));
    });
  }

  async show(photo) {
    this.rest(true);
    await withUpright(photo, SHOWN_SIDE, async (canvas) => {
      this.canvas = canvas;
    });
    this.stage.append(this.canvas);
    this.rest(false);
    this.boxes = new Boxes(this.stage, this.start, this.dialog.dataset.box, () => this.tell());
    this.tell();
    this.fit();
  }

  isChanged() {
    const { boxes } = this.boxes;
    return boxes !== this.start && boxes.length + this.start.length > 0;
  }

  rest(isBusy) {
    this.isBusy = isBusy;
    if (isBusy) this.part("done").setAttribute("aria-busy", "true");
    else this.part("done").removeAttribute("aria-busy");
  }

  /** As large as there is room, in the shape of the picture: the boxes count in its sides. */
  fit() {
    if (!this.canvas) return;
    const { width, height } = this.canvas;
    const room = this.stage.parentElement;
    const scale = Math.min(room.clientWidth / width, room.clientHeight / height);
    this.stage.style.width = `${Math.floor(width * scale)}px`;
    this.stage.style.height = `${Math.floor(height * scale)}px`;
  }

  tell() {
    if (!this.boxes) return;
    const { boxes, chosen, nodes, past } = this.boxes;
    this.part("undo").disabled = !past.length;
    this.part("remove").disabled = chosen < 0;
    this.part("clear").disabled = !boxes.length;
    this.part("said").textContent = chosen < 0 ? "" : nodes[chosen].getAttribute("aria-label");
  }

  /** This browser cannot decode it: people do it before anything is published. */
  giveUp(fault) {
    console.warn(fault);
    for (const name of ["editing", "tools", "stage", "done"]) this.part(name).hidden = true;
    this.part("cannot").hidden = false;
    this.dialog.classList.add("no");
    this.part("cancel").focus();
  }
}

/**
 * Opens `photo`, a Blob, with the `boxes` it has. Resolves to {blob, preview, boxes}, or to null when
 * nothing was changed.
 */
export async function blackOut(photo, boxes) {
  await warm();
  const dialog = source().content.firstElementChild.cloneNode(true);
  document.body.append(dialog);
  const paint = async (drawn) => ({ ...(await covered(photo, drawn)), boxes: drawn });
  return new Editor(dialog, boxes).run(photo, paint);
}
