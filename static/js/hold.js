// A press that cannot be taken back waits: the form goes after some seconds, and until then one
// key undoes it. Nothing has left the page before; who leaves it sends nothing.
class Hold {
  constructor(form) {
    this.form = form;
    this.confirm = form.querySelector("[data-confirm]");
    this.box = form.querySelector("[data-holding]");
    this.timer = 0;
    form.addEventListener("submit", (event) => this.start(event));
    this.box.querySelector("[data-undo]").addEventListener("click", () => this.undo());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.timer) this.undo();
    });
    window.addEventListener("pageshow", () => this.undo());
    window.addEventListener("pagehide", () => clearInterval(this.timer));
  }

  start(event) {
    event.preventDefault();
    if (this.timer) return;
    this.ends = Date.now() + Number(this.form.dataset.hold) * 1000;
    this.show(true);
    const said = this.box.querySelector("[data-said]");
    said.textContent = said.dataset.words;
    this.box.querySelector("[data-undo]").focus();
    this.timer = setInterval(() => this.tick(), 200);
    this.tick();
  }

  tick() {
    const left = Math.ceil((this.ends - Date.now()) / 1000);
    this.box.querySelector("[data-left]").textContent = Math.max(left, 0);
    if (left > 0) return;
    clearInterval(this.timer);
    this.form.submit();
  }

  undo() {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = 0;
    this.show(false);
    this.confirm.querySelector("button").focus();
  }

  show(isHolding) {
    this.box.hidden = !isHolding;
    this.confirm.hidden = isHolding;
    this.form.classList.toggle("held", isHolding);
  }
}

export function holdForms() {
  for (const form of document.querySelectorAll("form[data-hold]")) new Hold(form);
}
