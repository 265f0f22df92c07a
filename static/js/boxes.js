// Black boxes over a picture, as fractions [left, top, width, height]: drawn with a finger or a mouse,
// or added, moved (arrows), resized (Shift and arrows) and deleted by keyboard. A box that has the
// focus is the chosen one: dragging it moves it, dragging anywhere else draws a new one.
const SMALLEST = 0.02;
const STEP = 0.02;
const NEW = [0.35, 0.4, 0.3, 0.2];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const within = (value, least, most) => Math.min(Math.max(value, least), most);

function moved([left, top, width, height], dx, dy) {
  return [within(left + dx, 0, 1 - width), within(top + dy, 0, 1 - height), width, height];
}

function resized([left, top, width, height], dx, dy) {
  return [left, top, within(width + dx, SMALLEST, 1 - left), within(height + dy, SMALLEST, 1 - top)];
}

export class Boxes {
  /** `words`: how a box is read out; `changed()` is called after each change and choice. */
  constructor(stage, boxes, words, changed) {
    Object.assign(this, { stage, words, changed, boxes, past: [], chosen: -1, nodes: [] });
    stage.addEventListener("pointerdown", (event) => this.press(event));
    stage.addEventListener("keydown", (event) => this.key(event));
    stage.addEventListener("focusin", (event) => this.choose(this.nodes.indexOf(event.target)));
    this.render();
  }

  /** Takes `boxes` in place of what is there; one step for undo unless `isSame` goes on with it. */
  put(boxes, isSame = false) {
    if (!isSame) this.past.push(this.boxes);
    this.boxes = boxes;
    this.render();
  }

  undo() {
    if (this.past.length) this.boxes = this.past.pop();
    this.render();
  }

  add() {
    this.put([...this.boxes, NEW]);
    this.nodes[this.boxes.length - 1].focus();
  }

  remove(index = this.chosen) {
    if (!this.boxes[index]) return;
    this.put(this.boxes.filter((box, at) => at !== index));
    const next = this.nodes[Math.min(index, this.boxes.length - 1)];
    if (next) next.focus();
  }

  replace(index, box, isSame) {
    this.put(this.boxes.map((old, at) => (at === index ? box : old)), isSame);
  }

  key(event) {
    const index = this.nodes.indexOf(event.target);
    const way = ARROWS[event.key];
    if (index < 0 || !(way || /^(Delete|Backspace)$/.test(event.key))) return;
    event.preventDefault();
    if (!way) return this.remove(index);
    const change = event.shiftKey ? resized : moved;
    return this.replace(index, change(this.boxes[index], way[0] * STEP, way[1] * STEP), event.repeat);
  }

  point(event) {
    const frame = this.stage.getBoundingClientRect();
    const part = (at, start, length) => within((at - start) / length, 0, 1);
    return [part(event.clientX, frame.left, frame.width), part(event.clientY, frame.top, frame.height)];
  }

  press(event) {
    if (event.button || !event.isPrimary) return;
    event.preventDefault();
    const pressed = this.nodes.indexOf(event.target);
    const start = this.point(event);
    const before = this.boxes;
    const isMove = pressed >= 0 && pressed === this.chosen;
    this.stage.setPointerCapture(event.pointerId);
    const drag = (happening) => {
      const [x, y] = this.point(happening);
      const sides = [Math.min(x, start[0]), Math.min(y, start[1]), Math.abs(x - start[0]), Math.abs(y - start[1])];
      if (isMove) this.boxes = before.map((box, at) => (at === pressed ? moved(box, x - start[0], y - start[1]) : box));
      else this.boxes = [...before, sides];
      this.render();
    };
    const stop = (happening) => {
      this.stage.removeEventListener("pointermove", drag);
      for (const name of ["pointerup", "pointercancel"]) this.stage.removeEventListener(name, stop);
      this.drop(before, happening.type === "pointerup", pressed);
    };
    this.stage.addEventListener("pointermove", drag);
    for (const name of ["pointerup", "pointercancel"]) this.stage.addEventListener(name, stop);
  }

  /** The finger is up: a stroke too short to be meant as a box chooses the box under it. */
  drop(before, isMeant, pressed) {
    const drawn = this.boxes;
    const last = drawn[drawn.length - 1];
    const isTap = drawn === before || (drawn.length > before.length && (last[2] < SMALLEST || last[3] < SMALLEST));
    this.boxes = before;
    if (isMeant && !isTap) this.put(drawn);
    else this.render();
    const chosen = isTap ? this.nodes[pressed] : this.nodes[drawn.length > before.length ? drawn.length - 1 : pressed];
    if (chosen) chosen.focus();
    else this.choose(-1);
  }

  choose(index) {
    this.chosen = index;
    this.nodes.forEach((node, at) => node.classList.toggle("cur", at === index));
    this.changed();
  }

  render() {
    while (this.nodes.length > this.boxes.length) this.nodes.pop().remove();
    while (this.nodes.length < this.boxes.length) {
      const node = document.createElement("button");
      node.type = "button";
      this.nodes.push(node);
      this.stage.append(node);
    }
    this.boxes.forEach((box, index) => this.place(this.nodes[index], box, index));
    this.choose(Math.min(this.chosen, this.boxes.length - 1));
  }

  place(node, box, index) {
    ["left", "top", "width", "height"].forEach((side, at) => {
      node.style[side] = `${box[at] * 100}%`;
    });
    const percent = box.map((share) => Math.round(share * 100));
    const told = { "%n": index + 1, "%l": percent[0], "%t": percent[1], "%w": percent[2], "%h": percent[3] };
    node.setAttribute("aria-label", this.words.replace(/%[nltwh]/g, (name) => told[name]));
  }
}
