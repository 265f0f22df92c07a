// Black-out editor: boxes are drawn over a photo with the pointer, or written as numbers. The
// form carries them as text, "left,top,width,height" in fractions, one box after another.
const SMALLEST = 0.01;
const PLACES = 4;

function read(text) {
  return text
    .split(/[\s;]+/)
    .map((part) => part.split(",").map(Number))
    .filter((box) => box.length === 4 && box.every(Number.isFinite));
}

function write(boxes) {
  return boxes.map((box) => box.map((side) => Number(side.toFixed(PLACES))).join(",")).join(" ");
}

function within(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

class BoxEditor {
  constructor(root) {
    this.stage = root.querySelector("[data-stage]");
    this.field = root.querySelector("[data-boxes]");
    this.rows = root.querySelector("[data-rows]");
    this.rowTemplate = root.querySelector("template[data-row-template]");
    this.boxes = read(this.field.value);
    this.drawn = [];
    root.querySelector("[data-add]").addEventListener("click", () => this.add([0.4, 0.4, 0.2, 0.2]));
    this.stage.addEventListener("pointerdown", (event) => this.start(event));
    this.field.closest("[data-plain]").hidden = true;
    root.querySelector("[data-tools]").hidden = false;
    this.render();
  }

  point(event) {
    const frame = this.stage.getBoundingClientRect();
    return [
      within((event.clientX - frame.left) / frame.width, 0, 1),
      within((event.clientY - frame.top) / frame.height, 0, 1),
    ];
  }

  start(event) {
    if (event.button || event.target.closest("button")) return;
    event.preventDefault();
    const [x, y] = this.point(event);
    this.stage.setPointerCapture(event.pointerId);
    const box = [x, y, 0, 0];
    this.boxes.push(box);
    this.render();
    const draw = (moved) => {
      const [nx, ny] = this.point(moved);
      box.splice(0, 4, Math.min(x, nx), Math.min(y, ny), Math.abs(nx - x), Math.abs(ny - y));
      this.place();
    };
    const done = () => {
      this.stage.removeEventListener("pointermove", draw);
      if (box[2] < SMALLEST || box[3] < SMALLEST) this.boxes.pop();
      this.render();
    };
    this.stage.addEventListener("pointermove", draw);
    this.stage.addEventListener("pointerup", done, { once: true });
    this.stage.addEventListener("pointercancel", done, { once: true });
  }

  add(box) {
    this.boxes.push(box);
    this.render();
    this.rows.lastElementChild.querySelector("input").focus();
  }

  remove(index) {
    this.boxes.splice(index, 1);
    this.render();
  }

  change(index, side, percent) {
    const box = this.boxes[index];
    box[side] = within(percent / 100, 0, 1);
    box[2] = Math.min(box[2], 1 - box[0]);
    box[3] = Math.min(box[3], 1 - box[1]);
    this.place();
  }

  render() {
    for (const node of this.drawn) node.remove();
    this.drawn = this.boxes.map(() => {
      const node = document.createElement("span");
      node.className = "box";
      this.stage.append(node);
      return node;
    });
    this.rows.replaceChildren(...this.boxes.map((box, index) => this.row(box, index)));
    this.place();
  }

  row(box, index) {
    const node = this.rowTemplate.content.firstElementChild.cloneNode(true);
    node.querySelectorAll("input").forEach((input, side) => {
      input.value = Math.round(box[side] * 1000) / 10;
      input.addEventListener("input", () => this.change(index, side, Number(input.value)));
      input.addEventListener("focus", () => this.drawn[index].classList.add("cur"));
      input.addEventListener("blur", () => this.drawn[index].classList.remove("cur"));
    });
    node.querySelector("button").addEventListener("click", () => this.remove(index));
    return node;
  }

  place() {
    this.boxes.forEach((box, index) => {
      ["left", "top", "width", "height"].forEach((side, place) => {
        this.drawn[index].style[side] = `${box[place] * 100}%`;
      });
    });
    this.field.value = write(this.boxes);
  }
}

export function editBoxes() {
  if (!window.PointerEvent) return;
  for (const root of document.querySelectorAll("[data-redact]")) new BoxEditor(root);
}
