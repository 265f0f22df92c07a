// The filing form with a draft behind it: what is written and every photo survive a closed tab, and
// 提交举报 sends from the draft. Where drafts cannot be kept, the form is posted as without script.
import { noteFiled } from "./filed.js";
import { claim, sendHeld, unclaim } from "./outbox.js";
import { freshToken, postForm } from "./plainpost.js";
import { say } from "./say.js";
import { photosOf } from "./store.js";

const SAVES_AFTER_MS = 300;

class Filing {
  constructor(form, parts) {
    Object.assign(this, parts, { form, timer: 0, isBusy: false });
    this.button = document.querySelector(`button[form="${form.id}"]`);
    for (const happening of ["input", "change", "click", "pointerup"]) {
      form.addEventListener(happening, () => this.saveSoon());
    }
    document.addEventListener("visibilitychange", () => document.hidden && this.save());
    form.addEventListener("submit", (event) => this.submit(event));
    // Coming back through the browser's history: what this page knows of its draft is old.
    window.addEventListener("pageshow", (event) => event.persisted && location.reload());
    this.box.told = { full: () => this.note("full"), lost: () => this.note("elsewhere") };
  }

  note(what) {
    const note = document.querySelector(`[data-note=${what}]`);
    if (note.hidden) say(note.textContent);
    note.hidden = false;
    return note;
  }

  /** Nothing was sent; the form stays as it is, and says why. */
  halt(what) {
    this.freeze(false);
    this.rest(false);
    this.picker.resume();
    this.note(what).focus();
  }

  saveSoon() {
    this.timer = this.timer || setTimeout(() => this.save(), SAVES_AFTER_MS);
  }

  async save() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (!this.isBusy) await this.box.save(this.form, this.picker.photos()).catch(console.warn);
  }

  submit(event) {
    event.preventDefault();
    if (this.isBusy) return;
    this.send().catch((fault) => {
      console.warn(fault);
      if (this.box.isClosed) this.halt("elsewhere");
      else this.postPlainly();
    });
  }

  async send() {
    this.rest(true);
    if (this.box.isClosed) return this.halt("elsewhere");
    await this.picker.settle();
    const photos = this.picker.photos();
    // "Now" means now, however long it has to wait for a network.
    await this.box.save(this.form, photos, "waiting", [["pressed_at", new Date().toISOString()]]);
    this.freeze(true);
    if (!(await this.box.keepAll(photos))) return this.postPlainly();
    const outcome = await sendHeld(this.box.id, (done, all) => this.tell(done, all));
    if (outcome.state === "sent") return this.arrive(outcome.answer.number);
    if (outcome.state === "waiting" && !this.isIncomplete()) return this.leave();
    this.picker.learn(await photosOf(this.box.draft));
    if (outcome.state === "refused") return this.postPlainly();
    await this.takeBack();
    say(document.querySelector("[data-open-points]").textContent);
    return undefined;
  }

  /** What is being sent must stay as it is, or the same key would stand for two reports. */
  freeze(isFrozen) {
    for (const part of this.form.querySelectorAll("fieldset,.card > div > label > input")) part.disabled = isFrozen;
  }

  async takeBack() {
    this.freeze(false);
    await this.box.save(this.form, this.picker.photos(), "writing");
    this.rest(false);
    this.picker.resume();
  }

  /** Something the server will ask for is missing: no use in sending it when the network is back. */
  isIncomplete() {
    const line = document.querySelector("[data-open-points]");
    return Boolean(line && Number(line.dataset.missing));
  }

  arrive(number) {
    noteFiled(this.box.id, number);
    location.assign("/report/done");
  }

  /** What is wrong is said by the page the server makes; its fields come back filled. */
  async postPlainly() {
    const token = await freshToken();
    this.freeze(false);
    await this.box.save(this.form, this.picker.photos(), "writing").catch(console.warn);
    if (!token) return this.halt("unsent");
    noteFiled(this.box.id);
    this.picker.giveBack();
    return postForm(this.form, token, this.box.draft.key);
  }

  /** No network: the draft goes to 待发送, where any tab may send it, and the form is put away. */
  leave() {
    unclaim(this.box.id);
    this.box.held.release();
    this.form.hidden = true;
    document.querySelector("[data-restored]").hidden = true;
    this.button.closest(".bar").hidden = true;
    const note = document.querySelector("[data-put-by]");
    note.hidden = false;
    note.focus();
    this.list.await(this.box.id);
  }

  rest(isBusy) {
    clearTimeout(this.timer);
    this.timer = 0;
    if (isBusy) this.words = this.button.lastChild.textContent;
    this.isBusy = isBusy;
    if (isBusy) this.button.setAttribute("aria-busy", "true");
    else this.button.removeAttribute("aria-busy");
    this.button.lastChild.textContent = isBusy ? this.button.dataset.busy : this.words;
  }

  tell(done, all) {
    if (all) this.button.lastChild.textContent = `${this.button.dataset.busy} ${done}/${all}`;
  }
}

/** Ties the form to its draft, `box`; `picker` shows the photos. */
export function keepFiling(form, { box, list, picker }) {
  claim(box.id);
  return new Filing(form, { box, list, picker });
}
