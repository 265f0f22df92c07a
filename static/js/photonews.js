// What the page says about its photos: how many have arrived, in all and above the main button, and of
// each that has not, why and what to do.
const MOST_BYTES = 20 * 1024 * 1024;

/** Why a photo waits or was refused: `said` by the server, or else what is known of `status`. */
export function reason(words, status, said = "") {
  return said || words[`why-${status}`] || (status >= 500 ? words.whyBusy : words.whyOther);
}

/** Why `blob` is not even sent; nothing when it is. What has no type may be a HEIC. */
export function unfit(words, blob) {
  if (blob.type && !blob.type.startsWith("image/")) return words["why-415"];
  return blob.size > MOST_BYTES ? words["why-413"] : "";
}

export class PhotoNews {
  constructor(root) {
    this.words = root.dataset;
    this.list = root.querySelector("[data-cells]");
    this.said = root.querySelector("[data-said]");
    this.meter = root.querySelector("progress");
    this.faults = root.querySelector("[data-faults]");
    this.bar = document.querySelector("[data-photo-total]");
  }

  /** `cells` are those of this page; what the server handed back has arrived. */
  show(cells) {
    const refused = cells.filter((cell) => cell.state === "refused").length;
    const sent = this.list.querySelectorAll("[name=photo_ids]").length;
    const all = this.list.children.length - refused;
    const isDone = sent === all;
    const told = (isDone ? this.words.allSent : this.words.sent).replace("%n", sent).replace("%m", all);
    this.write(this.said, all ? told : "");
    if (this.bar) this.write(this.bar, isDone ? "" : told);
    const going = cells.reduce((sum, cell) => sum + (cell.state === "sending" ? cell.share : 0), 0);
    this.meter.hidden = isDone;
    this.meter.value = all ? (sent + going) / all : 0;
    this.tellFaults(cells);
  }

  write(line, words) {
    line.hidden = !words;
    if (line.textContent !== words) line.textContent = words;
  }

  tellFaults(cells) {
    const nodes = [...this.list.children];
    const lines = cells
      .filter((cell) => cell.why)
      .map((cell) => this.words.nth.replace("%n", nodes.indexOf(cell.node) + 1).replace("%why", cell.why));
    this.write(this.faults, lines.join("\n"));
  }
}
