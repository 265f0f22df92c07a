// What the page says about the place: how it came about, and whose grid it lies in.
import { askWhose } from "./whose.js";

export const FAR_M = 500;

const metres = (accuracy) => Math.round(accuracy).toLocaleString("en");

export class Told {
  constructor(note) {
    this.note = note;
    this.said = note.querySelector("[data-said]");
    this.whose = note.querySelector("[data-whose]");
  }

  /** `words` may hold %n, metres; without words the note goes away. */
  say(words, { tone = "", accuracy = 0 } = {}) {
    this.note.hidden = !words;
    this.note.className = `note sp-s ${tone}`;
    this.said.textContent = words.replace("%n", metres(accuracy));
    if (!words) this.whose.textContent = "";
  }

  /** Asks whose a place is; tells it, and `use(isInside)`, if it `isStill` the same by then. */
  async ask(place, isStill, use) {
    const found = await askWhose(place);
    if (!found || !isStill()) return;
    this.whose.textContent = found.words;
    this.note.classList.toggle("amber", !found.inside || place.accuracy > FAR_M);
    use(found.inside);
  }

  /** What was said of another place holds no longer. */
  forgetWhose() {
    this.whose.textContent = "";
  }
}
